//! The writer of one region: it drains its queue and commits many commands in one transaction
//! (group commit), because a flush to disk costs far more than a command.
//!
//! Writes that belong to no command but must be kept as well (a job's claim, a message's attempt) may ride along as
//! [`Aside`]s: they take part in the same transaction and so cost no flush of their own.
//!
//! A batch runs without savepoints. When one command's projection fails, the batch is rolled back
//! and each command is tried in a transaction of its own, so that one fault spoils only itself.

mod aside;
mod batch;
mod rows;

pub(crate) use rows::ACCEPTED;
mod sheet;

use std::{collections::HashMap, pin::pin, sync::Weak, time::Duration};

use tokio::sync::{mpsc, oneshot};
use wuchuang_kernel::{Region, StreamId};

use crate::{
    kinds::AnyCommand,
    ledger::{ExecuteError, Order, Receipt, Shared},
    storage::{Backend, Transaction},
};

pub use aside::NoRow;
use aside::{Aside, Written};
use batch::{Batch, Outcome};
pub use sheet::{Existing, Sheet, Table};

/// How many commands and asides one transaction takes at most.
const BATCH_MAX: usize = 256;
/// How long an aside waits for company before it gets a flush of its own.
const RIDE_WAIT: Duration = Duration::from_millis(3);

/// A command on its way, with the way back for its answer.
pub(crate) struct Envelope {
    pub(crate) stream: StreamId,
    pub(crate) command: Box<dyn AnyCommand>,
    /// What tells this command apart from another one under the same key.
    pub(crate) fingerprint: String,
    pub(crate) order: Order,
    pub(crate) answer: oneshot::Sender<Result<Receipt, ExecuteError>>,
}

/// What waits for the writer.
pub(crate) enum Work {
    /// A command.
    Command(Envelope),
    /// A write that rides along.
    Aside(Aside),
}

/// What one transaction takes.
#[derive(Default)]
struct Load {
    envelopes: Vec<Envelope>,
    asides: Vec<Aside>,
}

impl Load {
    fn add(&mut self, work: Work) {
        match work {
            Work::Command(envelope) => self.envelopes.push(envelope),
            Work::Aside(aside) => self.asides.push(aside),
        }
    }

    /// Takes along what waits already.
    fn add_waiting(&mut self, queue: &mut mpsc::Receiver<Work>) {
        while self.len() < BATCH_MAX
            && let Ok(next) = queue.try_recv()
        {
            self.add(next);
        }
    }

    /// What rides along is in no hurry: it waits a moment for a command to ride with.
    async fn wait_for_a_command(&mut self, queue: &mut mpsc::Receiver<Work>) {
        let mut pause = pin!(tokio::time::sleep(RIDE_WAIT));
        while self.envelopes.is_empty() && self.len() < BATCH_MAX {
            tokio::select! {
                biased;
                next = queue.recv() => match next {
                    Some(next) => self.add(next),
                    None => return,
                },
                () = &mut pause => return,
            }
        }
        self.add_waiting(queue);
    }

    const fn len(&self) -> usize {
        self.envelopes.len() + self.asides.len()
    }

    /// Each piece alone, commands first.
    fn apart(self) -> impl Iterator<Item = Self> {
        let commands = self.envelopes.into_iter().map(Work::Command);
        let asides = self.asides.into_iter().map(Work::Aside);
        commands.chain(asides).map(|work| {
            let mut alone = Self::default();
            alone.add(work);
            alone
        })
    }
}

/// The answers to one transaction's work, in its order.
struct Answers {
    receipts: Vec<Result<Receipt, ExecuteError>>,
    written: Vec<Written>,
}

/// What the writer remembers between batches; true only while nobody else wrote to the chain.
#[derive(Default)]
pub(crate) struct Remembered {
    /// The head of the chain after our last commit.
    pub(crate) head: Option<(i64, String)>,
    /// Counters of the sequences after our last commit.
    pub(crate) sequences: HashMap<String, i64>,
}

/// The writer of one region.
pub(crate) struct Writer {
    shared: Weak<Shared>,
    region: Region,
    remembered: Remembered,
}

impl Writer {
    pub(crate) fn new(shared: Weak<Shared>, region: Region) -> Self {
        Self {
            shared,
            region,
            remembered: Remembered::default(),
        }
    }

