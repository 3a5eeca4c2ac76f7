//! Between acceptance and decision: steps, special procedures that stop the clock, the one extension,
//! and what is still owed.

use wuchuang_calendar::{Clock, ClockEvent, Extension, Phase, StopOrder};
use wuchuang_kernel::{Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    Case, Position, Process,
    before_acceptance::{check_reason, steps_started},
    completeness::check_added,
    deadline::{after_extension, after_stop},
    decide::{clock_refuses, effective, person_of, under_review},
    event::{CaseEvent, OrderedProcedure},
    numbers::notice_number,
    parts::{Material, NoticeKind, Opinion, SpecialProcedure, Verdict},
    process::ProcessError,
};

/// What the clock keeps for a reason. The reason itself may speak of the applicant; it stands in the event, sealed with
/// their key, and in the notice.
const REASON_IN_NOTICE: &str = "见书面告知";

type Decided = Result<Vec<CaseEvent>, Rejection>;

impl Case {
    /// Whether its time stands still for a special procedure (特别程序): no step or decision is taken then.
    pub fn is_stopped(&self) -> bool {
        let clock = self.clock.as_ref();
        clock.is_some_and(|clock| matches!(clock.phase(), Phase::Stopped { .. }))
    }
}

/// A step or a decision is not taken while a special procedure is under way.
pub(super) fn running(clock: &Clock) -> Result<(), Rejection> {
    match clock.phase() {
        Phase::Stopped { order } => Err(Rejection::new(
            "clock_stopped",
            format!(
                "“{}”还在进行，计时已暂停。请先登记结果、恢复计时。",
                order.kind.name()
            ),
        )),
        Phase::Running | Phase::Finished { .. } => Ok(()),
    }
}

fn process_refuses(error: &ProcessError) -> Rejection {
    match error {
        ProcessError::NotThere(_) => Rejection::new(
            "step_not_current",
            "办件已不在这个环节，可能同事刚刚处理过。请刷新页面。",
        ),
        ProcessError::NotBefore(_) => {
            Rejection::new("step_not_before", "只能退回到前面的环节。").at("step")
        }
    }
}

/// The limits of steps move with the case from one step to the next.
fn step_moves(
    case: &Case,
    clock: &Clock,
    from: &Position,
    to: &Position,
    context: &Context<'_>,
) -> Result<Vec<ClockEvent>, Rejection> {
    let at = effective(case, context);
    let mut moves = Vec::new();
    if let Position::Step { step } = from
        && clock
            .steps()
            .iter()
            .any(|run| run.step == *step && run.finished_at.is_none())
    {
        moves.push(ClockEvent::StepFinished {
            step: step.clone(),
            at,
        });
    }
    moves.extend(steps_started(&case.terms, to, at));
    let mut clock = clock.clone();
    for event in &moves {
        clock = clock
            .then(event.clone(), context.calendar)
            .map_err(|error| clock_refuses(&error))?;
    }
    Ok(moves)
}

fn opinion(case: &Case, step: &str, text: &Personal<String>, context: &Context<'_>) -> Opinion {
    Opinion {
        step: step.to_owned(),
        step_name: case
            .terms
            .step(step)
            .map_or_else(|| "决定".to_owned(), |step| step.name.clone()),
        text: text.clone(),
        by: *context.actor,
        at: effective(case, context),
        verdict: None,
    }
}

pub(super) fn complete_step(
    case: &Case,
    step: &str,
    (text, agrees): (&Personal<String>, bool),
    context: &Context<'_>,
) -> Decided {
    let (from, clock) = under_review(case, "完成这个环节")?;
    running(clock)?;
    check_reason(text.text(), "请写下审查意见。").map_err(|refusal| refusal.at("opinion"))?;
    let to = case
        .terms
        .complete(from, step)
        .map_err(|error| process_refuses(&error))?;
    let clock = step_moves(case, clock, from, &to, context)?;
    Ok(vec![CaseEvent::StepCompleted {
        opinion: Opinion {
            verdict: Some(Verdict::of(agrees, false)),
            ..opinion(case, step, text, context)
        },
        position: to,
        clock,
    }])
}

