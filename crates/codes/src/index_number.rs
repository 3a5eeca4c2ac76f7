//! 公文索引号: organisation code of the issuing body, year, serial number within the year (`719776475/2016-0180`).
//!
//! The form is the one in the headers of published government documents; disclosure and archive both quote it.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::organisation::OrganisationCode;
use crate::text::code_traits;

const KIND: CodeKind = CodeKind::IndexNumber;
const SHAPE: Rule = Rule::Shape {
    form: "ORGANISATION/YEAR-SERIAL",
    form_chinese: "机构代码/年份-序号",
};
/// No government of the People's Republic published a document before its founding year.
const YEAR_MIN: u16 = 1949;
const YEAR_MAX: u16 = 2150;
const SERIAL_DIGITS_MAX: usize = 8;

/// The index number of a document. The zeros before the serial number are kept as printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexNumber {
    text: Box<str>,
    organisation: OrganisationCode,
}

code_traits!(public IndexNumber);

impl IndexNumber {
    /// Reads an index number; the organisation code may be written with its hyphen.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(KIND, text)?;
        let shape = CodeError::new(KIND, None, SHAPE);
        let slash = characters
            .iter()
            .position(|&character| character == '/')
            .ok_or(shape)?;
        let organisation = OrganisationCode::from_characters(KIND, &characters[..slash])?;
        let rest = &characters[slash + 1..];
        let hyphen = rest
            .iter()
            .position(|&character| character == '-')
            .ok_or(shape)?;
        let year = input::bytes(KIND, &rest[..hyphen], slash + 1, |_| Alphabet::Digits)?;
        let serial = input::bytes(KIND, &rest[hyphen + 1..], slash + hyphen + 2, |_| {
            Alphabet::Digits
        })?;
        if year.len() != 4 || !(1..=SERIAL_DIGITS_MAX).contains(&serial.len()) {
            return Err(shape);
        }
        let year = u16::try_from(input::number(&year)).expect("four digits");
        Self::assemble(organisation, year, input::number(&serial), serial.len())
    }

    /// Makes the index number of a document; the serial number gets at least four digits.
    pub fn build(
        organisation: OrganisationCode,
        year: u16,
        serial: u32,
    ) -> Result<Self, CodeError> {
        Self::assemble(organisation, year, serial, 4)
    }

    fn assemble(
        organisation: OrganisationCode,
        year: u16,
        serial: u32,
        width: usize,
    ) -> Result<Self, CodeError> {
        let digits = format!("{serial:0width$}");
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) || serial == 0 || digits.len() > SERIAL_DIGITS_MAX
        {
            return Err(CodeError::new(KIND, None, SHAPE));
        }
        let text = format!("{organisation}/{year}-{digits}").into_boxed_str();
        Ok(Self { text, organisation })
    }

    /// The whole index number, the organisation code without its hyphen.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The issuing body.
    pub fn organisation(&self) -> OrganisationCode {
        self.organisation
    }

    /// The year.
    pub fn year(&self) -> u16 {
        u16::try_from(input::number(&self.text.as_bytes()[10..14])).expect("four digits")
    }

    /// The serial number within the year.
    pub fn serial(&self) -> u32 {
        input::number(&self.text.as_bytes()[15..])
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_real_one_is_read_and_made() {
        for text in ["719776475/2016-0180", "71977647-5／２０１６－0180"] {
            let read = IndexNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read.as_str(), "719776475/2016-0180");
            assert_eq!((read.year(), read.serial()), (2016, 180));
            assert_eq!(IndexNumber::build(read.organisation(), 2016, 180), Ok(read));
        }
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in [
            "",
            "719776475",
            "719776474/2016-0180",
            "719776475/2016",
            "719776475/16-0180",
            "719776475/2016-O180",
            "719776475/2016-0000",
            "719776475/2016-123456789",
        ] {
            let error = IndexNumber::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            index number: nothing was given
              还没有填写索引号，请填好后再提交。
            index number: expected the form ORGANISATION/YEAR-SERIAL
              索引号的写法应是“机构代码/年份-序号”。请对照公文首页的索引号，写法如“719776475/2016-0180”。
            index number, position 9: the check character does not agree with the others
              索引号里有抄错的地方：第9位校验码和前面的对不上。请对照公文首页的索引号，写法如“719776475/2016-0180”。
            index number: expected the form ORGANISATION/YEAR-SERIAL
              索引号的写法应是“机构代码/年份-序号”。请对照公文首页的索引号，写法如“719776475/2016-0180”。
            index number: expected the form ORGANISATION/YEAR-SERIAL
              索引号的写法应是“机构代码/年份-序号”。请对照公文首页的索引号，写法如“719776475/2016-0180”。
            index number, position 16: a digit expected, 'O' found
              索引号第16位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
            index number: expected the form ORGANISATION/YEAR-SERIAL
              索引号的写法应是“机构代码/年份-序号”。请对照公文首页的索引号，写法如“719776475/2016-0180”。
            index number: expected the form ORGANISATION/YEAR-SERIAL
              索引号的写法应是“机构代码/年份-序号”。请对照公文首页的索引号，写法如“719776475/2016-0180”。
        "]].assert_eq(&table);
    }

    proptest! {
        #[test]
        fn every_made_number_parses(year in 1949..=2150_u16, serial in 1..=99_999_999_u32) {
            let body = OrganisationCode::parse("719776475").expect("real");
            let made = IndexNumber::build(body, year, serial).expect("within limits");
            prop_assert_eq!((made.year(), made.serial()), (year, serial));
            prop_assert_eq!(IndexNumber::parse(made.as_str()), Ok(made));
        }
    }
}