    /// Runs until every handle of the ledger is gone. SQLite waits for the disk where it is called, so its writer has a
    /// thread of its own; PostgreSQL's waits for the server like everybody else.
    pub(crate) fn start(self, backend: Backend, queue: mpsc::Receiver<Work>) {
        match backend {
            Backend::Sqlite => {
                let runtime = tokio::runtime::Handle::current();
                std::thread::Builder::new()
                    .name("writer".to_owned())
                    .spawn(move || runtime.block_on(self.run(queue)))
                    .expect("a server that cannot start one thread cannot serve");
            }
            Backend::Postgres => {
                tokio::spawn(self.run(queue));
            }
        }
    }

    async fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        while let Some(first) = queue.recv().await {
            let mut load = Load::default();
            load.add(first);
            load.add_waiting(&mut queue);
            load.wait_for_a_command(&mut queue).await;
            let Some(shared) = self.shared.upgrade() else {
                return;
            };
            self.commit(&shared, load).await;
        }
    }

    async fn commit(&mut self, shared: &Shared, load: Load) {
        match self.attempt(shared, &load).await {
            Ok(answers) => reply(load, answers),
            Err(_) if load.len() > 1 => {
                for alone in load.apart() {
                    match self.attempt(shared, &alone).await {
                        Ok(answers) => reply(alone, answers),
                        Err(error) => refuse(alone, error),
                    }
                }
            }
            Err(error) => refuse(load, error),
        }
    }

    /// One transaction over all work: either every answer holds, or nothing was written.
    async fn attempt(&mut self, shared: &Shared, load: &Load) -> Result<Answers, ExecuteError> {
        let transaction = shared.database.begin().await?;
        match self.write(shared, load, &transaction).await {
            Ok((answers, outcome)) => {
                transaction.commit().await?;
                if let Some(outcome) = outcome {
                    self.remember(shared, outcome);
                }
                Ok(answers)
            }
            Err(error) => abandon(transaction, error).await,
        }
    }

    async fn write(
        &self,
        shared: &Shared,
        load: &Load,
        transaction: &Transaction,
    ) -> Result<(Answers, Option<Outcome>), ExecuteError> {
        // Without a command the chain stays as it is, and its head need not be locked.
        let (receipts, outcome) = if load.envelopes.is_empty() {
            (Vec::new(), None)
        } else {
            let mut batch = Batch::open(shared, self.region, transaction, &self.remembered).await?;
            let receipts = batch.take(&load.envelopes).await?;
            (receipts, Some(batch.write().await?))
        };
        let mut written = Vec::with_capacity(load.asides.len());
        for aside in &load.asides {
            written.push(aside.write(transaction).await?);
        }
        Ok((Answers { receipts, written }, outcome))
    }

    fn remember(&mut self, shared: &Shared, outcome: Outcome) {
        self.remembered = outcome.remembered;
        for (key, state) in outcome.states {
            shared.states.insert(key, state);
        }
        for lane in outcome.lanes {
            shared.knock(lane);
        }
    }
}

async fn abandon<T>(transaction: Transaction, error: ExecuteError) -> Result<T, ExecuteError> {
    if let Err(rollback) = transaction.rollback().await {
        tracing::warn!(error = %rollback, "a failed transaction could not be rolled back");
    }
    Err(error)
}

// Who no longer waits for an answer finds it again: a command's under its key, a job's when it runs again.
fn reply(load: Load, answers: Answers) {
    for (envelope, receipt) in load.envelopes.into_iter().zip(answers.receipts) {
        let _gone = envelope.answer.send(receipt);
    }
    for (aside, written) in load.asides.into_iter().zip(answers.written) {
        aside.answer(Ok(written));
    }
}

/// The answer when nothing was written: to the one piece of work that was tried alone.
fn refuse(load: Load, error: ExecuteError) {
    let mut error = Some(error);
    for envelope in load.envelopes {
        let _gone = envelope
            .answer
            .send(Err(error.take().unwrap_or(ExecuteError::Closed)));
    }
    for aside in load.asides {
        aside.answer(Err(error.take().unwrap_or(ExecuteError::Closed)));
    }
}
