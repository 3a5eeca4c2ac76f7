//! 公民身份号码 (GB 11643-1999): 6 digits of region, 8 of birth date, 3 of order, 1 check character.
//!
//! There is deliberately no table of places here: tables of that kind are always short of some county and then refuse
//! people their right number. Date and check character find what typing gets wrong.

use jiff::civil::Date;

use crate::check;
use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::CitizenNumber;
/// Nobody who holds a number was born before; a typing error in the century is caught.
const BIRTH_YEAR_MIN: u32 = 1850;
const BIRTH_YEAR_MAX: u32 = 2150;

/// A citizen number whose form, date of birth and check character are right. It is personal data: there is no
/// `Display`, `Debug` is masked, and [`CitizenNumber::as_str`] is the one way to the whole number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenNumber(FixedText<18>);

code_traits!(personal CitizenNumber);

/// Sex as recorded in the citizen number (GB/T 2261.1: 1 男, 2 女).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男, an odd 17th digit.
    Male,
    /// 女, an even 17th digit.
    Female,
}

impl Sex {
    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// The code of GB/T 2261.1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

impl CitizenNumber {
    /// Reads a number as typed.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(KIND, text)?;
        if characters.len() == 15 && characters.iter().all(char::is_ascii_digit) {
            return Err(CodeError::new(KIND, None, Rule::FirstGeneration));
        }
        input::expect_length(KIND, characters.len(), &[18])?;
        let bytes = input::bytes(KIND, &characters, 0, |index| match index {
            0 => Alphabet::DigitsWithoutZero,
            17 => Alphabet::DigitsOrX,
            _ => Alphabet::Digits,
        })?;
        if birthday(&bytes).is_none() {
            return Err(CodeError::at(KIND, 6, Rule::Date));
        }
        if check::citizen(&bytes[..17]) != bytes[17] {
            return Err(CodeError::at(KIND, 17, Rule::CheckCharacter));
        }
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The whole number with a capital X. Only for sealed storage and for documents that the law wants it on.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The number for screens and lists: `610924********1234`.
    pub fn masked(&self) -> String {
        let number = self.as_str();
        format!("{}********{}", &number[..6], &number[14..])
    }

    /// Date of birth.
    pub fn birthday(&self) -> Date {
        birthday(self.0.bytes()).expect("the date was checked by parse")
    }

