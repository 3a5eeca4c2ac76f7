//! 用印: nothing is sealed with a certificate that has ended. A paper tells the time of its notice and not of its making, so
//! the clock is asked here: a seal that does not hold any more must not be made to look as if it had been set in time. For
//! papers of cases and, from above, for licences.

use axum::http::StatusCode;
use jiff::{Timestamp, civil::Date};
use wuchuang_documents::Authority;
use wuchuang_kernel::china_date;
use wuchuang_webkit::Failure;

/// The certificate with which papers are sealed has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("签名证书已于 {ended_on} 到期，现在不能用印。请系统管理员更换证书，更换以后文书会补做。")]
pub struct SealEnded {
    /// The last day on which it was valid.
    pub ended_on: Date,
}

impl From<SealEnded> for Failure {
    fn from(ended: SealEnded) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "seal_ended",
            ended.to_string(),
        )
    }
}

/// Whether papers may be sealed now.
///
/// # Errors
/// When the signing certificate has ended.
pub fn check_seal(authority: &Authority, now: Timestamp) -> Result<(), SealEnded> {
    let until = authority.valid_until();
    if now > until {
        return Err(SealEnded {
            ended_on: china_date(until),
        });
    }
    Ok(())
}
