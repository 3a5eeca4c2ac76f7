//! What people ask for most: the cases count it, the catalogue orders by it, and neither knows the other, so the
//! roof carries the figures across.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;
use wuchuang_cases::store::received_by_item;
use wuchuang_catalogue::Catalogue;
use wuchuang_ledger::StorageError;

/// Every how many turns of the house's timer (a minute each) cases are counted again: an hour.
const TURNS: u32 = 60;
/// How far back cases count: half a year, so that what a season brings goes with the season.
const COUNTED: SignedDuration = SignedDuration::from_hours(183 * 24);

/// Counts at the first turn and then every hour.
#[derive(Debug, Default)]
pub(super) struct Demand {
    turn: AtomicU32,
}

impl Demand {
    /// One turn of the timer.
    pub(super) async fn tend(&self, catalogue: &Catalogue) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        if !turn.is_multiple_of(TURNS) {
            return;
        }
        if let Err(error) = count(catalogue).await {
            tracing::warn!(%error, "the cases of each item could not be counted");
        }
    }
}

async fn count(catalogue: &Catalogue) -> Result<(), StorageError> {
    let ledger = catalogue.ledger();
    let since = ledger.now() - COUNTED;
    let counts = received_by_item(ledger.database(), catalogue.region(), since).await?;
    catalogue.set_popularity(counts);
    Ok(())
}
