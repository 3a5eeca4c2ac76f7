//! Work after a commit: at least once, idempotent, retried for longer than a weekend. A job that
//! gives up stays in its table, where an administrator sees it and can try it again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{StreamExt, stream};
use jiff::SignedDuration;
use sea_orm::FromQueryResult;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use wuchuang_kernel::{CommandId, JobId, Region};

use crate::{
    ledger::{Ledger, Shared},
    storage::{StorageError, execute, execute_exactly, list},
};

/// How many jobs are claimed in one go.
const CLAIM_MAX: i64 = 32;
/// How many jobs run at once.
const CONCURRENT_MAX: usize = 4;
/// After how long a claimed job is taken for lost (its server died) and may be claimed again.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How often the table is looked at when nobody knocks.
const POLL: Duration = Duration::from_secs(2);
/// After how many attempts a job gives up: with the delays below, about five days.
const ATTEMPTS_MAX: i64 = 60;
/// The longest wait between two attempts.
const DELAY_MAX: SignedDuration = SignedDuration::from_hours(2);

/// Why a job did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// It may succeed later: a provider is down, the storage is full.
    #[error("{0}")]
    Later(String),
    /// It can never succeed; it goes to the administrator's page at once.
    #[error("{0}")]
    Never(String),
}

impl From<StorageError> for JobFailure {
    fn from(error: StorageError) -> Self {
        Self::Later(error.to_string())
    }
}

/// What a job gets besides its input.
pub struct JobContext {
    /// The region.
    pub region: Region,
    /// The job.
    pub id: JobId,
    /// The ledger, for commands that the job sends.
    pub ledger: Ledger,
}

impl JobContext {
    /// A command identifier that is the same each time the job runs, so that a command sent twice
    /// is carried out once. `purpose` tells several commands of one job apart.
    pub fn command_id(&self, purpose: &str) -> CommandId {
        let digest = Sha256::digest(format!("{}/{purpose}", self.id));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        CommandId::from_u128(u128::from_be_bytes(bytes))
    }
}

/// The handler of one kind of job.
#[async_trait]
pub trait Job: Send + Sync + 'static {
    /// The name in the table.
    fn name(&self) -> &'static str;

    /// Does the work. It may run more than once.
    ///
    /// # Errors
    /// [`JobFailure::Later`] to be tried again, [`JobFailure::Never`] to give up.
    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure>;
}

/// A job as the administrator's page shows it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct JobRow {
    /// The region.
    pub region: String,
    /// The job.
    pub id: String,
    /// Its kind.
    pub name: String,
    /// Its input: identifiers only.
    pub input: String,
    /// When it is due, in microseconds since 1970 UTC.
    pub run_at_us: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// Whether it gave up.
    pub gave_up: bool,
    /// What went wrong last.
    pub last_error: String,
    /// When it was asked for.
    pub created_at_us: i64,
}

/// Runs the jobs of a ledger.
pub struct JobRunner {
    ledger: Ledger,
    handlers: HashMap<&'static str, Arc<dyn Job>>,
}

impl JobRunner {
    /// The runner with its handlers.
    pub fn new(ledger: Ledger, jobs: Vec<Arc<dyn Job>>) -> Self {
        let handlers = jobs.into_iter().map(|job| (job.name(), job)).collect();
        Self { ledger, handlers }
    }

