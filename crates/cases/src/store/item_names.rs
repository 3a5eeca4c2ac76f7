//! Which items lie in a worklist: the choices of its filter.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{Ledger, StorageError, storage::list};

use super::worklist::WorklistScope;

/// How many items are offered.
const ITEMS_MAX: i64 = 300;
/// For how many lists the items are at hand.
const LISTS_AT_HAND: u64 = 2_000;
/// How long they are told again: finding them reads every open case of the list, and they change seldom.
const KEPT: Duration = Duration::from_secs(60);

/// An item that has open cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ItemName {
    /// The item.
    pub item: String,
    /// Its name.
    pub name: String,
}

/// The items of the worklists. Cloning shares them.
#[derive(Clone)]
pub struct ItemNames {
    ledger: Ledger,
    at_hand: Cache<(Region, WorklistScope), Arc<Vec<ItemName>>>,
}

impl ItemNames {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            at_hand: Cache::builder()
                .max_capacity(LISTS_AT_HAND)
                .time_to_live(KEPT)
                .build(),
        }
    }

    /// The items with open cases in a scope, by name.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of(
        &self,
        region: Region,
        scope: WorklistScope,
    ) -> Result<Arc<Vec<ItemName>>, StorageError> {
        if let Some(found) = self.at_hand.get(&(region, scope)) {
            return Ok(found);
        }
        let found = Arc::new(self.read(region, scope).await?);
        self.at_hand.insert((region, scope), Arc::clone(&found));
        Ok(found)
    }

    async fn read(
        &self,
        region: Region,
        scope: WorklistScope,
    ) -> Result<Vec<ItemName>, StorageError> {
        let organisation = match scope {
            WorklistScope::Organisation(organisation) => organisation.to_string(),
            WorklistScope::Region => String::new(),
        };
        list(
            self.ledger.database().read(),
            "SELECT item, MAX(item_name) AS name FROM case_file
             WHERE region = $1 AND is_open = TRUE AND ($2 = '' OR organisation = $2)
             GROUP BY item ORDER BY name, item LIMIT $3",
            [
                region.to_string().into(),
                organisation.into(),
                ITEMS_MAX.into(),
            ],
        )
        .await
    }
}
