//! The ledger: the one place where anything that happens to a matter is written.
//!
//! A slice defines a [`Stream`] (pure `decide` and `apply`), [`Projection`]s (tables) and
//! [`Reaction`]s (jobs). [`Ledger::execute`] sends a command through one writer per region, which
//! drains its queue and commits many commands in one transaction: events, projections, jobs and the
//! answer to the idempotency key together. Each region's records are chained by hash; a checkpoint
//! signs a Merkle root over them, from which a receipt proves that its event is on the ledger.
//!
//! Rooms: `stream` and `kinds` (what a slice gives), `event`, `merkle`, `checkpoint` (what is
//! provable), `storage`, `migrations`, `sealing` (how it is kept), `writer` (how it is written),
//! `jobs` (what runs after), `verify`, `replay`, `forget`, `export` (what an administrator asks).

mod checkpoint;
mod event;
mod export;
mod forget;
mod jobs;
mod kinds;
mod ledger;
mod load;
mod merkle;
pub mod migrations;
mod projection;
mod replay;
mod sealing;
pub mod storage;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod verify;
mod writer;

pub use checkpoint::{Checkpoint, CheckpointError, InclusionProof, Signer};
pub use event::{Record, Recorded};
pub use export::{ExportError, export};
pub use forget::{ForgetError, HoldError};
pub use jobs::{Job, JobContext, JobFailure, JobRow, JobRunner};
pub use ledger::{ExecuteError, Expected, Ledger, LedgerBuilder, Order, Receipt};
pub use load::LoadError;
pub use migrations::{Migration, MigrationError, migrate};
pub use projection::{NewJob, Projection, Reaction};
pub use replay::{Difference, ReplayError, ReplayReport};
pub use sealing::{Key, Keyring, SealingError};
pub use storage::{Database, StorageError};
pub use stream::{Context, Stream};
pub use verify::{Finding, VerifyReport};
