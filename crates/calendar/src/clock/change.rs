//! Why a deadline moved when the calendar changed. When a notice is imported, every open case is projected under the
//! old and the new calendar, and whoever is affected is told the days that moved it.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Clock;
use super::due::{Due, DueDates};
use super::limit::Unit;
use crate::calendar::Calendar;
use crate::day::{DayKind, china_date, date_text};

/// Most days named in the text; the rest are counted.
const DAYS_IN_TEXT_MAX: usize = 10;

/// A day that works under one calendar and not under the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedDay {
    /// The civil day.
    pub date: Date,
    /// What the old calendar said.
    pub before: DayKind,
    /// What the new calendar says.
    pub after: DayKind,
}

/// A deadline that moved, and the days that moved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueChange {
    /// Both ends under the old calendar.
    pub before: DueDates,
    /// Both ends under the new calendar.
    pub after: DueDates,
    /// The days on the way that changed, ascending; empty when only the office hours changed.
    pub days: Vec<MovedDay>,
}

impl DueChange {
    /// One sentence for the people concerned.
    pub fn text(&self) -> String {
        let part = |name: &str, before: &Due, after: &Due| {
            if before.ends_at == after.ends_at {
                format!("{name}不变")
            } else {
                format!(
                    "{name}由 {} 调整为 {}",
                    date_text(before.date),
                    after.text()
                )
            }
        };
        let mut text = format!(
            "工作日历更新：{}；{}。",
            part("承诺期限", &self.before.promised, &self.after.promised),
            part("法定期限", &self.before.statutory, &self.after.statutory)
        );
        for (index, day) in self.days.iter().take(DAYS_IN_TEXT_MAX).enumerate() {
            let lead = if index == 0 { "原因：" } else { "；" };
            let _ = write!(
                text,
                "{lead}{} 由“{}”改为“{}”",
                date_text(day.date),
                day.before.text(),
                day.after.text()
            );
        }
        match self.days.len() {
            0 => text.push_str("原因：办公时间调整。"),
            count if count > DAYS_IN_TEXT_MAX => {
                let _ = write!(text, "，等 {count} 天。");
            }
            _ => text.push('。'),
        }
        text
    }
}

impl Clock {
    /// How the due dates differ between two calendars; `None` when they do not, or when the clock has finished (what
    /// is decided is not judged again by a later calendar).
    pub fn explain_change(
        &self,
        old: &Calendar,
        new: &Calendar,
        now: Timestamp,
    ) -> Option<DueChange> {
        if self.finished_at().is_some() {
            return None;
        }
        let (before, after) = (self.due_dates(old, now), self.due_dates(new, now));
        let unmoved = before.promised.ends_at == after.promised.ends_at
            && before.statutory.ends_at == after.statutory.ends_at;
        if unmoved {
            return None;
        }
        Some(DueChange {
            before,
            after,
            days: self.moved_days(old, new, now, [before, after]),
        })
    }

    fn moved_days(
        &self,
        old: &Calendar,
        new: &Calendar,
        now: Timestamp,
        ends: [DueDates; 2],
    ) -> Vec<MovedDay> {
        let pauses = self.pauses(now);
        let dates = || {
            ends.iter()
                .flat_map(|ends| [ends.promised.date, ends.statutory.date])
        };
        let calendar_days_only = [self.rule.promised(), self.rule.statutory()]
            .iter()
            .all(|limit| limit.unit == Unit::CalendarDays);
        let start = china_date(self.started_at);
        // Days off in the middle of a limit in calendar days move nothing; only those at its end do.
        let first = if calendar_days_only {
            dates().min().unwrap_or(start)
        } else {
            start
        };
        let last = dates().max().unwrap_or(start);
        first
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= last)
            .filter(|date| old.is_working_day(*date) != new.is_working_day(*date))
            .filter(|date| !pauses.iter().any(|pause| pause.covers(*date)))
            .map(|date| MovedDay {
                date,
                before: old.day(date).kind,
                after: new.day(date).kind,
            })
            .collect()
    }
}
