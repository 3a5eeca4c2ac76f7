//! How often each item is asked for: what 常办 on the portal's first page and the order of the search follow.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{ItemId, Region};
use wuchuang_ledger::{Database, StorageError, storage::list};

#[derive(Deserialize)]
struct Row {
    item: String,
    received: i64,
}

/// How many cases of each item a region has received since an instant, by whatever channel and with whatever
/// outcome. Items without a case are absent. It reads every row of the region, so it is asked from a timer and
/// never by a page.
///
/// # Errors
/// Whatever storage reports.
pub async fn received_by_item(
    database: &Database,
    region: Region,
    since: Timestamp,
) -> Result<HashMap<ItemId, u64>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        "SELECT item, COUNT(*) AS received FROM case_file
         WHERE region = $1 AND received_at_us >= $2 GROUP BY item",
        [region.to_string().into(), since.as_microsecond().into()],
    )
    .await?;
    let count = |row: Row| Some((row.item.parse().ok()?, u64::try_from(row.received).ok()?));
    Ok(rows.into_iter().filter_map(count).collect())
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::received_by_item;
    use crate::{
        model::tests::bench,
        testing::{houses, region},
    };

    #[tokio::test]
    async fn cases_are_counted_by_their_item_from_an_instant_on() {
        for house in houses().await {
            let count = async |since: Timestamp| {
                let database = house.ledger.database();
                let counts = received_by_item(database, region(), since).await.unwrap();
                counts.into_values().collect::<Vec<_>>()
            };
            assert!(count(bench::monday()).await.is_empty(), "{}", house.engine);
            for number in [1, 2] {
                let (_, command) = bench::usual_commands().swap_remove(0);
                house.submit(number, command).await;
            }
            assert_eq!(count(bench::monday()).await, [2], "{}", house.engine);
            let later = house.ledger.now() + SignedDuration::from_hours(1);
            assert!(count(later).await.is_empty(), "{}", house.engine);
        }
    }
}
