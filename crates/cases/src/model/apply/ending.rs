//! Applies what happens from the decision on, and what ends a case before.

use jiff::Timestamp;
use wuchuang_calendar::{ClockEvent, Conclusion, ReceiptEvent};
use wuchuang_kernel::Personal;

use super::{move_clock, move_receipt, note};
use crate::model::{
    Case, Stage,
    ending::Delivered,
    event::CaseEvent,
    parts::{Decision, IssuedLicence, NoticeKind, Opinion},
};

/// The decision and all that follows it.
pub(super) fn apply(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::Decided {
            decision,
            opinion,
            notice,
            clock,
        } => {
            move_clock(case, std::slice::from_ref(clock));
            decide(case, decision, opinion, notice, at);
        }
        CaseEvent::LicenceIssued(licence) => issue(case, licence),
        CaseEvent::Delivered { delivered, notice } => {
            note(case, NoticeKind::Delivery, notice, at);
            hand_over(case, delivered, at);
        }
        CaseEvent::Rated {} => case.rated = true,
        CaseEvent::Archived {} => case.archived = true,
        CaseEvent::Withdrawn { .. } => withdraw(case, at),
        CaseEvent::WithdrawnV2 { notice, .. } => {
            note(case, NoticeKind::Withdrawal, notice, at);
            withdraw(case, at);
        }
        CaseEvent::Terminated { reason } => terminate(case, reason, at),
        CaseEvent::TerminatedV2 { reason, notice, .. } => {
            note(case, NoticeKind::Termination, notice, at);
            terminate(case, reason, at);
        }
        _ => {}
    }
}

fn decide(case: &mut Case, decision: &Decision, opinion: &Opinion, notice: &str, at: Timestamp) {
    case.opinions.push(opinion.clone());
    let kind = match decision {
        Decision::Granted => NoticeKind::Granted,
        Decision::Refused { .. } => NoticeKind::Refused,
    };
    note(case, kind, notice, at);
    case.holder = None;
    case.extension_request = None;
    case.stage = if *decision == Decision::Granted && case.terms.issues_licence {
        Stage::Issuing
    } else {
        Stage::Delivering {
            decision: decision.clone(),
            licence: None,
        }
    };
}

fn issue(case: &mut Case, licence: &IssuedLicence) {
    case.stage = Stage::Delivering {
        decision: Decision::Granted,
        licence: Some(licence.clone()),
    };
}

fn hand_over(case: &mut Case, delivered: &Delivered, at: Timestamp) {
    let before = std::mem::replace(&mut case.stage, Stage::Examining);
    case.stage = match before {
        Stage::Delivering { decision, licence } => Stage::Closed {
            decision,
            licence,
            delivered: delivered.clone(),
            at,
        },
        other => other,
    };
}

fn withdraw(case: &mut Case, at: Timestamp) {
    end_clocks(case, at);
    case.stage = Stage::Withdrawn { at };
}

fn terminate(case: &mut Case, reason: &Personal<String>, at: Timestamp) {
    end_clocks(case, at);
    case.stage = Stage::Terminated {
        reason: reason.clone(),
        at,
    };
}

/// Withdrawal and termination end whichever clock runs.
fn end_clocks(case: &mut Case, at: Timestamp) {
    if case.clock.is_some() {
        move_clock(case, &[ClockEvent::Finished { at }]);
    } else {
        move_receipt(
            case,
            &ReceiptEvent::Concluded {
                at,
                conclusion: Conclusion::Withdrawn,
            },
        );
    }
}
