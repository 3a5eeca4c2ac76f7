//! 转办: to whom a case may be handed on. Page and API ask here, so that no list offers what the other refuses.

use wuchuang_access::Organisation;
use wuchuang_kernel::OrganisationId;
use wuchuang_webkit::{Caller, Failure};

use crate::rooms::CaseRooms;

impl CaseRooms {
    /// The organisations to which a case of `holder` may be handed on.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub(crate) async fn takers(
        &self,
        caller: &Caller,
        holder: OrganisationId,
    ) -> Result<Vec<Organisation>, Failure> {
        let mut found = self.directory.organisations(caller.region).await?;
        found.retain(|organisation| may_take(organisation, Some(holder)));
        Ok(found)
    }

    /// The organisation that a case is to be handed on to.
    ///
    /// # Errors
    /// 422 at the field `organisation` when there is none, or it takes no cases any more.
    pub(crate) async fn taker(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
    ) -> Result<Organisation, Failure> {
        self.directory
            .organisation(caller.region, organisation)
            .await?
            // That the case is there already is the case's own rule to refuse.
            .filter(|found| may_take(found, None))
            .ok_or_else(|| {
                Failure::invalid("没有这个单位，或它已停用。请从机构名录中选择。").at("organisation")
            })
    }
}

/// Whether an organisation takes cases, and is another than the one that has it.
fn may_take(organisation: &Organisation, holder: Option<OrganisationId>) -> bool {
    organisation.is_active && Some(organisation.id) != holder
}

#[cfg(test)]
mod tests {
    use wuchuang_access::model::organisation::OrganisationKind;

    use super::*;

    #[test]
    fn a_case_goes_only_to_an_organisation_that_works() {
        let organisation = |number: u128, is_active| Organisation {
            id: OrganisationId::from_u128(number),
            name: String::new(),
            short_code: String::new(),
            kind: OrganisationKind::Department,
            credit_code: String::new(),
            place: crate::model::tests::bench::region(),
            parent: None,
            phone: String::new(),
            address: String::new(),
            is_active,
        };
        let holder = Some(OrganisationId::from_u128(1));
        assert!(may_take(&organisation(2, true), holder));
        assert!(!may_take(&organisation(2, false), holder), "it is closed");
        assert!(!may_take(&organisation(1, true), holder), "it has the case");
        assert!(may_take(&organisation(1, true), None));
    }
}
