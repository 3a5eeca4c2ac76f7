//! The writer of one region: it drains its queue and commits many commands in one transaction
//! (group commit), because a flush to disk costs far more than a command.
//!
//! A batch runs without savepoints. When one command's projection fails, the batch is rolled back
//! and each command is tried in a transaction of its own, so that one fault spoils only itself.

mod batch;
mod rows;

use std::{collections::HashMap, sync::Weak};

use tokio::sync::{mpsc, oneshot};
use wuchuang_kernel::{Region, StreamId};

use crate::{
    kinds::AnyCommand,
    ledger::{ExecuteError, Order, Receipt, Shared},
    storage::StorageError,
};

use batch::Batch;

/// How many commands one transaction takes at most.
const BATCH_MAX: usize = 256;

/// A command on its way, with the way back for its answer.
pub(crate) struct Envelope {
    pub(crate) stream: StreamId,
    pub(crate) command: Box<dyn AnyCommand>,
    pub(crate) order: Order,
    pub(crate) answer: oneshot::Sender<Result<Receipt, ExecuteError>>,
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

    /// Runs until every handle of the ledger is gone.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Envelope>) {
        while let Some(first) = queue.recv().await {
            let mut envelopes = vec![first];
            while envelopes.len() < BATCH_MAX
                && let Ok(next) = queue.try_recv()
            {
                envelopes.push(next);
            }
            let Some(shared) = self.shared.upgrade() else {
                return;
            };
            self.commit(&shared, envelopes).await;
        }
    }

    async fn commit(&mut self, shared: &Shared, envelopes: Vec<Envelope>) {
        match self.attempt(shared, &envelopes).await {
            Ok(answers) => reply(envelopes, answers),
            Err(_) if envelopes.len() > 1 => {
                for envelope in envelopes {
                    let alone = [envelope];
                    let answers = match self.attempt(shared, &alone).await {
                        Ok(answers) => answers,
                        Err(error) => vec![Err(error)],
                    };
                    reply(alone, answers);
                }
            }
            Err(error) => reply(envelopes, vec![Err(error)]),
        }
    }

    /// One transaction over all envelopes: either every answer holds, or nothing was written.
    async fn attempt(
        &mut self,
        shared: &Shared,
        envelopes: &[Envelope],
    ) -> Result<Vec<Result<Receipt, ExecuteError>>, ExecuteError> {
        let transaction = shared.database.begin().await?;
        let mut batch = match Batch::open(shared, self.region, &transaction, &self.remembered).await
        {
            Ok(batch) => batch,
            Err(error) => return abandon(transaction, error).await,
        };
        let answers = match batch.take(envelopes).await {
            Ok(answers) => answers,
            Err(error) => return abandon(transaction, error).await,
        };
        let outcome = match batch.write().await {
            Ok(outcome) => outcome,
            Err(error) => return abandon(transaction, error).await,
        };
        transaction.commit().await.map_err(StorageError::from)?;
        let has_jobs = outcome.has_jobs;
        self.remembered = outcome.remembered;
        for (key, state) in outcome.states {
            shared.states.insert(key, state);
        }
        if has_jobs {
            shared.jobs_waiting.notify_one();
        }
        Ok(answers)
    }
}

async fn abandon<T>(
    transaction: sea_orm::DatabaseTransaction,
    error: ExecuteError,
) -> Result<T, ExecuteError> {
    if let Err(rollback) = transaction.rollback().await {
        tracing::warn!(error = %rollback, "a failed transaction could not be rolled back");
    }
    Err(error)
}

fn reply(
    envelopes: impl IntoIterator<Item = Envelope>,
    answers: Vec<Result<Receipt, ExecuteError>>,
) {
    for (envelope, answer) in envelopes.into_iter().zip(answers) {
        // Who no longer waits for the answer finds it again under the same key.
        let _gone = envelope.answer.send(answer);
    }
}