pub(super) fn return_to_step(
    case: &Case,
    step: &str,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let (from, clock) = under_review(case, "退回")?;
    running(clock)?;
    check_reason(reason.text(), "请写明退回的理由。")?;
    let to = case
        .terms
        .send_back(from, step)
        .map_err(|error| process_refuses(&error))?;
    let here = match from {
        Position::Step { step } => step.clone(),
        Position::Decision | Position::Drawn(_) => "decision".to_owned(),
    };
    let clock = step_moves(case, clock, from, &to, context)?;
    Ok(vec![CaseEvent::Returned {
        opinion: opinion(case, &here, reason, context),
        position: to,
        clock,
    }])
}

pub(super) fn stop_clock(
    case: &Case,
    procedure: &SpecialProcedure,
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "启动特别程序")?;
    let at = effective(case, context);
    let stopped = |reason: &str| ClockEvent::Stopped {
        order: StopOrder {
            kind: procedure.kind.clone(),
            reason: reason.to_owned(),
            // The written notice is made and sent by the same command.
            told_at: at,
            expected_working_days: procedure.expected_days,
            from: at,
        },
    };
    clock
        .check(&stopped(&procedure.reason), context.calendar)
        .map_err(|error| clock_refuses(&error))?;
    Ok(vec![CaseEvent::ClockStopped {
        procedure: OrderedProcedure::new(case.applicant.person, procedure),
        notice: notice_number(context, NoticeKind::SpecialProcedure)?,
        clock: stopped(REASON_IN_NOTICE),
    }])
}

pub(super) fn resume_clock(
    case: &Case,
    result: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "恢复计时")?;
    check_reason(result.text(), "请写明特别程序的结果。")
        .map_err(|refusal| refusal.at("result"))?;
    let event = ClockEvent::Resumed {
        at: effective(case, context),
    };
    let goes_on = clock
        .clone()
        .then(event.clone(), context.calendar)
        .map_err(|error| clock_refuses(&error))?;
    let resumed = CaseEvent::ClockResumed {
        result: result.clone(),
        clock: event,
    };
    Ok(vec![resumed, after_stop(clock, &goes_on, context)])
}

pub(super) fn extend(case: &Case, days: u16, reason: &str, context: &Context<'_>) -> Decided {
    let (_, clock) = under_review(case, "延长期限")?;
    let extended = |reason: &str| ClockEvent::Extended {
        extension: Extension {
            amount: days,
            reason: reason.to_owned(),
            authorised_by: person_of(context.actor),
            granted_at: effective(case, context),
        },
    };
    let longer = clock
        .clone()
        .then(extended(reason), context.calendar)
        .map_err(|error| clock_refuses(&error))?;
    let notice = CaseEvent::Extended {
        days,
        reason: Personal::new(case.applicant.person, reason.to_owned()),
        notice: notice_number(context, NoticeKind::Extension)?,
        clock: extended(REASON_IN_NOTICE),
    };
    Ok(vec![
        notice,
        after_extension(clock, &longer, days, effective(case, context), context),
    ])
}

pub(super) fn supply_supplement(
    case: &Case,
    materials: &[Material],
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "补交容缺材料")?;
    if case.owed.is_empty() {
        return Err(Rejection::new("nothing_owed", "没有待补的容缺材料。"));
    }
    check_added(case, materials)?;
    let arrives = |id: &String| {
        materials
            .iter()
            .any(|material| material.requirement.as_ref() == Some(id))
    };
    if !case.owed.iter().any(arrives) {
        return Err(Rejection::new(
            "supplement_other",
            "这些不是容缺待补的材料。请按容缺受理通知书补交。",
        ));
    }
    let event = case
        .owed
        .iter()
        .all(arrives)
        .then(|| ClockEvent::SupplementSupplied {
            at: effective(case, context),
        });
    if let Some(event) = &event {
        clock
            .check(event, context.calendar)
            .map_err(|error| clock_refuses(&error))?;
    }
    Ok(vec![CaseEvent::SupplementSupplied {
        materials: materials.to_vec(),
        clock: event,
    }])
}
