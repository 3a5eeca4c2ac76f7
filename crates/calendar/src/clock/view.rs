//! What worklists and case pages show of a clock at an instant. Computed, never stored, and without the list of days
//! ([`super::DayEvidence`]), so that the lights of a hundred thousand open cases are cheap.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counting::{Pause, Run};
use super::due::{Due, DueDates};
use super::limit::{Limit, Unit};
use super::step::StepRun;
use super::stop::StopKind;
use super::{Clock, Phase};
use crate::calendar::Calendar;
use crate::day::china_date;

/// Share of a limit, in percent, from which a clock is due soon (榆林 practice: yellow at 90 %).
pub const DUE_SOON_PERCENT: i64 = 90;

/// The light of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ClockState {
    /// 正常, green.
    Normal,
    /// 临期, yellow: 90 % used, or the last day.
    DueSoon,
    /// 超期, red.
    Overdue {
        /// The statutory limit is over too, not the promise alone.
        statutory: bool,
    },
    /// 暂停计时.
    Paused,
    /// 已办结.
    Finished {
        /// Ended within both limits.
        in_time: bool,
    },
}

impl ClockState {
    /// The word shown beside the light; never the colour alone.
    pub fn text(self) -> &'static str {
        match self {
            Self::Normal => "正常",
            Self::DueSoon => "临期",
            Self::Overdue { statutory: true } => "超法定期限",
            Self::Overdue { statutory: false } => "超承诺期限",
            Self::Paused => "暂停计时",
            Self::Finished { in_time: true } => "按期办结",
            Self::Finished { in_time: false } => "超期办结",
        }
    }
}

/// One limit at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitView {
    /// The limit with its extension.
    pub limit: Limit,
    /// Days begun, or minutes for a limit in working hours.
    pub used: i64,
    /// Days not yet begun, or minutes; negative when over. Zero on the last day, and also when the limit is over by
    /// less than one counted day: `over` tells them apart.
    pub left: i64,
    /// The end of the limit.
    pub due: Due,
    /// Whether the end has passed.
    pub over: bool,
    /// The limit ends today.
    pub last_day: bool,
}

impl LimitView {
    fn new(run: &Run<'_>, now: Timestamp) -> Self {
        let due = run.due();
        Self {
            limit: run.limit,
            used: run.used(now),
            left: run.left(now, &due),
            due,
            over: due.is_over(now),
            last_day: due.date == china_date(now),
        }
    }

    /// `还剩 2 个工作日`, `今天到期`, `已超期 3 个工作日`, `还剩 1 小时 30 分`.
    pub fn left_text(&self) -> String {
        let amount = self.left.abs();
        let amount_text = match self.limit.unit {
            Unit::WorkingHours => format!("{} 小时 {} 分", amount / 60, amount % 60),
            unit => format!("{amount} {}", unit.text()),
        };
        match (self.over, amount) {
            (true, 0) => "已超期".to_owned(),
            (true, _) => format!("已超期 {amount_text}"),
            (false, 0) if self.last_day => "今天到期".to_owned(),
            // Only a limit in calendar days whose last day was a day off.
            (false, 0) => "期满日为休息日，已顺延".to_owned(),
            (false, _) => format!("还剩 {amount_text}"),
        }
    }

    fn is_due_soon(&self) -> bool {
        let amount = i64::from(self.limit.amount);
        let (total, last_day) = match self.limit.unit {
            Unit::WorkingHours => (amount * 60, false),
            Unit::WorkingDays | Unit::CalendarDays => (amount, self.last_day),
        };
        last_day || self.used * 100 >= total * DUE_SOON_PERCENT
    }
}

/// The stop under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopView {
    /// The procedure.
    pub kind: StopKind,
    /// When counting stopped.
    pub from: Timestamp,
    /// The last day of the time told to the applicant.
    pub expected_until: Date,
    /// The procedure takes longer than the applicant was told.
    pub longer_than_told: bool,
}

/// The supplement owed under conditional acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementView {
    /// The applicant's time. It runs on while the case is stopped.
    pub limit: LimitView,
    /// Everything has arrived.
    pub supplied: bool,
}

/// One run of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Key of the step.
    pub step: String,
    /// The step's limit, at the end of the step if it has ended.
    pub limit: LimitView,
    /// The step's light.
    pub state: ClockState,
}

/// A clock at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// The light.
    pub state: ClockState,
    /// 承诺时限.
    pub promised: LimitView,
    /// 法定时限.
    pub statutory: LimitView,
    /// The stop under way, if any.
    pub stop: Option<StopView>,
    /// The supplement owed, if any.
    pub supplement: Option<SupplementView>,
    /// Runs of the steps, in the order of their start.
    pub steps: Vec<StepView>,
}

