//! What a counter may take because it was delegated to its organisation, and who handles it then; and where whoever applies
//! without a counter chooses to have it handled.

use wuchuang_access::Organisation;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_delegations::{Delegation, Extent, nearby};
use wuchuang_kernel::{ItemId, OrganisationId, Role, china_date};
use wuchuang_webkit::{Caller, Failure};

use super::CaseRooms;
use crate::model::HandledBy;

impl HandledBy {
    /// An organisation to which an item was delegated whole.
    pub fn under(held: &Delegation, organisation: Organisation) -> Self {
        Self {
            organisation: organisation.id,
            in_own_name: held.acts_in_own_name(),
            name: organisation.name,
            code: organisation.short_code,
            is_chosen: false,
        }
    }

    /// The same, because whoever applies chose it.
    pub fn chosen(held: &Delegation, organisation: Organisation) -> Self {
        Self {
            is_chosen: true,
            ..Self::under(held, organisation)
        }
    }

    /// A place as a repeated application names it: the case stands already, and only which place it is counts.
    const fn again(place: OrganisationId) -> Self {
        Self {
            organisation: place,
            name: String::new(),
            code: String::new(),
            in_own_name: false,
            is_chosen: true,
        }
    }
}

impl CaseRooms {
    /// What was delegated of an item to the organisation of a clerk, here and now.
    pub(super) async fn held(
        &self,
        caller: &Caller,
        item: ItemId,
    ) -> Result<Option<Delegation>, Failure> {
        let staff = caller.visitor.staff();
        let Some(staff) = staff.filter(|staff| staff.roles.contains(&Role::CounterClerk)) else {
            return Ok(None);
        };
        let held = (staff.organisation, item);
        let today = china_date(caller.now);
        Ok(self.delegations.held(caller.region, held, today).await?)
    }

    /// Who handles what the visitor's counter takes in, when it is not the item's department: the counter's own organisation,
    /// to which the whole item was delegated.
    ///
    /// # Errors
    /// When delegations or organisations cannot be read.
    pub async fn handled_by(
        &self,
        caller: &Caller,
        item: &ItemVersion,
    ) -> Result<Option<HandledBy>, Failure> {
        let held = self.held(caller, item.id).await?;
        let Some(held) = held.filter(|held| held.extent == Extent::Whole) else {
            return Ok(None);
        };
        let organisation = self
            .directory
            .organisation(caller.region, held.organisation)
            .await?;
        Ok(organisation.map(|organisation| HandledBy::under(&held, organisation)))
    }

    /// Who handles an application that names a place: one of those to which the item was delegated whole. What a counter takes
    /// in is handled by its own organisation or by the department, whatever the application names. An application that is sent
    /// again is not asked anew: what was delegated may have ended since.
    ///
    /// # Errors
    /// 422 for another place, and for a counter that names one.
    pub(crate) async fn handled_at(
        &self,
        caller: &Caller,
        item: &ItemVersion,
        (place, is_again): (Option<OrganisationId>, bool),
    ) -> Result<Option<HandledBy>, Failure> {
        let Some(place) = place else {
            return self.handled_by(caller, item).await;
        };
        if is_again {
            return Ok(Some(HandledBy::again(place)));
        }
        if caller.visitor.staff().is_some() {
            let text = "窗口收的件由本窗口所在单位或者主管部门办理，不能指定别处。请去掉 place。";
            return Err(Failure::invalid(text).at("place"));
        }
        let offered = nearby((&self.delegations, &self.directory), caller, item.id).await?;
        let mut offered = offered.into_iter();
        let chosen = offered.find(|one| one.organisation.id == place);
        let chosen = chosen.ok_or_else(|| {
            let text = "这个地点现在不办这个事项。请从 /api/v1/items/{item}/places 中选择，或者去掉 place，由主管部门办理。";
            Failure::invalid(text).at("place")
        })?;
        Ok(Some(HandledBy::chosen(&chosen.held, chosen.organisation)))
    }
}
