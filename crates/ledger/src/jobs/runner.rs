//! Claims jobs that are due, runs them, and writes down what came of them. Claims and outcomes ride along with the
//! commands' transactions: a flush for each would cost more than most jobs.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, future::join_all, stream};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use wuchuang_kernel::Region;

use crate::{
    ledger::Ledger,
    storage::{Backend, StorageError, Value, list, rows_placeholder},
    writer::NoRow,
};

use super::{Job, JobContext, JobFailure, JobRow, lane::Lane};

/// After how long a claimed job is taken for lost (its server died) and may be claimed again.
const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// How often a server that lives says so while its jobs run.
const RENEW: Duration = Duration::from_secs(20);
/// How often the table is looked at when nobody knocks.
const POLL: Duration = Duration::from_secs(2);
/// After how many attempts a job gives up: with the delays below, about five days.
const ATTEMPTS_MAX: i64 = 60;
/// The longest wait between two attempts.
const DELAY_MAX: SignedDuration = SignedDuration::from_hours(2);

type Outcome = (JobRow, Result<(), JobFailure>);

/// Runs the jobs of a ledger.
pub struct JobRunner {
    ledger: Ledger,
    handlers: HashMap<&'static str, Arc<dyn Job>>,
    /// The region whose writer takes the runner's own writes along, once there is one.
    home: OnceLock<Region>,
    /// The time at the last look, in microseconds since 1970 UTC; before the first look the end of all time.
    newest_us: AtomicI64,
}

impl JobRunner {
    /// The runner with its handlers.
    pub fn new(ledger: Ledger, jobs: Vec<Arc<dyn Job>>) -> Self {
        let handlers = jobs.into_iter().map(|job| (job.name(), job)).collect();
        Self {
            ledger,
            handlers,
            home: OnceLock::new(),
            newest_us: AtomicI64::new(i64::MAX),
        }
    }