impl ClockView {
    /// Both due dates.
    pub fn due_dates(&self) -> DueDates {
        DueDates {
            promised: self.promised.due,
            statutory: self.statutory.due,
        }
    }

    /// One line for the case page: `承诺 5 个工作日，还剩 2 个工作日（2026年11月25日 周三前办结）`.
    pub fn text(&self) -> String {
        let promise = self.promised.limit.text();
        match self.state {
            ClockState::Finished { .. } => format!("承诺 {promise}，{}", self.state.text()),
            ClockState::Paused => {
                format!("承诺 {promise}，暂停计时，{}", self.promised.left_text())
            }
            _ => {
                let due = &self.promised.due;
                let caveat = due
                    .caveat()
                    .map_or_else(String::new, |caveat| format!("，{caveat}"));
                let left = self.promised.left_text();
                format!("承诺 {promise}，{left}（{}前办结{caveat}）", due.day_text())
            }
        }
    }
}

impl Clock {
    /// The clock at an instant under a calendar.
    pub fn view(&self, calendar: &Calendar, now: Timestamp) -> ClockView {
        let stopped = matches!(self.phase, Phase::Stopped { .. });
        let pauses = self.pauses(now);
        let at = self.finished_at().map_or(now, |end| end.min(now));
        let limit_view = |limit: Limit| {
            let limit = limit.plus(self.extra());
            let mut view = LimitView::new(
                &Run {
                    limit,
                    started_at: self.started_at,
                    pauses: &pauses,
                    calendar,
                },
                at,
            );
            view.due.provisional = stopped;
            view
        };
        let (promised, statutory) = (
            limit_view(self.rule.promised()),
            limit_view(self.rule.statutory()),
        );
        let state = if self.finished_at().is_some_and(|end| end <= now) {
            ClockState::Finished {
                in_time: !promised.over && !statutory.over,
            }
        } else {
            light([&promised, &statutory], statutory.over, stopped)
        };
        ClockView {
            state,
            promised,
            statutory,
            stop: self.stop_view(calendar, now),
            supplement: self.supplement_view(calendar, at),
            steps: self
                .steps
                .iter()
                .map(|run| step_view(run, &pauses, calendar, stopped, now))
                .collect(),
        }
    }

    fn stop_view(&self, calendar: &Calendar, now: Timestamp) -> Option<StopView> {
        let Phase::Stopped { order } = &self.phase else {
            return None;
        };
        let expected_until = calendar.add_working_days(
            china_date(order.from),
            i32::from(order.expected_working_days),
        );
        let longer_than_told = china_date(now) > expected_until;
        Some(StopView {
            kind: order.kind.clone(),
            from: order.from,
            expected_until,
            longer_than_told,
        })
    }

    fn supplement_view(&self, calendar: &Calendar, now: Timestamp) -> Option<SupplementView> {
        let supplement = self.supplement.as_ref()?;
        let run = Run {
            limit: supplement.limit,
            started_at: supplement.promised_at,
            pauses: &[],
            calendar,
        };
        let at = supplement.supplied_at.map_or(now, |end| end.min(now));
        Some(SupplementView {
            limit: LimitView::new(&run, at),
            supplied: supplement.supplied_at.is_some(),
        })
    }
}

fn light(limits: [&LimitView; 2], statutory_over: bool, stopped: bool) -> ClockState {
    if limits.iter().any(|limit| limit.over) {
        ClockState::Overdue {
            statutory: statutory_over,
        }
    } else if stopped {
        ClockState::Paused
    } else if limits.iter().any(|limit| limit.is_due_soon()) {
        ClockState::DueSoon
    } else {
        ClockState::Normal
    }
}

fn step_view(
    run: &StepRun,
    pauses: &[Pause],
    calendar: &Calendar,
    stopped: bool,
    now: Timestamp,
) -> StepView {
    let at = run.finished_at.map_or(now, |end| end.min(now));
    let mut limit = LimitView::new(
        &Run {
            limit: run.limit,
            started_at: run.started_at,
            pauses,
            calendar,
        },
        at,
    );
    limit.due.provisional = stopped && run.finished_at.is_none();
    let state = match run.finished_at {
        Some(_) => ClockState::Finished {
            in_time: !limit.over,
        },
        None => light([&limit, &limit], false, stopped),
    };
    StepView {
        step: run.step.clone(),
        limit,
        state,
    }
}
