//! The table of rounds: which were made, and where the next one of the rules goes on.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{Region, RoundId};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{find, list},
};

use crate::model::round::RoundStream;

const ROUNDS: Table = Table {
    name: "oversight_round",
    columns: &[
        "region",
        "id",
        "is_register",
        "department_name",
        "is_done",
        "looked_at",
        "matched",
        "found",
        "through_seq",
        "at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the rounds.
pub(crate) struct RoundProjection;

impl Projection for RoundProjection {
    fn name(&self) -> &'static str {
        "oversight_rounds"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[RoundStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["oversight_round"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<RoundStream>() else {
            return Ok(());
        };
        let Some(started_at) = state.started_at else {
            return Ok(());
        };
        let register = state.comparison.as_ref();
        let looked = state.looked;
        let count = |count: Option<u32>| i64::from(count.unwrap_or_default());
        let missing = register.map(|one| u32::try_from(one.missing.len()).unwrap_or(u32::MAX));
        sheet.put(
            &ROUNDS,
            [
                recorded.region.to_string().into(),
                RoundId::from(recorded.stream_id).to_string().into(),
                register.is_some().into(),
                register
                    .map(|one| one.department_name.clone())
                    .unwrap_or_default()
                    .into(),
                (register.is_some() || looked.is_some()).into(),
                count(
                    register
                        .map(|one| one.lines)
                        .or(looked.map(|one| one.deeds)),
                )
                .into(),
                count(register.map(|one| one.matched)).into(),
                count(missing.or(looked.map(|one| one.found))).into(),
                looked.map_or(-1, |one| one.through_seq).into(),
                started_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}

/// A round as lists show it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RoundRow {
    pub(crate) id: String,
    pub(crate) is_register: bool,
    pub(crate) department_name: String,
    pub(crate) is_done: bool,
    pub(crate) looked_at: i64,
    pub(crate) matched: i64,
    pub(crate) found: i64,
    at_us: i64,
}

impl RoundRow {
    /// When it began.
    pub(crate) fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The rounds, the newest first.
pub(crate) async fn newest(
    database: &Database,
    region: Region,
    limit: i64,
) -> Result<Vec<RoundRow>, StorageError> {
    list(
        database.read(),
        "SELECT id, is_register, department_name, is_done, looked_at, matched, found, at_us FROM oversight_round
         WHERE region = $1 ORDER BY at_us DESC, id DESC LIMIT $2",
        [region.to_string().into(), limit.into()],
    )
    .await
}

#[derive(Deserialize)]
struct Place {
    seq: Option<i64>,
}

/// Up to where the rules have looked; `None` before the first round.
pub(crate) async fn looked_through(
    database: &Database,
    region: Region,
) -> Result<Option<i64>, StorageError> {
    let found: Option<Place> = find(
        database.read(),
        "SELECT MAX(through_seq) AS seq FROM oversight_round WHERE region = $1 AND through_seq >= 0",
        [region.to_string().into()],
    )
    .await?;
    Ok(found.and_then(|place| place.seq))
}

/// Where the region's chain ends now.
pub(crate) async fn chain_end(database: &Database, region: Region) -> Result<i64, StorageError> {
    let found: Option<Place> = find(
        database.read(),
        "SELECT seq FROM chain WHERE region = $1",
        [region.to_string().into()],
    )
    .await?;
    Ok(found.and_then(|place| place.seq).unwrap_or_default())
}
