//! The rows that a batch writes beside those of the projections.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{JobId, Randomness, Region, Rejection};

use crate::{
    event::Record,
    kinds::Decided,
    ledger::{ExecuteError, Receipt},
    projection::NewJob,
    storage::StorageError,
};

use super::{Envelope, Existing, Sheet, Table};

/// How large one event's payload may be.
const PAYLOAD_BYTES_MAX: usize = 256 * 1024;

pub(crate) const ACCEPTED: &str = "accepted";
const REJECTED: &str = "rejected";

/// The answer to a command, kept under its key.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct CommandRow {
    region: String,
    pub(super) command_id: String,
    fingerprint: String,
    stream_kind: String,
    stream_id: String,
    actor: String,
    channel: String,
    outcome: String,
    answer: String,
    recorded_at_us: i64,
}

const COMMANDS: Table = Table {
    name: "command",
    columns: &[
        "region",
        "command_id",
        "fingerprint",
        "stream_kind",
        "stream_id",
        "actor",
        "channel",
        "outcome",
        "answer",
        "recorded_at_us",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

impl CommandRow {
    /// The row to keep; `None` for answers that another try may change (a stale version, a full
    /// queue).
    pub(super) fn of(
        envelope: &Envelope,
        answer: &Result<Receipt, ExecuteError>,
        now: Timestamp,
    ) -> Option<Self> {
        let (outcome, answer) = match answer {
            Ok(receipt) => (ACCEPTED, serde_json::to_string(receipt).ok()?),
            Err(ExecuteError::Rejected(rejection)) => {
                (REJECTED, serde_json::to_string(rejection).ok()?)
            }
            Err(_) => return None,
        };
        Some(Self {
            region: envelope.order.region.to_string(),
            command_id: envelope.order.command_id.to_string(),
            fingerprint: envelope.fingerprint.clone(),
            stream_kind: envelope.command.kind().to_owned(),
            stream_id: envelope.stream.to_string(),
            actor: serde_json::to_string(&envelope.order.actor).ok()?,
            channel: envelope.order.channel.code().to_owned(),
            outcome: outcome.to_owned(),
            answer,
            recorded_at_us: now.as_microsecond(),
        })
    }

    /// Puts the row on the sheet.
    pub(super) fn put(&self, sheet: &mut Sheet) {
        let row = self.clone();
        sheet.put(
            &COMMANDS,
            [
                row.region.into(),
                row.command_id.into(),
                row.fingerprint.into(),
                row.stream_kind.into(),
                row.stream_id.into(),
                row.actor.into(),
                row.channel.into(),
                row.outcome.into(),
                row.answer.into(),
                row.recorded_at_us.into(),
            ],
        );
    }

    /// The first answer again, if the key comes with the same command.
    pub(super) fn answer_again(&self, fingerprint: &str) -> Result<Receipt, ExecuteError> {
        if self.fingerprint != fingerprint {
            return Err(ExecuteError::KeyReused);
        }
        let unreadable = |error: serde_json::Error| {
            ExecuteError::Storage(StorageError::Inconsistent {
                table: "command",
                column: "answer",
                id: self.command_id.clone(),
                reason: error.to_string(),
            })
        };
        if self.outcome == ACCEPTED {
            serde_json::from_str(&self.answer).map_err(unreadable)
        } else {
            let rejection: Rejection = serde_json::from_str(&self.answer).map_err(unreadable)?;
            Err(rejection.into())
        }
    }
}

/// Refuses an event that is too large. Sealing only ever adds, so most payloads need no second look.
pub(super) fn check_size(decided: &Decided, sealed: &str) -> Result<(), ExecuteError> {
    if sealed.len() <= PAYLOAD_BYTES_MAX {
        return Ok(());
    }
    let bytes = decided.payload.to_string().len();
    if bytes <= PAYLOAD_BYTES_MAX {
        return Ok(());
    }
    Err(ExecuteError::TooLarge {
        bytes,
        limit_bytes_max: PAYLOAD_BYTES_MAX,
    })
}

const EVENTS: Table = Table {
    name: "event",
    columns: &[
        "region",
        "seq",
        "stream_kind",
        "stream_id",
        "version",
        "event_type",
        "event_version",
        "payload",
        "actor",
        "channel",
        "command_id",
        "recorded_at_us",
        "prev_hash",
        "hash",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

/// Puts a record on the sheet.
pub(super) fn put_event(sheet: &mut Sheet, record: Record) {
    sheet.put(
        &EVENTS,
        [
            record.region.into(),
            record.seq.into(),
            record.stream_kind.into(),
            record.stream_id.into(),
            record.version.into(),
            record.event_type.into(),
            record.event_version.into(),
            record.payload.into(),
            record.actor.into(),
            record.channel.into(),
            record.command_id.into(),
            record.recorded_at_us.into(),
            record.prev_hash.into(),
            record.hash.into(),
        ],
    );
}

const JOBS: Table = Table {
    name: "job",
    columns: &[
        "region",
        "id",
        "name",
        "input",
        "run_at_us",
        "attempts",
        "gave_up",
        "lease_until_us",
        "last_error",
        "created_at_us",
        "lane",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

/// Puts a job on the sheet.
pub(super) fn put_job(
    sheet: &mut Sheet,
    region: Region,
    job: NewJob,
    now: Timestamp,
    randomness: &dyn Randomness,
) {
    let run_at = now.checked_add(job.delay).unwrap_or(now);
    sheet.put(
        &JOBS,
        [
            region.to_string().into(),
            JobId::generate(now, randomness).to_string().into(),
            job.name.into(),
            job.input.to_string().into(),
            run_at.as_microsecond().into(),
            0_i64.into(),
            false.into(),
            0_i64.into(),
            "".into(),
            now.as_microsecond().into(),
            job.lane.number().into(),
        ],
    );
}

const SEQUENCES: Table = Table {
    name: "sequence",
    columns: &["region", "name", "value"],
    key_columns: 2,
    existing: Existing::Replaced,
};

/// Puts the last number of a sequence on the sheet.
pub(super) fn put_sequence(sheet: &mut Sheet, region: Region, name: &str, value: i64) {
    sheet.put(
        &SEQUENCES,
        [region.to_string().into(), name.into(), value.into()],
    );
}

const HEADS: Table = Table {
    name: "chain",
    columns: &["region", "seq", "hash"],
    key_columns: 1,
    existing: Existing::Replaced,
};

/// Puts the new head of the chain on the sheet.
pub(super) fn put_head(sheet: &mut Sheet, region: Region, seq: i64, hash: &str) {
    sheet.put(&HEADS, [region.to_string().into(), seq.into(), hash.into()]);
}
