//! What is wrong with a code: which kind of code, at which position, by which rule, and how to put it right.
//!
//! One error type serves all parsers, so that a form, an Excel import and the API can treat every code alike. It never
//! carries the input itself, because that may be somebody's citizen number; at most the one character that is wrong.

use std::fmt;

mod alphabet;
mod kind;

pub use alphabet::Alphabet;
pub use kind::CodeKind;

/// The rule that the input breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nothing was given.
    Empty,
    /// More characters than any code of this kind can have.
    TooLong {
        /// The limit.
        characters_max: usize,
    },
    /// Another number of characters than the standard has.
    Length {
        /// The lengths that exist.
        expected: &'static [usize],
        /// The length given.
        found: usize,
    },
    /// A character that cannot stand at this position.
    Character {
        /// The character given.
        found: char,
        /// What may stand there.
        allowed: Alphabet,
    },
    /// The check character does not agree with the others: at least one of them is wrong.
    CheckCharacter,
    /// The digits at this position are no date of birth.
    Date,
    /// A number of the first generation (15 digits), out of use since 2013-01-01.
    FirstGeneration,
    /// A village code whose town part is zero.
    TownMissing,
    /// The parts, their lengths or the separators are not those of the standard.
    Shape {
        /// The form in English, for developers.
        form: &'static str,
        /// The form in Chinese, for people.
        form_chinese: &'static str,
    },
    /// A landline without its area code.
    AreaCodeMissing,
    /// A number that is neither a mobile nor a landline number of the mainland.
    PhoneForm,
    /// A value that the code table does not have.
    Unknown,
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("nothing was given"),
            Self::TooLong { characters_max } => {
                write!(formatter, "more than {characters_max} characters")
            }
            Self::Length { expected, found } => {
                write!(
                    formatter,
                    "{} characters expected, {found} found",
                    enumerate(expected, ", ", " or ")
                )
            }
            Self::Character { found, allowed } => {
                write!(
                    formatter,
                    "{} expected, {found:?} found",
                    allowed.english_name()
                )
            }
            Self::CheckCharacter => {
                formatter.write_str("the check character does not agree with the others")
            }
            Self::Date => formatter.write_str("not a date of birth (YYYYMMDD)"),
            Self::FirstGeneration => {
                formatter.write_str("15-digit numbers are out of use since 2013")
            }
            Self::TownMissing => formatter.write_str("a village code needs its town"),
            Self::Shape { form, .. } => write!(formatter, "expected the form {form}"),
            Self::AreaCodeMissing => formatter.write_str("the area code is missing"),
            Self::PhoneForm => {
                formatter.write_str("neither a mobile nor a landline number of the mainland")
            }
            Self::Unknown => formatter.write_str("not in the code table"),
        }
    }
}

/// `6, 9 or 12`: the last of several lengths is set off by a word.
fn enumerate(lengths: &[usize], comma: &str, or: &str) -> String {
    let words: Vec<String> = lengths.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}{or}{last}", rest.join(comma)),
        _ => words.concat(),
    }
}

/// Why a text is not a code of the given kind. `Display` is English for developers and logs and holds no personal
/// data; [`CodeError::explain`] is Chinese for the person at the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{}: {rule}", .position.map(|position| format!(", position {position}")).unwrap_or_default())]
pub struct CodeError {
    kind: CodeKind,
    position: Option<usize>,
    rule: Rule,
}

impl CodeError {
    pub(crate) const fn new(kind: CodeKind, position: Option<usize>, rule: Rule) -> Self {
        Self {
            kind,
            position,
            rule,
        }
    }

    /// An error at a zero-based index; people count from one.
    pub(crate) const fn at(kind: CodeKind, index: usize, rule: Rule) -> Self {
        Self::new(kind, Some(index + 1), rule)
    }

    /// The kind of code that was being read.
    pub const fn kind(&self) -> CodeKind {
        self.kind
    }

    /// The position of the error, counted from 1 over the characters without blanks; `None` if it has no position.
    pub const fn position(&self) -> Option<usize> {
        self.position
    }

    /// The rule that is broken.
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// One or two Chinese sentences: what is wrong, where, and what to do now.
    pub fn explain(&self) -> String {
        let name = self.kind.name();
        let place = self
            .position
            .map(|position| format!("第{position}位"))
            .unwrap_or_default();
        let what = match self.rule {
            Rule::Empty => return format!("还没有填写{name}，请填好后再提交。"),
            Rule::TooLong { characters_max } => format!("{name}太长，最多{characters_max}位"),
            Rule::Length { expected, found } => {
                format!(
                    "{name}应是{}位，现在是{found}位",
                    enumerate(expected, "、", "或")
                )
            }
            Rule::Character { found, allowed } => {
                return self.explain_character(&place, found, allowed);
            }
            Rule::CheckCharacter => format!("{name}里有抄错的地方：{place}校验码和前面的对不上"),
            Rule::Date => format!("{name}{place}起的8位不是正确的出生年月日"),
            Rule::FirstGeneration => {
                return "15位的老身份证号码从2013年起停用。请填现在身份证上的18位号码；还没有换证的，请先到派出所办理。"
                    .to_owned();
            }
            Rule::TownMissing => {
                format!("{name}{place}起的3位是镇（街道），村（社区）的代码里不能是000")
            }
            Rule::Shape { form_chinese, .. } => format!("{name}的写法应是“{form_chinese}”"),
            Rule::AreaCodeMissing => "座机号码前面少了区号".to_owned(),
            Rule::PhoneForm => "这不是国内的手机号或座机号".to_owned(),
            Rule::Unknown => format!("没有这一种{name}"),
        };
        format!("{what}。{}。", self.kind.way_out())
    }

    fn explain_character(&self, place: &str, found: char, allowed: Alphabet) -> String {
        let name = self.kind.name();
        let shown = match found {
            ' ' => "空格".to_owned(),
            unseen if unseen.is_control() => "看不见的字符".to_owned(),
            seen => format!("“{seen}”"),
        };
        let expected = allowed.name();
        if let Some(digit) = allowed.look_alike(found) {
            return format!(
                "{name}{place}是字母{shown}，这里应是{expected}。是不是想填数字{digit}？请改正后再提交。"
            );
        }
        format!(
            "{name}{place}是{shown}，这里应是{expected}。{}。",
            self.kind.way_out()
        )
    }
}
