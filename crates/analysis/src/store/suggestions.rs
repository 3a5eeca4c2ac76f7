//! The table of suggestions, by which they are listed: the weightiest first.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{ItemId, OrganisationId, Region};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Value, list},
};
use wuchuang_webkit::Failure;

use super::asked::item;
use crate::model::suggestion::{Grounds, SuggestionKind, SuggestionStanding, SuggestionStream};

/// How many suggestions one item has at most on its page.
const OF_ITEM_MAX: i64 = 50;

const SUGGESTIONS: Table = Table {
    name: "analysis_suggestion",
    columns: &[
        "region",
        "id",
        "kind",
        "standing",
        "item",
        "item_name",
        "department",
        "other",
        "other_name",
        "place",
        "whole",
        "part",
        "is_online",
        "reason",
        "decided_by",
        "decided_at_us",
        "raised_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Writes the suggestions.
pub(crate) struct SuggestionProjection;

impl Projection for SuggestionProjection {
    fn name(&self) -> &'static str {
        "analysis_suggestions"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[SuggestionStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["analysis_suggestion"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(known) = recorded
            .state::<SuggestionStream>()
            .and_then(|state| state.0.as_deref())
        else {
            return Ok(());
        };
        let grounds = &known.grounds;
        let (other, other_name) = grounds
            .other
            .as_ref()
            .map(|(item, name)| (item.to_string(), name.clone()))
            .unwrap_or_default();
        let decided = known.decisions.last();
        let by = decided.and_then(|decision| decision.by.person);
        sheet.put(
            &SUGGESTIONS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                grounds.kind.code().into(),
                known.standing.code().into(),
                grounds.item.to_string().into(),
                grounds.item_name.clone().into(),
                grounds.department.to_string().into(),
                other.into(),
                other_name.into(),
                grounds.place.clone().into(),
                grounds.whole.into(),
                grounds.part.into(),
                grounds.is_online.into(),
                decided
                    .map(|decision| decision.reason.clone())
                    .unwrap_or_default()
                    .into(),
                by.map(|by| by.to_string()).unwrap_or_default().into(),
                decided
                    .map_or(0, |decision| decision.at.as_microsecond())
                    .into(),
                known.raised_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    id: String,
    kind: String,
    standing: String,
    item: String,
    item_name: String,
    department: String,
    other: String,
    other_name: String,
    place: String,
    whole: i64,
    part: i64,
    is_online: bool,
    reason: String,
    decided_by: String,
    decided_at_us: i64,
    raised_at_us: i64,
}

/// A suggestion as lists show it.
#[derive(Debug, Clone)]
pub(crate) struct SuggestionRow {
    pub(crate) id: String,
    pub(crate) standing: SuggestionStanding,
    pub(crate) grounds: Grounds,
    /// What is done about it, or why nothing is; empty before somebody decided.
    pub(crate) reason: String,
    /// Who decided last.
    pub(crate) decided_by: String,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) raised_at: Timestamp,
}

fn read(row: Row) -> Option<SuggestionRow> {
    let at = |us: i64| Timestamp::from_microsecond(us).ok();
    Some(SuggestionRow {
        standing: SuggestionStanding::from_code(&row.standing)?,
        grounds: Grounds {
            kind: SuggestionKind::from_code(&row.kind)?,
            item: item(&row.item)?,
            item_name: row.item_name,
            department: row.department.parse::<OrganisationId>().ok()?,
            other: item(&row.other).map(|other| (other, row.other_name)),
            place: row.place,
            whole: row.whole,
            part: row.part,
            is_online: row.is_online,
        },
        id: row.id,
        reason: row.reason,
        decided_by: row.decided_by,
        decided_at: at(row.decided_at_us).filter(|_| row.decided_at_us > 0),
        raised_at: at(row.raised_at_us)?,
    })
}

/// Where a list goes on: behind this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    part: i64,
    id: String,
}

impl Place {
    /// Behind the last row of a page.
    pub(crate) fn behind(rows: &[SuggestionRow]) -> Option<String> {
        let last = rows.last()?;
        Some(format!("{}_{}", last.grounds.part, last.id))
    }

    /// Reads what an address says.
    ///
    /// # Errors
    /// 422 when it does not read.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let read = || {
            let (part, id) = text.split_once('_')?;
            Some(Self {
                part: part.parse().ok()?,
                id: id.to_owned(),
            })
        };
        read().ok_or_else(|| Failure::invalid("翻页位置不对，请回到第一页。").at("cursor"))
    }
}

const COLUMNS: &str = "id, kind, standing, item, item_name, department, other, other_name, place, whole, part, is_online, reason, decided_by, decided_at_us, raised_at_us";

/// The suggestions of a standing, of one kind or of all, the weightiest first.
pub(crate) async fn suggestions(
    database: &Database,
    region: Region,
    (standing, kind): (SuggestionStanding, Option<SuggestionKind>),
    from: Option<&Place>,
    limit: i64,
) -> Result<Vec<SuggestionRow>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        standing.code().into(),
        limit.into(),
    ];
    let mut conditions = String::new();
    if let Some(kind) = kind {
        values.push(kind.code().into());
        conditions.push_str(" AND kind = $4");
    }
    if let Some(from) = from {
        values.push(from.part.into());
        values.push(from.id.clone().into());
        let (part, id) = (values.len() - 1, values.len());
        let _ = write!(conditions, " AND (part, id) < (${part}, ${id})");
    }
    let rows: Vec<Row> = list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM analysis_suggestion WHERE region = $1 AND standing = $2{conditions}
             ORDER BY part DESC, id DESC LIMIT $3"
        ),
        values,
    )
    .await?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The suggestions about an item.
pub(crate) async fn of_item(
    database: &Database,
    region: Region,
    item: ItemId,
) -> Result<Vec<SuggestionRow>, StorageError> {
    let rows: Vec<Row> = list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM analysis_suggestion WHERE region = $1 AND item = $2 ORDER BY id LIMIT $3"
        ),
        [
            region.to_string().into(),
            item.to_string().into(),
            OF_ITEM_MAX.into(),
        ],
    )
    .await?;
    Ok(rows.into_iter().filter_map(read).collect())
}
