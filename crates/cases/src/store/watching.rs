//! What watchers ask of the cases: who accepted and decided what since a place of the chain, and whether a number that
//! somebody else wrote down stands on the ledger.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{Actor, CaseId, Channel, ItemId, OrganisationId, Region};
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Value, list, list_placeholder},
};

/// An acceptance or a decision, with what the case is about.
#[derive(Debug, Clone)]
pub struct HandledDeed {
    /// Its place in the region's chain.
    pub seq: i64,
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub case_number: String,
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub item_name: String,
    /// The department whose item it is.
    pub department: OrganisationId,
    /// Whether the item is settled in one sitting (即办件).
    pub is_instant: bool,
    /// Whether it was decided; else it was accepted.
    pub is_decision: bool,
    /// Who did it.
    pub actor: Actor,
    /// Through which window.
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
    /// When the case was received.
    pub received_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    seq: i64,
    case_id: String,
    event_type: String,
    actor: String,
    channel: String,
    at_us: i64,
    number: String,
    item: String,
    item_name: String,
    department: String,
    handling: String,
    received_at_us: i64,
}

fn read(row: Row) -> Option<HandledDeed> {
    Some(HandledDeed {
        seq: row.seq,
        case: row.case_id.parse().ok()?,
        case_number: row.number,
        item: row.item.parse().ok()?,
        item_name: row.item_name,
        department: row.department.parse().ok()?,
        is_instant: row.handling == HandlingKind::Instant.name(),
        is_decision: row.event_type == "decided",
        actor: serde_json::from_str(&row.actor).ok()?,
        channel: Channel::from_code(&row.channel)?,
        at: Timestamp::from_microsecond(row.at_us).ok()?,
        received_at: Timestamp::from_microsecond(row.received_at_us).ok()?,
    })
}

/// The acceptances and decisions behind one place of the chain, up to another. The places are few thousand apart, which
/// bounds what is read.
///
/// # Errors
/// Whatever storage reports.
pub async fn handled_deeds(
    database: &Database,
    region: Region,
    (after, through): (i64, i64),
) -> Result<Vec<HandledDeed>, StorageError> {
    // The kind is compared as an expression, so that the places decide which index is read.
    let rows: Vec<Row> = list(
        database.read(),
        "SELECT e.seq, f.id AS case_id, e.event_type, e.actor, e.channel, e.recorded_at_us AS at_us,
                f.number, f.item, f.item_name, f.department, f.handling, f.received_at_us
         FROM event e JOIN case_file f ON f.region = e.region AND f.id = e.stream_id
         WHERE e.region = $1 AND e.seq > $2 AND e.seq <= $3
           AND e.stream_kind || '' = 'case' AND e.event_type IN ('accepted', 'decided')
         ORDER BY e.seq",
        [region.to_string().into(), after.into(), through.into()],
    )
    .await?;
    Ok(rows.into_iter().filter_map(read).collect())
}

#[derive(Deserialize)]
struct Word {
    word: String,
}

/// For whom the tasks of a case's drawn process were meant: names of organisations, codes of places.
///
/// # Errors
/// Whatever storage reports.
pub async fn task_words(
    database: &Database,
    region: Region,
    case: CaseId,
) -> Result<HashSet<String>, StorageError> {
    let rows: Vec<Word> = list(
        database.read(),
        "SELECT DISTINCT candidate AS word FROM case_task WHERE region = $1 AND case_id = $2",
        [region.to_string().into(), case.to_string().into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

/// Which of some numbers are those of cases, or of papers that were made for them.
///
/// # Errors
/// Whatever storage reports.
pub async fn known_numbers(
    database: &Database,
    region: Region,
    numbers: &[String],
) -> Result<HashSet<String>, StorageError> {
    let mut known = HashSet::new();
    for some in numbers.chunks(100) {
        let list_of = list_placeholder(2, some.len());
        let mut values: Vec<Value> = vec![region.to_string().into()];
        values.extend(some.iter().map(|number| Value::from(number.clone())));
        for (table, region_of) in [("case_file", "f"), ("case_document", "d")] {
            let rows: Vec<Word> = list(
                database.read(),
                &format!(
                    "SELECT {region_of}.number AS word FROM {table} {region_of} WHERE {region_of}.region = $1 AND {region_of}.number IN ({list_of})"
                ),
                values.clone(),
            )
            .await?;
            known.extend(rows.into_iter().map(|row| row.word));
        }
    }
    Ok(known)
}
