//! The ledger: the one place where anything that happens to a matter is written.
//!
//! A slice defines a [`Stream`] (pure `decide` and `apply`), [`Projection`]s (tables) and
//! [`Reaction`]s (jobs). [`Ledger::execute`] sends a command through one writer per region, which
//! drains its queue and commits many commands in one transaction: events, projections, jobs and the
//! answer to the idempotency key together. Each region's records are chained by hash; a checkpoint
//! signs a Merkle root over them, from which a receipt proves that its event is on the ledger.
//!
//! Rooms: `stream`, `projection` and `kinds` (what a slice gives), `event` (one record), `proof` (checkpoints and
//! the check of the chain), `storage`, `migrations`, `sealing` (how it is kept), `writer` with its `sheet` (how it is written),
//! `load` (how it is read), `jobs` (what runs after), `replay`, `forget`, `export` (what an administrator asks).

mod calendars;
mod event;
mod export;
mod forget;
mod jobs;
mod kinds;
mod ledger;
mod load;
pub mod migrations;
mod projection;
mod proof;
mod replay;
mod sealing;
pub mod storage;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod writer;

pub use event::{Record, Recorded};
pub use export::{ExportError, export};
pub use forget::{ForgetError, HoldError};
pub use jobs::{Job, JobContext, JobFailure, JobRow, JobRunner, Lane};
pub use ledger::{ExecuteError, Expected, Ledger, LedgerBuilder, Order, Receipt};
pub use load::LoadError;
pub use migrations::{Migration, MigrationError, migrate};
pub use projection::{NewJob, Projection, Reaction};
pub use proof::{
    Checkpoint, CheckpointError, Finding, InclusionProof, PROOF_BYTES_MAX, Signer, VerifyReport,
};
pub use replay::{Difference, ReplayError, ReplayReport};
pub use sealing::{Key, Keyring, SealingError};
pub use storage::{Database, StorageError};
pub use stream::{Context, Stream};
pub use writer::{Existing, NoRow, Sheet, Table};
