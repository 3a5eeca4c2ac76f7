//! 统一社会信用代码 (GB 32100-2015): who registered it, kind of subject, region, organisation code, check character.
//!
//! Two types because there are two truths: a code typed by a person must be right, but some codes issued early fail
//! the check although they are printed on a valid licence. [`CreditCode`] is the first, [`RecordedCreditCode`] keeps the
//! second with its warning, so that a real enterprise is not turned away.

use crate::check;
use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::organisation::OrganisationCode;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::CreditCode;

/// A credit code whose form and check character are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(RecordedCreditCode);

/// A credit code whose form is right and whose check character may fail, as with codes issued early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordedCreditCode(FixedText<18>);

code_traits!(public CreditCode);
code_traits!(public RecordedCreditCode);

/// What the first two characters say about the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// 机关 (11).
    GovernmentOrgan,
    /// 企业 (91).
    Enterprise,
    /// 个体工商户 (92).
    SelfEmployed,
    /// 农民专业合作社 (93).
    FarmersCooperative,
    /// Every other pair.
    Other,
}

impl SubjectKind {
    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GovernmentOrgan => "机关",
            Self::Enterprise => "企业",
            Self::SelfEmployed => "个体工商户",
            Self::FarmersCooperative => "农民专业合作社",
            Self::Other => "其他组织",
        }
    }
}

impl CreditCode {
    /// Reads a code as typed; a wrong check character is an error.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        RecordedCreditCode::parse(text)?.verified()
    }

    /// Reads a code that stands on a document in hand: the form must be right, a wrong check character becomes
    /// [`RecordedCreditCode::warning`].
    pub fn parse_lenient(text: &str) -> Result<RecordedCreditCode, CodeError> {
        RecordedCreditCode::parse(text)
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Kind of the holder.
    pub fn subject_kind(&self) -> SubjectKind {
        self.0.subject_kind()
    }

    /// The six digits of the region of registration.
    pub fn region_digits(&self) -> &str {
        self.0.region_digits()
    }

    /// The organisation code within; an error if its own check character fails, which GB 32100 does not forbid.
    pub fn organisation_code(&self) -> Result<OrganisationCode, CodeError> {
        self.0.organisation_code()
    }
}

impl RecordedCreditCode {
    /// Reads a code whose check character may be wrong.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Self::from_characters(KIND, &input::characters(KIND, text)?, 0)
    }

    /// Reads the code as part of a longer one, whose kind and positions an error then names.
    pub(crate) fn from_characters(
        kind: CodeKind,
        part: &[char],
        offset: usize,
    ) -> Result<Self, CodeError> {
        input::expect_length(kind, part.len(), &[18])?;
        let bytes = input::bytes(kind, part, offset, |index| match index {
            2..=7 => Alphabet::Digits,
            _ => Alphabet::Credit,
        })?;
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The error that the strict parse would give: to be shown, not to block.
    pub fn warning(&self) -> Option<CodeError> {
        let bytes = self.0.bytes();
        (check::credit(&bytes[..17]) != bytes[17])
            .then(|| CodeError::at(KIND, 17, Rule::CheckCharacter))
    }

    /// The strict code, if the check character is right.
    pub fn verified(self) -> Result<CreditCode, CodeError> {
        match self.warning() {
            Some(error) => Err(error),
            None => Ok(CreditCode(self)),
        }
    }

    /// Kind of the holder.
    pub fn subject_kind(&self) -> SubjectKind {
        match &self.0.bytes()[..2] {
            b"11" => SubjectKind::GovernmentOrgan,
            b"91" => SubjectKind::Enterprise,
            b"92" => SubjectKind::SelfEmployed,
            b"93" => SubjectKind::FarmersCooperative,
            _ => SubjectKind::Other,
        }
    }

    /// The six digits of the region of registration.
    pub fn region_digits(&self) -> &str {
        &self.as_str()[2..8]
    }

    /// The organisation code within; an error if its own check character fails.
    pub fn organisation_code(&self) -> Result<OrganisationCode, CodeError> {
        OrganisationCode::parse(&self.as_str()[8..17])
    }
}

impl From<CreditCode> for RecordedCreditCode {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    const CREDIT: &str = "[0-9A-HJ-NPQRTUWXY]";

    fn valid() -> impl Strategy<Value = String> {
        "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}".prop_map(|body| {
            let check = char::from(check::credit(body.as_bytes()));
            format!("{body}{check}")
        })
    }

    #[test]
    fn real_codes_pass() {
        let mut table = String::new();
        for text in [
            "11440100007482575H",
            "11370800mb28559184",
            "11100000000013338W",
            "11100000MB03271699",
            "11430000006122244L",
            "１１３３０１０５００２５００２８７Ｃ",
            "115113010833722043",
        ] {
            let code = CreditCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let organisation = code
                .organisation_code()
                .expect("real codes hold a right organisation code");
            let (kind, region) = (code.subject_kind().name(), code.region_digits());
            writeln!(table, "{code} {kind} {region} {organisation}")
                .expect("a String takes all text");
        }
        expect![[r"
            11440100007482575H 机关 440100 007482575
            11370800MB28559184 机关 370800 MB2855918
            11100000000013338W 机关 100000 000013338
            11100000MB03271699 机关 100000 MB0327169
            11430000006122244L 机关 430000 006122244
            11330105002500287C 机关 330105 002500287
            115113010833722043 机关 511301 083372204
        "]]
        .assert_eq(&table);
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in [
            "",
            "11440100007482575",
            "1144O100007482575H",
            "11440100007482S75H",
            "11440100007482575J",
        ] {
            let error = CreditCode::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            credit code: nothing was given
              还没有填写统一社会信用代码，请填好后再提交。
            credit code: 18 characters expected, 17 found
              统一社会信用代码应是18位，现在是17位。请对照营业执照或法人证书上的18位代码重新填写。
            credit code, position 5: a digit expected, 'O' found
              统一社会信用代码第5位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
            credit code, position 15: a digit or a capital letter other than I, O, Z, S, V expected, 'S' found
              统一社会信用代码第15位是字母“S”，这里应是数字或大写字母（不用I、O、Z、S、V）。是不是想填数字5？请改正后再提交。
            credit code, position 18: the check character does not agree with the others
              统一社会信用代码里有抄错的地方：第18位校验码和前面的对不上。请对照营业执照或法人证书上的18位代码重新填写。
        "]].assert_eq(&table);
    }

    #[test]
    fn an_early_code_is_kept_with_a_warning() {
        let early = CreditCode::parse_lenient("11440100007482575J").expect("the form is right");
        let warning = early.warning().expect("the check fails");
        assert_eq!(
            (warning.position(), warning.rule()),
            (Some(18), Rule::CheckCharacter)
        );
        let stored = serde_json::to_string(&early).expect("plain text");
        assert_eq!(
            serde_json::from_str::<RecordedCreditCode>(&stored).expect("readable again"),
            early
        );
        assert!(serde_json::from_str::<CreditCode>(&stored).is_err());
    }

    proptest! {
        #[test]
        fn every_valid_code_parses(text in valid()) {
            let code = CreditCode::parse(&text).expect("the check character was computed");
            prop_assert_eq!(code.as_str(), text);
        }

        #[test]
        fn every_single_substitution_is_caught(text in valid(), index in 0..18_usize, with in CREDIT) {
            prop_assume!(text[index..=index] != with);
            let mut wrong = text;
            wrong.replace_range(index..=index, &with);
            prop_assert!(CreditCode::parse(&wrong).is_err());
        }
    }
}
