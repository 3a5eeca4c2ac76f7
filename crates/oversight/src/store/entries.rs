//! The table of items in the hall.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{ItemId, Region};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::list,
};

use crate::model::entry::{
    Entered, EntryStanding, EntryState, EntryStream, Exempted, ExemptionGround,
};

/// How many items a county may have.
const ITEMS_MAX: i64 = 10_000;

const ENTRIES: Table = Table {
    name: "oversight_entry",
    columns: &[
        "region",
        "item",
        "standing",
        "place",
        "place_name",
        "from_on",
        "ground",
        "document",
        "until_on",
        "changes",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the items in the hall.
pub(crate) struct EntryProjection;

impl Projection for EntryProjection {
    fn name(&self) -> &'static str {
        "oversight_entries"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[EntryStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["oversight_entry"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<EntryStream>() else {
            return Ok(());
        };
        let none = String::new;
        let (standing, place, place_name, from, ground, document, until) = match &state.standing {
            EntryStanding::In(entered) => (
                "in",
                entered.place.to_string(),
                entered.place_name.clone(),
                entered.from.to_string(),
                "",
                entered.document.clone(),
                none(),
            ),
            EntryStanding::Exempt(exempted) => (
                "exempt",
                none(),
                none(),
                none(),
                exempted.ground.code(),
                exempted.document.clone(),
                exempted.until.to_string(),
            ),
            EntryStanding::Missing => ("missing", none(), none(), none(), "", none(), none()),
        };
        sheet.put(
            &ENTRIES,
            [
                recorded.region.to_string().into(),
                ItemId::from(recorded.stream_id).to_string().into(),
                standing.into(),
                place.into(),
                place_name.into(),
                from.into(),
                ground.into(),
                document.into(),
                until.into(),
                i64::from(state.changes).into(),
            ],
        );
        Ok(())
    }
}

#[derive(Deserialize)]
struct Row {
    item: String,
    standing: String,
    place: String,
    place_name: String,
    from_on: String,
    ground: String,
    document: String,
    until_on: String,
    changes: i64,
}

/// An item with how it stands.
fn read(row: Row) -> Option<(ItemId, EntryState)> {
    let day = |text: &str| text.parse::<Date>().ok();
    let standing = match row.standing.as_str() {
        "in" => EntryStanding::In(Entered {
            place: row.place.parse().ok()?,
            place_name: row.place_name,
            from: day(&row.from_on)?,
            document: row.document,
        }),
        "exempt" => EntryStanding::Exempt(Exempted {
            ground: ExemptionGround::from_code(&row.ground)?,
            document: row.document,
            until: day(&row.until_on)?,
        }),
        _ => EntryStanding::Missing,
    };
    let state = EntryState {
        standing,
        changes: u32::try_from(row.changes).unwrap_or_default(),
        taken_back: String::new(),
    };
    Some((row.item.parse().ok()?, state))
}

/// All items of which something was recorded.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub(crate) async fn all(
    database: &Database,
    region: Region,
) -> Result<HashMap<ItemId, EntryState>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        "SELECT item, standing, place, place_name, from_on, ground, document, until_on, changes
         FROM oversight_entry WHERE region = $1 ORDER BY item LIMIT $2",
        [region.to_string().into(), ITEMS_MAX.into()],
    )
    .await?;
    let read = rows.into_iter().map(|row| {
        let id = row.item.clone();
        read(row).ok_or(StorageError::Inconsistent {
            table: "oversight_entry",
            column: "standing",
            id,
            reason: "does not read".to_owned(),
        })
    });
    read.collect()
}
