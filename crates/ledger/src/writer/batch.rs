//! One transaction's worth of commands: decided one after the other, each on the state that the one
//! before left, then written with as few statements as possible.

use std::{collections::HashMap, sync::Arc};

use serde::Deserialize;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Region, Rejection, StreamId};

use crate::{
    event::{FIRST, Record, Recorded},
    jobs::Lane,
    kinds::{Decided, Erased},
    ledger::{ExecuteError, Expected, Receipt, Shared},
    sealing::SealingError,
    storage::{StorageError, Transaction, execute, find, list, one_of},
    stream::Context,
};

use super::{
    Envelope, Remembered, Sheet,
    rows::{CommandRow, check_size, put_event, put_head, put_job, put_sequence},
};

type StreamKey = (&'static str, Region, StreamId);
type Answer = Result<Receipt, ExecuteError>;

/// What holds once the transaction is committed.
pub(super) struct Outcome {
    pub(super) remembered: Remembered,
    pub(super) states: HashMap<StreamKey, (i64, Erased)>,
    pub(super) lanes: Vec<Lane>,
}

pub(super) struct Batch<'a> {
    shared: &'a Shared,
    region: Region,
    transaction: &'a Transaction,
    calendar: Arc<Calendar>,
    /// Whether the states at hand are as new as the chain.
    states_are_current: bool,
    seq_before: i64,
    seq: i64,
    hash: String,
    sequences: HashMap<String, i64>,
    sequences_changed: Vec<String>,
    states: HashMap<StreamKey, (i64, Erased)>,
    sheet: Sheet,
    lanes: Vec<Lane>,
}

#[derive(Deserialize)]
struct Head {
    seq: i64,
    hash: String,
}

/// The chain's head, locked for this transaction.
async fn lock_head(transaction: &Transaction, region: Region) -> Result<Head, StorageError> {
    const LOCK: &str = "UPDATE chain SET seq = seq WHERE region = $1 RETURNING seq, hash";
    if let Some(head) = find(transaction, LOCK, [region.to_string().into()]).await? {
        return Ok(head);
    }
    execute(
        transaction,
        "INSERT INTO chain (region, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (region) DO NOTHING",
        [region.to_string().into(), hex::encode(FIRST).into()],
    )
    .await?;
    find(transaction, LOCK, [region.to_string().into()])
        .await?
        .ok_or(StorageError::AffectedRows {
            statement: "chain head",
            expected: 1,
            found: 0,
        })
}

/// Whether the stream is where the sender of a command believes it to be.
fn expected_of(envelope: &Envelope, version: i64) -> Result<(), ExecuteError> {
    match envelope.order.expected {
        Expected::Existing if version == 0 => Err(ExecuteError::UnknownStream {
            kind: envelope.command.kind(),
            stream: envelope.stream,
        }),
        Expected::Version(expected) if expected != version => Err(ExecuteError::StaleVersion {
            expected,
            actual: version,
        }),
        Expected::Any | Expected::Existing | Expected::Version(_) => Ok(()),
    }
}

impl<'a> Batch<'a> {
    pub(super) async fn open(
        shared: &'a Shared,
        region: Region,
        transaction: &'a Transaction,
        remembered: &Remembered,
    ) -> Result<Self, ExecuteError> {
        let head = lock_head(transaction, region).await?;
        let current = remembered
            .head
            .as_ref()
            .is_some_and(|(seq, hash)| *seq == head.seq && *hash == head.hash);
        Ok(Self {
            shared,
            region,
            transaction,
            calendar: shared.calendar(),
            states_are_current: current,
            seq_before: head.seq,
            seq: head.seq,
            hash: head.hash,
            sequences: if current {
                remembered.sequences.clone()
            } else {
                HashMap::new()
            },
            sequences_changed: Vec::new(),
            states: HashMap::new(),
            sheet: Sheet::new(),
            lanes: Vec::new(),
        })
    }

