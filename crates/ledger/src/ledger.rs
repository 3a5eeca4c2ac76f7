//! The handle that everyone holds: it sends commands to the writer and loads states.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use jiff::Timestamp;
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc, oneshot};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, Clock, CommandId, Randomness, Region, Rejection, StreamId};

use crate::{
    calendars::Calendars,
    jobs::Lane,
    kinds::{AnyCommand, Erased, Kinds, TypedCommand},
    load::LoadError,
    projection::{Projection, Reaction},
    proof::Signer,
    sealing::{AT_HAND, Keyring, SealingError},
    storage::{Database, StorageError, find, list},
    stream::Stream,
    writer::{Envelope, Work, Writer},
};

/// How many commands may wait for one region's writer before new ones are told to come back.
const QUEUE_MAX: usize = 4_096;
/// How many stream states are kept at hand: what a county works on in a day. A case with its answers takes about
/// ten kilobytes, and a state that is not at hand is read from a dozen records.
const STATES_AT_HAND: u64 = 2_000;

/// What goes with a command: who, through which window, under which key, from which version.
#[derive(Debug, Clone)]
pub struct Order {
    /// The region (county) whose ledger it is for.
    pub region: Region,
    /// Who.
    pub actor: Actor,
    /// Through which window.
    pub channel: Channel,
    /// The idempotency key, made by the client: the same key returns the first answer.
    pub command_id: CommandId,
    /// Which version of the stream the sender saw.
    pub expected: Expected,
}

/// Which version of the stream the sender of a command saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any, also none.
    Any,
    /// The stream must exist.
    Existing,
    /// Exactly this version (0: the stream must not exist yet).
    Version(i64),
}

/// The answer to an accepted command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The region.
    pub region: Region,
    /// The stream.
    pub stream: StreamId,
    /// The first event's place in the region's chain.
    pub first_seq: i64,
    /// The last event's place in the region's chain.
    pub last_seq: i64,
    /// The stream's version after the command.
    pub version: i64,
    /// The number that was drawn, if the command asked for one.
    pub number: Option<u64>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The last event's hash, in hexadecimal.
    pub hash: String,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The rules refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is no such stream.
    #[error("there is no {kind} {stream}")]
    UnknownStream {
        /// The kind that was asked for.
        kind: &'static str,
        /// The stream.
        stream: StreamId,
    },
    /// Somebody else was faster.
    #[error("the stream is at version {actual}, not {expected}")]
    StaleVersion {
        /// What the sender saw.
        expected: i64,
        /// What it is now.
        actual: i64,
    },
    /// The idempotency key was used for another command.
    #[error("the key was used for another command")]
    KeyReused,
    /// An event would be larger than the ledger takes.
    #[error("an event of {bytes} bytes is larger than {limit_bytes_max}")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit_bytes_max: usize,
    },
    /// Too many commands wait.
    #[error("too many commands wait")]
    Busy,
    /// Storage failed; nothing was written.
    #[error("the command could not be written")]
    Storage(#[from] StorageError),
    /// The stream could not be read; nothing was written.
    #[error("the stream could not be read")]
    Load(#[from] LoadError),
    /// A personal value could not be sealed; nothing was written.
    #[error("a personal value could not be sealed")]
    Sealing(#[from] SealingError),
    /// The ledger is closing.
    #[error("the ledger is closing")]
    Closed,
}

pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) kinds: Kinds,
    pub(crate) projections: Vec<Arc<dyn Projection>>,
    pub(crate) reactions: Vec<Arc<dyn Reaction>>,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) calendars: RwLock<Calendars>,
    pub(crate) signer: Signer,
    pub(crate) states: Cache<(&'static str, Region, StreamId), (i64, Erased)>,
    jobs_waiting: [Arc<Notify>; Lane::ALL.len()],
    writers: Mutex<HashMap<Region, mpsc::Sender<Work>>>,
}

