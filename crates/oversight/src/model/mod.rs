//! What oversight records, as pure values: `entry` (an item in the hall, 进驻), `hall` (a department in the hall: its chief
//! representative and what was concentrated), `finding` (监察线索) with `kinds` (the table of violations), `round` (a round
//! of checks, and a register that was compared).

pub mod entry;
pub mod finding;
pub mod hall;
pub mod kinds;
pub mod round;
#[cfg(test)]
mod tests;

use wuchuang_kernel::Rejection;

/// How long the name of a document may be, in characters.
pub(crate) const DOCUMENT_CHARACTERS_MAX: usize = 200;
/// How long what somebody writes may be, in characters.
pub(crate) const TEXT_CHARACTERS_MAX: usize = 1_000;

/// A text that must be there and has a bound.
fn require_text(
    text: &str,
    limit: usize,
    field: &'static str,
    ask: &'static str,
) -> Result<(), Rejection> {
    let length = text.trim().chars().count();
    if length == 0 || length > limit {
        return Err(Rejection::new("text_missing", ask).at(field));
    }
    Ok(())
}

fn require_document(document: &str) -> Result<(), Rejection> {
    require_text(
        document,
        DOCUMENT_CHARACTERS_MAX,
        "document",
        "请写明依据的文件名称和文号（1至200字）。",
    )
}
