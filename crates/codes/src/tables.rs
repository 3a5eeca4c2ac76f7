//! The closed code tables of GB/T 39046-2020 Annex A, as enums with their code, their Chinese name and its English.
//!
//! They stand in one file because they are one annex. The English names are for readers of the English pages; only the
//! Chinese name is the standard's. Two of them also know how other bodies count: provinces name
//! kinds of handling that the standard does not have, and the national rating exchange turns two tables round.

use crate::error::{CodeError, CodeKind, Rule};
use crate::input;

macro_rules! code_table {
    (
        $(#[$about:meta])*
        $table:ident { $( $(#[$meaning:meta])* $variant:ident = $code:literal, $name:literal, $english:literal; )+ }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $table {
            $( #[doc = $name] $(#[$meaning])* $variant, )+
        }

        impl $table {
            /// All values in the order of the table.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The code of the table.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            /// The Chinese name.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The English of the Chinese name.
            pub const fn english(self) -> &'static str {
                match self { $( Self::$variant => $english, )+ }
            }

            /// The value of a code, full-width digits and blanks forgiven.
            pub fn from_code(text: &str) -> Result<Self, CodeError> {
                let code: String = input::characters(CodeKind::$table, text)?.into_iter().collect();
                match code.as_str() {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err(CodeError::new(CodeKind::$table, None, Rule::Unknown)),
                }
            }
        }

        impl std::fmt::Display for $table {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.code())
            }
        }

        impl std::str::FromStr for $table {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_code(text)
            }
        }

        impl serde::Serialize for $table {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $table {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

code_table! {
    /// 行使层级 (A.2): who exercises the power. Also the 19th character of an implementation code.
    ExerciseLevel {
        National = "1", "国家级", "National";
        Province = "2", "省级", "Province";
        Prefecture = "3", "市级", "City";
        County = "4", "县级", "County";
        Town = "5", "镇（乡、街道）级", "Town";
        Village = "6", "村（社区）级", "Village";
        Graded = "7", "分级管理", "Shared between levels";
    }
}

code_table! {
    /// 实施主体性质 (A.3).
    SubjectNature {
        StatutoryOrgan = "1", "法定机关", "Statutory authority";
        AuthorisedOrganisation = "2", "授权组织", "Authorised organisation";
        EntrustedOrganisation = "3", "受委托组织", "Entrusted organisation";
        Other = "9", "其他", "Other";
    }
}

code_table! {
    /// 服务对象 (A.4).
    ServiceObject {
        NaturalPerson = "1", "自然人", "People";
        Enterprise = "2", "企业法人", "Enterprises";
        PublicInstitution = "3", "事业法人", "Public institutions";
        SocialOrganisation = "4", "社会组织法人", "Social organisations";
        AdministrativeOrgan = "5", "行政机关", "Authorities";
        Other = "6", "其他组织", "Other organisations";
    }
}

code_table! {
    /// 办理形式 (A.5).
    HandlingForm {
        Counter = "1", "窗口办理", "At a counter";
        Computer = "2", "电脑端办理", "On a computer";
        Mobile = "3", "移动端办理", "On a phone";
        Courier = "4", "快递办理", "By courier";
        Other = "9", "其他", "Other";
    }
}

code_table! {
    /// 办件类型 (A.6). The table has 1, 2 and 9; joint and escalated items are words of local practice, so they carry
    /// this product's codes 3 and 4, and [`HandlingKind::national_code`] gives what may leave the county.
    HandlingKind {
        Instant = "1", "即办件", "Instant";
        Standard = "2", "承诺件", "Promised time";
        Joint = "3", "联办件", "Joint";
        Escalated = "4", "上报件", "Escalated";
        Other = "9", "其他", "Other";
    }
}

impl HandlingKind {
    /// The code that GB/T 39046 has for this kind: local kinds are 9.
    pub const fn national_code(self) -> &'static str {
        match self {
            Self::Joint | Self::Escalated => Self::Other.code(),
            national => national.code(),
        }
    }

    /// The code of the national rating exchange, which counts 承诺件 as 1 and 即办件 as 2; `None` for kinds that it
    /// does not have.
    pub const fn rating_exchange_code(self) -> Option<&'static str> {
        match self {
            Self::Standard => Some("1"),
            Self::Instant => Some("2"),
            Self::Joint | Self::Escalated | Self::Other => None,
        }
    }
}

code_table! {
    /// 特别程序 (A.7).
    SpecialProcedure {
        Extension = "1", "延长审批", "Extension";
        OtherThanExtension = "2", "除延长审批之外的情况", "Other than an extension";
    }
}

code_table! {
    /// 满意度 (A.8): 1 is the best.
    Satisfaction {
        VerySatisfied = "1", "非常满意", "Very satisfied";
        Satisfied = "2", "满意", "Satisfied";
        Acceptable = "3", "基本满意", "Fairly satisfied";
        Dissatisfied = "4", "不满意", "Dissatisfied";
        VeryDissatisfied = "5", "非常不满意", "Very dissatisfied";
    }
}

impl Satisfaction {
    /// The stars of the national rating exchange, which counts the other way: 5 is the best.
    pub const fn rating_exchange_stars(self) -> u8 {
        match self {
            Self::VerySatisfied => 5,
            Self::Satisfied => 4,
            Self::Acceptable => 3,
            Self::Dissatisfied => 2,
            Self::VeryDissatisfied => 1,
        }
    }

    /// The grade of a number of stars from the national rating exchange; `None` outside 1 to 5.
    pub fn from_rating_exchange_stars(stars: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|grade| grade.rating_exchange_stars() == stars)
    }

    /// Whether the grade counts as a bad review (差评), which obliges the office to answer and rectify.
    pub const fn is_bad_review(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }
}

/// Every Chinese name of the tables with its English, in the order of the tables; a name that several tables share
/// comes several times, with the same English.
pub(crate) fn english_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    fn names<T: Copy>(
        all: &'static [T],
        name: fn(T) -> &'static str,
        english: fn(T) -> &'static str,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        all.iter().map(move |value| (name(*value), english(*value)))
    }
    names(
        ExerciseLevel::ALL,
        ExerciseLevel::name,
        ExerciseLevel::english,
    )
    .chain(names(
        SubjectNature::ALL,
        SubjectNature::name,
        SubjectNature::english,
    ))
    .chain(names(
        ServiceObject::ALL,
        ServiceObject::name,
        ServiceObject::english,
    ))
    .chain(names(
        HandlingForm::ALL,
        HandlingForm::name,
        HandlingForm::english,
    ))
    .chain(names(
        HandlingKind::ALL,
        HandlingKind::name,
        HandlingKind::english,
    ))
    .chain(names(
        SpecialProcedure::ALL,
        SpecialProcedure::name,
        SpecialProcedure::english,
    ))
    .chain(names(
        Satisfaction::ALL,
        Satisfaction::name,
        Satisfaction::english,
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    macro_rules! survives {
        ($($table:ident),+) => {
            $( for value in $table::ALL {
                assert_eq!($table::from_code(value.code()), Ok(*value));
                let stored = serde_json::to_string(value).expect("plain text");
                assert_eq!(serde_json::from_str::<$table>(&stored).expect("readable"), *value);
            }
            assert!($table::from_code("8").is_err()); )+
        };
    }

    #[test]
    fn every_value_survives_its_code() {
        survives!(
            ExerciseLevel,
            SubjectNature,
            ServiceObject,
            HandlingForm,
            HandlingKind,
            SpecialProcedure,
            Satisfaction
        );
    }

    #[test]
    fn one_word_has_one_english() {
        let mut known = std::collections::BTreeMap::new();
        for (name, english) in english_names() {
            assert!(!english.is_empty() && english.is_ascii(), "{name}");
            assert_eq!(*known.entry(name).or_insert(english), english, "{name}");
        }
        assert_eq!(known.get("自然人"), Some(&"People"));
    }

    #[test]
    fn an_unknown_code_names_its_table() {
        let error = HandlingKind::from_code("８").expect_err("not in the table");
        expect![[r"
            handling kind: not in the code table
            没有这一种办件类型。请从列表中选择。"]]
        .assert_eq(&format!("{error}\n{}", error.explain()));
    }

    #[test]
    fn the_rating_exchange_counts_the_other_way() {
        assert_eq!(Satisfaction::VerySatisfied.code(), "1");
        assert_eq!(Satisfaction::VerySatisfied.rating_exchange_stars(), 5);
        for grade in Satisfaction::ALL {
            assert_eq!(
                Satisfaction::from_rating_exchange_stars(grade.rating_exchange_stars()),
                Some(*grade)
            );
        }
        assert_eq!(Satisfaction::from_rating_exchange_stars(0), None);
        assert_eq!(HandlingKind::Instant.rating_exchange_code(), Some("2"));
        assert_eq!(HandlingKind::Escalated.national_code(), "9");
    }
}
