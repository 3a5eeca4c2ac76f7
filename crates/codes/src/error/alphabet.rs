//! The sets of characters that the standards allow, by position, and what a wrong one was probably meant to be.
//!
//! An error names the set, so the sets need words for people; that is why they stand with the errors.

/// The characters that may stand at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// 0 to 9.
    Digits,
    /// 1 to 9: the first digit of a code that begins with a region.
    DigitsWithoutZero,
    /// 0 to 9 or X: check characters of GB 11643 and GB 11714.
    DigitsOrX,
    /// 0 to 9 or Y: the last character of a basic item code, where Y marks an item that has sub-items.
    DigitsOrY,
    /// 1 to 7: the exercise levels of GB/T 39046 A.2.
    ExerciseLevels,
    /// The 31 characters of GB 32100.
    Credit,
    /// 0 to 9 and A to Z.
    DigitsAndLetters,
    /// Anything that can be seen: no blanks, no control characters.
    Visible,
}

impl Alphabet {
    pub(crate) fn contains(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::DigitsWithoutZero => matches!(byte, b'1'..=b'9'),
            Self::DigitsOrX => byte.is_ascii_digit() || byte == b'X',
            Self::DigitsOrY => byte.is_ascii_digit() || byte == b'Y',
            Self::ExerciseLevels => matches!(byte, b'1'..=b'7'),
            Self::Credit => crate::check::CREDIT_ALPHABET.contains(&byte),
            Self::DigitsAndLetters => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            Self::Visible => byte.is_ascii_graphic(),
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Digits => "数字0到9",
            Self::DigitsWithoutZero => "数字1到9",
            Self::DigitsOrX => "数字0到9或字母X",
            Self::DigitsOrY => "数字0到9或字母Y",
            Self::ExerciseLevels => "行使层级，数字1到7",
            Self::Credit => "数字或大写字母（不用I、O、Z、S、V）",
            Self::DigitsAndLetters => "数字或字母",
            Self::Visible => "看得见的字符，不能有空格",
        }
    }

    pub(super) const fn english_name(self) -> &'static str {
        match self {
            Self::Digits => "a digit",
            Self::DigitsWithoutZero => "a digit from 1 to 9",
            Self::DigitsOrX => "a digit or X",
            Self::DigitsOrY => "a digit or Y",
            Self::ExerciseLevels => "an exercise level from 1 to 7",
            Self::Credit => "a digit or a capital letter other than I, O, Z, S, V",
            Self::DigitsAndLetters => "a digit or a letter",
            Self::Visible => "a visible character",
        }
    }

    /// The digit that a person probably meant by a letter of the same shape.
    pub(super) fn look_alike(self, found: char) -> Option<char> {
        let digit = match found {
            'O' => '0',
            'I' | 'L' => '1',
            'Z' => '2',
            'S' => '5',
            _ => return None,
        };
        let letter_allowed = u8::try_from(found).is_ok_and(|byte| self.contains(byte));
        (!letter_allowed && u8::try_from(digit).is_ok_and(|byte| self.contains(byte)))
            .then_some(digit)
    }
}
