//! What makes the ledger provable: the tree over the records' hashes (`merkle`), its signed roots and the way from a
//! record to one (`checkpoint`), and the check of a whole chain from its first record (`verify`).

pub(crate) mod checkpoint;
pub(crate) mod merkle;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, InclusionProof, Signer};
pub use verify::{Finding, VerifyReport};
