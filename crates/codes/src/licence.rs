//! 电子证照标识 (GB/T 36904-2018): root, licence type, issuer, serial number, version, check character, joined by dots.
//!
//! The check is ISO/IEC 7064 MOD 37,36 over the four middle parts without their dots; it was confirmed on identifiers
//! that ministries and provinces really issued (see the tests).

use std::ops::Range;

use crate::check;
use crate::credit::RecordedCreditCode;
use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::LicenceIdentifier;
const ROOT: &str = "1.2.156.3005.2.";
const SHAPE: Rule = Rule::Shape {
    form: "1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK",
    form_chinese: "1.2.156.3005.2.证照类型代码.颁发机构代码.流水号.版本号.校验位",
};
const ISSUER_CHARACTERS: &[usize] = &[6, 9, 12, 18];
const SERIAL_CHARACTERS_MAX: usize = 50;
const VERSION_MAX: u16 = 999;
/// Root 15, type 21, issuer 18, serial 50, version 3, check 1, and four dots between the last five parts.
pub(crate) const IDENTIFIER_CHARACTERS_MAX: usize =
    15 + 21 + 18 + SERIAL_CHARACTERS_MAX + 3 + 1 + 4;

/// 证照类型代码: the credit code of the authority that defined the licence type, and three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenceTypeCode(FixedText<21>);

/// A licence identifier whose check character is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenceIdentifier {
    text: Box<str>,
    issuer_end: usize,
}

code_traits!(public LicenceTypeCode);
code_traits!(public LicenceIdentifier);

impl LicenceTypeCode {
    const KIND: CodeKind = CodeKind::LicenceTypeCode;

    /// Reads 21 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Self::from_characters(Self::KIND, &input::characters(Self::KIND, text)?, 0)
    }

    fn from_characters(kind: CodeKind, part: &[char], offset: usize) -> Result<Self, CodeError> {
        if part.len() != 21 {
            let rule = Rule::Length {
                expected: &[21],
                found: part.len(),
            };
            return Err(CodeError::new(CodeKind::LicenceTypeCode, None, rule));
        }
        let authority = RecordedCreditCode::from_characters(kind, &part[..18], offset)?;
        let mut bytes = authority.as_str().as_bytes().to_vec();
        bytes.extend(input::bytes(kind, &part[18..], offset + 18, |_| {
            Alphabet::Digits
        })?);
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The 21 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The authority that defined the type.
    pub fn authority(&self) -> RecordedCreditCode {
        RecordedCreditCode::parse(&self.as_str()[..18]).expect("checked by parse")
    }

    /// The number of the type among those of its authority.
    pub fn number(&self) -> u16 {
        u16::try_from(input::number(&self.0.bytes()[18..])).expect("three digits")
    }
}

