//! How long numbers are written in groups, so that they can be read over the phone and compared by eye. One rule for
//! screens, papers and messages; whoever reads a typed number takes it with or without the blanks.

/// How many digits of a case number are its county.
const COUNTY: usize = 6;
/// How many digits are its day.
const DAY: usize = 8;
/// How many characters stand behind the department: the day and the serial.
const DAY_AND_SERIAL: usize = 14;
/// The shortest case number: county, department of four, day, serial.
const CASE_NUMBER_MIN: usize = COUNTY + 4 + DAY_AND_SERIAL;

/// A case number in groups: county, department, day, serial. What is no case number stays as it is.
pub fn group_case_number(number: &str) -> String {
    if number.len() < CASE_NUMBER_MIN || !number.is_ascii() {
        return number.to_owned();
    }
    let (head, tail) = number.split_at(number.len() - DAY_AND_SERIAL);
    let (county, department) = head.split_at(COUNTY);
    let (date, serial) = tail.split_at(DAY);
    format!("{county} {department} {date} {serial}")
}

/// A code to type in groups of `size` characters: `7K3M-92QF`.
///
/// # Panics
/// When `size` is 0.
pub fn group_code(code: &str, size: usize) -> String {
    assert!(size > 0, "a group has characters");
    let mut grouped = String::with_capacity(code.len() + code.len() / size);
    for (at, character) in code.chars().enumerate() {
        if at > 0 && at % size == 0 {
            grouped.push('-');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_numbers_can_be_read_over_the_phone() {
        for (number, shown) in [
            ("610924SCJG20261122000123", "610924 SCJG 20261122 000123"),
            (
                "610924SCJGJX20261122000123",
                "610924 SCJGJX 20261122 000123",
            ),
            ("X1", "X1"),
            ("", ""),
            (
                "六一〇九二四二〇二六一一二二",
                "六一〇九二四二〇二六一一二二",
            ),
        ] {
            assert_eq!(group_case_number(number), shown);
        }
    }

    #[test]
    fn codes_are_typed_in_groups() {
        assert_eq!(group_code("7K3M92QF", 4), "7K3M-92QF");
        assert_eq!(group_code("7K3M9", 5), "7K3M9");
        assert_eq!(group_code("7K3M92", 5), "7K3M9-2");
        assert_eq!(group_code("", 4), "");
    }
}
