//! 地方编码: the codes that provinces and counties made for themselves, before and beside the national ones.
//!
//! Each locality has its own pattern (甘肃武山 writes `62052400MZ-XK-0001`), so nothing but the size is checked.

use crate::error::{Alphabet, CodeError, CodeKind, Rule};
use crate::input;
use crate::text::code_traits;

/// The most characters of a [`LocalCode`], as the provincial exchange tables need it: they declare varchar(50), but real codes have 55.
pub const LOCAL_CODE_CHARACTERS_MAX: usize = 64;

/// 地方编码: text of at most [`LOCAL_CODE_CHARACTERS_MAX`] visible characters, kept exactly as the locality writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalCode(Box<str>);

code_traits!(public LocalCode);

impl LocalCode {
    const KIND: CodeKind = CodeKind::LocalCode;

    /// Reads a local code: blanks around it are dropped, everything else is kept as written.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = input::within_limit(Self::KIND, text)?.trim();
        if text.is_empty() {
            return Err(CodeError::new(Self::KIND, None, Rule::Empty));
        }
        let unseen = |character: char| character.is_control() || character.is_whitespace();
        if let Some((index, found)) = text
            .chars()
            .enumerate()
            .find(|&(_, character)| unseen(character))
        {
            return Err(CodeError::at(
                Self::KIND,
                index,
                Rule::Character {
                    found,
                    allowed: Alphabet::Visible,
                },
            ));
        }
        if text.chars().count() > LOCAL_CODE_CHARACTERS_MAX {
            let characters_max = LOCAL_CODE_CHARACTERS_MAX;
            return Err(CodeError::new(
                Self::KIND,
                None,
                Rule::TooLong { characters_max },
            ));
        }
        Ok(Self(text.into()))
    }

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;

    #[test]
    fn local_codes_are_kept_as_written() {
        for text in ["62052400MZ-XK-0001", "川广安区-民政-12", "a1"] {
            assert_eq!(
                LocalCode::parse(&format!(" {text}\n")).map(|code| code.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn refuses_with_position_and_way_out() {
        let mut table = String::new();
        for text in [" ", "A 1", "A\u{7}1", &"9".repeat(65)] {
            let error = LocalCode::parse(text).expect_err(text);
            writeln!(table, "{error}\n  {}", error.explain()).expect("a String takes all text");
        }
        expect![[r"
            local code: nothing was given
              还没有填写地方编码，请填好后再提交。
            local code, position 2: a visible character expected, ' ' found
              地方编码第2位是空格，这里应是看得见的字符，不能有空格。请核对本地事项目录中的编码。
            local code, position 2: a visible character expected, '\u{7}' found
              地方编码第2位是看不见的字符，这里应是看得见的字符，不能有空格。请核对本地事项目录中的编码。
            local code: more than 64 characters
              地方编码太长，最多64位。请核对本地事项目录中的编码。
        "]].assert_eq(&table);
    }
}
