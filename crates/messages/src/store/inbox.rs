//! A person's inbox.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{CaseId, MessageId, PersonId, Region};
use wuchuang_ledger::{
    Ledger, StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::language::Translator;

use super::{Place, Shelf, case_of, unreadable};
use crate::model::{Filled, MessageChannel, Surrounding, TemplateName, said};

/// Up to how many unread messages are counted; more is shown as this number.
const UNREAD_COUNT_MAX: i64 = 99;

#[derive(Deserialize)]
struct Row {
    id: String,
    seq: i64,
    template: String,
    case_id: String,
    parameters: String,
    created_at_us: i64,
    read_at_us: Option<i64>,
}

/// A message in a person's inbox.
#[derive(Debug, Clone)]
pub struct InboxMessage {
    /// The message.
    pub id: MessageId,
    /// Its place in the list.
    pub place: Place,
    /// The occasion.
    pub template: TemplateName,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Title and text.
    pub filled: Filled,
    /// When it came.
    pub created_at: Timestamp,
    /// Whether the person marked it as read.
    pub is_read: bool,
}

/// The messages of a person behind a place, newest first, in the reader's language.
///
/// # Errors
/// When they cannot be read.
pub async fn inbox_page(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
    (surrounding, translator): (&Surrounding, &Translator),
    (behind, limit): (&Place, u32),
) -> Result<Vec<InboxMessage>, StorageError> {
    let rows: Vec<Row> = list(
        ledger.database().read(),
        "SELECT m.id, m.seq, m.template, m.case_id, m.parameters, m.created_at_us, r.read_at_us
         FROM message m LEFT JOIN message_read r ON r.region = m.region AND r.message = m.id
         WHERE m.region = $1 AND m.recipient = $2 AND m.channel = 'inbox' AND (m.seq < $3 OR (m.seq = $3 AND m.id < $4))
         ORDER BY m.seq DESC, m.id DESC LIMIT $5",
        [
            region.to_string().into(),
            person.to_string().into(),
            behind.seq.into(),
            behind.id.clone().into(),
            i64::from(limit).into(),
        ],
    )
    .await?;
    let shelf = Shelf::load(ledger.database(), region).await?;
    let calendar = ledger.calendar();
    rows.into_iter()
        .map(|row| {
            let template = TemplateName::from_code(&row.template)
                .ok_or_else(|| unreadable("template", &row.id, &row.template))?;
            let parameters = serde_json::from_str(&row.parameters)
                .map_err(|error| unreadable("parameters", &row.id, error))?;
            let text = shelf.text_at(template, row.seq);
            let (text, parameters) = said(translator, template, text, parameters, &calendar);
            let filled = text.fill(
                (MessageChannel::Inbox, case_of(&row.case_id)),
                &parameters,
                surrounding,
                &calendar,
            );
            Ok(InboxMessage {
                id: row
                    .id
                    .parse()
                    .map_err(|error| unreadable("id", &row.id, error))?,
                place: Place {
                    seq: row.seq,
                    id: row.id.clone(),
                },
                template,
                case: case_of(&row.case_id),
                filled,
                created_at: Timestamp::from_microsecond(row.created_at_us)
                    .map_err(|error| unreadable("created_at_us", &row.id, error))?,
                is_read: row.read_at_us.is_some(),
            })
        })
        .collect()
}

/// How many messages a person has not marked as read, at most 99.
///
/// # Errors
/// When they cannot be counted.
pub async fn unread_count(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
) -> Result<u64, StorageError> {
    #[derive(Deserialize)]
    struct Count {
        count: i64,
    }
    let row: Option<Count> = find(
        ledger.database().read(),
        "SELECT COUNT(*) AS count FROM (
            SELECT m.id FROM message m LEFT JOIN message_read r ON r.region = m.region AND r.message = m.id
            WHERE m.region = $1 AND m.recipient = $2 AND m.channel = 'inbox' AND r.message IS NULL LIMIT $3) unread",
        [
            region.to_string().into(),
            person.to_string().into(),
            UNREAD_COUNT_MAX.into(),
        ],
    )
    .await?;
    Ok(row.map_or(0, |row| u64::try_from(row.count).unwrap_or(0)))
}

/// Marks one of the person's messages as read; one of somebody else is left alone. Tells whether it is theirs.
///
/// # Errors
/// When it cannot be written.
pub async fn mark_read(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
    message: MessageId,
) -> Result<bool, StorageError> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
    }
    let found: Option<Found> = find(
        ledger.database().read(),
        "SELECT id FROM message WHERE region = $1 AND id = $2 AND recipient = $3 AND channel = 'inbox'",
        [
            region.to_string().into(),
            message.to_string().into(),
            person.to_string().into(),
        ],
    )
    .await?;
    let Some(found) = found else {
        return Ok(false);
    };
    execute(
        ledger.database().write(),
        "INSERT INTO message_read (region, message, read_at_us) VALUES ($1, $2, $3) ON CONFLICT (region, message) DO NOTHING",
        [
            region.to_string().into(),
            found.id.into(),
            ledger.now().as_microsecond().into(),
        ],
    )
    .await?;
    Ok(true)
}

/// Marks all of the person's messages as read.
///
/// # Errors
/// When it cannot be written.
pub async fn mark_all_read(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
) -> Result<(), StorageError> {
    execute(
        ledger.database().write(),
        "INSERT INTO message_read (region, message, read_at_us)
         SELECT m.region, m.id, $3 FROM message m LEFT JOIN message_read r ON r.region = m.region AND r.message = m.id
         WHERE m.region = $1 AND m.recipient = $2 AND m.channel = 'inbox' AND r.message IS NULL
         ON CONFLICT (region, message) DO NOTHING",
        [
            region.to_string().into(),
            person.to_string().into(),
            ledger.now().as_microsecond().into(),
        ],
    )
    .await?;
    Ok(())
}
