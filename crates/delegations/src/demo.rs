//! What the demonstration county delegates: four items of everyday life to the convenience centres of all its towns. Run twice
//! it changes nothing the second time.

use wuchuang_access::{Directory, model::organisation::OrganisationKind};
use wuchuang_catalogue::{Catalogue, identity::item_of_key};
use wuchuang_kernel::{Actor, Channel, CommandId, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Order, StorageError};

use crate::{
    model::{Delegation, DelegationCommand, DelegationWay, Extent},
    service::Delegations,
};

/// The items by their key in the county's file, and how far they go down: what is done in one sitting is decided where it is
/// received, 高龄津贴 is received in the town and decided by its department.
const ITEMS: [(&str, Extent); 4] = [
    ("I34", Extent::Whole),
    ("I30", Extent::Whole),
    ("I38", Extent::Whole),
    ("I39", Extent::Receipt),
];
/// The document, which says that it is made up.
const DOCUMENT: &str = "演示：关于委托镇便民服务中心办理部分事项的公告";

/// Why it could not be delegated.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Delegates the demonstration's items where they are not yet, and tells how many there are.
///
/// # Errors
/// When the ledger refuses or storage fails.
pub async fn seed(
    delegations: &Delegations,
    catalogue: &Catalogue,
    directory: &Directory,
) -> Result<usize, DemoError> {
    let region = catalogue.region();
    let ledger = catalogue.ledger();
    let organisations = directory.organisations(region).await?;
    let towns = || {
        let organisations = organisations.iter();
        organisations.filter(|organisation| organisation.kind == OrganisationKind::Town)
    };
    for (key, extent) in ITEMS {
        let item = item_of_key(key);
        let given = towns().map(|town| Delegation {
            organisation: town.id,
            organisation_name: town.name.clone(),
            way: DelegationWay::Entrusted,
            extent,
            from: china_date(ledger.now()),
            until: None,
            document: DOCUMENT.to_owned(),
        });
        let command = DelegationCommand::Delegate {
            delegations: given.collect(),
        };
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(!item.uuid().as_u128()),
            expected: Expected::Version(0),
        };
        match delegations.command(item, command, order).await {
            Ok(_) | Err(ExecuteError::StaleVersion { .. } | ExecuteError::KeyReused) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(ITEMS.len())
}
