//! The table of delegations: written by the projection, read by counters, guides, lists and the matrix.

use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{ItemId, OrganisationId, Region};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::list,
};

use crate::model::{Delegation, DelegationEvent, DelegationStream, DelegationWay, Extent};

/// How many rows of a county are read at once: sixty items in 17 towns and 207 villages, and what ended.
const ROWS_MAX: i64 = 50_000;
/// What stands for a delegation without a last day; later than every day.
const OPEN: &str = "9999-12-31";

/// Writes `delegation`.
#[derive(Debug, Clone, Copy)]
pub struct DelegationProjection;

const DELEGATIONS: Table = Table {
    name: "delegation",
    columns: &[
        "region",
        "item",
        "organisation",
        "from_on",
        "until_on",
        "organisation_name",
        "way",
        "extent",
        "document",
    ],
    key_columns: 4,
    existing: Existing::Replaced,
};

impl Projection for DelegationProjection {
    fn name(&self) -> &'static str {
        "delegations"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[DelegationStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["delegation"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let (Some(state), Some(event)) = (
            recorded.state::<DelegationStream>(),
            recorded.event::<DelegationStream>(),
        ) else {
            return Ok(());
        };
        let (organisation, from) = match event {
            DelegationEvent::Delegated(given) => (given.organisation, given.from),
            DelegationEvent::Ended {
                organisation, from, ..
            } => (*organisation, *from),
        };
        let mut newest = state.all.iter().rev();
        let found = newest.find(|known| known.organisation == organisation && known.from == from);
        if let Some(found) = found {
            put(recorded, found, sheet);
        }
        Ok(())
    }
}

fn put(recorded: &Recorded, given: &Delegation, sheet: &mut Sheet) {
    let until = given.until.map(|until| until.to_string());
    sheet.put(
        &DELEGATIONS,
        [
            recorded.region.to_string().into(),
            ItemId::from(recorded.stream_id).to_string().into(),
            given.organisation.to_string().into(),
            given.from.to_string().into(),
            until.unwrap_or_else(|| OPEN.to_owned()).into(),
            given.organisation_name.clone().into(),
            given.way.code().into(),
            given.extent.code().into(),
            given.document.clone().into(),
        ],
    );
}

#[derive(Deserialize)]
struct Row {
    item: String,
    organisation: String,
    from_on: String,
    until_on: String,
    organisation_name: String,
    way: String,
    extent: String,
    document: String,
}

/// A delegation with its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The item.
    pub item: ItemId,
    /// What was given to whom.
    pub delegation: Delegation,
}

impl TryFrom<Row> for Given {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let wrong = |column: &'static str| StorageError::Inconsistent {
            table: "delegation",
            column,
            id: row.item.clone(),
            reason: "does not read".to_owned(),
        };
        let until = match row.until_on.as_str() {
            OPEN => None,
            day => Some(day.parse::<Date>().map_err(|_| wrong("until_on"))?),
        };
        Ok(Self {
            item: row.item.parse().map_err(|_| wrong("item"))?,
            delegation: Delegation {
                organisation: row
                    .organisation
                    .parse()
                    .map_err(|_| wrong("organisation"))?,
                way: DelegationWay::from_code(&row.way).ok_or_else(|| wrong("way"))?,
                extent: Extent::from_code(&row.extent).ok_or_else(|| wrong("extent"))?,
                from: row.from_on.parse().map_err(|_| wrong("from_on"))?,
                until,
                organisation_name: row.organisation_name,
                document: row.document,
            },
        })
    }
}

const COLUMNS: &str =
    "item, organisation, from_on, until_on, organisation_name, way, extent, document";

/// All delegations of a region that have not ended before a day, by item and organisation.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub async fn all(
    database: &Database,
    region: Region,
    day: Date,
) -> Result<Vec<Given>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM delegation WHERE region = $1 AND until_on >= $2
             ORDER BY item, organisation_name, organisation, from_on LIMIT $3"
        ),
        [
            region.to_string().into(),
            day.to_string().into(),
            ROWS_MAX.into(),
        ],
    )
    .await?;
    rows.into_iter().map(Given::try_from).collect()
}

/// Those of one organisation that have not ended before a day.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub async fn of_organisation(
    database: &Database,
    region: Region,
    organisation: OrganisationId,
    day: Date,
) -> Result<Vec<Given>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM delegation WHERE region = $1 AND organisation = $2 AND until_on >= $3
             ORDER BY item, from_on LIMIT $4"
        ),
        [
            region.to_string().into(),
            organisation.to_string().into(),
            day.to_string().into(),
            ROWS_MAX.into(),
        ],
    )
    .await?;
    rows.into_iter().map(Given::try_from).collect()
}

#[derive(Deserialize)]
struct Named {
    organisation_name: String,
}

/// How many names of counters a guide shows.
const HOLDERS_MAX: i64 = 300;

/// The names of those that hold an item on a day.
///
/// # Errors
/// Whatever storage reports.
pub async fn holders(
    database: &Database,
    region: Region,
    item: ItemId,
    day: Date,
) -> Result<Vec<String>, StorageError> {
    let rows: Vec<Named> = list(
        database.read(),
        "SELECT organisation_name FROM delegation
         WHERE region = $1 AND item = $2 AND from_on <= $3 AND until_on >= $3 ORDER BY organisation_name, organisation LIMIT $4",
        [
            region.to_string().into(),
            item.to_string().into(),
            day.to_string().into(),
            HOLDERS_MAX.into(),
        ],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.organisation_name).collect())
}

/// What holds on a day of an item that was delegated whole, by the name of whom.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub async fn whole(
    database: &Database,
    region: Region,
    item: ItemId,
    day: Date,
) -> Result<Vec<Delegation>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM delegation
             WHERE region = $1 AND item = $2 AND from_on <= $3 AND until_on >= $3 AND extent = $4
             ORDER BY organisation_name, organisation LIMIT $5"
        ),
        [
            region.to_string().into(),
            item.to_string().into(),
            day.to_string().into(),
            Extent::Whole.code().into(),
            HOLDERS_MAX.into(),
        ],
    )
    .await?;
    let given = rows.into_iter().map(Given::try_from);
    given.map(|given| Ok(given?.delegation)).collect()
}