/// The ledger. Cloning shares it.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) shared: Arc<Shared>,
}

/// Gathers what the slices give before the ledger opens.
pub struct LedgerBuilder {
    kinds: Kinds,
    projections: Vec<Arc<dyn Projection>>,
    reactions: Vec<Arc<dyn Reaction>>,
}

impl Default for LedgerBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl LedgerBuilder {
    /// Nothing registered yet.
    pub fn new() -> Self {
        Self {
            kinds: Kinds::default(),
            projections: Vec::new(),
            reactions: Vec::new(),
        }
    }

    /// Registers a kind of stream.
    #[must_use]
    pub fn stream<S: Stream>(mut self) -> Self {
        self.kinds.register::<S>();
        self
    }

    /// Registers a projection. Projections run in the order of registration.
    #[must_use]
    pub fn projection(mut self, projection: impl Projection) -> Self {
        self.projections.push(Arc::new(projection));
        self
    }

    /// Registers a reaction.
    #[must_use]
    pub fn reaction(mut self, reaction: impl Reaction) -> Self {
        self.reactions.push(Arc::new(reaction));
        self
    }

    /// Opens the ledger on a database whose schema is up to date.
    pub fn open(
        self,
        database: Database,
        keyring: Keyring,
        signer: Signer,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        calendar: Calendar,
    ) -> Ledger {
        Ledger {
            shared: Arc::new(Shared {
                database,
                kinds: self.kinds,
                projections: self.projections,
                reactions: self.reactions,
                keyring,
                clock,
                randomness,
                calendars: RwLock::new(Calendars::new(calendar)),
                signer,
                states: Cache::builder()
                    .max_capacity(STATES_AT_HAND)
                    .time_to_live(AT_HAND)
                    .build(),
                jobs_waiting: Default::default(),
                writers: Mutex::new(HashMap::new()),
            }),
        }
    }
}

