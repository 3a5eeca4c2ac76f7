//! What makes the ledger provable: the tree over the records' hashes (`merkle`), its signed roots and the way from a
//! record to one (`checkpoint`), such a way as it is handed out (`reading`), and the check of a whole chain from its first
//! record (`verify`).

pub(crate) mod checkpoint;
pub(crate) mod merkle;
mod reading;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, InclusionProof, Signer};
pub use reading::PROOF_BYTES_MAX;
pub use verify::{Finding, VerifyReport};
