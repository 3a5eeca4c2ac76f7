//! What the papers about time say while a case runs (行政许可法 art. 42 and 45).

use wuchuang_calendar::Phase;
use wuchuang_documents::data::{Extension, SpecialProcedure};
use wuchuang_kernel::china_date;

use crate::model::CaseEvent;

use super::{NoticeFacts, told};

/// 特别程序告知书.
pub fn special_procedure_data(facts: &NoticeFacts<'_>) -> Option<SpecialProcedure> {
    let CaseEvent::ClockStopped { procedure, .. } = facts.event else {
        return None;
    };
    let clock = facts.case.clock.as_ref()?;
    let Phase::Stopped { order } = clock.phase() else {
        return None;
    };
    let view = clock.view(facts.calendar, facts.notice.at);
    Some(SpecialProcedure {
        head: facts.head(),
        case: facts.reference(),
        accepted_on: facts.accepted_on(),
        kind: procedure.kind.name().to_owned(),
        reason: told(&procedure.reason).to_owned(),
        basis: procedure.kind.article().to_owned(),
        starts_on: china_date(order.from),
        duration: format!("{}个工作日", procedure.expected_days),
        expected_end_on: view.stop?.expected_until,
        applicant_duty: None,
        contact: facts.contact(),
    })
}

/// 延长审批期限告知书.
pub fn extension_data(facts: &NoticeFacts<'_>) -> Option<Extension> {
    let CaseEvent::Extended { days, reason, .. } = facts.event else {
        return None;
    };
    let basis = facts
        .case
        .terms
        .limits
        .extension()
        .map(|rule| rule.article.clone())?;
    Some(Extension {
        head: facts.head(),
        case: facts.reference(),
        accepted_on: facts.accepted_on(),
        reason: told(reason).to_owned(),
        added_days: u32::from(*days),
        due_before_on: facts.due_on(facts.before?)?,
        due_on: facts.due_on(facts.case)?,
        approved_by: facts.actor_name.to_owned(),
        basis,
        contact: facts.contact(),
    })
}
