//! From the decision to the archive: decided with reasons, made, handed over (`handing_over`), closed; or stopped before
//! (`stopping`).

mod handing_over;
mod stopping;

use wuchuang_calendar::ClockEvent;
use wuchuang_kernel::{Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    Case, Stage,
    before_acceptance::check_reason,
    decide::{clock_refuses, effective, under_review, wrong_stage},
    event::CaseEvent,
    levels,
    numbers::notice_number,
    parts::{Decision, DeliveryChoice, IssuedLicence, NoticeKind, Opinion, Verdict},
    review::running,
};

pub use handing_over::{AtCounter, Authorisation, Delivered, Receiver, ReceiverRight};
pub use stopping::TerminationGround;
pub(super) use stopping::{terminate, withdraw};

type Decided = Result<Vec<CaseEvent>, Rejection>;

/// The decision: the steps must be done, the clock must run, nothing may be owed.
fn decided(
    case: &Case,
    decision: Decision,
    text: &Personal<String>,
    kind: NoticeKind,
    context: &Context<'_>,
) -> Decided {
    let (position, clock) = under_review(case, "作出决定")?;
    if !position.is_decision_due() {
        return Err(Rejection::new(
            "steps_open",
            format!("“{}”环节还没有完成，不能作出决定。", case.step_name()),
        ));
    }
    running(clock)?;
    let at = effective(case, context);
    let event = ClockEvent::Finished { at };
    clock
        .check(&event, context.calendar)
        .map_err(|error| clock_refuses(&error))?;
    let is_granted = matches!(decision, Decision::Granted);
    let is_final = !is_granted || !case.terms.issues_licence;
    let mut events = vec![CaseEvent::Decided {
        decision,
        opinion: Opinion {
            step: "decision".to_owned(),
            step_name: "决定".to_owned(),
            text: text.clone(),
            by: *context.actor,
            at,
            verdict: Some(Verdict::of(is_granted, false)),
        },
        notice: notice_number(context, kind)?,
        clock: event,
    }];
    if is_final && case.delivery == DeliveryChoice::Electronic {
        events.extend(handed_over(&Delivered::Electronic, context)?);
    }
    Ok(events)
}

pub(super) fn grant(case: &Case, opinion: &Personal<String>, context: &Context<'_>) -> Decided {
    check_reason(opinion.text(), "请写下决定意见。").map_err(|refusal| refusal.at("opinion"))?;
    if !case.owed.is_empty() {
        return Err(Rejection::new(
            "supplement_owed",
            "容缺材料还没有补齐，不能准予。",
        ));
    }
    levels::check(case)?;
    decided(
        case,
        Decision::Granted,
        opinion,
        NoticeKind::Granted,
        context,
    )
}

pub(super) fn refuse(
    case: &Case,
    reason: &Personal<String>,
    basis: &str,
    context: &Context<'_>,
) -> Decided {
    check_reason(
        reason.text(),
        "请写明不予的理由（《行政许可法》第三十八条：应当说明理由）。",
    )?;
    if basis.trim().is_empty() {
        return Err(
            Rejection::new("basis_missing", "请写明法律依据：法规名称和条款。").at("basis"),
        );
    }
    let decision = Decision::Refused {
        reason: reason.clone(),
        basis: Personal::new(case.applicant.person, basis.to_owned()),
    };
    decided(case, decision, reason, NoticeKind::Refused, context)
}

pub(super) fn record_licence(
    case: &Case,
    licence: &IssuedLicence,
    context: &Context<'_>,
) -> Decided {
    if case.stage != Stage::Issuing {
        return Err(wrong_stage(case, "登记证照"));
    }
    let mut events = vec![CaseEvent::LicenceIssued(licence.clone())];
    if case.delivery == DeliveryChoice::Electronic {
        events.extend(handed_over(&Delivered::Electronic, context)?);
    }
    Ok(events)
}

fn handed_over(delivered: &Delivered, context: &Context<'_>) -> Decided {
    Ok(vec![
        CaseEvent::Delivered {
            delivered: delivered.clone(),
            notice: notice_number(context, NoticeKind::Delivery)?,
        },
        CaseEvent::Closed {},
    ])
}

pub(super) fn deliver(case: &Case, delivered: &Delivered, context: &Context<'_>) -> Decided {
    if !matches!(case.stage, Stage::Delivering { .. }) {
        return Err(wrong_stage(case, "送达"));
    }
    match delivered.problems(case).into_iter().next() {
        Some(refusal) => Err(refusal),
        None => handed_over(&delivered.recorded(), context),
    }
}

pub(super) fn record_rating(case: &Case) -> Decided {
    if case.rated {
        return Err(Rejection::new(
            "rated_before",
            "这次服务已经评价过了，谢谢您。",
        ));
    }
    if !case.stage.is_over() {
        return Err(Rejection::new(
            "not_over",
            "办件还没有办结，办结后就可以评价。",
        ));
    }
    Ok(vec![CaseEvent::Rated {}])
}

pub(super) fn archive(case: &Case) -> Decided {
    if case.archived {
        return Ok(Vec::new());
    }
    if !case.stage.is_over() {
        return Err(wrong_stage(case, "归档"));
    }
    Ok(vec![CaseEvent::Archived {}])
}
