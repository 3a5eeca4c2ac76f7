//! Months in China, as figures count them.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::{TimeZone, offset},
};
use wuchuang_kernel::china_date;

/// How many months the analysis looks back: three years.
pub const MONTHS_SHOWN: i32 = 36;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// A text that is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a month is written as 2026-11")]
pub struct InvalidMonth;

impl Month {
    /// A month by year and number.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let is_month = (1..=12).contains(&month) && (1900..=9998).contains(&year);
        is_month.then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(i32::from(day.year()) * 12 + i32::from(day.month()) - 1)
    }

    /// The month of an instant, in China.
    pub fn at(instant: Timestamp) -> Self {
        Self::of(china_date(instant))
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The number in the year, from 1.
    pub const fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// So many months later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// How many months there are from another one to this one.
    pub const fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    /// The months from this one through another.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }

    /// Its first instant in China, in microseconds.
    pub fn begins_us(self) -> i64 {
        let year = i16::try_from(self.year()).unwrap_or(i16::MAX);
        let month = i8::try_from(self.number()).unwrap_or(1);
        let first = date(year.clamp(1, 9998), month, 1);
        let midnight = first.to_zoned(TimeZone::fixed(offset(8)));
        midnight.map_or(i64::MIN, |at| at.timestamp().as_microsecond())
    }

    /// As people say it: 2026年11月.
    pub fn words(self) -> String {
        format!("{}年{}月", self.year(), self.number())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let (year, month) = text.split_once('-').ok_or(InvalidMonth)?;
        let (year, month) = (year.trim().parse(), month.trim().parse());
        match (year, month) {
            (Ok(year), Ok(month)) => Self::new(year, month).ok_or(InvalidMonth),
            _ => Err(InvalidMonth),
        }
    }
}

/// The months that are looked at, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub first: Month,
    /// The last.
    pub last: Month,
}

impl Period {
    /// The last three years up to a day's month.
    pub fn three_years(today: Date) -> Self {
        let last = Month::of(today);
        Self {
            first: last.plus(1 - MONTHS_SHOWN),
            last,
        }
    }

    /// A year: up to a day's month where the year is not over.
    pub fn year(year: i32, today: Date) -> Option<Self> {
        let year = i16::try_from(year).ok()?;
        let first = Month::new(year, 1)?;
        let last = first.plus(11).min(Month::of(today));
        (first <= last).then_some(Self { first, last })
    }

    /// The last months of it with which the same months a year before are compared: at most twelve.
    pub fn compared(self) -> (Self, Self) {
        let first = self.first.max(self.last.plus(-11));
        let now = Self {
            first,
            last: self.last,
        };
        let before = Self {
            first: first.plus(-12),
            last: self.last.plus(-12),
        };
        (now, before)
    }

    /// Its months.
    pub fn months(self) -> impl Iterator<Item = Month> {
        self.first.through(self.last)
    }

    /// As people say it.
    pub fn words(self) -> String {
        format!("{}至{}", self.first.words(), self.last.words())
    }
}