    /// Sex, from the 17th digit.
    pub fn sex(&self) -> Sex {
        if self.0.bytes()[16] % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// Completed years of age (周岁) on a day, the birthday itself counting as completed; `None` if the person was not
    /// born by then. Rules that count from the day after the birthday must ask for the day before.
    pub fn age_years(&self, today: Date) -> Option<u16> {
        let born = self.birthday();
        let not_yet = (today.month(), today.day()) < (born.month(), born.day());
        u16::try_from(today.year() - born.year() - i16::from(not_yet)).ok()
    }

    /// The six digits of the region where the number was given: not the place where the person lives, and possibly a
    /// region that no longer exists.
    pub fn region_digits(&self) -> &str {
        &self.as_str()[..6]
    }
}

fn birthday(bytes: &[u8]) -> Option<Date> {
    let year = input::number(&bytes[6..10]);
    if !(BIRTH_YEAR_MIN..=BIRTH_YEAR_MAX).contains(&year) {
        return None;
    }
    let month = input::number(&bytes[10..12]);
    let day = input::number(&bytes[12..14]);
    Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    fn valid() -> impl Strategy<Value = String> {
        (
            100_000..1_000_000_u32,
            1900..2030_u32,
            1..=12_u32,
            1..=28_u32,
            0..1000_u32,
        )
            .prop_map(|(region, year, month, day, order)| {
                let body = format!("{region}{year}{month:02}{day:02}{order:03}");
                let check = char::from(check::citizen(body.as_bytes()));
                format!("{body}{check}")
            })
    }

    #[test]
    fn reads_what_people_type() {
        let mut table = String::new();
        for text in [
            "610924199001011233",
            "11010519491231002x",
            " 610924 19900101 1233 ",
            "６１０９２４１９９００１０１１２３３",
            "610924198802290020",
        ] {
            let number =
                CitizenNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            writeln!(
                table,
                "{} {number:?} {} {}",
                number.as_str(),
                number.birthday(),
                number.sex().name()
            )
            .expect("a String takes all text");
        }
        expect![[r"
            610924199001011233 610924********1233 1990-01-01 男
            11010519491231002X 110105********002X 1949-12-31 女
            610924199001011233 610924********1233 1990-01-01 男
            610924199001011233 610924********1233 1990-01-01 男
            610924198802290020 610924********0020 1988-02-29 女
        "]]
        .assert_eq(&table);
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        let endless = "1".repeat(10_000);
        for text in [
            "",
            "61092419900101123",
            "610924900101123",
            "6109241990O1011233",
            "010924199001011233",
            "610924199013011233",
            "610924198502291232",
            "610924179901011233",
            "610924199001011234",
            "61092419900101123中",
            &endless,
        ] {
            let error = CitizenNumber::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            citizen number: nothing was given
              还没有填写身份证号码，请填好后再提交。
            citizen number: 18 characters expected, 17 found
              身份证号码应是18位，现在是17位。请对照身份证，从左到右逐位核对后重新填写。
            citizen number: 15-digit numbers are out of use since 2013
              15位的老身份证号码从2013年起停用。请填现在身份证上的18位号码；还没有换证的，请先到派出所办理。
            citizen number, position 11: a digit expected, 'O' found
              身份证号码第11位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
            citizen number, position 1: a digit from 1 to 9 expected, '0' found
              身份证号码第1位是“0”，这里应是数字1到9。请对照身份证，从左到右逐位核对后重新填写。
            citizen number, position 7: not a date of birth (YYYYMMDD)
              身份证号码第7位起的8位不是正确的出生年月日。请对照身份证，从左到右逐位核对后重新填写。
            citizen number, position 7: not a date of birth (YYYYMMDD)
              身份证号码第7位起的8位不是正确的出生年月日。请对照身份证，从左到右逐位核对后重新填写。
            citizen number, position 7: not a date of birth (YYYYMMDD)
              身份证号码第7位起的8位不是正确的出生年月日。请对照身份证，从左到右逐位核对后重新填写。
            citizen number, position 18: the check character does not agree with the others
              身份证号码里有抄错的地方：第18位校验码和前面的对不上。请对照身份证，从左到右逐位核对后重新填写。
            citizen number, position 18: a digit or X expected, '中' found
              身份证号码第18位是“中”，这里应是数字0到9或字母X。请对照身份证，从左到右逐位核对后重新填写。
            citizen number: more than 18 characters
              身份证号码太长，最多18位。请对照身份证，从左到右逐位核对后重新填写。
        "]].assert_eq(&table);
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let number = CitizenNumber::parse("610924198802290020").expect("valid");
        let on = |text: &str| number.age_years(text.parse().expect("a date"));
        assert_eq!(on("2026-02-28"), Some(37));
        assert_eq!(on("2026-03-01"), Some(38));
        assert_eq!(on("1988-02-29"), Some(0));
        assert_eq!(on("1988-02-28"), None);
    }

    #[test]
    fn serde_keeps_the_text_and_validates() {
        let number: CitizenNumber = serde_json::from_str("\"11010519491231002x\"").expect("valid");
        assert_eq!(
            serde_json::to_string(&number).expect("plain text"),
            "\"11010519491231002X\""
        );
        assert!(serde_json::from_str::<CitizenNumber>("\"110105194912310021\"").is_err());
    }

    proptest! {
        #[test]
        fn every_valid_number_parses(text in valid()) {
            let number = CitizenNumber::parse(&text).expect("the check character was computed");
            prop_assert_eq!(number.as_str(), text);
        }

        #[test]
        fn every_single_substitution_is_caught(text in valid(), index in 0..18_usize, with in "[0-9X]") {
            prop_assume!(text[index..=index] != with);
            let mut wrong = text;
            wrong.replace_range(index..=index, &with);
            prop_assert!(CitizenNumber::parse(&wrong).is_err());
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,24}") {
            if let Err(error) = CitizenNumber::parse(&text) {
                prop_assert!(!error.explain().is_empty());
            }
        }
    }
}