impl Ledger {
    /// Carries out a command: decided by the stream's rules, written with everything that follows,
    /// and answered only after the commit.
    ///
    /// # Errors
    /// See [`ExecuteError`]; after any error nothing of the command is on the ledger.
    pub async fn execute<S: Stream>(
        &self,
        stream: StreamId,
        command: S::Command,
        order: Order,
    ) -> Result<Receipt, ExecuteError> {
        let (answer, answered) = oneshot::channel();
        let region = order.region;
        let command = TypedCommand::<S>(command);
        let envelope = Envelope {
            stream,
            fingerprint: self.fingerprint(&command, stream),
            command: Box::new(command),
            order,
            answer,
        };
        self.writer(region)
            .try_send(Work::Command(envelope))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => ExecuteError::Busy,
                mpsc::error::TrySendError::Closed(_) => ExecuteError::Closed,
            })?;
        answered.await.map_err(|_| ExecuteError::Closed)?
    }

    /// What tells two commands under one key apart; made here, because everybody waits for the writer.
    fn fingerprint(&self, command: &dyn AnyCommand, stream: StreamId) -> String {
        let mut bytes = command.fingerprint_bytes();
        bytes.extend_from_slice(command.kind().as_bytes());
        bytes.extend_from_slice(stream.to_string().as_bytes());
        self.shared.keyring.fingerprint(&bytes)
    }

    pub(crate) fn writer(&self, region: Region) -> mpsc::Sender<Work> {
        let mut writers = self
            .shared
            .writers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        writers
            .entry(region)
            .or_insert_with(|| {
                let (sender, receiver) = mpsc::channel(QUEUE_MAX);
                // The writer holds the shared part but not the sender, so it ends when the last
                // handle is dropped and the senders with it.
                let writer = Writer::new(Arc::downgrade(&self.shared), region);
                writer.start(self.database().backend(), receiver);
                sender
            })
            .clone()
    }

    /// The state of a stream and its version; `None` when the stream has no events.
    ///
    /// # Errors
    /// When the events cannot be read.
    pub async fn load<S: Stream>(
        &self,
        region: Region,
        stream: StreamId,
    ) -> Result<Option<(i64, Arc<S::State>)>, LoadError> {
        let (version, state) = self
            .shared
            .load(self.shared.database.read(), S::KIND, region, stream)
            .await?;
        if version == 0 {
            return Ok(None);
        }
        let state: Arc<dyn Any + Send + Sync> = state;
        let state = state
            .downcast::<S::State>()
            .expect("the registry gives each kind its own state");
        Ok(Some((version, state)))
    }

    /// The records of one stream from the first, sealed as they are stored.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn records(
        &self,
        kind: &str,
        region: Region,
        stream: StreamId,
    ) -> Result<Vec<crate::Record>, LoadError> {
        self.shared
            .records(self.shared.database.read(), kind, region, stream, 0)
            .await
    }

    /// Whether this actor's command under this key was answered before. Sending it again changes nothing and
    /// gives the first answer, whatever the sender may do by now.
    ///
    /// # Errors
    /// When the answers cannot be read.
    pub async fn was_answered(&self, order: &Order) -> Result<bool, StorageError> {
        Ok(self.first_outcome(order).await?.is_some())
    }

    /// The same, and the first answer was no refusal: what the command asked for was done. Fails as [`Self::was_answered`].
    pub async fn was_done(&self, order: &Order) -> Result<bool, StorageError> {
        Ok(self.first_outcome(order).await?.as_deref() == Some(crate::writer::ACCEPTED))
    }

    async fn first_outcome(&self, order: &Order) -> Result<Option<String>, StorageError> {
        #[derive(Deserialize)]
        struct Row {
            actor: String,
            outcome: String,
        }
        let row: Option<Row> = find(
            self.shared.database.read(),
            "SELECT actor, outcome FROM command WHERE region = $1 AND command_id = $2",
            [
                order.region.to_string().into(),
                order.command_id.to_string().into(),
            ],
        )
        .await?;
        let by = |row: &Row| serde_json::from_str::<Actor>(&row.actor).ok() == Some(order.actor);
        Ok(row.filter(by).map(|row| row.outcome))
    }

    /// The regions that have a chain.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn regions(&self) -> Result<Vec<Region>, StorageError> {
        #[derive(Deserialize)]
        struct Row {
            region: String,
        }
        let rows: Vec<Row> = list(
            self.shared.database.read(),
            "SELECT region FROM chain ORDER BY region",
            [],
        )
        .await?;
        Ok(rows
            .iter()
            .filter_map(|row| row.region.parse().ok())
            .collect())
    }

    /// The database, for queries on projections and for operational tables.
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// The clock of the house.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The present instant by the clock of the house.
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// The randomness of the house.
    pub fn randomness(&self) -> &Arc<dyn Randomness> {
        &self.shared.randomness
    }

    /// A new command identifier, for commands that the server itself makes.
    pub fn command_id(&self) -> CommandId {
        CommandId::generate(self.now(), self.shared.randomness.as_ref())
    }

    /// A keyed hash: the same bytes give the same text, which nobody can guess without the master
    /// key. For codes on receipts and for looking people up by their number.
    pub fn keyed_hash(&self, bytes: &[u8]) -> String {
        self.shared.keyring.fingerprint(bytes)
    }
}

impl Shared {
    /// The present instant in whole microseconds, as records keep it: a state that knew more than its record
    /// would differ from what a replay gives.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// What is told when a job comes into a lane.
    pub(crate) fn waiting(&self, lane: Lane) -> &Arc<Notify> {
        &self.jobs_waiting[lane as usize]
    }

    /// Tells the runner that a job came into a lane.
    pub(crate) fn knock(&self, lane: Lane) {
        self.waiting(lane).notify_one();
    }

    pub(crate) fn calendar(&self) -> Arc<Calendar> {
        let calendars = self
            .calendars
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&calendars.in_force)
    }
}
