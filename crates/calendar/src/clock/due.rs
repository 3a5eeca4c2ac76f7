//! When limits end.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counting::Run;
use super::{Clock, Phase};
use crate::calendar::Calendar;
use crate::day::{china_time, date_text};

/// The end of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// The last instant that is still in time: the end of the day, or within it for limits in working hours.
    pub ends_at: Timestamp,
    /// A year on the way has no notice yet, so the date may move when it is imported.
    pub uncertain: bool,
    /// The clock is stopped: the date holds if counting is taken up again today, and moves on with every day.
    pub provisional: bool,
}

impl Due {
    /// Whether the limit has ended before an instant.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.ends_at
    }

    /// `2026年11月25日 周三`, with the time for limits in working hours.
    pub fn day_text(&self) -> String {
        let time = china_time(self.ends_at);
        // The end of a day is its last nanosecond; nothing else ends there.
        let is_end_of_day = time.subsec_nanosecond() == 999_999_999;
        let time = if is_end_of_day {
            String::new()
        } else {
            format!(" {}", time.strftime("%H:%M"))
        };
        format!("{}{time}", date_text(self.date))
    }

    /// What makes the date unsure, if anything does.
    pub fn caveat(&self) -> Option<&'static str> {
        match (self.provisional, self.uncertain) {
            (true, _) => Some("暂停中，以今日恢复计时推算"),
            (false, true) => Some("该年放假通知尚未导入，可能调整"),
            (false, false) => None,
        }
    }

    /// The day and, in parentheses, what makes it unsure.
    pub fn text(&self) -> String {
        let caveat = self
            .caveat()
            .map_or_else(String::new, |caveat| format!("（{caveat}）"));
        format!("{}{caveat}", self.day_text())
    }
}

/// The ends of both limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDates {
    /// End of the promised limit (承诺期限).
    pub promised: Due,
    /// End of the statutory limit (法定期限).
    pub statutory: Due,
}

impl DueDates {
    /// The earlier of the two: a promise in other units may not outlast the law.
    pub fn binding(&self) -> Due {
        if self.promised.ends_at <= self.statutory.ends_at {
            self.promised
        } else {
            self.statutory
        }
    }
}

impl Clock {
    /// The ends of both limits under a calendar. `now` matters only while the clock is stopped. Cheap: a few array
    /// look-ups per stop, so that all open cases are projected again when a notice is imported.
    pub fn due_dates(&self, calendar: &Calendar, now: Timestamp) -> DueDates {
        let pauses = self.pauses(now);
        let provisional = matches!(self.phase, Phase::Stopped { .. });
        let due = |limit: super::Limit| {
            let limit = limit.plus(self.extra());
            let run = Run {
                limit,
                started_at: self.started_at,
                pauses: &pauses,
                calendar,
            };
            Due {
                provisional,
                ..run.due()
            }
        };
        DueDates {
            promised: due(self.rule.promised()),
            statutory: due(self.rule.statutory()),
        }
    }
}
