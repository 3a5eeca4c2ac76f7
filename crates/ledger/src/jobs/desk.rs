//! What an administrator sees of the jobs, and the jobs that the server itself asks for.

use serde::Deserialize;
use wuchuang_kernel::{JobId, Region};

use crate::{
    ledger::Ledger,
    storage::{Connection, StorageError, execute, execute_exactly, list},
};

use super::{JobRow, Lane};

impl Ledger {
    /// How many jobs wait (due now or later), not counting those that gave up.
    ///
    /// # Errors
    /// When they cannot be counted.
    pub async fn jobs_waiting(&self) -> Result<i64, StorageError> {
        #[derive(Deserialize)]
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
        for lane in Lane::ALL {
            self.shared.knock(lane);
        }
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
        self.job_write(self.database().write(), region, &job)
            .await?;
        self.shared.knock(job.lane);
        Ok(())
    }

    /// Writes a job's row, in whatever transaction.
    pub(crate) async fn job_write<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        job: &crate::projection::NewJob,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let run_at = now.checked_add(job.delay).unwrap_or(now);
        execute(
            connection,
            "INSERT INTO job (region, id, name, input, run_at_us, attempts, gave_up, lease_until_us, last_error, created_at_us, lane) VALUES ($1, $2, $3, $4, $5, 0, FALSE, 0, '', $6, $7)",
            [
                region.to_string().into(),
                JobId::generate(now, self.shared.randomness.as_ref()).to_string().into(),
                job.name.into(),
                job.input.to_string().into(),
                run_at.as_microsecond().into(),
                now.as_microsecond().into(),
                job.lane.number().into(),
            ],
        )
        .await?;
        Ok(())
    }
}
