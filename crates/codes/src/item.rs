//! Codes of service items: 基本编码 (12), 实施编码 (31), 业务办理项编码 (33), its short form (12 + 2), and 地方编码.
//!
//! GB/T 39554.1-2020 and the practice of the national platform. Only national codes are taken apart and validated; each
//! province also keeps codes of its own making, which are text.

mod item_type;
mod local;
#[cfg(test)]
mod tests;

pub use item_type::{ItemType, ItemTypeExtension};
pub use local::{LOCAL_CODE_CHARACTERS_MAX, LocalCode};

use crate::credit::RecordedCreditCode;
use crate::error::{Alphabet, CodeError, CodeKind};
use crate::input;
use crate::tables::ExerciseLevel;
use crate::text::{FixedText, code_traits};

/// 基本编码: 2 digits of region (00 the nation, 61 陕西), 2 item type, 2 department, 3 main item, 3 sub-item; the last
/// character Y marks a main item that has sub-items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasicItemCode(FixedText<12>);

/// 实施编码: credit code of the implementing body, exercise level, basic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImplementationItemCode(FixedText<31>);

/// 业务办理项编码: implementation code and a sequence of two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandlingItemCode(FixedText<33>);

/// 业务办理项短码: basic code and sequence, as national item lists print it before a body is known (`00013112700401`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortHandlingItemCode(FixedText<14>);

/// Any national code, told apart by its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NationalItemCode {
    /// 12 characters.
    Basic(BasicItemCode),
    /// 14 characters.
    ShortHandling(ShortHandlingItemCode),
    /// 31 characters.
    Implementation(ImplementationItemCode),
    /// 33 characters.
    Handling(HandlingItemCode),
}

code_traits!(public BasicItemCode);
code_traits!(public ImplementationItemCode);
code_traits!(public HandlingItemCode);
code_traits!(public ShortHandlingItemCode);
code_traits!(public NationalItemCode);

/// The bytes of a basic code within `kind`.
fn basic_bytes(kind: CodeKind, part: &[char], offset: usize) -> Result<Vec<u8>, CodeError> {
    input::bytes(kind, part, offset, |index| match index {
        11 => Alphabet::DigitsOrY,
        _ => Alphabet::Digits,
    })
}

/// The bytes of an implementation code within `kind`; the embedded credit code may be an early one.
fn implementation_bytes(kind: CodeKind, part: &[char]) -> Result<Vec<u8>, CodeError> {
    let mut bytes = RecordedCreditCode::from_characters(kind, &part[..18], 0)?
        .as_str()
        .as_bytes()
        .to_vec();
    bytes.extend(input::bytes(kind, &part[18..19], 18, |_| {
        Alphabet::ExerciseLevels
    })?);
    bytes.extend(basic_bytes(kind, &part[19..], 19)?);
    Ok(bytes)
}

fn sequence_bytes(kind: CodeKind, part: &[char], offset: usize) -> Result<Vec<u8>, CodeError> {
    input::bytes(kind, part, offset, |_| Alphabet::Digits)
}

impl BasicItemCode {
    const KIND: CodeKind = CodeKind::BasicItemCode;

    /// Reads 12 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(Self::KIND, text)?;
        input::expect_length(Self::KIND, characters.len(), &[12])?;
        Ok(Self(FixedText::from_checked(&basic_bytes(
            Self::KIND,
            &characters,
            0,
        )?)))
    }

    /// The 12 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the nation defined the item, as opposed to a province.
    pub fn is_national(&self) -> bool {
        self.region_digits() == "00"
    }

    /// The two digits of the defining region: 00 for the nation, else the first two of GB/T 2260.
    pub fn region_digits(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The item type.
    pub fn item_type(&self) -> ItemType {
        let number = input::number(&self.0.bytes()[2..4]);
        ItemType::from_number(u8::try_from(number).expect("two digits"))
    }

    /// The two digits of the department in charge, as the defining region numbers its departments.
    pub fn department_digits(&self) -> &str {
        &self.as_str()[4..6]
    }

    /// The three digits of the main item (主项).
    pub fn main_item_digits(&self) -> &str {
        &self.as_str()[6..9]
    }

    /// The three characters of the sub-item (子项): 000 without sub-items, 00Y for a main item that has some.
    pub fn sub_item_characters(&self) -> &str {
        &self.as_str()[9..]
    }

    /// Whether the code stands for a main item with sub-items, under which nobody can apply directly.
    pub fn is_group(&self) -> bool {
        self.0.bytes()[11] == b'Y'
    }
}

