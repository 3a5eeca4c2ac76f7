//! 事项类型 (GB/T 39046-2020 A.1): ten kinds of power, public service, and two ranges that provinces extend.
//!
//! It stands apart from the other tables because those ranges are open: an unknown extension must be kept, not refused.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;

const KIND: CodeKind = CodeKind::ItemType;

/// The number of a provincial extension: 11 to 19 for powers, 21 to 99 for public services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemTypeExtension(u8);

impl ItemTypeExtension {
    /// The number in the code table.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// The type of a service item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemType {
    /// 00 行政权力事项, as a whole.
    AdministrativePower,
    /// 01 行政许可.
    Licensing,
    /// 02 行政处罚.
    Penalty,
    /// 03 行政强制.
    Coercion,
    /// 04 行政征收.
    Levy,
    /// 05 行政给付.
    Payment,
    /// 06 行政检查.
    Inspection,
    /// 07 行政确认.
    Confirmation,
    /// 08 行政奖励.
    Reward,
    /// 09 行政裁决.
    Adjudication,
    /// 10 其他类别.
    OtherPower,
    /// 20 公共服务.
    PublicService,
    /// 11 to 19 and 21 to 99, defined by each province.
    Extension(ItemTypeExtension),
}

impl ItemType {
    /// The types that the national table names, in its order.
    pub const NATIONAL: [Self; 12] = [
        Self::AdministrativePower,
        Self::Licensing,
        Self::Penalty,
        Self::Coercion,
        Self::Levy,
        Self::Payment,
        Self::Inspection,
        Self::Confirmation,
        Self::Reward,
        Self::Adjudication,
        Self::OtherPower,
        Self::PublicService,
    ];

    /// Reads `01`, or `1` as in the addresses of provincial portals.
    pub fn from_code(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(KIND, text)?;
        input::expect_length(KIND, characters.len(), &[2, 1])?;
        let digits = input::bytes(KIND, &characters, 0, |_| Alphabet::Digits)?;
        let number = u8::try_from(input::number(&digits))
            .map_err(|_| CodeError::new(KIND, None, Rule::Unknown))?;
        Ok(Self::from_number(number))
    }

    /// The type of a number below 100.
    pub(crate) fn from_number(number: u8) -> Self {
        Self::NATIONAL
            .into_iter()
            .find(|known| known.number() == number)
            .unwrap_or(Self::Extension(ItemTypeExtension(number)))
    }

    /// The number in the code table.
    pub const fn number(self) -> u8 {
        match self {
            Self::AdministrativePower => 0,
            Self::Licensing => 1,
            Self::Penalty => 2,
            Self::Coercion => 3,
            Self::Levy => 4,
            Self::Payment => 5,
            Self::Inspection => 6,
            Self::Confirmation => 7,
            Self::Reward => 8,
            Self::Adjudication => 9,
            Self::OtherPower => 10,
            Self::PublicService => 20,
            Self::Extension(extension) => extension.number(),
        }
    }

    /// The two-digit code.
    pub fn code(self) -> String {
        format!("{:02}", self.number())
    }

    /// The Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdministrativePower => "行政权力事项",
            Self::Licensing => "行政许可",
            Self::Penalty => "行政处罚",
            Self::Coercion => "行政强制",
            Self::Levy => "行政征收",
            Self::Payment => "行政给付",
            Self::Inspection => "行政检查",
            Self::Confirmation => "行政确认",
            Self::Reward => "行政奖励",
            Self::Adjudication => "行政裁决",
            Self::OtherPower => "其他行政权力",
            Self::PublicService => "公共服务",
            Self::Extension(ItemTypeExtension(0..20)) => "行政权力（地方扩展）",
            Self::Extension(_) => "公共服务（地方扩展）",
        }
    }

    /// The English of the Chinese name.
    pub const fn english(self) -> &'static str {
        match self {
            Self::AdministrativePower => "Administrative power",
            Self::Licensing => "Administrative licence",
            Self::Penalty => "Penalty",
            Self::Coercion => "Coercive measure",
            Self::Levy => "Levy",
            Self::Payment => "Benefit",
            Self::Inspection => "Inspection",
            Self::Confirmation => "Confirmation",
            Self::Reward => "Award",
            Self::Adjudication => "Ruling",
            Self::OtherPower => "Other administrative power",
            Self::PublicService => "Public service",
            Self::Extension(ItemTypeExtension(0..20)) => "Administrative power (local)",
            Self::Extension(_) => "Public service (local)",
        }
    }
}

impl std::fmt::Display for ItemType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&self.code())
    }
}

impl std::str::FromStr for ItemType {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_code(text)
    }
}

impl serde::Serialize for ItemType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code())
    }
}

impl<'de> serde::Deserialize<'de> for ItemType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::from_code(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_survive_their_code() {
        for number in 0..100 {
            let read = ItemType::from_number(number);
            assert_eq!(read.number(), number);
            assert_eq!(ItemType::from_code(&read.code()), Ok(read));
        }
        assert_eq!(ItemType::from_code("1"), Ok(ItemType::Licensing));
        assert_eq!(
            ItemType::from_code("20").map(ItemType::name),
            Ok("公共服务")
        );
        assert_eq!(
            ItemType::from_code("11").map(ItemType::name),
            Ok("行政权力（地方扩展）")
        );
        assert_eq!(
            ItemType::from_code("21").map(ItemType::name),
            Ok("公共服务（地方扩展）")
        );
        assert!(ItemType::from_code("001").is_err());
    }

    #[test]
    fn serde_uses_the_code() {
        assert_eq!(
            serde_json::to_string(&ItemType::Payment).expect("plain text"),
            "\"05\""
        );
        assert!(serde_json::from_str::<ItemType>("\"x\"").is_err());
    }
}
