//! The table of counts: when figures were counted, and where the next count goes on.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::find,
};

use crate::model::count::CountStream;

const COUNTS: Table = Table {
    name: "analysis_count",
    columns: &[
        "region",
        "id",
        "is_done",
        "through_seq",
        "months",
        "cases",
        "raised",
        "lapsed",
        "at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the counts.
pub(crate) struct CountProjection;

impl Projection for CountProjection {
    fn name(&self) -> &'static str {
        "analysis_counts"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CountStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["analysis_count"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<CountStream>() else {
            return Ok(());
        };
        let Some(started_at) = state.started_at else {
            return Ok(());
        };
        let counted = state.counted;
        let number = |of: fn(&crate::model::count::Counted) -> u32| {
            i64::from(counted.as_ref().map_or(0, of))
        };
        sheet.put(
            &COUNTS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                counted.is_some().into(),
                counted.map_or(-1, |one| one.through_seq).into(),
                number(|one| one.months).into(),
                number(|one| one.cases).into(),
                number(|one| one.raised).into(),
                number(|one| one.lapsed).into(),
                started_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}

/// The newest count.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CountRow {
    pub(crate) is_done: bool,
    pub(crate) months: i64,
    pub(crate) cases: i64,
    pub(crate) raised: i64,
    at_us: i64,
}

impl CountRow {
    /// When it began.
    pub(crate) fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The newest count; `None` before the first.
pub(crate) async fn newest(
    database: &Database,
    region: Region,
) -> Result<Option<CountRow>, StorageError> {
    find(
        database.read(),
        "SELECT is_done, months, cases, raised, at_us FROM analysis_count
         WHERE region = $1 ORDER BY at_us DESC, id DESC LIMIT 1",
        [region.to_string().into()],
    )
    .await
}

#[derive(Deserialize)]
struct Place {
    seq: Option<i64>,
}

/// Up to where the chain was counted; `None` before the first count ended.
pub(crate) async fn counted_through(
    database: &Database,
    region: Region,
) -> Result<Option<i64>, StorageError> {
    let found: Option<Place> = find(
        database.read(),
        "SELECT MAX(through_seq) AS seq FROM analysis_count WHERE region = $1 AND is_done = TRUE",
        [region.to_string().into()],
    )
    .await?;
    Ok(found.and_then(|place| place.seq))
}