    /// Runs until told to stop; the jobs at work are finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let knock = Arc::clone(&self.ledger.shared.jobs_waiting);
        while !*stop.borrow() {
            match self.run_due().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "due jobs cannot be read"),
            }
            tokio::select! {
                () = knock.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Runs the jobs that are due now, once, and tells how many there were.
    ///
    /// # Errors
    /// When they cannot be read or their outcome cannot be written.
    pub async fn run_due(&self) -> Result<usize, StorageError> {
        let rows = self.claim().await?;
        let count = rows.len();
        let outcomes: Vec<_> = stream::iter(rows)
            .map(|row| async move {
                let outcome = self.run_one(&row).await;
                (row, outcome)
            })
            .buffer_unordered(CONCURRENT_MAX)
            .collect()
            .await;
        self.settle(outcomes).await?;
        Ok(count)
    }

    /// Runs jobs until none is due, for tests and for closing down.
    ///
    /// # Errors
    /// As [`JobRunner::run_due`].
    pub async fn run_until_idle(&self) -> Result<(), StorageError> {
        while self.run_due().await? > 0 {}
        Ok(())
    }

    async fn claim(&self) -> Result<Vec<JobRow>, StorageError> {
        let now = self.ledger.now();
        let lease = now.checked_add(LEASE).unwrap_or(now);
        list(
            self.ledger.database().write(),
            "UPDATE job SET lease_until_us = $2, attempts = attempts + 1 WHERE (region, id) IN (
                SELECT region, id FROM job WHERE gave_up = FALSE AND run_at_us <= $1 AND lease_until_us <= $1
                ORDER BY run_at_us LIMIT $3)
             RETURNING region, id, name, input, run_at_us, attempts, gave_up, last_error, created_at_us",
            [
                now.as_microsecond().into(),
                lease.as_microsecond().into(),
                CLAIM_MAX.into(),
            ],
        )
        .await
    }

    async fn run_one(&self, row: &JobRow) -> Result<(), JobFailure> {
        let handler = self
            .handlers
            .get(row.name.as_str())
            .ok_or_else(|| JobFailure::Never(format!("no handler is named {}", row.name)))?;
        let input = serde_json::from_str(&row.input)
            .map_err(|error| JobFailure::Never(error.to_string()))?;
        let (Ok(region), Ok(id)) = (row.region.parse(), row.id.parse()) else {
            return Err(JobFailure::Never("the row does not read".into()));
        };
        let context = JobContext {
            region,
            id,
            ledger: self.ledger.clone(),
        };
        handler.run(input, &context).await
    }

    async fn settle(
        &self,
        outcomes: Vec<(JobRow, Result<(), JobFailure>)>,
    ) -> Result<(), StorageError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let transaction = self.ledger.database().begin().await?;
        let now = self.ledger.now();
        for (row, outcome) in outcomes {
            let key = [row.region.clone().into(), row.id.clone().into()];
            match outcome {
                Ok(()) => {
                    execute(
                        &transaction,
                        "DELETE FROM job WHERE region = $1 AND id = $2",
                        key,
                    )
                    .await?;
                }
                Err(failure) => {
                    let gave_up =
                        matches!(failure, JobFailure::Never(_)) || row.attempts >= ATTEMPTS_MAX;
                    tracing::warn!(job.name = %row.name, job.id = %row.id, attempts = row.attempts, gave_up, %failure, "a job failed");
                    let run_at = now.checked_add(delay(row.attempts)).unwrap_or(now);
                    let [region, id] = key;
                    execute(
                        &transaction,
                        "UPDATE job SET run_at_us = $3, gave_up = $4, last_error = $5, lease_until_us = 0 WHERE region = $1 AND id = $2",
                        [
                            region,
                            id,
                            run_at.as_microsecond().into(),
                            gave_up.into(),
                            cut(&failure.to_string()).into(),
                        ],
                    )
                    .await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// The wait after an attempt: 2, 4, 8 … seconds, at most two hours.
fn delay(attempts: i64) -> SignedDuration {
    let seconds = 1_i64
        .checked_shl(u32::try_from(attempts.clamp(1, 20)).unwrap_or(1))
        .unwrap_or(i64::MAX);
    SignedDuration::from_secs(seconds).min(DELAY_MAX)
}

fn cut(text: &str) -> String {
    text.chars().take(500).collect()
}

impl Ledger {
    /// How many jobs wait (due now or later), not counting those that gave up.
    ///
    /// # Errors
    /// When they cannot be counted.
    pub async fn jobs_waiting(&self) -> Result<i64, StorageError> {
        #[derive(FromQueryResult)]
        struct Row {
            count: i64,
        }
        let rows: Vec<Row> = list(
            self.database().read(),
            "SELECT COUNT(*) AS count FROM job WHERE gave_up = FALSE",
            [],
        )
        .await?;
        Ok(rows.first().map_or(0, |row| row.count))
    }

    /// The jobs of a region that gave up, the oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn jobs_gave_up(
        &self,
        region: Region,
        limit: u32,
    ) -> Result<Vec<JobRow>, StorageError> {
        list(
            self.database().read(),
            "SELECT region, id, name, input, run_at_us, attempts, gave_up, last_error, created_at_us FROM job
             WHERE region = $1 AND gave_up = TRUE ORDER BY created_at_us LIMIT $2",
            [region.to_string().into(), i64::from(limit).into()],
        )
        .await
    }

    /// Gives a job that gave up another life.
    ///
    /// # Errors
    /// When there is no such job or it cannot be written.
    pub async fn job_retry(&self, region: Region, id: JobId) -> Result<(), StorageError> {
        execute_exactly(
            self.database().write(),
            "job retry",
            1,
            "UPDATE job SET gave_up = FALSE, attempts = 0, run_at_us = $3, lease_until_us = 0 WHERE region = $1 AND id = $2 AND gave_up = TRUE",
            [
                region.to_string().into(),
                id.to_string().into(),
                self.now().as_microsecond().into(),
            ],
        )
        .await?;
        self.shared.jobs_waiting.notify_one();
        Ok(())
    }

    /// Asks for a job outside of any event (a timer of the server itself, such as the daily check).
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn job_add(
        &self,
        region: Region,
        job: crate::projection::NewJob,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let run_at = now.checked_add(job.delay).unwrap_or(now);
        let shared: &Shared = &self.shared;
        execute(
            shared.database.write(),
            "INSERT INTO job (region, id, name, input, run_at_us, attempts, gave_up, lease_until_us, last_error, created_at_us) VALUES ($1, $2, $3, $4, $5, 0, FALSE, 0, '', $6)",
            [
                region.to_string().into(),
                JobId::generate(now, shared.randomness.as_ref()).to_string().into(),
                job.name.into(),
                job.input.to_string().into(),
                run_at.as_microsecond().into(),
                now.as_microsecond().into(),
            ],
        )
        .await?;
        shared.jobs_waiting.notify_one();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_outlive_a_weekend() {
        let total: i64 = (1..ATTEMPTS_MAX)
            .map(|attempt| delay(attempt).as_secs())
            .sum();
        assert!(total > 4 * 24 * 3600, "{total} seconds");
        assert_eq!(delay(1).as_secs(), 2);
        assert_eq!(delay(i64::MAX), DELAY_MAX);
    }
}
