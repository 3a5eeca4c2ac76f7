//! What the QR code of a notice carries. It follows from the installation's key and the notice's
//! place, so that the paper can be printed before the row exists, and nobody without the key can
//! guess one.

use wuchuang_kernel::{CaseId, Region, group_code};
use wuchuang_ledger::Ledger;

/// How many characters a token has: 100 bits.
const CHARACTERS: usize = 20;
/// How many characters stand together where people read the token.
const GROUP_CHARACTERS: usize = 5;
/// What people can tell apart on paper: no 0 and O, no 1 and I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The token of the notice that stands at `version` of a case.
pub fn notice_token(ledger: &Ledger, region: Region, case: CaseId, version: i64) -> String {
    let hash = ledger.keyed_hash(format!("case-document/{region}/{case}/{version}").as_bytes());
    from_hash(&hash)
}

fn from_hash(hash: &str) -> String {
    let mut number = hash
        .get(..CHARACTERS * 5 / 4)
        .and_then(|digits| u128::from_str_radix(digits, 16).ok())
        .unwrap_or_default();
    (0..CHARACTERS)
        .map(|_| {
            let index = usize::try_from(number & 31).unwrap_or_default();
            number >>= 5;
            char::from(ALPHABET[index])
        })
        .collect()
}

/// A token in groups, as people read and type it: `7K3M9-…`.
pub(super) fn grouped(token: &str) -> String {
    group_code(token, GROUP_CHARACTERS)
}

/// A token as it was typed, without blanks, hyphens and small letters; `None` when it can be none.
pub(super) fn read(text: &str) -> Option<String> {
    if text.len() > 4 * CHARACTERS {
        return None;
    }
    let token: String = text
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let is_token = token.len() == CHARACTERS && token.bytes().all(|byte| ALPHABET.contains(&byte));
    is_token.then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_however_it_is_typed() {
        let token = from_hash(&"0123456789abcdef".repeat(4));
        assert_eq!(token.len(), CHARACTERS);
        let shown = grouped(&token);
        assert_eq!(shown.len(), CHARACTERS + 3);
        assert_eq!(read(&shown.to_lowercase()), Some(token.clone()));
        assert_eq!(read(&format!(" {token} ")), Some(token));
        for wrong in [
            "",
            "ABC",
            &"0".repeat(20),
            &"A".repeat(10_000),
            "核验核验核验核验核验",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
