//! Writes a region's ledger as JSON lines: one record a line, in the order of the chain, sealed as it
//! is stored, followed by the checkpoints. Whoever has the public key can verify the file.

use std::io::Write;

use serde_json::json;
use wuchuang_kernel::Region;

use crate::{
    ledger::Ledger,
    proof::Checkpoint,
    storage::{StorageError, list},
};

/// How many records are read at once.
const PAGE: i64 = 2_000;

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Storage failed.
    #[error("the records cannot be read")]
    Storage(#[from] StorageError),
    /// The file cannot be written.
    #[error("the file cannot be written")]
    Write(#[from] std::io::Error),
}

/// Writes the records and checkpoints of a region, and tells how many records there were.
///
/// # Errors
/// When the records cannot be read or the file cannot be written.
pub async fn export(
    ledger: &Ledger,
    region: Region,
    out: &mut (impl Write + Send),
) -> Result<u64, ExportError> {
    let read = ledger.database().read();
    let (mut seq, mut count) = (0, 0);
    loop {
        let page = ledger.shared.chain_page(read, region, seq, PAGE).await?;
        let Some(last) = page.last() else { break };
        seq = last.seq;
        for record in page {
            let line = json!({
                "region": record.region, "seq": record.seq,
                "stream_kind": record.stream_kind, "stream_id": record.stream_id,
                "version": record.version, "event_type": record.event_type,
                "event_version": record.event_version, "payload": record.payload,
                "actor": record.actor, "channel": record.channel,
                "command_id": record.command_id, "recorded_at_us": record.recorded_at_us,
                "prev_hash": record.prev_hash, "hash": record.hash,
            });
            writeln!(out, "{line}")?;
            count += 1;
        }
    }
    let checkpoints: Vec<Checkpoint> = list(
        read,
        "SELECT * FROM checkpoint WHERE region = $1 ORDER BY number",
        [region.to_string().into()],
    )
    .await?;
    for checkpoint in checkpoints {
        writeln!(out, "{}", json!({ "checkpoint": checkpoint }))?;
    }
    out.flush()?;
    Ok(count)
}
