//! The counting rules in one place: every limit (statutory, promised, step, supplement, the five days before
//! acceptance) is a [`Run`], so that no two of them can count differently.

use jiff::Timestamp;
use jiff::civil::Date;

use super::due::Due;
use super::limit::{Limit, Unit};
use crate::calendar::Calendar;
use crate::day::{china_date, end_of_day};
use crate::office_hours::{add_open_seconds, open_seconds_between};
use crate::rank::day_number;

/// A stretch of uncounted time; both its days are uncounted for limits in days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pause {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Pause {
    pub(super) fn covers(&self, date: Date) -> bool {
        (china_date(self.from)..=china_date(self.to)).contains(&date)
    }
}

/// One limit running from an instant, with its pauses in ascending order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) limit: Limit,
    pub(super) started_at: Timestamp,
    pub(super) pauses: &'a [Pause],
    pub(super) calendar: &'a Calendar,
}

impl Run<'_> {
    /// When the limit ends, given the pauses.
    pub(super) fn due(&self) -> Due {
        let (date, ends_at) = if self.limit.unit == Unit::WorkingHours && self.limit.amount > 0 {
            let ends_at = self.due_instant();
            (china_date(ends_at), ends_at)
        } else {
            let date = self.due_date();
            (
                date,
                Timestamp::from_nanosecond(end_of_day(date).as_nanosecond() - 1)
                    .unwrap_or(Timestamp::MAX),
            )
        };
        let uncertain = !self.calendar.is_certain(china_date(self.started_at), date);
        Due {
            date,
            ends_at,
            uncertain,
            provisional: false,
        }
    }

    /// Units used up to an instant: days begun, or minutes.
    pub(super) fn used(&self, now: Timestamp) -> i64 {
        match self.limit.unit {
            Unit::WorkingHours => self.counted_seconds(self.started_at, now) / 60,
            _ => self.counted_days(china_date(self.started_at), china_date(now)),
        }
    }

    /// Units left at an instant: days not yet begun, or minutes; negative when the limit is over.
    pub(super) fn left(&self, now: Timestamp, due: &Due) -> i64 {
        if self.limit.unit == Unit::WorkingHours {
            return self.total() - self.used(now);
        }
        if due.is_over(now) {
            -self.counted_days(due.date, china_date(now))
        } else {
            // A limit in calendar days that was moved off a day off has used all its days before it ends.
            (self.total() - self.used(now)).max(0)
        }
    }

    /// The whole limit in the unit of `used` and `left`.
    pub(super) fn total(&self) -> i64 {
        let amount = i64::from(self.limit.amount);
        if self.limit.unit == Unit::WorkingHours {
            amount * 60
        } else {
            amount
        }
    }

    /// Seconds within office hours between two instants that no pause covers.
    pub(super) fn counted_seconds(&self, after: Timestamp, through: Timestamp) -> i64 {
        let mut seconds = open_seconds_between(self.calendar, after, through);
        let mut cursor = after;
        for pause in self.pauses {
            let (from, to) = (pause.from.max(cursor), pause.to.min(through));
            if to > from {
                seconds -= open_seconds_between(self.calendar, from, to);
                cursor = to;
            }
        }
        seconds
    }

    /// Days of the unit after `after` up to and including `through` that no pause covers.
    pub(super) fn counted_days(&self, after: Date, through: Date) -> i64 {
        if through <= after {
            return 0;
        }
        let mut days = self.days_between(after, through);
        let mut cursor = after;
        for pause in self.pauses {
            let before = day_before(china_date(pause.from)).max(cursor);
            let last = china_date(pause.to).min(through);
            if last > before {
                days -= self.days_between(before, last);
                cursor = last;
            }
        }
        days
    }

    fn due_date(&self) -> Date {
        let mut cursor = china_date(self.started_at);
        let mut remaining = i64::from(self.limit.amount);
        for pause in self.pauses {
            let (from, to) = (china_date(pause.from), china_date(pause.to));
            let before = day_before(from).max(cursor);
            let available = self.days_between(cursor, before);
            let ends_before_pause = if remaining == 0 {
                from > cursor
            } else {
                remaining <= available
            };
            if ends_before_pause {
                break;
            }
            remaining -= available;
            cursor = cursor.max(to);
        }
        self.advance(cursor, remaining)
    }

    fn advance(&self, from: Date, count: i64) -> Date {
        if count == 0 {
            return from;
        }
        match self.limit.unit {
            Unit::CalendarDays => {
                let last = crate::rank::day_of(day_number(from) + count);
                self.moved_off_days_off(last)
            }
            _ => self
                .calendar
                .add_working_days(from, i32::try_from(count).unwrap_or(i32::MAX)),
        }
    }

    /// The last day moves to a working day that no pause covers (民法典第203条).
    fn moved_off_days_off(&self, last: Date) -> Date {
        let mut date = self.calendar.working_day_at_or_after(last);
        for pause in self.pauses {
            if pause.covers(date) {
                date = self.calendar.add_working_days(china_date(pause.to), 1);
            }
        }
        date
    }

    fn due_instant(&self) -> Timestamp {
        let mut cursor = self.started_at;
        let mut remaining = i64::from(self.limit.amount) * 3600;
        for pause in self.pauses {
            let available = open_seconds_between(self.calendar, cursor, pause.from);
            if remaining <= available {
                break;
            }
            remaining -= available;
            cursor = cursor.max(pause.to);
        }
        add_open_seconds(self.calendar, cursor, remaining)
    }

    fn days_between(&self, after: Date, through: Date) -> i64 {
        match self.limit.unit {
            Unit::CalendarDays => day_number(through) - day_number(after),
            _ => self.calendar.working_days_between(after, through),
        }
    }
}

fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}
