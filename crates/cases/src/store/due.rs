//! The dates that a list needs of a case: from when it is yellow and after which day it is red. They
//! change only with events and with the calendar, so they are stored; the light follows from today.

use jiff::{
    Timestamp,
    civil::{Date, time},
};
use wuchuang_calendar::{Calendar, Clock, ClockState, china_instant};

use crate::model::{Case, RunningLimit, Stage};

/// A date after all others, for cases without a limit: they sort last.
const NEVER: &str = "9999-12-31";
/// How many days before its end a limit can turn yellow at most.
const WARN_DAYS_MAX: usize = 400;

/// The due columns of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueColumns {
    /// From which day on the case is yellow.
    pub warn_on: String,
    /// The last day in time of the limit that runs: the window before acceptance, the promised limit, the delivery.
    pub due_on: String,
    /// The last day of the statutory limit.
    pub statutory_due_on: String,
    /// Whether no limit runs for now: a special procedure, a correction.
    pub is_paused: bool,
    /// Whether the case ended within its limits.
    pub in_time: bool,
    /// The last day of the supplement that is still owed; empty when nothing is.
    pub supplement_due_on: String,
}

impl DueColumns {
    /// The columns of a case under a calendar.
    pub fn of(case: &Case, calendar: &Calendar) -> Self {
        let decision = case.clock.as_ref().map_or_else(
            || Self::without_limit(case),
            |clock| Self::of_clock(clock, calendar, case.changed_at),
        );
        match case.running_limit() {
            RunningLimit::Receipt => {
                let due = case
                    .receipt
                    .window(calendar)
                    .map_or_else(|| NEVER.to_owned(), |due| due.date.to_string());
                Self {
                    warn_on: due.clone(),
                    statutory_due_on: due.clone(),
                    due_on: due,
                    ..Self::without_limit(case)
                }
            }
            RunningLimit::Decision(clock) => Self {
                supplement_due_on: supplement_due_on(clock, calendar, case.changed_at),
                warn_on: yellow_from(case, clock, calendar).unwrap_or(decision.warn_on),
                ..decision
            },
            // Whether it was decided in time, and until when it had to be, does not change any more.
            RunningLimit::Delivery(clock) => Self {
                statutory_due_on: decision.statutory_due_on,
                in_time: decision.in_time,
                ..Self::of_clock(&clock, calendar, case.changed_at)
            },
            RunningLimit::Correction | RunningLimit::Over => decision,
        }
    }

    fn without_limit(case: &Case) -> Self {
        Self {
            warn_on: NEVER.to_owned(),
            due_on: NEVER.to_owned(),
            statutory_due_on: NEVER.to_owned(),
            is_paused: case.stage == Stage::Correcting,
            in_time: true,
            supplement_due_on: String::new(),
        }
    }

    fn of_clock(clock: &Clock, calendar: &Calendar, now: Timestamp) -> Self {
        let view = clock.view(calendar, now);
        let dates = view.due_dates();
        let due = dates.binding().date;
        Self {
            warn_on: warn_on(clock, calendar, due).to_string(),
            due_on: due.to_string(),
            statutory_due_on: dates.statutory.date.to_string(),
            // A limit that was over before the clock was stopped stays over.
            is_paused: view.state == ClockState::Paused,
            in_time: !matches!(view.state, ClockState::Finished { in_time: false }),
            supplement_due_on: String::new(),
        }
    }
}

/// From which day on it is yellow, where its item's rules say so.
fn yellow_from(case: &Case, clock: &Clock, calendar: &Calendar) -> Option<String> {
    let view = clock.view(calendar, case.changed_at);
    let from = case.yellow_from(calendar, view.due_dates().binding().date)?;
    Some(from.to_string())
}

fn supplement_due_on(clock: &Clock, calendar: &Calendar, now: Timestamp) -> String {
    let supplement = clock.view(calendar, now).supplement;
    supplement
        .filter(|owed| !owed.supplied)
        .map_or_else(String::new, |owed| owed.limit.due.date.to_string())
}

/// The first day on which the running clock is yellow, found backwards from its last day.
fn warn_on(clock: &Clock, calendar: &Calendar, due: Date) -> Date {
    let is_yellow = |date: Date| {
        let noon = china_instant(date, time(12, 0, 0, 0));
        noon > clock.started_at() && matches!(clock.view(calendar, noon).state, ClockState::DueSoon)
    };
    let mut first = due;
    for _ in 0..WARN_DAYS_MAX {
        match first.yesterday() {
            Ok(before) if is_yellow(before) => first = before,
            _ => break,
        }
    }
    first
}
