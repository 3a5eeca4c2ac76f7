//! Signatures on PDFs: PAdES B-B (ETSI EN 319 142-1) with a county's own *test* certificates.
//!
//! A legal electronic seal needs licensed devices and GB/T 38540; what stands here proves integrity and says so. It
//! lives beside rendering because the two share the byte layout of the same file. Signing reads the structure with
//! `lopdf` and appends an incremental update; verifying never parses the PDF at all, see [`verify`](fn@verify).

mod authority;
mod cades;
mod reader;
mod sign;
mod trust;
mod verify;

pub use authority::{Authority, AuthorityError, AuthorityPem, AuthoritySubject};
pub use sign::{SignError, SignInfo, sign};
pub use trust::TrustedRoots;
pub use verify::{SignatureOutcome, SignatureReport, VerifyError, verify};

/// A PDF beyond this is neither signed nor verified: uploads of the public page are no larger.
pub const PDF_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Space kept for the CMS structure, in bytes; ours takes about 2,200.
const CMS_BYTES_MAX: usize = 16 * 1024;
