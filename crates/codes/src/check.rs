//! The check-character algorithms of the four standards, on bytes that the caller has already limited to the alphabet.
//!
//! They stand together because each is a few lines of arithmetic that is easiest to review beside its siblings.

/// The 31 characters of GB 32100: digits and capital letters without I, O, Z, S and V, which are misread too easily.
pub(crate) const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [u32; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
const CITIZEN_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS: &[u8; 11] = b"10X98765432";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const BASE_36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The value of a digit or capital letter: 0 to 35, as GB 11714 and ISO/IEC 7064 count.
fn base_36_value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'Z' => u32::from(byte - b'A') + 10,
        _ => unreachable!("the alphabet was checked before the check character is computed"),
    }
}

fn credit_value(byte: u8) -> u32 {
    let index = CREDIT_ALPHABET.iter().position(|&known| known == byte);
    let index = index.expect("the alphabet was checked before the check character is computed");
    u32::try_from(index).expect("the alphabet has 31 characters")
}

fn weighted_sum(body: &[u8], weights: &[u32], value: fn(u8) -> u32) -> u32 {
    body.iter()
        .zip(weights)
        .map(|(&byte, weight)| value(byte) * weight)
        .sum()
}

/// GB 11643: the 18th character of a citizen number from its first 17 digits.
pub(crate) fn citizen(body: &[u8]) -> u8 {
    CITIZEN_CHECKS[(weighted_sum(body, &CITIZEN_WEIGHTS, base_36_value) % 11) as usize]
}

/// GB 32100: the 18th character of a unified social credit code from its first 17.
pub(crate) fn credit(body: &[u8]) -> u8 {
    let remainder = weighted_sum(body, &CREDIT_WEIGHTS, credit_value) % 31;
    CREDIT_ALPHABET[((31 - remainder) % 31) as usize]
}

/// GB 11714: the 9th character of an organisation code from its first 8.
pub(crate) fn organisation(body: &[u8]) -> u8 {
    match 11 - weighted_sum(body, &ORGANISATION_WEIGHTS, base_36_value) % 11 {
        10 => b'X',
        11 => b'0',
        digit => BASE_36[digit as usize],
    }
}

/// ISO/IEC 7064 MOD 37,36: the check character of a licence identifier over its parts without the dots.
pub(crate) fn modulus_37_36(body: impl Iterator<Item = u8>) -> u8 {
    let product = body.fold(36, |product, byte| {
        let sum = match (product + base_36_value(byte)) % 36 {
            0 => 36,
            sum => sum,
        };
        sum * 2 % 37
    });
    BASE_36[((37 - product) % 36) as usize]
}
