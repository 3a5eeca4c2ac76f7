//! Rebuilds every projection from the ledger and compares it with the tables as they stand.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use wuchuang_kernel::{Region, StreamId};

use crate::{
    event::{Record, Recorded},
    kinds::Erased,
    ledger::Ledger,
    load::{LoadError, instant},
    storage::{Connection, StorageError, Transaction, execute, list},
    writer::Sheet,
};
use std::sync::Arc;

/// How many records are read at once.
const PAGE: i64 = 1_000;
/// How many differences are told.
const DIFFERENCES_MAX: usize = 20;

/// Why a replay could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Storage failed.
    #[error("the tables cannot be read or written")]
    Storage(#[from] StorageError),
    /// A record does not read.
    #[error("a record cannot be replayed")]
    Load(#[from] LoadError),
    /// A record's envelope does not read.
    #[error("record {seq}: the {field} does not read")]
    Envelope {
        /// Which record.
        seq: i64,
        /// Which field.
        field: &'static str,
    },
}

/// A row that the tables have and the replay does not give, or the reverse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The row as JSON.
    pub row: String,
    /// Whether the row is in the tables (`true`) or only in the replay (`false`).
    pub is_live: bool,
}

/// The outcome of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// How many records were replayed.
    pub records: i64,
    /// How many tables were compared.
    pub tables: usize,
    /// How many rows the tables had.
    pub rows: usize,
    /// What differs; at most twenty are told.
    pub differences: Vec<Difference>,
}

type Rows = BTreeMap<String, i64>;

impl Ledger {
    /// Replays a region. Nothing else may write to it meanwhile (the transaction sees to that).
    /// With `keep` the rebuilt tables stay; without, everything is as before.
    ///
    /// # Errors
    /// When a record or a table cannot be read.
    pub async fn replay(&self, region: Region, keep: bool) -> Result<ReplayReport, ReplayError> {
        let transaction = self.database().begin().await?;
        // Locks the chain, so that no command of another server comes in between.
        execute(
            &transaction,
            "UPDATE chain SET seq = seq WHERE region = $1",
            [region.to_string().into()],
        )
        .await?;
        let tables = self.tables();
        let mut live = HashMap::new();
        let mut rows = 0;
        for table in &tables {
            let found = dump(&transaction, table, region).await?;
            rows += found.len();
            live.insert(*table, found);
            execute(
                &transaction,
                &format!("DELETE FROM {table} WHERE region = $1"),
                [region.to_string().into()],
            )
            .await?;
        }
        let records = self.project_again(&transaction, region).await?;
        let mut differences = Vec::new();
        for table in &tables {
            let replayed = dump(&transaction, table, region).await?;
            compare(table, &live[table], &replayed, &mut differences);
        }
        if keep {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(ReplayReport {
            records,
            tables: tables.len(),
            rows,
            differences,
        })
    }

    fn tables(&self) -> Vec<&'static str> {
        self.shared
            .projections
            .iter()
            .flat_map(|projection| projection.tables().iter().copied())
            .collect()
    }

    async fn project_again(
        &self,
        transaction: &Transaction,
        region: Region,
    ) -> Result<i64, ReplayError> {
        let mut states: HashMap<(&'static str, StreamId), Erased> = HashMap::new();
        let (mut seq, mut count) = (0, 0);
        loop {
            let page = self
                .shared
                .chain_page(transaction, region, seq, PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(count);
            };
            seq = last.seq;
            let mut sheet = Sheet::new();
            for record in &page {
                let recorded = self
                    .reopen(transaction, region, record, &mut states)
                    .await?;
                count += 1;
                for projection in &self.shared.projections {
                    if projection.kinds().contains(&recorded.stream_kind) {
                        projection.project(&recorded, &mut sheet)?;
                    }
                }
            }
            sheet.write(transaction).await?;
        }
    }

    /// A stored record as projections see it.
    async fn reopen(
        &self,
        transaction: &Transaction,
        region: Region,
        record: &Record,
        states: &mut HashMap<(&'static str, StreamId), Erased>,
    ) -> Result<Recorded, ReplayError> {
        let envelope = |field| ReplayError::Envelope {
            seq: record.seq,
            field,
        };
        let kind = self
            .shared
            .kinds
            .get(&record.stream_kind)
            .ok_or_else(|| LoadError::UnknownKind(record.stream_kind.clone()))?;
        let stream: StreamId = record
            .stream_id
            .parse()
            .map_err(|_| envelope("stream identifier"))?;
        let payload = self
            .shared
            .open_payload(transaction, region, record)
            .await?;
        let key = (kind.name(), stream);
        let before = states.remove(&key).unwrap_or_else(|| kind.fresh());
        let recorded_at = instant(record.recorded_at_us);
        let (event, state) = kind
            .apply(
                &before,
                &record.event_type,
                record.event_version,
                &payload,
                recorded_at,
            )
            .map_err(LoadError::from)?;
        states.insert(key, Arc::clone(&state));
        Ok(Recorded {
            region,
            seq: record.seq,
            stream_kind: kind.name(),
            stream_id: stream,
            version: record.version,
            event_type: record.event_type.clone(),
            payload: Arc::new(payload),
            actor: serde_json::from_str(&record.actor).map_err(|_| envelope("actor"))?,
            channel: wuchuang_kernel::Channel::from_code(&record.channel)
                .ok_or_else(|| envelope("channel"))?,
            command_id: record
                .command_id
                .parse()
                .map_err(|_| envelope("command identifier"))?,
            recorded_at,
            calendar: self.calendar(),
            event,
            state,
        })
    }
}

async fn dump<C: Connection>(
    connection: &C,
    table: &str,
    region: Region,
) -> Result<Rows, StorageError> {
    let sql = format!("SELECT * FROM {table} WHERE region = $1");
    let found: Vec<serde_json::Value> = list(connection, &sql, [region.to_string().into()]).await?;
    let mut rows = Rows::new();
    for row in found {
        *rows.entry(row.to_string()).or_default() += 1;
    }
    Ok(rows)
}

fn compare(table: &'static str, live: &Rows, replayed: &Rows, differences: &mut Vec<Difference>) {
    let mut tell = |row: &String, is_live| {
        if differences.len() < DIFFERENCES_MAX {
            differences.push(Difference {
                table,
                row: row.clone(),
                is_live,
            });
        }
    };
    for (row, count) in live {
        if replayed.get(row) != Some(count) {
            tell(row, true);
        }
    }
    for (row, count) in replayed {
        if live.get(row) != Some(count) {
            tell(row, false);
        }
    }
}
