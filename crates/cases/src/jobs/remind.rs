//! Reminds the applicant two working days before the day by which they must answer a correction notice or bring what is
//! owed after conditional acceptance: once, and not when they have answered. What goes out is a message like any other.

use jiff::{SignedDuration, Timestamp};
use wuchuang_calendar::Calendar;

use super::timer::Timer;
use crate::model::{Case, CaseCommand, CaseEvent};

/// Set when the applicant is asked for something until a day.
pub(super) struct Remind;

impl Timer for Remind {
    const NAME: &'static str = "case_remind";
    const PURPOSE: &'static str = "remind";

    fn is_set_by(event: &CaseEvent, _case: &Case) -> bool {
        matches!(
            event,
            CaseEvent::CorrectionNotified { .. }
                | CaseEvent::Accepted {
                    conditional: Some(_),
                    ..
                }
        )
    }

    fn due(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<CaseCommand> {
        let reminder = case.reminder(calendar)?;
        (reminder.from <= now).then_some(CaseCommand::Remind)
    }

    /// `None` also when the moment is behind: whoever was told a short time today needs no reminder of it.
    fn wait(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
        let wait = case.reminder(calendar)?.from.duration_since(now);
        wait.is_positive().then_some(wait)
    }
}
