//! 组织机构代码 (GB 11714-1997): 8 characters and a check character, often printed with a hyphen between them.
//!
//! It lives on inside the credit code and in the index numbers of documents, so both parsers build on this one.

use crate::check;
use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::OrganisationCode;

/// An organisation code whose check character is right, kept without the hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode(FixedText<9>);

code_traits!(public OrganisationCode);

impl OrganisationCode {
    /// Reads `719776475` or `71977647-5`.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Self::from_characters(KIND, &input::characters(KIND, text)?)
    }

    /// Reads the code at the beginning of a longer one, whose kind an error then names.
    pub(crate) fn from_characters(kind: CodeKind, part: &[char]) -> Result<Self, CodeError> {
        let mut part = part.to_vec();
        if part.len() == 10 && part[8] == '-' {
            part.remove(8);
        }
        input::expect_length(kind, part.len(), &[9])?;
        let bytes = input::bytes(kind, &part, 0, |index| match index {
            8 => Alphabet::DigitsOrX,
            _ => Alphabet::DigitsAndLetters,
        })?;
        if check::organisation(&bytes[..8]) != bytes[8] {
            return Err(CodeError::at(kind, 8, Rule::CheckCharacter));
        }
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The nine characters without a hyphen.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The printed form with a hyphen: `71977647-5`.
    pub fn hyphenated(&self) -> String {
        let code = self.as_str();
        format!("{}-{}", &code[..8], &code[8..])
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_codes_pass() {
        for text in ["719776475", "71977647-5", "７１９７７６４７－５"] {
            let code =
                OrganisationCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(
                (code.as_str(), code.hyphenated().as_str()),
                ("719776475", "71977647-5")
            );
        }
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in ["", "71977647", "719776476", "7197764?5", "71977647A"] {
            let error = OrganisationCode::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            organisation code: nothing was given
              还没有填写组织机构代码，请填好后再提交。
            organisation code: 9 characters expected, 8 found
              组织机构代码应是9位，现在是8位。请对照组织机构代码证，或取统一社会信用代码的第9至17位。
            organisation code, position 9: the check character does not agree with the others
              组织机构代码里有抄错的地方：第9位校验码和前面的对不上。请对照组织机构代码证，或取统一社会信用代码的第9至17位。
            organisation code, position 8: a digit or a letter expected, '?' found
              组织机构代码第8位是“?”，这里应是数字或字母。请对照组织机构代码证，或取统一社会信用代码的第9至17位。
            organisation code, position 9: a digit or X expected, 'A' found
              组织机构代码第9位是“A”，这里应是数字0到9或字母X。请对照组织机构代码证，或取统一社会信用代码的第9至17位。
        "]].assert_eq(&table);
    }

    proptest! {
        #[test]
        fn every_valid_code_parses(body in "[0-9A-Z]{8}") {
            let text = format!("{body}{}", char::from(check::organisation(body.as_bytes())));
            prop_assert!(OrganisationCode::parse(&text).is_ok());
        }

        #[test]
        fn every_substitution_of_a_digit_by_a_digit_is_caught(
            body in "[0-9]{8}", index in 0..8_usize, with in "[0-9]",
        ) {
            prop_assume!(body[index..=index] != with);
            let mut wrong = format!("{body}{}", char::from(check::organisation(body.as_bytes())));
            wrong.replace_range(index..=index, &with);
            prop_assert!(OrganisationCode::parse(&wrong).is_err());
        }
    }
}
