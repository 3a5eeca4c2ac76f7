//! 行政许可法 art. 32 (4): when no defect was told within five working days, the case *is* accepted
//! as of the day received. The timer only records what the law has done already.

use jiff::{SignedDuration, Timestamp};
use wuchuang_calendar::Calendar;

use super::timer::Timer;
use crate::model::{Case, CaseCommand, CaseEvent};

/// Set whenever a window opens: at receipt and when a correction arrives.
pub(super) struct DeemAccepted;

impl Timer for DeemAccepted {
    const NAME: &'static str = "case_deem_accepted";
    const PURPOSE: &'static str = "deem_accepted";

    fn is_set_by(event: &CaseEvent, _case: &Case) -> bool {
        matches!(
            event,
            CaseEvent::Received(_) | CaseEvent::CorrectionSupplied { .. }
        )
    }

    fn due(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<CaseCommand> {
        case.receipt
            .deemed_acceptance(now, calendar)
            .map(|_| CaseCommand::DeemAccepted)
    }

    fn wait(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
        let due = case.receipt.window(calendar)?;
        // The window ends with its last instant; the timer comes a second after it.
        let left = due.ends_at.duration_since(now).max(SignedDuration::ZERO);
        Some(left + SignedDuration::from_secs(1))
    }
}
