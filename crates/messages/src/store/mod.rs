//! The tables of messages: the projection that writes them, and the questions asked of them.

mod delivery;
mod inbox;
mod outbox;
mod projection;
mod shelf;

use wuchuang_kernel::{CaseId, MessageId};
use wuchuang_ledger::StorageError;

pub use delivery::{
    Attempt, Report, attempt_begin, attempt_fail, attempt_keep, attempt_succeed, report_record,
    resend_prepare,
};
pub use inbox::{InboxMessage, inbox_page, mark_all_read, mark_read, unread_count};
pub use outbox::{OutboxFilter, OutboxRow, letter, outbox_page};
pub use projection::{Mailing, MessageProjection, SEND, SendInput, TemplateProjection};
pub use shelf::{Shelf, VersionRow};

/// Where a page of a list ended: the last row's place in the chain and its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The place in the chain.
    pub seq: i64,
    /// The message.
    pub id: String,
}

impl Place {
    /// Before the first row of a list whose newest comes first.
    pub fn start() -> Self {
        Self {
            seq: i64::MAX,
            id: String::new(),
        }
    }

    /// The text in addresses: `{seq}-{id}`.
    pub fn cursor(&self) -> String {
        format!("{}-{}", self.seq, self.id)
    }

    /// Reads the text; anything else is the start.
    pub fn from_cursor(cursor: &str) -> Self {
        cursor
            .split_once('-')
            .and_then(|(seq, id)| {
                Some(Self {
                    seq: seq.parse().ok()?,
                    id: id.parse::<MessageId>().ok()?.to_string(),
                })
            })
            .unwrap_or_else(Self::start)
    }
}

pub(crate) fn unreadable(column: &'static str, id: &str, reason: impl ToString) -> StorageError {
    StorageError::Inconsistent {
        table: "message",
        column,
        id: id.to_owned(),
        reason: reason.to_string(),
    }
}

pub(crate) fn case_of(text: &str) -> Option<CaseId> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn cursors_read_back_and_nonsense_is_the_start() {
        let place = Place {
            seq: 17,
            id: "0".repeat(32),
        };
        assert_eq!(Place::from_cursor(&place.cursor()), place);
        for wrong in ["", "17", "x-y", "17-'; DROP TABLE message"] {
            assert_eq!(Place::from_cursor(wrong), Place::start());
        }
    }
}
