//! How far a message came. These rows are operational: they say what providers did, not what happened to a matter, so
//! they are written directly. A report may come before the attempt is written down, so every write is a condition.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{MessageId, Region};
use wuchuang_ledger::{Database, Ledger, NoRow, StorageError, storage::execute};

use crate::{
    gateway::{DeliveryReport, Outcome, Posted},
    model::DeliveryState,
};

/// One attempt to send a message.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// The region.
    pub region: Region,
    /// The message.
    pub message: MessageId,
    /// When.
    pub at: Timestamp,
}

/// How much of an error is kept.
const ERROR_CHARS_MAX: usize = 300;

/// Writes down that an attempt begins, and which number it has. It stands before the sending, because a delivery
/// report may come faster than the gateway's answer.
///
/// # Errors
/// When it cannot be written.
pub async fn attempt_begin(
    ledger: &Ledger,
    attempt: Attempt,
    is_first: bool,
) -> Result<i64, StorageError> {
    #[derive(Deserialize)]
    struct Row {
        attempts: i64,
    }
    let rows: Vec<Row> = ledger.write_along(
        attempt.region,
        "INSERT INTO message_delivery (region, message, state, gateway, attempts, reference, last_error, sent_text, sent_at_us, updated_at_us, sent_to)
         VALUES ($1, $2, 'waiting', '', 1, '', '', '', 0, $3, '')
         ON CONFLICT (region, message) DO UPDATE SET state = 'waiting', updated_at_us = excluded.updated_at_us,
            attempts = CASE WHEN $4 THEN 1 ELSE message_delivery.attempts + 1 END
         RETURNING attempts",
        [
            attempt.region.to_string().into(),
            attempt.message.to_string().into(),
            attempt.at.as_microsecond().into(),
            is_first.into(),
        ],
    )
    .await?;
    Ok(rows.first().map_or(1, |row| row.attempts))
}

/// Writes down that a gateway took the message; a report that was faster is not overwritten.
///
/// # Errors
/// When it cannot be written.
pub async fn attempt_succeed(
    ledger: &Ledger,
    attempt: Attempt,
    posted: &Posted,
    (text, to): (&str, &str),
) -> Result<(), StorageError> {
    let state = match posted.receipt.outcome {
        Outcome::Sent => DeliveryState::Sent,
        Outcome::Kept => DeliveryState::Kept,
    };
    ledger.write_along::<NoRow>(
        attempt.region,
        "UPDATE message_delivery SET state = CASE WHEN state = 'waiting' THEN $3 ELSE state END,
            gateway = $4, reference = $5, last_error = '', sent_text = $6, sent_at_us = $7, updated_at_us = $7, sent_to = $8
         WHERE region = $1 AND message = $2",
        [
            attempt.region.to_string().into(),
            attempt.message.to_string().into(),
            state.code().into(),
            posted.gateway.clone().into(),
            posted.receipt.reference.clone().into(),
            text.into(),
            attempt.at.as_microsecond().into(),
            to.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes down in one step that the house itself keeps the message: nobody outside can report on it before that.
///
/// # Errors
/// When it cannot be written.
pub async fn attempt_keep(
    ledger: &Ledger,
    attempt: Attempt,
    gateway: &str,
    (text, to): (&str, &str),
) -> Result<(), StorageError> {
    ledger.write_along::<NoRow>(
        attempt.region,
        "INSERT INTO message_delivery (region, message, state, gateway, attempts, reference, last_error, sent_text, sent_at_us, updated_at_us, sent_to)
         VALUES ($1, $2, $3, $4, 1, '', '', $5, $6, $6, $7)
         ON CONFLICT (region, message) DO UPDATE SET state = excluded.state, gateway = excluded.gateway,
            attempts = message_delivery.attempts + 1, reference = '', last_error = '', sent_text = excluded.sent_text,
            sent_at_us = excluded.sent_at_us, updated_at_us = excluded.updated_at_us, sent_to = excluded.sent_to",
        [
            attempt.region.to_string().into(),
            attempt.message.to_string().into(),
            DeliveryState::Kept.code().into(),
            gateway.into(),
            text.into(),
            attempt.at.as_microsecond().into(),
            to.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes down that no gateway took the message, and what becomes of it.
///
/// # Errors
/// When it cannot be written.
pub async fn attempt_fail(
    ledger: &Ledger,
    attempt: Attempt,
    state: DeliveryState,
    error: &str,
) -> Result<(), StorageError> {
    let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
    ledger.write_along::<NoRow>(
        attempt.region,
        "UPDATE message_delivery SET state = CASE WHEN state = 'delivered' THEN state ELSE $3 END, last_error = $4, updated_at_us = $5
         WHERE region = $1 AND message = $2",
        [
            attempt.region.to_string().into(),
            attempt.message.to_string().into(),
            state.code().into(),
            error.into(),
            attempt.at.as_microsecond().into(),
        ],
    )
    .await?;
    Ok(())
}

/// What a provider reports about a message.
#[derive(Debug, Clone)]
pub struct Report {
    /// Which message and when.
    pub attempt: Attempt,
    /// Which gateway's provider.
    pub gateway: String,
    /// What it says.
    pub report: DeliveryReport,
}

/// Writes a delivery report down and tells whether it changed anything: the same report twice does not, and neither
/// does one about an unknown message. Delivered is final.
///
/// # Errors
/// When it cannot be written.
pub async fn report_record(database: &Database, report: &Report) -> Result<bool, StorageError> {
    // A failure of one gateway says nothing once another one has taken the message, or once it was told before.
    let sql = match report.report {
        DeliveryReport::Underway => return Ok(false),
        DeliveryReport::Delivered => {
            "UPDATE message_delivery SET state = 'delivered', gateway = $3, last_error = '', updated_at_us = $4
             WHERE region = $1 AND message = $2 AND state <> 'delivered'"
        }
        DeliveryReport::Failed => {
            "UPDATE message_delivery SET state = 'failed', gateway = $3, last_error = 'the operator reports that it cannot be delivered', updated_at_us = $4
             WHERE region = $1 AND message = $2 AND ((state = 'waiting' AND gateway <> $3) OR (state = 'sent' AND gateway = $3))"
        }
    };
    let touched = execute(
        database.write(),
        sql,
        [
            report.attempt.region.to_string().into(),
            report.attempt.message.to_string().into(),
            report.gateway.clone().into(),
            report.attempt.at.as_microsecond().into(),
        ],
    )
    .await?;
    Ok(touched > 0)
}

/// Makes a message ready to be sent again; `false` when it is on its way or delivered.
///
/// # Errors
/// When it cannot be written.
pub async fn resend_prepare(database: &Database, attempt: Attempt) -> Result<bool, StorageError> {
    let touched = execute(
        database.write(),
        "UPDATE message_delivery SET state = 'waiting', gateway = '', attempts = 0, last_error = '', updated_at_us = $3
         WHERE region = $1 AND message = $2 AND state IN ('kept', 'sent', 'failed', 'gave_up')",
        [
            attempt.region.to_string().into(),
            attempt.message.to_string().into(),
            attempt.at.as_microsecond().into(),
        ],
    )
    .await?;
    Ok(touched > 0)
}