    /// Decides all commands in order. An error means that the whole batch must be given up.
    pub(super) async fn take(
        &mut self,
        envelopes: &[Envelope],
    ) -> Result<Vec<Answer>, ExecuteError> {
        let mut earlier = self.earlier_answers(envelopes).await?;
        let mut answers = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            let id = envelope.order.command_id.to_string();
            let answer = if let Some(row) = earlier.get(&id) {
                row.answer_again(&envelope.fingerprint)
            } else {
                let answer = self.take_one(envelope).await?;
                if let Some(row) = CommandRow::of(envelope, &answer, self.now()) {
                    row.put(&mut self.sheet);
                    earlier.insert(id, row);
                }
                answer
            };
            answers.push(answer);
        }
        Ok(answers)
    }

    fn now(&self) -> jiff::Timestamp {
        self.shared.now()
    }

    async fn earlier_answers(
        &self,
        envelopes: &[Envelope],
    ) -> Result<HashMap<String, CommandRow>, StorageError> {
        let ids = envelopes
            .iter()
            .map(|envelope| envelope.order.command_id.to_string())
            .collect();
        let (is_one_of, ids) = one_of(self.transaction, 2, ids);
        let sql = format!("SELECT * FROM command WHERE region = $1 AND command_id {is_one_of}");
        let values = std::iter::once(self.region.to_string().into()).chain(ids);
        let rows: Vec<CommandRow> = list(self.transaction, &sql, values).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.command_id.clone(), row))
            .collect())
    }

    /// Decides one command. The inner result is its answer; the outer error spoils the batch.
    async fn take_one(&mut self, envelope: &Envelope) -> Result<Answer, ExecuteError> {
        let key = (envelope.command.kind(), self.region, envelope.stream);
        let (version, state) = self.state(key).await?;
        if let Err(refusal) = expected_of(envelope, version) {
            return Ok(Err(refusal));
        }
        let now = self.now();
        let sequence = envelope.command.sequence(now);
        let number = match &sequence {
            Some(name) => Some(self.next_number(name).await?),
            None => None,
        };
        let calendar = Arc::clone(&self.calendar);
        let context = Context {
            region: self.region,
            stream: envelope.stream,
            now,
            actor: &envelope.order.actor,
            channel: envelope.order.channel,
            calendar: &calendar,
            number: number.and_then(|number| u64::try_from(number).ok()),
        };
        let decided = match envelope.command.decide(&state, &context) {
            Ok(decided) => decided,
            Err(rejection) => return Ok(Err(rejection.into())),
        };
        let first_seq = self.seq + 1;
        let version = match self.append(envelope, key, version, decided, now).await {
            Err(ExecuteError::Sealing(SealingError::Forgotten)) => {
                return Ok(Err(forgotten().into()));
            }
            Err(error @ ExecuteError::TooLarge { .. }) => return Ok(Err(error)),
            other => other?,
        };
        if let (Some(name), Some(number)) = (sequence, number) {
            self.sequences.insert(name.clone(), number);
            self.sequences_changed.push(name);
        }
        Ok(Ok(Receipt {
            region: self.region,
            stream: envelope.stream,
            first_seq: first_seq.min(self.seq),
            last_seq: self.seq,
            version,
            number: context.number,
            recorded_at: now,
            hash: self.hash.clone(),
        }))
    }

    async fn state(&self, key: StreamKey) -> Result<(i64, Erased), ExecuteError> {
        if let Some(found) = self.states.get(&key) {
            return Ok(found.clone());
        }
        if self.states_are_current
            && let Some(found) = self.shared.states.get(&key)
        {
            return Ok(found);
        }
        Ok(self
            .shared
            .load_fresh(self.transaction, key.0, key.1, key.2, i64::MAX)
            .await?)
    }

    async fn next_number(&mut self, name: &str) -> Result<i64, StorageError> {
        #[derive(Deserialize)]
        struct Row {
            value: i64,
        }
        if let Some(value) = self.sequences.get(name) {
            return Ok(value + 1);
        }
        let row: Option<Row> = find(
            self.transaction,
            "SELECT value FROM sequence WHERE region = $1 AND name = $2",
            [self.region.to_string().into(), name.into()],
        )
        .await?;
        let value = row.map_or(0, |row| row.value);
        self.sequences.insert(name.to_owned(), value);
        Ok(value + 1)
    }

    /// Seals, chains and projects the events of one command.
    async fn append(
        &mut self,
        envelope: &Envelope,
        key: StreamKey,
        mut version: i64,
        decided: Vec<Decided>,
        now: jiff::Timestamp,
    ) -> Result<i64, ExecuteError> {
        // All sealing happens before anything is noted, so that a forgotten person's command leaves
        // no trace in the batch.
        let mut sealed = Vec::with_capacity(decided.len());
        for decided in &decided {
            let mut payload = decided.payload.clone();
            self.shared
                .keyring
                .seal(self.transaction, self.region, &mut payload, now)
                .await?;
            let text = payload.to_string();
            check_size(decided, &text)?;
            sealed.push(text);
        }
        let actor = serde_json::to_string(&envelope.order.actor)
            .expect("an actor is a plain value that serialises");
        for (decided, payload) in decided.into_iter().zip(sealed) {
            version += 1;
            self.seq += 1;
            let mut record = Record {
                region: self.region.to_string(),
                seq: self.seq,
                stream_kind: key.0.to_owned(),
                stream_id: key.2.to_string(),
                version,
                event_type: decided.event_type,
                event_version: decided.event_version,
                payload,
                actor: actor.clone(),
                channel: envelope.order.channel.code().to_owned(),
                command_id: envelope.order.command_id.to_string(),
                recorded_at_us: now.as_microsecond(),
                prev_hash: std::mem::take(&mut self.hash),
                hash: String::new(),
            };
            record.hash = hex::encode(record.compute_hash());
            self.hash.clone_from(&record.hash);
            let recorded = Recorded {
                region: self.region,
                seq: self.seq,
                stream_kind: key.0,
                stream_id: key.2,
                version,
                event_type: record.event_type.clone(),
                payload: Arc::new(decided.payload),
                actor: envelope.order.actor,
                channel: envelope.order.channel,
                command_id: envelope.order.command_id,
                recorded_at: now,
                calendar: Arc::clone(&self.calendar),
                event: decided.event,
                state: Arc::clone(&decided.state),
            };
            put_event(&mut self.sheet, record);
            self.states.insert(key, (version, decided.state));
            self.follow(&recorded)?;
        }
        Ok(version)
    }

    /// Projections and reactions of one event.
    fn follow(&mut self, recorded: &Recorded) -> Result<(), StorageError> {
        let shared = self.shared;
        for projection in &shared.projections {
            if projection.kinds().contains(&recorded.stream_kind) {
                projection.project(recorded, &mut self.sheet)?;
            }
        }
        for reaction in &shared.reactions {
            if reaction.kinds().contains(&recorded.stream_kind) {
                for job in reaction.react(recorded) {
                    self.lanes.push(job.lane);
                    let (now, randomness) = (recorded.recorded_at, shared.randomness.as_ref());
                    put_job(&mut self.sheet, self.region, job, now, randomness);
                }
            }
        }
        Ok(())
    }

    /// Writes what was decided; the transaction is still open afterwards.
    pub(super) async fn write(mut self) -> Result<Outcome, ExecuteError> {
        for name in &self.sequences_changed {
            if let Some(value) = self.sequences.get(name) {
                put_sequence(&mut self.sheet, self.region, name, *value);
            }
        }
        if self.seq != self.seq_before {
            put_head(&mut self.sheet, self.region, self.seq, &self.hash);
        }
        self.sheet.write(self.transaction).await?;
        Ok(Outcome {
            remembered: Remembered {
                head: Some((self.seq, self.hash)),
                sequences: self.sequences,
            },
            states: self.states,
            lanes: Lane::ALL
                .into_iter()
                .filter(|lane| self.lanes.contains(lane))
                .collect(),
        })
    }
}

fn forgotten() -> Rejection {
    Rejection::new(
        "person_forgotten",
        "此人的个人信息已依法删除，不能再为其登记新的内容。",
    )
}
