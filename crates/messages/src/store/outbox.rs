//! What left the house, or should: the administrator's list, and one letter for the job.

use serde::Deserialize;
use wuchuang_kernel::{MessageId, Region};
use wuchuang_ledger::storage::Value;
use wuchuang_ledger::{
    Database, StorageError,
    storage::{find, list},
};

use super::Place;
use crate::model::{DeliveryState, MessageChannel};

/// One message of the outbox with its delivery.
#[derive(Debug, Clone, Deserialize)]
pub struct OutboxRow {
    /// The message.
    pub id: String,
    /// Its place in the chain.
    pub seq: i64,
    /// Whom it concerns.
    pub recipient: String,
    /// The channel's code.
    pub channel: String,
    /// The occasion's code.
    pub template: String,
    /// The case; empty when it is about none.
    pub case_id: String,
    /// The address, in the clear: mask it before it is shown.
    pub address: String,
    /// The parameters as JSON.
    pub parameters: String,
    /// When it came into being.
    pub created_at_us: i64,
    /// The delivery's state; `None` before the first attempt.
    pub state: Option<String>,
    /// The gateway.
    pub gateway: Option<String>,
    /// How often it was tried.
    pub attempts: Option<i64>,
    /// The provider's words.
    pub reference: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// The text as it went out.
    pub sent_text: Option<String>,
    /// The address to which it went, in the clear.
    pub sent_to: Option<String>,
}

impl OutboxRow {
    /// How far it came.
    pub fn delivery_state(&self) -> DeliveryState {
        self.state
            .as_deref()
            .and_then(DeliveryState::from_code)
            .unwrap_or(DeliveryState::Waiting)
    }

    /// The channel.
    pub fn message_channel(&self) -> MessageChannel {
        MessageChannel::from_code(&self.channel).unwrap_or(MessageChannel::Sms)
    }

    /// Its place in the list.
    pub fn place(&self) -> Place {
        Place {
            seq: self.seq,
            id: self.id.clone(),
        }
    }
}

const COLUMNS: &str =
    "m.id, m.seq, m.recipient, m.channel, m.template, m.case_id, m.address, m.parameters, m.created_at_us,
    d.state, d.gateway, d.attempts, d.reference, d.last_error, d.sent_text, d.sent_to
    FROM message m LEFT JOIN message_delivery d ON d.region = m.region AND d.message = m.id";

/// Which messages are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxFilter {
    /// Only this state.
    pub state: Option<DeliveryState>,
    /// Only this channel.
    pub channel: Option<MessageChannel>,
}

/// The outbox behind a place, newest first.
///
/// # Errors
/// When it cannot be read.
pub async fn outbox_page(
    database: &Database,
    region: Region,
    filter: OutboxFilter,
    behind: &Place,
    limit: u32,
) -> Result<Vec<OutboxRow>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        behind.seq.into(),
        behind.id.clone().into(),
        i64::from(limit).into(),
    ];
    // An IN list instead of `<> 'inbox'`, so that the index on the channel serves.
    let channel = match filter.channel {
        Some(MessageChannel::Email) => "m.channel = 'email'",
        Some(MessageChannel::Sms) => "m.channel = 'sms'",
        Some(MessageChannel::Inbox) | None => "m.channel IN ('sms', 'email')",
    };
    let state = match filter.state {
        None => "",
        Some(DeliveryState::Waiting) => "AND (d.state IS NULL OR d.state = 'waiting')",
        Some(state) => {
            values.push(state.code().into());
            "AND d.state = $5"
        }
    };
    let sql = format!(
        "SELECT {COLUMNS} WHERE m.region = $1 AND {channel} AND (m.seq < $2 OR (m.seq = $2 AND m.id < $3)) {state}
         ORDER BY m.seq DESC, m.id DESC LIMIT $4"
    );
    list(database.read(), &sql, values).await
}

/// One message that leaves the house; `None` for one of the inbox or of a forgotten person.
///
/// # Errors
/// When it cannot be read.
pub async fn letter(
    database: &Database,
    region: Region,
    message: MessageId,
) -> Result<Option<OutboxRow>, StorageError> {
    let sql = format!("SELECT {COLUMNS} WHERE m.region = $1 AND m.id = $2 AND m.address <> ''");
    find(
        database.read(),
        &sql,
        [region.to_string().into(), message.to_string().into()],
    )
    .await
}
