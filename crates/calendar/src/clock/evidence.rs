//! The evidence of a clock: every calendar day since the start, counted or not, and why. It is what a citizen or a
//! supervisor is shown when they ask on which day a case stood still, so it must sum up to the view.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Clock;
use super::counting::{Pause, Run};
use super::limit::Unit;
use super::{Phase, stop::StopKind};
use crate::calendar::Calendar;
use crate::day::{Day, china_date, china_instant, date_text, end_of_day};

/// Most days of evidence given at once; ten years.
const DAYS_MAX: usize = 3_660;

/// How one day was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "counting", rename_all = "snake_case")]
pub enum DayCounting {
    /// The day of acceptance; never counted.
    DayZero,
    /// Counted as the n-th day.
    Counted {
        /// n, from one.
        number: i64,
    },
    /// Counted in part, for limits in working hours.
    CountedMinutes {
        /// Minutes counted on this day.
        minutes: i64,
    },
    /// Offices do not work; the day itself says why.
    DayOff,
    /// A stop.
    Stopped {
        /// The procedure.
        kind: StopKind,
    },
}

/// One calendar day of a running clock, counted by the promised limit's unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayEvidence {
    /// The day and why offices work or not.
    pub day: Day,
    /// How it was counted.
    pub counting: DayCounting,
    /// The promised limit had ended before this day.
    pub overdue: bool,
    /// The day has not begun: the line is a projection.
    pub future: bool,
}

impl DayEvidence {
    /// Whether the day (or a part of it) was counted.
    pub fn is_counted(&self) -> bool {
        match self.counting {
            DayCounting::Counted { .. } => true,
            DayCounting::CountedMinutes { minutes } => minutes > 0,
            DayCounting::DayZero | DayCounting::DayOff | DayCounting::Stopped { .. } => false,
        }
    }

    /// `2026年10月10日 周六：第 3 天（国庆节调休上班）`, `2026年10月1日 周四：不计（国庆节放假）`.
    pub fn text(&self) -> String {
        let kind = self.day.kind.text();
        let counted = match &self.counting {
            DayCounting::DayZero => "不计（受理当日）".to_owned(),
            DayCounting::Counted { number } => format!("第 {number} 天（{kind}）"),
            DayCounting::CountedMinutes { minutes } => format!("计 {minutes} 分钟（{kind}）"),
            DayCounting::DayOff => format!("不计（{kind}）"),
            DayCounting::Stopped { kind } => format!("不计（{}，{}）", kind.name(), kind.article()),
        };
        let overdue = if self.overdue {
            "，已超承诺期限"
        } else {
            ""
        };
        let uncertain = if self.day.uncertain {
            "（该年放假通知尚未导入）"
        } else {
            ""
        };
        format!(
            "{}：{counted}{overdue}{uncertain}",
            date_text(self.day.date)
        )
    }
}

impl Clock {
    /// Every calendar day from the start to `through`, or to the end of the clock if that is earlier, at most ten
    /// years. Days after `now` are projected as if an open stop ended now.
    pub fn evidence(&self, calendar: &Calendar, now: Timestamp, through: Date) -> Vec<DayEvidence> {
        let pauses = self.pauses(now);
        let limit = self.rule.promised().plus(self.extra());
        let run = Run {
            limit,
            started_at: self.started_at,
            pauses: &pauses,
            calendar,
        };
        let due = run.due();
        let start = china_date(self.started_at);
        let last = self
            .finished_at()
            .map_or(through, |end| china_date(end).min(through));
        let mut number = 0;
        let days = start
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= last)
            .take(DAYS_MAX);
        days.map(|date| {
            let day = calendar.day(date);
            let counting = match limit.unit {
                Unit::WorkingHours => self.count_minutes(&run, &day, now),
                _ if date == start => DayCounting::DayZero,
                Unit::WorkingDays if !day.is_working() => DayCounting::DayOff,
                _ => {
                    if let Some(kind) = self.stop_on(date, &pauses) {
                        DayCounting::Stopped { kind }
                    } else {
                        number += 1;
                        DayCounting::Counted { number }
                    }
                }
            };
            DayEvidence {
                day,
                counting,
                overdue: date > due.date,
                future: date > china_date(now),
            }
        })
        .collect()
    }

    fn count_minutes(&self, run: &Run<'_>, day: &Day, now: Timestamp) -> DayCounting {
        if !day.is_working() {
            return DayCounting::DayOff;
        }
        // Differences of whole minutes since the start, so that the days sum up to the view's figure.
        let mut ends_at = end_of_day(day.date);
        if let Some(end) = self.finished_at() {
            ends_at = ends_at.min(end);
        }
        if day.date == china_date(now) {
            ends_at = ends_at.min(now);
        }
        let begins_at = china_instant(day.date, jiff::civil::Time::midnight()).max(self.started_at);
        let minutes = run.used(ends_at) - run.used(begins_at);
        match self.stop_on(day.date, run.pauses) {
            Some(kind) if minutes == 0 => DayCounting::Stopped { kind },
            _ => DayCounting::CountedMinutes { minutes },
        }
    }

    fn stop_on(&self, date: Date, pauses: &[Pause]) -> Option<StopKind> {
        let index = pauses.iter().position(|pause| pause.covers(date))?;
        match (self.stops.get(index), &self.phase) {
            (Some(stop), _) => Some(stop.order.kind.clone()),
            (None, Phase::Stopped { order }) => Some(order.kind.clone()),
            (None, Phase::Running | Phase::Finished { .. }) => None,
        }
    }
}
