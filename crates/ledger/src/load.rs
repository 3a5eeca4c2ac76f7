//! Reading streams back: from the states at hand, or from their records.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wuchuang_kernel::{Actor, Region, StreamId};

use crate::{
    event::Record,
    kinds::{Erased, UnreadableEvent, read_event},
    ledger::{Ledger, Receipt, Shared},
    sealing::SealingError,
    storage::{Connection, StorageError, Transaction, execute, find, list},
    stream::Stream,
};

/// How many events one stream may have; a case has a few dozen.
pub(crate) const STREAM_EVENTS_MAX: i64 = 10_000;

/// Why a stream cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Storage failed.
    #[error("the events cannot be read")]
    Storage(#[from] StorageError),
    /// A sealed value does not open.
    #[error("a personal value cannot be opened")]
    Sealing(#[from] SealingError),
    /// An event is not what its kind expects.
    #[error("an event does not read")]
    Event(#[from] UnreadableEvent),
    /// A stored payload is no JSON.
    #[error("event {seq} of {region} holds no JSON")]
    Payload {
        /// The region.
        region: String,
        /// The event's place.
        seq: i64,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// Nobody registered this kind.
    #[error("no stream kind {0} is registered")]
    UnknownKind(String),
}

#[derive(Deserialize)]
pub(crate) struct RecordRow {
    region: String,
    seq: i64,
    stream_kind: String,
    stream_id: String,
    version: i64,
    event_type: String,
    event_version: i64,
    payload: String,
    actor: String,
    channel: String,
    command_id: String,
    recorded_at_us: i64,
    prev_hash: String,
    hash: String,
}

impl From<RecordRow> for Record {
    fn from(row: RecordRow) -> Self {
        Self {
            region: row.region,
            seq: row.seq,
            stream_kind: row.stream_kind,
            stream_id: row.stream_id,
            version: row.version,
            event_type: row.event_type,
            event_version: row.event_version,
            payload: row.payload,
            actor: row.actor,
            channel: row.channel,
            command_id: row.command_id,
            recorded_at_us: row.recorded_at_us,
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

impl Shared {
    /// The records of a stream after a version.
    pub(crate) async fn records<C: Connection>(
        &self,
        connection: &C,
        kind: &str,
        region: Region,
        stream: StreamId,
        after_version: i64,
    ) -> Result<Vec<Record>, LoadError> {
        let rows: Vec<RecordRow> = list(
            connection,
            "SELECT * FROM event WHERE region = $1 AND stream_kind = $2 AND stream_id = $3 AND version > $4 ORDER BY version LIMIT $5",
            [
                region.to_string().into(),
                kind.into(),
                stream.to_string().into(),
                after_version.into(),
                STREAM_EVENTS_MAX.into(),
            ],
        )
        .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    /// A page of the region's chain.
    pub(crate) async fn chain_page<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        after_seq: i64,
        limit: i64,
    ) -> Result<Vec<Record>, StorageError> {
        let rows: Vec<RecordRow> = list(
            connection,
            "SELECT * FROM event WHERE region = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            [region.to_string().into(), after_seq.into(), limit.into()],
        )
        .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    /// Opens a record's payload.
    pub(crate) async fn open_payload<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        record: &Record,
    ) -> Result<Value, LoadError> {
        let mut payload: Value =
            serde_json::from_str(&record.payload).map_err(|source| LoadError::Payload {
                region: record.region.clone(),
                seq: record.seq,
                source,
            })?;
        self.keyring.open(connection, region, &mut payload).await?;
        Ok(payload)
    }

    /// A stream's version and state, from hand or from its records.
    pub(crate) async fn load<C: Connection>(
        &self,
        connection: &C,
        kind: &'static str,
        region: Region,
        stream: StreamId,
    ) -> Result<(i64, Erased), LoadError> {
        #[derive(Deserialize)]
        struct Row {
            version: Option<i64>,
        }
        let cached = self.states.get(&(kind, region, stream));
        if let Some((version, state)) = cached {
            // Another server may have written since, so the version is asked for.
            let newest: Option<Row> = find(
                connection,
                "SELECT MAX(version) AS version FROM event WHERE region = $1 AND stream_kind = $2 AND stream_id = $3",
                [
                    region.to_string().into(),
                    kind.into(),
                    stream.to_string().into(),
                ],
            )
            .await?;
            if newest.and_then(|row| row.version) == Some(version) {
                return Ok((version, state));
            }
        }
        let loaded = self
            .load_fresh(connection, kind, region, stream, i64::MAX)
            .await?;
        if loaded.0 > 0 {
            self.states.insert((kind, region, stream), loaded.clone());
        }
        Ok(loaded)
    }

    /// A stream's version and state from its records alone, up to a version.
    pub(crate) async fn load_fresh<C: Connection>(
        &self,
        connection: &C,
        kind: &'static str,
        region: Region,
        stream: StreamId,
        until_version: i64,
    ) -> Result<(i64, Erased), LoadError> {
        let handler = Arc::clone(
            self.kinds
                .get(kind)
                .ok_or_else(|| LoadError::UnknownKind(kind.to_owned()))?,
        );
        let mut state = handler.fresh();
        let mut version = 0;
        let records = self.records(connection, kind, region, stream, 0).await?;
        for record in records
            .into_iter()
            .take_while(|record| record.version <= until_version)
        {
            let payload = self.open_payload(connection, region, &record).await?;
            let recorded_at = instant(record.recorded_at_us);
            state = handler
                .apply(
                    &state,
                    &record.event_type,
                    record.event_version,
                    &payload,
                    recorded_at,
                )?
                .1;
            version = record.version;
        }
        Ok((version, state))
    }
}

impl Ledger {
    /// The state of a stream as it was right after the event with a version: what a document about
    /// that event must speak of, whatever happened since. `None` when there is no such event.
    ///
    /// # Errors
    /// When the events cannot be read.
    pub async fn load_at<S: Stream>(
        &self,
        region: Region,
        stream: StreamId,
        version: i64,
    ) -> Result<Option<Arc<S::State>>, LoadError> {
        let (reached, state) = self
            .shared
            .load_fresh(self.database().read(), S::KIND, region, stream, version)
            .await?;
        if version < 1 || reached != version {
            return Ok(None);
        }
        let state = state
            .downcast::<S::State>()
            .expect("the registry gives each kind its own state");
        Ok(Some(state))
    }

    /// The state of a stream after a command that this server carried out: the writer keeps it at hand when it
    /// commits, so it need not be asked for. `None` when the stream has no events.
    ///
    /// # Errors
    /// When the events cannot be read.
    pub async fn load_after<S: Stream>(
        &self,
        receipt: &Receipt,
    ) -> Result<Option<(i64, Arc<S::State>)>, LoadError> {
        let key = (S::KIND, receipt.region, receipt.stream);
        match self.shared.states.get(&key) {
            Some((version, state)) if version >= receipt.version => {
                let state = state
                    .downcast::<S::State>()
                    .expect("the registry gives each kind its own state");
                Ok(Some((version, state)))
            }
            _ => self.load::<S>(receipt.region, receipt.stream).await,
        }
    }

    /// The event of a stream with a version, who acted, and when it was recorded.
    ///
    /// # Errors
    /// When the event cannot be read.
    pub async fn event_at<S: Stream>(
        &self,
        region: Region,
        stream: StreamId,
        version: i64,
    ) -> Result<Option<(S::Event, Actor, Timestamp)>, LoadError> {
        let connection = self.database().read();
        let row: Option<RecordRow> = find(
            connection,
            "SELECT * FROM event WHERE region = $1 AND stream_kind = $2 AND stream_id = $3 AND version = $4",
            [
                region.to_string().into(),
                S::KIND.into(),
                stream.to_string().into(),
                version.into(),
            ],
        )
        .await?;
        let Some(record) = row.map(Record::from) else {
            return Ok(None);
        };
        let payload = self
            .shared
            .open_payload(connection, region, &record)
            .await?;
        let event = read_event::<S>(&record.event_type, record.event_version, &payload)?;
        let actor: Actor =
            serde_json::from_str(&record.actor).map_err(|source| LoadError::Payload {
                region: record.region.clone(),
                seq: record.seq,
                source,
            })?;
        Ok(Some((event, actor, instant(record.recorded_at_us))))
    }

    /// Begins a transaction during which nothing is added to a region's chain: for rewriting rows of
    /// projections. It takes the same lock as the region's writer and takes it first, so the two
    /// never wait for each other in a circle. Keep it short; every command of the region waits.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn begin_still(&self, region: Region) -> Result<Transaction, StorageError> {
        let transaction = self.database().begin().await?;
        execute(
            &transaction,
            "UPDATE chain SET seq = seq WHERE region = $1",
            [region.to_string().into()],
        )
        .await?;
        Ok(transaction)
    }
}

/// An instant from stored microseconds; out-of-range values (a damaged row) read as 1970.
pub(crate) fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
