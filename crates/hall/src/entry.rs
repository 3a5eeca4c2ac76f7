//! What the counter's one field says: a citizen number, a case number, or an item. Pure, so that the
//! table of what a clerk may type is a test.

use jiff::civil::Date;
use wuchuang_codes::{CitizenNumber, CodeError};

/// How many characters the field takes; a scanner sends no more.
pub(crate) const ENTRY_CHARACTERS_MAX: usize = 100;
/// County (6), department (4), day (8), serial (6).
const CASE_NUMBER_CHARACTERS: usize = 24;
/// The part of a case number that identifies a case among those of one day.
const SERIAL_DIGITS: usize = 6;

/// What was typed or scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Nothing.
    Empty,
    /// A citizen number.
    Citizen(CitizenNumber),
    /// Digits that can only be a citizen number, with what is wrong.
    WrongNumber(CodeError),
    /// A whole case number.
    Case(String),
    /// The last six digits of a case received today.
    CaseOfToday(String),
    /// The name, a part of it, or the initials of an item.
    Item(String),
}

/// Decides what was typed. Blanks, hyphens and full-width characters do not matter.
pub(crate) fn read(text: &str) -> Entry {
    let text: String = text
        .chars()
        .filter(|character| !character.is_control())
        .map(half_width)
        .take(ENTRY_CHARACTERS_MAX)
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Entry::Empty;
    }
    let compact: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '·'))
        .collect::<String>()
        .to_uppercase();
    if is_case_number(&compact) {
        return Entry::Case(compact);
    }
    if compact.len() == SERIAL_DIGITS && compact.bytes().all(|byte| byte.is_ascii_digit()) {
        return Entry::CaseOfToday(compact);
    }
    if looks_like_citizen_number(&compact) {
        return match CitizenNumber::parse(&compact) {
            Ok(number) => Entry::Citizen(number),
            Err(error) => Entry::WrongNumber(error),
        };
    }
    Entry::Item(text.to_owned())
}

fn half_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '！'..='～' => u32::from(character)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        _ => character,
    }
}

fn is_case_number(compact: &str) -> bool {
    compact.len() == CASE_NUMBER_CHARACTERS
        && compact
            .bytes()
            .enumerate()
            .all(|(index, byte)| match index {
                6..10 => byte.is_ascii_alphanumeric(),
                _ => byte.is_ascii_digit(),
            })
}

/// A row of 15 to 19 digits, perhaps with an X at the end, is a citizen number or one with a slip in it:
/// then the clerk is told which digit, instead of "no such item".
fn looks_like_citizen_number(compact: &str) -> bool {
    (15..20).contains(&compact.len())
        && compact
            .strip_suffix('X')
            .unwrap_or(compact)
            .bytes()
            .all(|byte| byte.is_ascii_digit())
}

/// The number that a case of a day has when its department has a code; the serial counts over all
/// departments of the county, so at most one of these is a case.
pub(crate) fn number_of_day(
    county: &str,
    department_code: &str,
    day: Date,
    serial: &str,
) -> String {
    format!(
        "{county}{department_code:0>4}{}{serial}",
        day.strftime("%Y%m%d")
    )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::civil::date;

    use super::*;

    fn check(typed: &[&str], expected: &Expect) {
        let lines: Vec<String> = typed
            .iter()
            .map(|text| match read(text) {
                Entry::Citizen(number) => format!("{text} -> person {}", number.masked()),
                Entry::WrongNumber(error) => format!("{text} -> wrong: {}", error.explain()),
                other => format!("{text} -> {other:?}"),
            })
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn the_field_knows_what_it_was_given() {
        check(
            &[
                "",
                "　 ",
                "11010519491231002X",
                " 110105 19491231 002x ",
                "１１０１０５１９４９１２３１００２Ｘ",
                "610924RSSB20261122000012",
                "610924 rssb 20261122 000012",
                "610924-RSSB-20261122-000012",
                "000012",
                "sydj",
                "失业登记",
                "  食品经营 许可 ",
                "12",
                "610924",
            ],
            &expect![[r#"
                 -> Empty
                　  -> Empty
                11010519491231002X -> person 110105********002X
                 110105 19491231 002x  -> person 110105********002X
                １１０１０５１９４９１２３１００２Ｘ -> person 110105********002X
                610924RSSB20261122000012 -> Case("610924RSSB20261122000012")
                610924 rssb 20261122 000012 -> Case("610924RSSB20261122000012")
                610924-RSSB-20261122-000012 -> Case("610924RSSB20261122000012")
                000012 -> CaseOfToday("000012")
                sydj -> Item("sydj")
                失业登记 -> Item("失业登记")
                  食品经营 许可  -> Item("食品经营 许可")
                12 -> Item("12")
                610924 -> CaseOfToday("610924")"#]],
        );
    }

    #[test]
    fn a_slip_in_a_citizen_number_is_not_searched_as_an_item() {
        for slip in [
            "110105194912310020",
            "11010519491231002",
            "1101051949123100200",
            "110105194913310029",
            "110105491231002",
        ] {
            assert!(matches!(read(slip), Entry::WrongNumber(_)), "{slip}");
        }
    }

    #[test]
    fn numbers_of_a_day_are_whole_case_numbers() {
        let number = number_of_day("610924", "RSSB", date(2026, 11, 22), "000012");
        assert_eq!(number, "610924RSSB20261122000012");
        assert_eq!(read(&number), Entry::Case(number.clone()));
        assert_eq!(
            number_of_day("610924", "A1", date(2026, 1, 2), "000001"),
            "61092400A120260102000001"
        );
    }

    #[test]
    fn whatever_is_scanned_is_bounded() {
        let Entry::Item(text) = read(&"业".repeat(10_000)) else {
            panic!("a long word is searched as an item");
        };
        assert_eq!(text.chars().count(), ENTRY_CHARACTERS_MAX);
    }
}
