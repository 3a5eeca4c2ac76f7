//! Office hours of a working day, for limits measured in working hours (hotline orders, ratings). Time is counted in
//! whole seconds so that stops and restarts lose nothing.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::Calendar;
use crate::day::{china_date, china_instant, china_time};

/// One stretch in which offices are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Opening time.
    pub opens: Time,
    /// Closing time, later than the opening time on the same day.
    pub closes: Time,
}

/// The stretches of one working day, ascending and apart from each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Period>", into = "Vec<Period>")]
pub struct OfficeHours(Vec<Period>);

/// Why office hours were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OfficeHoursError {
    /// No stretch, or more than four.
    #[error("office hours need one to four periods")]
    PeriodCount,
    /// A stretch closes before it opens, or overlaps the one before.
    #[error("office hours must be ascending and must not overlap")]
    Order,
    /// A stretch does not begin or end on a full minute.
    #[error("office hours must be given in full minutes")]
    FullMinutes,
}

impl OfficeHoursError {
    /// The rule and the way out, for administrators.
    pub fn explain(&self) -> &'static str {
        match self {
            Self::PeriodCount => "办公时间须填写 1 至 4 个时段。",
            Self::Order => "办公时段须从早到晚填写，结束晚于开始，且互不重叠。",
            Self::FullMinutes => "办公时间请精确到分钟，不要填写秒。",
        }
    }
}

impl Default for OfficeHours {
    /// 09:00–12:00 and 13:30–17:30, seven hours.
    fn default() -> Self {
        let period = |opens, closes| Period { opens, closes };
        Self(vec![
            period(Time::constant(9, 0, 0, 0), Time::constant(12, 0, 0, 0)),
            period(Time::constant(13, 30, 0, 0), Time::constant(17, 30, 0, 0)),
        ])
    }
}

impl TryFrom<Vec<Period>> for OfficeHours {
    type Error = OfficeHoursError;

    fn try_from(periods: Vec<Period>) -> Result<Self, Self::Error> {
        if periods.is_empty() || periods.len() > 4 {
            return Err(OfficeHoursError::PeriodCount);
        }
        let times: Vec<Time> = periods
            .iter()
            .flat_map(|period| [period.opens, period.closes])
            .collect();
        if times.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(OfficeHoursError::Order);
        }
        if times
            .iter()
            .any(|time| time.second() != 0 || time.subsec_nanosecond() != 0)
        {
            return Err(OfficeHoursError::FullMinutes);
        }
        Ok(Self(periods))
    }
}

impl From<OfficeHours> for Vec<Period> {
    fn from(hours: OfficeHours) -> Self {
        hours.0
    }
}

impl OfficeHours {
    /// The stretches, ascending.
    pub fn periods(&self) -> &[Period] {
        &self.0
    }

    /// Open seconds of a whole working day.
    pub fn seconds_per_day(&self) -> i64 {
        self.0
            .iter()
            .map(|period| second_of(period.closes) - second_of(period.opens))
            .sum()
    }

    /// Open seconds from midnight to a time of day.
    fn seconds_until(&self, time: Time) -> i64 {
        let second = second_of(time);
        self.0
            .iter()
            .map(|period| second.min(second_of(period.closes)) - second_of(period.opens))
            .map(|open| open.max(0))
            .sum()
    }

    /// The time at which `seconds` open seconds have passed; the end of a stretch rather than the start of the next.
    fn time_after(&self, seconds: i64) -> Time {
        let mut left = seconds;
        for period in &self.0 {
            let length = second_of(period.closes) - second_of(period.opens);
            if left <= length {
                return time_of(second_of(period.opens) + left);
            }
            left -= length;
        }
        self.0.last().map_or(Time::MAX, |period| period.closes)
    }
}

/// Open seconds between two instants; zero when `through` is not later.
pub(crate) fn open_seconds_between(
    calendar: &Calendar,
    after: Timestamp,
    through: Timestamp,
) -> i64 {
    (open_rank(calendar, through) - open_rank(calendar, after)).max(0)
}

/// The instant at which `seconds` open seconds have passed since an instant.
pub(crate) fn add_open_seconds(calendar: &Calendar, from: Timestamp, seconds: i64) -> Timestamp {
    if seconds <= 0 {
        return from;
    }
    let per_day = calendar.office_hours().seconds_per_day();
    let rank = open_rank(calendar, from) + seconds;
    let day = calendar.select((rank - 1).div_euclid(per_day) + 1);
    china_instant(
        day,
        calendar
            .office_hours()
            .time_after((rank - 1).rem_euclid(per_day) + 1),
    )
}

/// Open seconds up to an instant, from a fixed origin.
fn open_rank(calendar: &Calendar, at: Timestamp) -> i64 {
    let date: Date = china_date(at);
    let through_today = calendar.rank(date);
    if calendar.is_working_day(date) {
        let hours = calendar.office_hours();
        (through_today - 1) * hours.seconds_per_day() + hours.seconds_until(china_time(at))
    } else {
        through_today * calendar.office_hours().seconds_per_day()
    }
}

fn second_of(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

fn time_of(second: i64) -> Time {
    let part =
        |value: i64| i8::try_from(value).expect("an hour, a minute and a second are below 60");
    Time::new(
        part(second / 3600),
        part(second / 60 % 60),
        part(second % 60),
        0,
    )
    .unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn open_time_skips_lunch_nights_and_holidays() {
        let calendar = Calendar::embedded();
        let check = |from: Timestamp, minutes: i64, day: Date, hour: i8, minute: i8| {
            let expected = china_instant(day, time(hour, minute, 0, 0));
            assert_eq!(
                add_open_seconds(&calendar, from, minutes * 60),
                expected,
                "{from} + {minutes}"
            );
            assert_eq!(
                open_seconds_between(&calendar, from, expected),
                minutes * 60
            );
        };
        let wednesday = date(2026, 9, 30);
        check(
            china_instant(wednesday, time(11, 30, 0, 0)),
            60,
            wednesday,
            14,
            0,
        );
        check(
            china_instant(wednesday, time(11, 30, 0, 0)),
            30,
            wednesday,
            12,
            0,
        );
        check(
            china_instant(wednesday, time(17, 0, 0, 0)),
            60,
            date(2026, 10, 8),
            9,
            30,
        );
        check(
            china_instant(wednesday, time(22, 0, 0, 0)),
            420,
            date(2026, 10, 8),
            17,
            30,
        );
        check(
            china_instant(date(2026, 10, 10), time(8, 0, 0, 0)),
            15,
            date(2026, 10, 10),
            9,
            15,
        );
    }

    #[test]
    fn wrong_office_hours_are_refused() {
        let period = |opens, closes| Period { opens, closes };
        let check = |periods: Vec<Period>, expected| {
            assert_eq!(OfficeHours::try_from(periods), Err(expected));
        };
        check(vec![], OfficeHoursError::PeriodCount);
        check(
            vec![period(time(12, 0, 0, 0), time(9, 0, 0, 0))],
            OfficeHoursError::Order,
        );
        let morning = period(time(9, 0, 0, 0), time(12, 0, 0, 0));
        check(
            vec![morning, period(time(11, 0, 0, 0), time(17, 0, 0, 0))],
            OfficeHoursError::Order,
        );
        check(
            vec![period(time(9, 0, 30, 0), time(12, 0, 0, 0))],
            OfficeHoursError::FullMinutes,
        );
    }
}
