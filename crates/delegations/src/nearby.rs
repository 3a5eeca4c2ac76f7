//! 就近办: the organisations at work that handle an item to the end in the place of its department, for whoever applies.

use std::collections::BTreeMap;

use wuchuang_access::{Directory, Organisation};
use wuchuang_kernel::{ItemId, china_date};
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Delegation, service::Delegations};

/// An organisation with what was delegated to it.
#[derive(Debug, Clone)]
pub struct Nearby {
    /// What was delegated.
    pub held: Delegation,
    /// To whom.
    pub organisation: Organisation,
}

/// Those who handle an item to the end today, by name. Who was closed since is not offered.
///
/// # Errors
/// Whatever storage reports.
pub async fn nearby(
    (delegations, directory): (&Delegations, &Directory),
    caller: &Caller,
    item: ItemId,
) -> Result<Vec<Nearby>, Failure> {
    let today = china_date(caller.now);
    let held = delegations.whole(caller.region, item, today).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let organisations = directory.organisations(caller.region).await?;
    let mut at_work: BTreeMap<_, _> = organisations
        .into_iter()
        .filter(|one| one.is_active)
        .map(|one| (one.id, one))
        .collect();
    Ok(held
        .into_iter()
        .filter_map(|held| {
            let organisation = at_work.remove(&held.organisation)?;
            Some(Nearby { held, organisation })
        })
        .collect())
}