impl ImplementationItemCode {
    const KIND: CodeKind = CodeKind::ImplementationItemCode;

    /// Reads 31 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(Self::KIND, text)?;
        input::expect_length(Self::KIND, characters.len(), &[31])?;
        Ok(Self(FixedText::from_checked(&implementation_bytes(
            Self::KIND,
            &characters,
        )?)))
    }

    /// Puts a code together from its three parts.
    pub fn from_parts(
        body: RecordedCreditCode,
        level: ExerciseLevel,
        basic: BasicItemCode,
    ) -> Self {
        let text = format!("{body}{level}{basic}");
        Self(FixedText::from_checked(text.as_bytes()))
    }

    /// The 31 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The credit code of the implementing body; its `warning` tells whether the check character is right.
    pub fn body(&self) -> RecordedCreditCode {
        RecordedCreditCode::parse(&self.as_str()[..18]).expect("checked by parse")
    }

    /// The exercise level.
    pub fn level(&self) -> ExerciseLevel {
        ExerciseLevel::from_code(&self.as_str()[18..19]).expect("checked by parse")
    }

    /// The basic code.
    pub fn basic(&self) -> BasicItemCode {
        BasicItemCode(FixedText::from_checked(&self.0.bytes()[19..]))
    }
}

impl HandlingItemCode {
    const KIND: CodeKind = CodeKind::HandlingItemCode;

    /// Reads 33 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(Self::KIND, text)?;
        input::expect_length(Self::KIND, characters.len(), &[33])?;
        let mut bytes = implementation_bytes(Self::KIND, &characters[..31])?;
        bytes.extend(sequence_bytes(Self::KIND, &characters[31..], 31)?);
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The 33 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The implementation code.
    pub fn implementation(&self) -> ImplementationItemCode {
        ImplementationItemCode(FixedText::from_checked(&self.0.bytes()[..31]))
    }

    /// The two digits of the sequence.
    pub fn sequence_digits(&self) -> &str {
        &self.as_str()[31..]
    }

    /// The form without body and level.
    pub fn short(&self) -> ShortHandlingItemCode {
        ShortHandlingItemCode(FixedText::from_checked(&self.0.bytes()[19..]))
    }
}

impl ShortHandlingItemCode {
    const KIND: CodeKind = CodeKind::ShortHandlingItemCode;

    /// Reads 14 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(Self::KIND, text)?;
        input::expect_length(Self::KIND, characters.len(), &[14])?;
        let mut bytes = basic_bytes(Self::KIND, &characters[..12], 0)?;
        bytes.extend(sequence_bytes(Self::KIND, &characters[12..], 12)?);
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The 14 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The basic code.
    pub fn basic(&self) -> BasicItemCode {
        BasicItemCode(FixedText::from_checked(&self.0.bytes()[..12]))
    }

    /// The two digits of the sequence.
    pub fn sequence_digits(&self) -> &str {
        &self.as_str()[12..]
    }

    /// The full code once the implementing body and its level are known.
    pub fn with_body(&self, body: RecordedCreditCode, level: ExerciseLevel) -> HandlingItemCode {
        let text = format!("{body}{level}{self}");
        HandlingItemCode(FixedText::from_checked(text.as_bytes()))
    }
}

impl NationalItemCode {
    const KIND: CodeKind = CodeKind::NationalItemCode;

    /// Reads a code of 12, 14, 31 or 33 characters.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let length = input::characters(Self::KIND, text)?.len();
        input::expect_length(Self::KIND, length, &[12, 14, 31, 33])?;
        match length {
            12 => BasicItemCode::parse(text).map(Self::Basic),
            14 => ShortHandlingItemCode::parse(text).map(Self::ShortHandling),
            31 => ImplementationItemCode::parse(text).map(Self::Implementation),
            _ => HandlingItemCode::parse(text).map(Self::Handling),
        }
    }

    /// The whole code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Basic(code) => code.as_str(),
            Self::ShortHandling(code) => code.as_str(),
            Self::Implementation(code) => code.as_str(),
            Self::Handling(code) => code.as_str(),
        }
    }

    /// The basic code, which every form contains and by which the same item is found in all regions (四级四同).
    pub fn basic(&self) -> BasicItemCode {
        match self {
            Self::Basic(code) => *code,
            Self::ShortHandling(code) => code.basic(),
            Self::Implementation(code) => code.basic(),
            Self::Handling(code) => code.implementation().basic(),
        }
    }
}
