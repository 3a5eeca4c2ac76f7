//! What the papers of a case say that ends without a decision.

use wuchuang_documents::data::{Termination, Withdrawal};
use wuchuang_kernel::china_date;

use crate::model::CaseEvent;

use super::{FORGOTTEN, NoticeFacts};

/// 终止办理决定书.
pub fn termination_data(facts: &NoticeFacts<'_>) -> Option<Termination> {
    let CaseEvent::TerminatedV2 {
        ground,
        reason,
        basis,
        ..
    } = facts.event
    else {
        return None;
    };
    let reason = match reason.text() {
        "" => FORGOTTEN,
        text => text,
    };
    Some(Termination {
        head: facts.head(),
        case: facts.reference(),
        applied_on: china_date(facts.case.received_at),
        accepted_on: facts
            .case
            .clock
            .as_ref()
            .map(|clock| china_date(clock.started_at())),
        ground: ground.name().to_owned(),
        reason: reason.to_owned(),
        basis: basis.text().to_owned(),
        remedy: facts.remedy(),
        contact: facts.contact(),
    })
}

/// 撤回申请确认书.
pub fn withdrawal_data(facts: &NoticeFacts<'_>) -> Option<Withdrawal> {
    let CaseEvent::WithdrawnV2 { reason, .. } = facts.event else {
        return None;
    };
    let reason = reason.text().trim();
    Some(Withdrawal {
        head: facts.head(),
        case: facts.reference(),
        applied_on: china_date(facts.case.received_at),
        withdrawn_on: facts.date(),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        contact: facts.contact(),
    })
}
