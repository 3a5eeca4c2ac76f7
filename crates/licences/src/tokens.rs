//! Tokens behind the QR codes of licences and codes to type. They follow from the installation's key and the licence's
//! identifier: nobody without the key can guess one, and a job that runs twice makes the same one.

use wuchuang_access::AccessKey;
use wuchuang_kernel::{LicenceId, group_code};

/// How long a token is, in hexadecimal characters (80 bits).
const TOKEN_CHARACTERS: usize = 20;
/// The shortest and longest token that an address may carry.
const TOKEN_RANGE: std::ops::RangeInclusive<usize> = 12..=24;
/// What people can tell apart on paper: no 0 and O, no 1 and I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How many characters a code to type has (40 bits).
const CODE_CHARACTERS: usize = 8;

/// What the QR code of a licence carries: `/v/{token}`.
pub fn licence_token(key: &AccessKey, licence: LicenceId) -> String {
    let mut digest = key.digest("document-token", &format!("licence/{licence}"));
    digest.truncate(TOKEN_CHARACTERS);
    digest
}

/// Whether a text can be a token at all.
pub(crate) fn is_token(text: &str) -> bool {
    TOKEN_RANGE.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The code with which a licence is verified by hand.
pub(crate) fn check_code(key: &AccessKey, licence: LicenceId) -> String {
    let mut number = key.number("licence-check-code", &licence.to_string());
    (0..CODE_CHARACTERS)
        .map(|_| {
            let at = usize::try_from(number & 31).unwrap_or_default();
            number >>= 5;
            char::from(ALPHABET[at])
        })
        .collect()
}

/// A code as people read it: `7K3M-92QF`.
pub(crate) fn grouped(code: &str) -> String {
    group_code(code, CODE_CHARACTERS / 2)
}

/// A code as it was typed, without what people add to it: blanks, hyphens, small letters,
/// full-width characters of a Chinese keyboard.
pub(crate) fn normal(code: &str) -> String {
    code.chars()
        .map(|character| match character {
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
            }
            other => other,
        })
        .filter(|character| !character.is_whitespace() && *character != '-')
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_ascii_and_differ_for_each_document() {
        let key = AccessKey::derived_from(&[7; 32]);
        let (one, two) = (LicenceId::from_u128(1), LicenceId::from_u128(2));
        assert!(is_token(&licence_token(&key, one)));
        assert_ne!(licence_token(&key, one), licence_token(&key, two));
        let other = AccessKey::derived_from(&[8; 32]);
        assert_ne!(licence_token(&key, one), licence_token(&other, one));
    }

    #[test]
    fn codes_read_back_however_they_are_typed() {
        let key = AccessKey::derived_from(&[7; 32]);
        let code = check_code(&key, LicenceId::from_u128(1));
        assert_eq!(code.len(), CODE_CHARACTERS);
        let shown = grouped(&code);
        assert_eq!(shown.len(), CODE_CHARACTERS + 1);
        assert_eq!(normal(&format!("　{} ", shown.to_lowercase())), code);
        assert_eq!(normal("７ｋ３Ｍ－９２QF"), "7K3M92QF");
    }

    #[test]
    fn a_long_or_strange_text_is_no_token() {
        for wrong in [
            "",
            "short",
            "a b c d e f g h",
            "../../../../etc/pw",
            &"a".repeat(10_000),
        ] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }
}
