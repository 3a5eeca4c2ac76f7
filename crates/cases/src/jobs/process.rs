//! The timers of drawn processes: boundary and intermediate timer events. Each move that leaves timers running sets a job for
//! the one that is due first. A job that comes after a person's deed finds its timer gone, and the deed has won; one that comes
//! before takes the task away, and the deed is told so.

use jiff::{SignedDuration, Timestamp};
use wuchuang_calendar::Calendar;

use super::timer::Timer;
use crate::model::{Case, CaseCommand, CaseEvent};

/// Set by every event after which the case's process waits for another timer than before.
pub(super) struct ProcessTimer;

impl Timer for ProcessTimer {
    const NAME: &'static str = "case_process_timer";
    const PURPOSE: &'static str = "process_timer";

    fn is_set_by(event: &CaseEvent, case: &Case) -> bool {
        let Some(position) = case.drawn().filter(|position| !position.timers.is_empty()) else {
            return false;
        };
        match event {
            // The next one; and what came due while the process waited with the clock.
            CaseEvent::TimerFired { .. } | CaseEvent::ClockResumed { .. } => true,
            CaseEvent::Accepted { .. }
            | CaseEvent::StepCompleted { .. }
            | CaseEvent::Returned { .. } => {
                let mut timers = position.timers.iter();
                timers.any(|timer| timer.from == case.changed_at)
            }
            _ => false,
        }
    }

    fn due(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<CaseCommand> {
        let (timer, at) = case.next_timer(calendar)?;
        (at <= now).then_some(CaseCommand::FireTimer { timer: timer.timer })
    }

    fn wait(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
        let (_, at) = case.next_timer(calendar)?;
        Some(at.duration_since(now).max(SignedDuration::ZERO))
    }
}
