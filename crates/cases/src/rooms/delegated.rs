//! What a counter may take because it was delegated to its organisation, and who handles it then.

use wuchuang_catalogue::model::ItemVersion;
use wuchuang_delegations::{Delegation, Extent};
use wuchuang_kernel::{ItemId, Role, china_date};
use wuchuang_webkit::{Caller, Failure};

use super::CaseRooms;
use crate::model::HandledBy;

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
        Ok(organisation.map(|organisation| HandledBy {
            organisation: organisation.id,
            in_own_name: held.acts_in_own_name(),
            name: organisation.name,
            code: organisation.short_code,
        }))
    }
}