impl LicenceIdentifier {
    /// Reads an identifier and verifies its check character.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(KIND, text)?;
        if characters.len() > IDENTIFIER_CHARACTERS_MAX {
            let characters_max = IDENTIFIER_CHARACTERS_MAX;
            return Err(CodeError::new(KIND, None, Rule::TooLong { characters_max }));
        }
        let shape = CodeError::new(KIND, None, SHAPE);
        if !characters.iter().copied().take(ROOT.len()).eq(ROOT.chars()) {
            return Err(shape);
        }
        let [kind, issuer, serial, version, check] =
            parts(&characters).try_into().map_err(|_| shape)?;
        let type_code =
            LicenceTypeCode::from_characters(KIND, &characters[kind.clone()], kind.start)?;
        let unchecked = Unchecked {
            type_code,
            issuer: letters(&characters, issuer)?,
            serial: letters(&characters, serial)?,
            version: version_number(&characters, version)?,
        };
        if check.len() != 1 {
            return Err(shape);
        }
        let given = letters(&characters, check.clone())?;
        let identifier = unchecked.finish()?;
        if !identifier.text.ends_with(&given) {
            return Err(CodeError::at(KIND, check.start, Rule::CheckCharacter));
        }
        Ok(identifier)
    }

    /// Makes the identifier of a licence. `issuer` is a credit code (18) or a region (6, 9, 12); `serial` has digits and
    /// letters, at most 50; `version` runs from 1 to 999 and rises with each renewal of the same licence.
    pub fn build(
        type_code: LicenceTypeCode,
        issuer: &str,
        serial: &str,
        version: u16,
    ) -> Result<Self, CodeError> {
        let issuer = input::characters(KIND, issuer)?;
        let serial = input::characters(KIND, serial)?;
        let issuer = letters(&issuer, 0..issuer.len())?;
        let serial = letters(&serial, 0..serial.len())?;
        Unchecked {
            type_code,
            issuer,
            serial,
            version,
        }
        .finish()
    }

    /// The whole identifier.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The licence type.
    pub fn type_code(&self) -> LicenceTypeCode {
        LicenceTypeCode::parse(&self.text[ROOT.len()..ROOT.len() + 21]).expect("checked by parse")
    }

    /// The credit code or region of the issuer.
    pub fn issuer(&self) -> &str {
        &self.text[ROOT.len() + 22..self.issuer_end]
    }

    /// The serial number.
    pub fn serial(&self) -> &str {
        &self.text[self.issuer_end + 1..self.text.len() - 6]
    }

    /// The version: 1 for the first issue.
    pub fn version(&self) -> u16 {
        let digits = &self.text.as_bytes()[self.text.len() - 5..self.text.len() - 2];
        u16::try_from(input::number(digits)).expect("three digits")
    }

    /// Whether the other identifier is another version of the same licence (same type, issuer and serial number).
    pub fn is_same_licence(&self, other: &Self) -> bool {
        let end = self.text.len() - 6;
        other.text.len() == self.text.len() && other.text[..end] == self.text[..end]
    }
}

/// The parts of an identifier before lengths are checked and the check character is computed.
struct Unchecked {
    type_code: LicenceTypeCode,
    issuer: String,
    serial: String,
    version: u16,
}

impl Unchecked {
    fn finish(self) -> Result<LicenceIdentifier, CodeError> {
        let Self {
            type_code,
            issuer,
            serial,
            version,
        } = self;
        let serial_fits = (1..=SERIAL_CHARACTERS_MAX).contains(&serial.len());
        let version_fits = (1..=VERSION_MAX).contains(&version);
        if !ISSUER_CHARACTERS.contains(&issuer.len()) || !serial_fits || !version_fits {
            return Err(CodeError::new(KIND, None, SHAPE));
        }
        let body = format!("{type_code}{issuer}{serial}{version:03}");
        let check = char::from(check::modulus_37_36(body.bytes()));
        let text =
            format!("{ROOT}{type_code}.{issuer}.{serial}.{version:03}.{check}").into_boxed_str();
        Ok(LicenceIdentifier {
            text,
            issuer_end: ROOT.len() + 22 + issuer.len(),
        })
    }
}

/// The ranges of the parts after the root, without their dots.
fn parts(characters: &[char]) -> Vec<Range<usize>> {
    let mut start = ROOT.len();
    let mut ranges = Vec::with_capacity(5);
    for part in characters[start..].split(|&character| character == '.') {
        ranges.push(start..start + part.len());
        start += part.len() + 1;
    }
    ranges
}

fn letters(characters: &[char], range: Range<usize>) -> Result<String, CodeError> {
    let bytes = input::bytes(KIND, &characters[range.clone()], range.start, |_| {
        Alphabet::DigitsAndLetters
    })?;
    Ok(bytes.into_iter().map(char::from).collect())
}

