//! The demonstration county's bundles, entered and published as a manager would.

use wuchuang_kernel::{Actor, Channel, CommandId, Region};
use wuchuang_ledger::{ExecuteError, Expected, Order};

use crate::{
    exchange::{FileError, read_county},
    identity::bundle_of_key,
    model::{BundleCommand, BundleContent},
    service::Bundles,
};

/// The county's file of items, which names the bundles and their members.
const COUNTY: &str = include_str!("../../../assets/demo/catalogue.yaml");
/// What the demonstration adds: questions, texts, a scenario.
const ADDITIONS: &str = include_str!("../../../assets/demo/bundles.yaml");

/// Why the demonstration's bundles could not be entered.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file does not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

/// The built-in bundles.
///
/// # Errors
/// When a file does not read.
pub fn built_in() -> Result<Vec<BundleContent>, FileError> {
    read_county(COUNTY, ADDITIONS)
}

/// Enters and publishes the built-in bundles where they are not yet, and tells how many there are. Run twice it changes
/// nothing the second time.
///
/// # Errors
/// When a file does not read or the ledger refuses.
pub async fn seed(bundles: &Bundles) -> Result<usize, DemoError> {
    let contents = built_in()?;
    let count = contents.len();
    let region = bundles.catalogue().region();
    for content in contents {
        let id = bundle_of_key(&content.code);
        let key = id.uuid().as_u128();
        let draft = BundleCommand::Draft {
            content: Box::new(content),
        };
        let sent = bundles
            .command(id, draft, order(region, key ^ 1, Expected::Version(0)))
            .await;
        if is_there(&sent) {
            continue;
        }
        sent?;
        let publish = order(region, key ^ 2, Expected::Version(1));
        let sent = bundles.command(id, BundleCommand::Publish, publish).await;
        if !is_there(&sent) {
            sent?;
        }
    }
    Ok(count)
}

/// The bundle is there: from the run before, and perhaps changed since.
fn is_there<T>(sent: &Result<T, ExecuteError>) -> bool {
    matches!(
        sent,
        Err(ExecuteError::StaleVersion { .. } | ExecuteError::KeyReused)
    )
}

fn order(region: Region, key: u128, expected: Expected) -> Order {
    Order {
        region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: CommandId::from_u128(key),
        expected,
    }
}
