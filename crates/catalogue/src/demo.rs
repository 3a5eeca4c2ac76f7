//! The demonstration county's items, entered and published as a manager would.

use wuchuang_kernel::{Actor, Channel, CommandId, Region, china_date};
use wuchuang_ledger::{ExecuteError, Expected, Order};

use crate::{
    Catalogue, CatalogueError,
    exchange::{CountyFiles, DEMONSTRATION, ExchangedItem, YamlError, import_county},
    model::{ItemCommand, ServiceItem, problems},
};

/// Why the demonstration's items could not be entered.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file does not read.
    #[error(transparent)]
    File(#[from] YamlError),
    /// An item cannot be published as it is.
    #[error("item {name}: {problem}")]
    Problem {
        /// The item.
        name: String,
        /// The first problem.
        problem: String,
    },
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The catalogue could not be brought up to date.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// Enters and publishes the built-in items where they are not yet, and tells how many there are. Run
/// twice it changes nothing the second time.
///
/// # Errors
/// When a file does not read, an item is incomplete or the ledger refuses.
pub async fn seed(catalogue: &Catalogue) -> Result<usize, DemoError> {
    seed_from(catalogue, DEMONSTRATION).await
}

/// The same from other files of the same form.
///
/// # Errors
/// As [`seed`].
pub async fn seed_from(catalogue: &Catalogue, files: CountyFiles<'_>) -> Result<usize, DemoError> {
    let items = import_county(files, catalogue.region())?;
    if let Some((item, problem)) = items
        .iter()
        .find_map(|item| Some((item, problems(&item.content).into_iter().next()?)))
    {
        return Err(DemoError::Problem {
            name: item.content.name.clone(),
            problem: problem.public,
        });
    }
    let count = items.len();
    for item in items {
        enter(catalogue, item).await?;
    }
    catalogue.refresh().await?;
    Ok(count)
}

async fn enter(catalogue: &Catalogue, item: ExchangedItem) -> Result<(), DemoError> {
    let ledger = catalogue.ledger();
    let today = china_date(ledger.now());
    let draft = ItemCommand::Draft {
        content: Box::new(item.content),
    };
    let order = |purpose: u128, expected| {
        order(
            catalogue.region(),
            item.id.uuid().as_u128() ^ purpose,
            expected,
        )
    };
    match ledger
        .execute::<ServiceItem>(item.id.into(), draft, order(1, Expected::Version(0)))
        .await
    {
        // The item is there: from the run before, and perhaps changed since.
        Err(ExecuteError::StaleVersion { .. } | ExecuteError::KeyReused) => return Ok(()),
        other => other?,
    };
    let publish = ItemCommand::Publish {
        effective_from: today,
    };
    match ledger
        .execute::<ServiceItem>(item.id.into(), publish, order(2, Expected::Version(1)))
        .await
    {
        Err(ExecuteError::StaleVersion { .. } | ExecuteError::KeyReused) => Ok(()),
        other => {
            other?;
            Ok(())
        }
    }
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
