//! From what people type or paste to the characters that a code consists of, with an early limit.
//!
//! Chinese input methods produce full-width digits, chat programs paste invisible characters, and people group long
//! numbers with blanks. All of that is forgiven here, once, so that no parser has to think of it.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};

/// No code of this crate comes near this size; longer input is refused before it is looked at.
const INPUT_BYTES_MAX: usize = 512;

/// The canonical characters of `text`: blanks and invisible characters dropped, full-width forms made narrow, letters
/// made capital, dashes made one dash. Positions in errors count these characters.
pub(crate) fn characters(kind: CodeKind, text: &str) -> Result<Vec<char>, CodeError> {
    let characters: Vec<char> = within_limit(kind, text)?
        .chars()
        .filter_map(canonical)
        .collect();
    if characters.is_empty() {
        return Err(CodeError::new(kind, None, Rule::Empty));
    }
    Ok(characters)
}

/// `text` itself if it is small enough to be looked at.
pub(crate) fn within_limit(kind: CodeKind, text: &str) -> Result<&str, CodeError> {
    if text.len() > INPUT_BYTES_MAX {
        let characters_max = kind.characters_max();
        return Err(CodeError::new(kind, None, Rule::TooLong { characters_max }));
    }
    Ok(text)
}

fn canonical(character: char) -> Option<char> {
    match character {
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => None,
        blank if blank.is_whitespace() => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => Some('-'),
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).map(|narrow| narrow.to_ascii_uppercase())
        }
        other => Some(other.to_ascii_uppercase()),
    }
}

/// Fails unless `found` is one of the `expected` numbers of characters.
pub(crate) fn expect_length(
    kind: CodeKind,
    found: usize,
    expected: &'static [usize],
) -> Result<(), CodeError> {
    if expected.contains(&found) {
        return Ok(());
    }
    Err(CodeError::new(kind, None, Rule::Length { expected, found }))
}

/// The characters as bytes if each lies in the alphabet of its index; `offset` is where the part begins in the whole.
pub(crate) fn bytes(
    kind: CodeKind,
    part: &[char],
    offset: usize,
    alphabet_at: impl Fn(usize) -> Alphabet,
) -> Result<Vec<u8>, CodeError> {
    part.iter()
        .enumerate()
        .map(|(index, &found)| {
            let allowed = alphabet_at(index);
            u8::try_from(found)
                .ok()
                .filter(|&byte| allowed.contains(byte))
                .ok_or_else(|| {
                    CodeError::at(kind, offset + index, Rule::Character { found, allowed })
                })
        })
        .collect()
}

/// The decimal value of ASCII digits that the caller has checked and that are few enough not to overflow.
pub(crate) fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
}
