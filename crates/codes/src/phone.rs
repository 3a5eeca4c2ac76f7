//! Telephone numbers of the mainland: mobile (11 digits) and landline with area code.
//!
//! Every window asks for one, sends messages to it and shows it masked; so there is one form and one mask.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::PhoneNumber;

/// A telephone number in its canonical form, `13812348888` or `0915-4421234`. Personal data: there is no `Display`, and
/// `Debug` is masked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(Form);

/// The length of area code and local number decides where the hyphen stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Mobile(FixedText<11>),
    /// `010-1234567` and the like: 3 + 7 digits.
    LandlineOf11(FixedText<11>),
    /// 3 + 8 or 4 + 7 digits.
    LandlineOf12(FixedText<12>),
    /// 4 + 8 digits.
    LandlineOf13(FixedText<13>),
}

code_traits!(personal PhoneNumber);

impl PhoneNumber {
    /// Reads a number as typed: with or without `+86`, blanks, hyphens, brackets round the area code.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut typed = input::characters(KIND, text)?;
        typed.retain(|character| !matches!(character, '-' | '(' | ')'));
        if typed.first() == Some(&'+') {
            typed.remove(0);
        }
        let digits = input::bytes(KIND, &typed, 0, |_| Alphabet::Digits)?;
        let digits = without_country(&digits);
        match digits {
            [b'1', b'3'..=b'9', ..] => mobile(digits),
            [b'0', ..] => landline(digits),
            [b'2'..=b'9', ..] if matches!(digits.len(), 7 | 8) => {
                Err(CodeError::new(KIND, None, Rule::AreaCodeMissing))
            }
            _ => Err(CodeError::new(KIND, None, Rule::PhoneForm)),
        }
    }

    /// The canonical form. Only for sending messages and for those who must call back.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Form::Mobile(text) | Form::LandlineOf11(text) => text.as_str(),
            Form::LandlineOf12(text) => text.as_str(),
            Form::LandlineOf13(text) => text.as_str(),
        }
    }

    /// Whether text messages can reach it.
    pub fn is_mobile(&self) -> bool {
        matches!(self.0, Form::Mobile(_))
    }

    /// The number for screens and lists: `138****8888`, `0915-***1234`.
    pub fn masked(&self) -> String {
        let text = self.as_str();
        let tail = &text[text.len() - 4..];
        match text.split_once('-') {
            Some((area, local)) => format!("{area}-{}{tail}", "*".repeat(local.len() - 4)),
            None => format!("{}****{tail}", &text[..3]),
        }
    }
}

/// Drops `86` or `0086` where a mobile number or the area code follows. An area code behind the country code has lost
/// its zero, so it is given back.
fn without_country(digits: &[u8]) -> &[u8] {
    match digits {
        [b'0', b'0', b'8', b'6', rest @ ..] | [b'8', b'6', rest @ ..] if rest.len() >= 10 => rest,
        _ => digits,
    }
}

fn mobile(digits: &[u8]) -> Result<PhoneNumber, CodeError> {
    input::expect_length(KIND, digits.len(), &[11])?;
    Ok(PhoneNumber(Form::Mobile(FixedText::from_checked(digits))))
}

fn landline(digits: &[u8]) -> Result<PhoneNumber, CodeError> {
    // 010 and 02x are the only area codes of three digits.
    let area_digits = if matches!(digits.get(1), Some(b'1' | b'2')) {
        3
    } else {
        4
    };
    let wrong = CodeError::new(KIND, None, Rule::PhoneForm);
    let (area, local) = digits.split_at_checked(area_digits).ok_or(wrong)?;
    let area_begins_well =
        area[1] != b'0' && (area_digits == 4 || area[1] == b'2' || area[2] == b'0');
    if !area_begins_well || !matches!(local, [b'2'..=b'9', ..]) {
        return Err(wrong);
    }
    let text = [area, b"-", local].concat();
    let form = match (local.len(), text.len()) {
        (7 | 8, 11) => Form::LandlineOf11(FixedText::from_checked(&text)),
        (7 | 8, 12) => Form::LandlineOf12(FixedText::from_checked(&text)),
        (7 | 8, 13) => Form::LandlineOf13(FixedText::from_checked(&text)),
        _ => return Err(wrong),
    };
    Ok(PhoneNumber(form))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_type() {
        let mut table = String::new();
        for text in [
            "13812348888",
            "138 1234 8888",
            "+86 138-1234-8888",
            "008613812348888",
            "１３８１２３４８８８８",
            "09154421234",
            "0915-4421234",
            "（0915）4421234",
            "+86-0915-4421234",
            "010-66012399",
            "0731—88888888",
        ] {
            let number = PhoneNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            writeln!(
                table,
                "{} {number:?} {}",
                number.as_str(),
                number.is_mobile()
            )
            .expect("a String takes all text");
        }
        expect![[r"
            13812348888 138****8888 true
            13812348888 138****8888 true
            13812348888 138****8888 true
            13812348888 138****8888 true
            13812348888 138****8888 true
            0915-4421234 0915-***1234 false
            0915-4421234 0915-***1234 false
            0915-4421234 0915-***1234 false
            0915-4421234 0915-***1234 false
            010-66012399 010-****2399 false
            0731-88888888 0731-****8888 false
        "]]
        .assert_eq(&table);
    }

    #[test]
    fn refuses_with_way_out() {
        let mut table = String::new();
        for text in [
            "",
            "1381234888",
            "138123488889",
            "12812348888",
            "4421234",
            "0915-442123",
            "1381234888O",
            "12345",
        ] {
            let error = PhoneNumber::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            phone number: nothing was given
              还没有填写电话号码，请填好后再提交。
            phone number: 11 characters expected, 10 found
              电话号码应是11位，现在是10位。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            phone number: 11 characters expected, 12 found
              电话号码应是11位，现在是12位。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            phone number: neither a mobile nor a landline number of the mainland
              这不是国内的手机号或座机号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            phone number: the area code is missing
              座机号码前面少了区号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            phone number: neither a mobile nor a landline number of the mainland
              这不是国内的手机号或座机号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            phone number, position 11: a digit expected, 'O' found
              电话号码第11位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
            phone number: neither a mobile nor a landline number of the mainland
              这不是国内的手机号或座机号。请填11位手机号，或带区号的座机号，如“0915-4421234”。
        "]]
        .assert_eq(&table);
    }

    proptest! {
        #[test]
        fn numbers_round_trip_and_the_mask_hides_the_middle(text in "1[3-9][0-9]{9}|0[3-9][1-9][0-9]-[2-8][0-9]{6,7}|02[0-9]-[2-8][0-9]{7}") {
            let number = PhoneNumber::parse(&text).expect("well formed");
            prop_assert_eq!(number.as_str(), &text);
            prop_assert_eq!(number.masked().len(), text.len());
            prop_assert!(number.masked().matches('*').count() >= 3);
            let stored = serde_json::to_string(&number).expect("plain text");
            prop_assert_eq!(serde_json::from_str::<PhoneNumber>(&stored).expect("readable"), number);
        }
    }
}
