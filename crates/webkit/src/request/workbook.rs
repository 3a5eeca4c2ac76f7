//! Workbooks (.xlsx) that people upload: how large one becomes when it is unpacked, and what stands in a cell. Which sheets,
//! columns and rows there are is for each reader to say.

use calamine::{DataRef, ExcelDateTime};
use jiff::{ToSpan, civil::date};

/// Marks an entry in the directory of a zip file (APPNOTE 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";
/// The days that Excel can name: up to the year 9999.
const SERIALS: std::ops::Range<f64> = 1.0..2_958_466.0;

/// Whether a workbook is larger than `max` bytes when it is unpacked, as the archive's directory states it: a small file can
/// unpack to gigabytes.
pub fn unpacks_beyond(bytes: &[u8], max: u64) -> bool {
    let mut total = 0;
    let mut rest = bytes;
    while let Some(at) = rest.windows(ENTRY.len()).position(|window| window == ENTRY) {
        rest = &rest[at + ENTRY.len()..];
        if let Some(size) = rest.get(20..24) {
            total += u64::from(u32::from_le_bytes([size[0], size[1], size[2], size[3]]));
        }
    }
    total > max
}

/// The text of a cell, at most so many characters of it. Whole numbers have no decimals, a day is written as `2026-11-24`, yes and no are 是 and 否.
pub fn text_of(value: &DataRef<'_>, characters_max: usize) -> String {
    let text = match value {
        DataRef::Int(number) => number.to_string(),
        // Excel keeps 20 and telephone numbers as 20.0; this writes them without a point or an exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(value) => day_of(value),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    };
    text.trim().chars().take(characters_max).collect()
}

/// A day that Excel counts from the end of 1899; empty for what is none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded to four-digit years before"
)]
fn day_of(value: &ExcelDateTime) -> String {
    let serial = value.as_f64();
    if !SERIALS.contains(&serial) {
        return String::new();
    }
    let day = date(1899, 12, 30).checked_add((serial.floor() as i64).days());
    day.map_or_else(|_| String::new(), |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};
    use expect_test::{Expect, expect};

    use super::*;

    fn check(values: &[DataRef<'_>], expected: Expect) {
        let told: Vec<String> = values.iter().map(|value| text_of(value, 11)).collect();
        expected.assert_eq(&told.join("|"));
    }

    #[test]
    fn cells_are_read_as_people_see_them() {
        check(
            &[
                DataRef::Int(3),
                DataRef::Float(20.0),
                DataRef::Float(13_891_500_000.0),
                DataRef::Float(2.5),
                DataRef::String(" 城关店\n".to_owned()),
                DataRef::SharedString("汉王店 "),
                DataRef::SharedString("紫阳县汉王镇便民服务中心"),
                DataRef::Bool(true),
                DataRef::Bool(false),
                DataRef::DateTimeIso("2026-11-24".to_owned()),
                DataRef::Error(CellErrorType::Div0),
                DataRef::Empty,
            ],
            expect!["3|20|13891500000|2.5|城关店|汉王店|紫阳县汉王镇便民服务中|是|否|2026-11-24||"],
        );
    }

    #[test]
    fn a_day_that_excel_keeps_as_a_number_is_a_day() {
        let days = [0.5, 1.0, 46_346.75, 2_958_465.0, 3_000_000.0, f64::NAN];
        let days = days.map(|serial| {
            let kind = ExcelDateTimeType::DateTime;
            DataRef::DateTime(ExcelDateTime::new(serial, kind, false))
        });
        check(&days, expect!["|1899-12-31|2026-11-20|9999-12-31||"]);
    }

    #[test]
    fn what_unpacks_to_too_much_is_seen_before_it_is_unpacked() {
        let entry = |size: u32| {
            let mut entry = ENTRY.to_vec();
            entry.extend([0; 20]);
            entry.extend(size.to_le_bytes());
            entry
        };
        let bytes = [entry(60), entry(40)].concat();
        assert!(!unpacks_beyond(&bytes, 100));
        assert!(unpacks_beyond(&bytes, 99));
        // A directory that is cut off states nothing.
        assert!(!unpacks_beyond(&bytes[..bytes.len() - 1], 60));
        assert!(!unpacks_beyond(b"", 0));
    }
}
