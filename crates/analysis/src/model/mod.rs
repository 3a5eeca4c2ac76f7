//! What stands on the ledger about demand, as pure values: `count` (a night's count), `suggestion` (what follows from
//! the figures, and what people made of it), `year` (an earlier year from Excel). `month`: months as figures count them.

pub mod count;
pub mod month;
pub mod suggestion;
pub mod year;

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};
use wuchuang_kernel::{Rejection, StreamId};

/// How long a reason may be, in characters.
pub const REASON_CHARACTERS_MAX: usize = 500;

/// The stream that always belongs to a name: whoever makes it, on whatever server, makes the same.
pub fn stream_of(name: &str) -> StreamId {
    let digest = Sha256::digest(format!("wuchuang/analysis/{name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    StreamId::from_u128(u128::from_be_bytes(bytes))
}

/// Refuses a reason that is missing or too long.
fn require_reason(text: &str, field: &'static str) -> Result<(), Rejection> {
    let length = text.trim().chars().count();
    if length == 0 {
        return Err(Rejection::new("reason_missing", "请写明理由。").at(field));
    }
    if length > REASON_CHARACTERS_MAX {
        return Err(Rejection::new("reason_too_long", "理由最多500字。").at(field));
    }
    Ok(())
}
