//! Work after a commit: at least once, idempotent, retried for longer than a weekend. A job that
//! gives up stays in its table, where an administrator sees it and can try it again.
//!
//! Rooms: `lane` (who yields to whom), `runner` (claims, runs, settles), `desk` (what an administrator sees and does).

mod desk;
mod lane;
mod runner;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wuchuang_kernel::{CommandId, JobId, Region};

use crate::{ledger::Ledger, storage::StorageError};

pub use lane::Lane;
pub use runner::JobRunner;

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
#[derive(Debug, Clone, Deserialize)]
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