fn version_number(characters: &[char], range: Range<usize>) -> Result<u16, CodeError> {
    let digits = input::bytes(KIND, &characters[range.clone()], range.start, |_| {
        Alphabet::Digits
    })?;
    if digits.len() != 3 {
        return Err(CodeError::new(KIND, None, SHAPE));
    }
    Ok(u16::try_from(input::number(&digits)).expect("three digits"))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    const REAL: [&str; 5] = [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    ];

    #[test]
    fn real_identifiers_pass_and_are_made_again() {
        let mut table = String::new();
        for text in REAL {
            let read =
                LicenceIdentifier::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let made = LicenceIdentifier::build(
                read.type_code(),
                read.issuer(),
                read.serial(),
                read.version(),
            );
            assert_eq!(made.as_ref().map(LicenceIdentifier::as_str), Ok(text));
            let kind = read.type_code();
            writeln!(
                table,
                "{} {} | {} | {} | {}",
                kind.authority(),
                kind.number(),
                read.issuer(),
                read.serial(),
                read.version(),
            )
            .expect("a String takes all text");
        }
        expect![[r"
            11100000000013338W 11 | 11430000006122244L | 20230000403 | 1
            11100000000013338W 11 | 11430000006122244L | 20230000403 | 2
            11100000000013338W 9 | 11330105002500287C | 2025052201 | 2
            11100000MB03271699 22 | 340100 | 000000016 | 1
            11100000000013338W 87 | 11370800MB28559184 | 37080001202411010001 | 1
        "]]
        .assert_eq(&table);
    }

    #[test]
    fn renewal_keeps_the_licence() {
        let read = |index: usize| LicenceIdentifier::parse(REAL[index]).expect("real");
        assert!(read(0).is_same_licence(&read(1)));
        assert!(!read(0).is_same_licence(&read(2)));
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in [
            "",
            "1.2.156.3005.3.11100000000013338W011.11430000006122244L.20230000403.001.U",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001",
            "1.2.156.3005.2.062301.1101101102.0624_001.001.U",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.2023-403.001.U",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.2023.000.U",
            "1.2.156.3005.2.",
        ] {
            let error = LicenceIdentifier::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            licence identifier: nothing was given
              还没有填写电子证照标识，请填好后再提交。
            licence identifier: expected the form 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK
              电子证照标识的写法应是“1.2.156.3005.2.证照类型代码.颁发机构代码.流水号.版本号.校验位”。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence identifier, position 73: the check character does not agree with the others
              电子证照标识里有抄错的地方：第73位校验码和前面的对不上。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence identifier: expected the form 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK
              电子证照标识的写法应是“1.2.156.3005.2.证照类型代码.颁发机构代码.流水号.版本号.校验位”。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence type code: 21 characters expected, 6 found
              证照类型代码应是21位，现在是6位。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence identifier, position 61: a digit or a letter expected, '-' found
              电子证照标识第61位是“-”，这里应是数字或字母。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence identifier: expected the form 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK
              电子证照标识的写法应是“1.2.156.3005.2.证照类型代码.颁发机构代码.流水号.版本号.校验位”。请扫描证照上的二维码，或对照证照上的标识重新填写。
            licence identifier: expected the form 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK
              电子证照标识的写法应是“1.2.156.3005.2.证照类型代码.颁发机构代码.流水号.版本号.校验位”。请扫描证照上的二维码，或对照证照上的标识重新填写。
        "]].assert_eq(&table);
    }

    proptest! {
        #[test]
        fn every_made_identifier_parses(serial in "[0-9A-Z]{1,50}", version in 1..=999_u16, region in "[1-9][0-9]{5}") {
            let kind = LicenceTypeCode::parse("11100000000013338W011").expect("real");
            let made = LicenceIdentifier::build(kind, &region, &serial, version).expect("within limits");
            prop_assert_eq!(LicenceIdentifier::parse(made.as_str()), Ok(made.clone()));
            prop_assert_eq!((made.issuer(), made.serial(), made.version()), (&*region, &*serial, version));
        }

        #[test]
        fn every_single_substitution_is_caught(real in 0..REAL.len(), index in 0..200_usize, with in "[0-9A-Z]") {
            let text = REAL[real];
            let index = index % text.len();
            prop_assume!(text[index..=index] != with && text[index..=index] != *".");
            let mut wrong = text.to_owned();
            wrong.replace_range(index..=index, &with);
            prop_assert!(LicenceIdentifier::parse(&wrong).is_err());
        }
    }
}
