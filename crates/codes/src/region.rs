//! 行政区划代码: GB/T 2260 (6 digits, province to county) and its statistical extension (9 town, 12 village).
//!
//! Names of places belong to the catalogue; this file knows only what the digits themselves say. It reads what people
//! type and explains what is wrong. The tenant of a record and the reach of a post are `wuchuang_kernel::Region`, which
//! compares digits that are known to be right.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::{FixedText, code_traits};

const KIND: CodeKind = CodeKind::RegionCode;

/// The level that a region code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegionLevel {
    /// 省级.
    Province,
    /// 市级 (地级).
    Prefecture,
    /// 县级.
    County,
    /// 镇 (乡、街道) 级.
    Town,
    /// 村 (社区) 级.
    Village,
}

impl RegionLevel {
    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Province => "省级",
            Self::Prefecture => "市级",
            Self::County => "县级",
            Self::Town => "镇（乡、街道）级",
            Self::Village => "村（社区）级",
        }
    }

    /// How many of the 12 digits carry meaning at this level.
    const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Prefecture => 4,
            Self::County => 6,
            Self::Town => 9,
            Self::Village => 12,
        }
    }

    const fn above(self) -> Option<Self> {
        match self {
            Self::Province => None,
            Self::Prefecture => Some(Self::Province),
            Self::County => Some(Self::Prefecture),
            Self::Town => Some(Self::County),
            Self::Village => Some(Self::Town),
        }
    }
}

/// The kind of committee that a village code stands for, by its last three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommitteeKind {
    /// 居民委员会: 001 to 199.
    Residents,
    /// 村民委员会: 200 to 399.
    Villagers,
    /// Areas that only resemble a committee's (development zones, farms): 400 and above.
    Other,
}

impl CommitteeKind {
    /// The Chinese word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Residents => "居委会",
            Self::Villagers => "村委会",
            Self::Other => "其他",
        }
    }
}

/// A region from province to village. `610924000000`, `610924000` and `610924` are the same county and compare equal;
/// the order of values is the order of the tree, each region before its children.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(FixedText<12>);

code_traits!(public RegionCode);

impl std::fmt::Debug for RegionCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RegionCode({})", self.as_str())
    }
}

impl RegionCode {
    /// Reads 6, 9 or 12 digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let characters = input::characters(KIND, text)?;
        input::expect_length(KIND, characters.len(), &[6, 9, 12])?;
        let mut bytes = input::bytes(KIND, &characters, 0, |index| match index {
            0 => Alphabet::DigitsWithoutZero,
            _ => Alphabet::Digits,
        })?;
        bytes.resize(12, b'0');
        if &bytes[6..9] == b"000" && &bytes[9..] != b"000" {
            return Err(CodeError::at(KIND, 6, Rule::TownMissing));
        }
        Ok(Self(FixedText::from_checked(&bytes)))
    }

    /// The shortest of the written forms: 6 digits down to the county, 9 for a town, 12 for a village.
    pub fn as_str(&self) -> &str {
        &self.padded()[..self.level().digits().max(6)]
    }

    /// The 12 digits of the statistical form.
    pub fn padded(&self) -> &str {
        self.0.as_str()
    }

    /// The level. A town may hang directly under a prefecture-level city (东莞 `441900003`): it is a town all the same.
    pub fn level(&self) -> RegionLevel {
        let digits = self.0.bytes();
        if &digits[9..] != b"000" {
            RegionLevel::Village
        } else if &digits[6..9] != b"000" {
            RegionLevel::Town
        } else if &digits[4..6] != b"00" {
            RegionLevel::County
        } else if &digits[2..4] != b"00" {
            RegionLevel::Prefecture
        } else {
            RegionLevel::Province
        }
    }

    /// The region above by the digits alone; `None` for a province. For counties governed by their province directly
    /// (仙桃 `429004`) the digits give a collective code (`429000`) that is no place.
    pub fn parent(&self) -> Option<Self> {
        self.level().above().map(|above| self.truncated(above))
    }

    /// The kind of committee of a village code; `None` on higher levels.
    pub fn committee_kind(&self) -> Option<CommitteeKind> {
        (self.level() == RegionLevel::Village).then(|| match self.0.bytes()[9] {
            b'0' | b'1' => CommitteeKind::Residents,
            b'2' | b'3' => CommitteeKind::Villagers,
            _ => CommitteeKind::Other,
        })
    }

    fn truncated(self, level: RegionLevel) -> Self {
        let mut digits = *self.0.bytes();
        digits[level.digits()..].fill(b'0');
        Self(FixedText::from_checked(&digits))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    fn region(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn climbs_from_real_places() {
        let mut table = String::new();
        for text in [
            "610924102001",
            "610924102200",
            "431026100498",
            "４４１９００００３",
            "610924000000",
            "610900",
        ] {
            let mut code = region(text);
            let committee = code.committee_kind().map_or("-", CommitteeKind::name);
            write!(table, "{code} {} {committee}", code.level().name())
                .expect("a String takes all text");
            while let Some(parent) = code.parent() {
                code = parent;
                write!(table, " < {code}").expect("a String takes all text");
            }
            table.push('\n');
        }
        expect![[r"
            610924102001 村（社区）级 居委会 < 610924102 < 610924 < 610900 < 610000
            610924102200 村（社区）级 村委会 < 610924102 < 610924 < 610900 < 610000
            431026100498 村（社区）级 其他 < 431026100 < 431026 < 431000 < 430000
            441900003 镇（乡、街道）级 - < 441900 < 440000
            610924 县级 - < 610900 < 610000
            610900 市级 - < 610000
        "]]
        .assert_eq(&table);
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in ["", "61092", "61O924", "061092", "610924000200"] {
            let error = RegionCode::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            region code: nothing was given
              还没有填写行政区划代码，请填好后再提交。
            region code: 6, 9 or 12 characters expected, 5 found
              行政区划代码应是6、9或12位，现在是5位。请从区划列表中选择所在的县、镇或村。
            region code, position 3: a digit expected, 'O' found
              行政区划代码第3位是字母“O”，这里应是数字0到9。是不是想填数字0？请改正后再提交。
            region code, position 1: a digit from 1 to 9 expected, '0' found
              行政区划代码第1位是“0”，这里应是数字1到9。请从区划列表中选择所在的县、镇或村。
            region code, position 7: a village code needs its town
              行政区划代码第7位起的3位是镇（街道），村（社区）的代码里不能是000。请从区划列表中选择所在的县、镇或村。
        "]].assert_eq(&table);
    }

    #[test]
    fn long_and_short_forms_are_one_county() {
        assert_eq!(region("610924"), region("610924000000"));
        assert_eq!(
            serde_json::to_string(&region("610924000000")).expect("plain text"),
            "\"610924\""
        );
    }

    proptest! {
        #[test]
        fn every_region_lies_in_its_parent(text in "[1-9][0-9]{5}[1-9]{3}[0-9]{3}") {
            let mut code = region(&text);
            while let Some(parent) = code.parent() {
                let significant = parent.level().digits();
                prop_assert_eq!(&parent.padded()[..significant], &code.padded()[..significant]);
                prop_assert!(parent < code);
                prop_assert!(parent.level() < code.level());
                prop_assert_eq!(region(code.as_str()), code);
                code = parent;
            }
            prop_assert_eq!(code.level(), RegionLevel::Province);
        }
    }
}
