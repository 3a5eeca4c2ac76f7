//! The rows that a batch writes, several to a statement.

use jiff::Timestamp;
use sea_orm::{DatabaseTransaction, FromQueryResult, Value};
use wuchuang_kernel::{JobId, Randomness, Region, Rejection};

use crate::{
    event::Record,
    jobs::Lane,
    kinds::Decided,
    ledger::{ExecuteError, Receipt},
    projection::NewJob,
    storage::{StorageError, execute, rows_placeholder},
};

use super::Envelope;

/// How many rows one statement carries; SQLite takes 32,766 values a statement.
const ROWS_MAX: usize = 500;

/// How large one event's payload may be.
const PAYLOAD_BYTES_MAX: usize = 256 * 1024;

const ACCEPTED: &str = "accepted";
const REJECTED: &str = "rejected";

/// The answer to a command, kept under its key.
#[derive(Debug, Clone, FromQueryResult)]
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

impl CommandRow {
    /// The row to keep; `None` for answers that another try may change (a stale version, a full
    /// queue).
    pub(super) fn of(
        envelope: &Envelope,
        fingerprint: String,
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
            fingerprint,
            stream_kind: envelope.command.kind().to_owned(),
            stream_id: envelope.stream.to_string(),
            actor: serde_json::to_string(&envelope.order.actor).ok()?,
            channel: envelope.order.channel.code().to_owned(),
            outcome: outcome.to_owned(),
            answer,
            recorded_at_us: now.as_microsecond(),
        })
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

/// A job to be written.
pub(super) struct JobRow {
    pub(super) lane: Lane,
    region: String,
    id: String,
    name: &'static str,
    input: String,
    run_at_us: i64,
    created_at_us: i64,
}

impl JobRow {
    pub(super) fn new(
        region: Region,
        job: NewJob,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Self {
        let run_at = now.checked_add(job.delay).unwrap_or(now);
        Self {
            lane: job.lane,
            region: region.to_string(),
            id: JobId::generate(now, randomness).to_string(),
            name: job.name,
            input: job.input.to_string(),
            run_at_us: run_at.as_microsecond(),
            created_at_us: now.as_microsecond(),
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

async fn insert(
    transaction: &DatabaseTransaction,
    table_and_columns: &str,
    rows: Vec<Vec<Value>>,
) -> Result<(), StorageError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Value>> = rows.by_ref().take(ROWS_MAX).collect();
        let sql = format!(
            "INSERT INTO {table_and_columns} VALUES {}",
            rows_placeholder(chunk.len(), chunk[0].len())
        );
        execute(transaction, &sql, chunk.into_iter().flatten()).await?;
    }
    Ok(())
}

pub(super) async fn write_events(
    transaction: &DatabaseTransaction,
    records: &[Record],
) -> Result<(), StorageError> {
    let rows = records
        .iter()
        .map(|record| -> Vec<Value> {
            vec![
                record.region.clone().into(),
                record.seq.into(),
                record.stream_kind.clone().into(),
                record.stream_id.clone().into(),
                record.version.into(),
                record.event_type.clone().into(),
                record.event_version.into(),
                record.payload.clone().into(),
                record.actor.clone().into(),
                record.channel.clone().into(),
                record.command_id.clone().into(),
                record.recorded_at_us.into(),
                record.prev_hash.clone().into(),
                record.hash.clone().into(),
            ]
        })
        .collect();
    insert(
        transaction,
        "event (region, seq, stream_kind, stream_id, version, event_type, event_version, payload, actor, channel, command_id, recorded_at_us, prev_hash, hash)",
        rows,
    )
    .await
}

pub(super) async fn write_commands(
    transaction: &DatabaseTransaction,
    commands: &[CommandRow],
) -> Result<(), StorageError> {
    let rows = commands
        .iter()
        .map(|row| -> Vec<Value> {
            vec![
                row.region.clone().into(),
                row.command_id.clone().into(),
                row.fingerprint.clone().into(),
                row.stream_kind.clone().into(),
                row.stream_id.clone().into(),
                row.actor.clone().into(),
                row.channel.clone().into(),
                row.outcome.clone().into(),
                row.answer.clone().into(),
                row.recorded_at_us.into(),
            ]
        })
        .collect();
    insert(
        transaction,
        "command (region, command_id, fingerprint, stream_kind, stream_id, actor, channel, outcome, answer, recorded_at_us)",
        rows,
    )
    .await
}

pub(super) async fn write_jobs(
    transaction: &DatabaseTransaction,
    jobs: &[JobRow],
) -> Result<(), StorageError> {
    let rows = jobs
        .iter()
        .map(|job| -> Vec<Value> {
            vec![
                job.region.clone().into(),
                job.id.clone().into(),
                job.name.into(),
                job.input.clone().into(),
                job.run_at_us.into(),
                0_i64.into(),
                false.into(),
                0_i64.into(),
                "".into(),
                job.created_at_us.into(),
                job.lane.number().into(),
            ]
        })
        .collect();
    insert(
        transaction,
        "job (region, id, name, input, run_at_us, attempts, gave_up, lease_until_us, last_error, created_at_us, lane)",
        rows,
    )
    .await
}

pub(super) async fn write_sequences(
    transaction: &DatabaseTransaction,
    region: Region,
    sequences: impl Iterator<Item = (&str, i64)>,
) -> Result<(), StorageError> {
    for (name, value) in sequences {
        execute(
            transaction,
            "INSERT INTO sequence (region, name, value) VALUES ($1, $2, $3) ON CONFLICT (region, name) DO UPDATE SET value = excluded.value",
            [region.to_string().into(), name.into(), value.into()],
        )
        .await?;
    }
    Ok(())
}
