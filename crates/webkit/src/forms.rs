//! Forms.
mod errors;
pub use errors::{FieldError, FieldErrors};
