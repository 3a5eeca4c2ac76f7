//! What the handlers of this slice share.

use std::sync::Arc;

use wuchuang_access::{Directory, Organisation, model::organisation::OrganisationKind};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_kernel::{ItemId, OrganisationId, china_date};
use wuchuang_webkit::{Caller, Failure};

use crate::{
    matrix::{MatrixLine, matrix},
    model::Extent,
    service::Delegations,
};

/// The state of the slice's routes.
#[derive(Clone)]
pub struct DelegationRooms {
    /// The delegations.
    pub delegations: Delegations,
    /// The items.
    pub catalogue: Catalogue,
    /// The organisations.
    pub directory: Directory,
}

impl DelegationRooms {
    /// A published item.
    pub(crate) fn item(&self, item: &str) -> Result<Arc<ItemVersion>, Failure> {
        let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        self.catalogue.published(id).ok_or_else(Failure::not_found)
    }

    /// An organisation that is at work.
    pub(crate) async fn organisation(
        &self,
        caller: &Caller,
        organisation: &str,
    ) -> Result<Organisation, Failure> {
        let id: OrganisationId = organisation.parse().map_err(|_| Failure::not_found())?;
        let found = self.directory.organisation(caller.region, id).await?;
        found.ok_or_else(Failure::not_found)
    }

    /// Those to which something may be delegated: everybody but the centre, whose counters take anything.
    pub(crate) async fn places(&self, caller: &Caller) -> Result<Vec<Organisation>, Failure> {
        let mut places = self.directory.organisations(caller.region).await?;
        places.retain(|place| place.is_active && place.kind != OrganisationKind::Centre);
        Ok(places)
    }

    /// An instant item is decided where it is received: nobody can receive it without deciding it.
    pub(crate) fn require_extent(item: &ItemVersion, extent: Extent) -> Result<(), Failure> {
        if item.content.is_instant() && extent == Extent::Receipt {
            let text = format!(
                "“{}”是即办件，受理时当场办结。请选择“{}”。",
                item.content.name,
                Extent::Whole.name()
            );
            return Err(Failure::invalid(text).at("extent"));
        }
        Ok(())
    }

    /// The matrix of today.
    pub(crate) async fn matrix(&self, caller: &Caller) -> Result<Vec<MatrixLine>, Failure> {
        let today = china_date(caller.now);
        let from = (&self.catalogue, &self.delegations, &self.directory);
        matrix(from, caller.region, today).await
    }
}