    /// Runs until told to stop; the jobs at work are finished first.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        join_all(Lane::ALL.map(|lane| self.run_in(lane, stop.clone()))).await;
    }

    async fn run_in(&self, lane: Lane, mut stop: watch::Receiver<bool>) {
        let knock = Arc::clone(self.ledger.shared.waiting(lane));
        while !*stop.borrow() {
            match self.run_due_in(lane).await {
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
        let mut count = 0;
        for lane in Lane::ALL {
            count += self.run_due_in(lane).await?;
        }
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

    async fn run_due_in(&self, lane: Lane) -> Result<usize, StorageError> {
        self.mend_times().await?;
        let rows = self.claim(lane).await?;
        let count = rows.len();
        let keys: Vec<(String, String)> = rows
            .iter()
            .map(|row| (row.region.clone(), row.id.clone()))
            .collect();
        let work = stream::iter(rows)
            .map(|row| async move {
                let outcome = self.run_one(&row).await;
                (row, outcome)
            })
            .buffer_unordered(lane.concurrent_max())
            .collect();
        let outcomes: Vec<Outcome> = self.holding(&keys, work).await;
        self.settle(outcomes).await?;
        Ok(count)
    }

    /// Waits for work and renews the leases of its jobs meanwhile, so that a lease can be short: what a killed server
    /// held is taken up again within a minute.
    async fn holding<T>(&self, keys: &[(String, String)], work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(RENEW) => {
                    if let Err(error) = self.renew(keys).await {
                        tracing::warn!(%error, "the leases of running jobs could not be renewed");
                    }
                }
            }
        }
    }

    async fn renew(&self, keys: &[(String, String)]) -> Result<(), StorageError> {
        let now = self.ledger.now();
        let lease = now.checked_add(LEASE).unwrap_or(now);
        let sql = format!(
            "UPDATE job SET lease_until_us = ${} WHERE (region, id) IN (VALUES {})",
            keys.len() * 2 + 1,
            rows_placeholder(keys.len(), 2)
        );
        let values = keys
            .iter()
            .flat_map(|(region, id)| [region.clone().into(), id.clone().into()])
            .chain([lease.as_microsecond().into()]);
        self.write::<NoRow>(sql, values.collect()).await?;
        Ok(())
    }

    /// After a start, and whenever the clock was set back, times in the table may lie in a future that nobody meant:
    /// jobs that were due at once, leases, waits after a failure. They count from now. Timers keep their time.
    async fn mend_times(&self) -> Result<(), StorageError> {
        let now = self.ledger.now().as_microsecond();
        let before = self.newest_us.swap(now, Ordering::Relaxed);
        if now >= before {
            return Ok(());
        }
        let lease_max = now.saturating_add(microseconds(LEASE));
        let wait_max = now.saturating_add(microseconds(DELAY_MAX));
        self.write::<NoRow>(
            "UPDATE job SET lease_until_us = CASE WHEN lease_until_us > $2 THEN $2 ELSE lease_until_us END,
                created_at_us = CASE WHEN run_at_us = created_at_us AND run_at_us > $1 THEN $1 ELSE created_at_us END,
                run_at_us = CASE WHEN run_at_us = created_at_us AND run_at_us > $1 THEN $1
                    WHEN attempts > 0 AND run_at_us > $3 THEN $3 ELSE run_at_us END
             WHERE gave_up = FALSE AND (lease_until_us > $2 OR (run_at_us = created_at_us AND run_at_us > $1) OR (attempts > 0 AND run_at_us > $3))"
                .to_owned(),
            vec![now.into(), lease_max.into(), wait_max.into()],
        )
        .await?;
        Ok(())
    }

    async fn claim(&self, lane: Lane) -> Result<Vec<JobRow>, StorageError> {
        let now = self.ledger.now();
        let lease = now.checked_add(LEASE).unwrap_or(now);
        // PostgreSQL may believe a queue to be empty that is long by now, and then reads all of it to find a few by their
        // keys. Told where the rows lie, it has nothing to choose.
        let (is_due_one, place, end) = match self.ledger.database().backend() {
            Backend::Sqlite => ("(region, id) IN (", "region, id", ")"),
            Backend::Postgres => ("ctid = ANY (ARRAY(", "ctid", "))"),
        };
        let sql = format!(
            "UPDATE job SET lease_until_us = $2, attempts = attempts + 1 WHERE {is_due_one}
                SELECT {place} FROM job WHERE gave_up = FALSE AND lane = $4 AND run_at_us <= $1 AND lease_until_us <= $1
                ORDER BY run_at_us LIMIT $3{end}
             RETURNING region, id, name, input, run_at_us, attempts, gave_up, last_error, created_at_us"
        );
        let values = vec![
            now.as_microsecond().into(),
            lease.as_microsecond().into(),
            lane.claim_max().into(),
            lane.number().into(),
        ];
        self.write(sql, values).await
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

    async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), StorageError> {
        let (done, failed): (Vec<_>, Vec<_>) = outcomes
            .into_iter()
            .partition(|(_, outcome)| outcome.is_ok());
        if !done.is_empty() {
            let sql = format!(
                "DELETE FROM job WHERE (region, id) IN (VALUES {})",
                rows_placeholder(done.len(), 2)
            );
            let keys = done
                .into_iter()
                .flat_map(|(row, _)| [row.region.into(), row.id.into()]);
            self.write::<NoRow>(sql, keys.collect()).await?;
        }
        for (row, outcome) in failed {
            if let Err(failure) = outcome {
                self.note_failure(row, &failure).await?;
            }
        }
        Ok(())
    }

    async fn note_failure(&self, row: JobRow, failure: &JobFailure) -> Result<(), StorageError> {
        let now = self.ledger.now();
        let gave_up = matches!(failure, JobFailure::Never(_)) || row.attempts >= ATTEMPTS_MAX;
        tracing::warn!(job.name = %row.name, job.id = %row.id, attempts = row.attempts, gave_up, %failure, "a job failed");
        let run_at = now.checked_add(delay(row.attempts)).unwrap_or(now);
        self.write::<NoRow>(
            "UPDATE job SET run_at_us = $3, gave_up = $4, last_error = $5, lease_until_us = 0 WHERE region = $1 AND id = $2"
                .to_owned(),
            vec![
                row.region.into(),
                row.id.into(),
                run_at.as_microsecond().into(),
                gave_up.into(),
                cut(&failure.to_string()).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Writes along with the commands of the home region; directly while there is no chain yet.
    async fn write<T: DeserializeOwned>(
        &self,
        sql: String,
        values: Vec<Value>,
    ) -> Result<Vec<T>, StorageError> {
        if self.home.get().is_none()
            && let Some(region) = self.ledger.regions().await?.first()
        {
            // Two lanes may find it at once; both find the same.
            let _found = self.home.set(*region);
        }
        match self.home.get() {
            Some(region) => self.ledger.write_along(*region, sql, values).await,
            None => list(self.ledger.database().write(), &sql, values).await,
        }
    }
}

/// The wait after an attempt: 2, 4, 8 … seconds, at most two hours.
fn delay(attempts: i64) -> SignedDuration {
    let seconds = 1_i64
        .checked_shl(u32::try_from(attempts.clamp(1, 20)).unwrap_or(1))
        .unwrap_or(i64::MAX);
    SignedDuration::from_secs(seconds).min(DELAY_MAX)
}

fn microseconds(span: SignedDuration) -> i64 {
    span.as_secs().saturating_mul(1_000_000)
}

fn cut(text: &str) -> String {
    text.chars().take(500).collect()
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
