//! A year as twelve months of weeks, with the marks 休 and 班 that people know from wall calendars.

use jiff::civil::Date;
use wuchuang_calendar::{Calendar, DayKind};

/// One day in a month.
pub(super) struct Cell {
    /// The day of the month.
    pub(super) number: i8,
    /// `休`, `班`, or nothing.
    pub(super) mark: &'static str,
    /// Whether offices work.
    pub(super) is_working: bool,
    /// Why, for those who point at it.
    pub(super) reason: String,
}

/// One month.
pub(super) struct Month {
    /// Its number.
    pub(super) number: i8,
    /// How many working days it has.
    pub(super) working_days: usize,
    /// Weeks from Monday to Sunday; days of other months are absent.
    pub(super) weeks: Vec<Vec<Option<Cell>>>,
}

/// The twelve months of a year; `None` when the year is not between 2000 and 2099.
pub(super) fn months(calendar: &Calendar, year: i16) -> Option<Vec<Month>> {
    if !(2000..=2099).contains(&year) {
        return None;
    }
    (1..=12)
        .map(|number| month(calendar, year, number))
        .collect()
}

fn month(calendar: &Calendar, year: i16, number: i8) -> Option<Month> {
    let first = Date::new(year, number, 1).ok()?;
    let days = first
        .series(jiff::Span::new().days(1))
        .take_while(|date| date.month() == number);
    let lead = first.weekday().to_monday_zero_offset();
    let mut cells: Vec<Option<Cell>> = (0..lead).map(|_| None).collect();
    cells.extend(days.map(|date| Some(cell(calendar, date))));
    while !cells.len().is_multiple_of(7) {
        cells.push(None);
    }
    let working_days = cells
        .iter()
        .flatten()
        .filter(|cell| cell.is_working)
        .count();
    let mut weeks = Vec::new();
    let mut rest = cells.into_iter().peekable();
    while rest.peek().is_some() {
        weeks.push(rest.by_ref().take(7).collect());
    }
    Some(Month {
        number,
        working_days,
        weeks,
    })
}

fn cell(calendar: &Calendar, date: Date) -> Cell {
    let day = calendar.day(date);
    let mark = match day.kind {
        DayKind::Holiday { .. } => "休",
        DayKind::MakeUp { .. } => "班",
        DayKind::Workday | DayKind::Weekend => "",
    };
    Cell {
        number: date.day(),
        mark,
        is_working: day.is_working(),
        reason: day.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_its_days_in_weeks_and_its_working_days() {
        let months = months(&Calendar::embedded(), 2026).unwrap();
        let days: usize = months
            .iter()
            .map(|month| month.weeks.iter().flatten().flatten().count())
            .sum();
        let working: usize = months.iter().map(|month| month.working_days).sum();
        assert_eq!((days, working), (365, 248));
        // 1 October 2026 is a Thursday.
        assert!(months[9].weeks[0][2].is_none());
        assert_eq!(months[9].weeks[0][3].as_ref().unwrap().mark, "休");
        assert!(super::months(&Calendar::embedded(), 1999).is_none());
    }
}
