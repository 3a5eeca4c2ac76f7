//! The notices built into the program. They live in a data file rather than in code so that the comparison with
//! foreign calendars checks exactly what people may edit.

use crate::notice::{YearNotice, parse_many};

/// Every built-in year, ascending.
pub(crate) fn notices() -> Vec<YearNotice> {
    parse_many(include_str!("../../../assets/calendar/working-days.toml"))
        .expect("the built-in calendar is checked by this crate's tests")
}
