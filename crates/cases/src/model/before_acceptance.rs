//! From receipt to acceptance (行政许可法 art. 32): one notice of all defects within five working days,
//! or the case is accepted as of the day received.

pub(super) mod known;

use wuchuang_calendar::{
    Clock, ClockEvent, Conclusion, CorrectionNotice, Limit, ReceiptClock, ReceiptError,
    ReceiptEvent,
};
use wuchuang_kernel::{OrganisationId, Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    Case, Stage,
    command::{CaseCommand, Submission},
    completeness::{check_added, check_complete, check_materials, undertaken},
    decide::{clock_refuses, effective, receipt_refuses, wrong_stage},
    drawn::{self, DrawnProcess},
    event::{CaseEvent, ReceivedEvent, ToldDefect},
    numbers::{case_number, notice_number},
    parts::{AnswerBy, Conditional, Defect, Material, NotAcceptedGround, NoticeKind},
    process::{Position, Process},
    terms::ItemTerms,
};

/// How many defects one notice may tell.
const DEFECTS_MAX: usize = 100;
/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 100;
/// How long a reason may be, in characters.
pub(super) const REASON_CHARACTERS_MAX: usize = 2_000;

type Decided = Result<Vec<CaseEvent>, Rejection>;

pub(super) fn submit(submission: &Submission, context: &Context<'_>) -> Decided {
    check_submission(
        &submission.terms,
        submission.applicant.name.text(),
        &submission.materials,
    )?;
    known::check_known(&submission.known, submission.answers.get())?;
    let number = case_number(context, &submission.terms.department_code)?;
    Ok(vec![CaseEvent::Received(Box::new(ReceivedEvent {
        number,
        channel: context.channel,
        submission: submission.clone(),
    }))])
}

/// What an application is refused for, whoever applies. A window that must register the applicant first asks this
/// before it does, so that a refused application leaves nobody behind.
///
/// # Errors
/// The rule that the application breaks.
pub fn check_submission(
    terms: &ItemTerms,
    applicant_name: &str,
    materials: &[Material],
) -> Result<(), Rejection> {
    let name = applicant_name.trim();
    if name.is_empty() {
        return Err(
            Rejection::new("applicant_name", "请填写申请人姓名或单位名称。").at("applicant_name"),
        );
    }
    if name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(Rejection::new(
            "applicant_name",
            "申请人姓名或单位名称最多100个字，请填写证件上的名称。",
        )
        .at("applicant_name"));
    }
    check_materials(terms, materials)
}

pub(super) fn notify_correction(
    case: &Case,
    defects: &[Defect],
    answer_by: AnswerBy,
    context: &Context<'_>,
) -> Decided {
    if defects.is_empty() || defects.len() > DEFECTS_MAX {
        return Err(Rejection::new(
            "defects",
            "请列出全部需要补正的内容（1至100项），一次告知。",
        )
        .at("defects"));
    }
    if let Some(blank) = defects
        .iter()
        .find(|defect| defect.problem.trim().is_empty())
    {
        return Err(Rejection::new(
            "defect_blank",
            format!("请写明“{}”缺什么或哪里不对、怎样补正。", blank.name),
        )
        .at("defects"));
    }
    if defects
        .iter()
        .any(|defect| defect.problem.chars().count() > REASON_CHARACTERS_MAX)
    {
        return Err(Rejection::new("defect_too_long", "每项补正说明最多2000字。").at("defects"));
    }
    let receipt = ReceiptEvent::CorrectionAsked {
        notice: CorrectionNotice {
            defects: defects.iter().map(|defect| defect.key.clone()).collect(),
            told_at: effective(case, context),
            answer_by,
        },
    };
    case.receipt
        .check(&receipt, context.calendar)
        .map_err(|error| receipt_refuses(&in_words(error, defects)))?;
    Ok(vec![CaseEvent::CorrectionNotified {
        defects: defects
            .iter()
            .map(|defect| ToldDefect::new(case.applicant.person, defect))
            .collect(),
        notice: notice_number(context, NoticeKind::Correction)?,
        receipt,
    }])
}

/// The calendar knows defects by their keys; people know them by their names.
fn in_words(error: ReceiptError, defects: &[Defect]) -> ReceiptError {
    match error {
        ReceiptError::NewDefect { defect: key } => ReceiptError::NewDefect {
            defect: defects
                .iter()
                .find(|defect| defect.key == key)
                .map_or(key, |defect| defect.name.clone()),
        },
        other => other,
    }
}

pub(super) fn supply_correction(
    case: &Case,
    command: &CaseCommand,
    context: &Context<'_>,
) -> Decided {
    let CaseCommand::SupplyCorrection {
        answers,
        materials,
        counted,
    } = command
    else {
        return Ok(Vec::new());
    };
    if case.stage != Stage::Correcting {
        return Err(wrong_stage(case, "补正"));
    }
    if answers.is_none() && materials.is_empty() {
        return Err(Rejection::new(
            "correction_empty",
            "请按告知书补充材料或修改表单后再提交。",
        ));
    }
    check_added(case, materials)?;
    let receipt = ReceiptEvent::CorrectionSupplied {
        at: effective(case, context),
    };
    case.receipt
        .check(&receipt, context.calendar)
        .map_err(|error| receipt_refuses(&error))?;
    Ok(vec![CaseEvent::CorrectionSupplied {
        answers: answers.clone(),
        materials: materials.clone(),
        receipt,
        counted: counted.clone(),
    }])
}

pub(super) fn accept(
    case: &Case,
    conditional: Option<Conditional>,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Decided {
    if case.stage != Stage::Examining {
        return Err(wrong_stage(case, "受理"));
    }
    check_complete(case, conditional.as_ref())?;
    let conditional = match conditional {
        Some(conditional) => Some(Conditional {
            undertaking: Some(undertaken(case, &conditional)?),
            ..conditional
        }),
        None => None,
    };
    let at = effective(case, context);
    let acceptance = case
        .receipt
        .acceptance(at, context.calendar)
        .map_err(|error| receipt_refuses(&error))?;
    let position = first_position(case, drawn, context)?;
    accepted(case, acceptance, conditional, position, context)
}

/// Where an accepted case begins.
fn first_position(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Result<Position, Rejection> {
    Ok(match drawn::begin(case, drawn, context)? {
        Some(position) => position.into(),
        None => case.terms.start(),
    })
}

/// Accepted by the item's rules: what lies between acceptance and decision is done by them as well.
pub(super) fn accept_by_rules(case: &Case, context: &Context<'_>) -> Decided {
    check_complete(case, None)?;
    let acceptance = case
        .receipt
        .acceptance(effective(case, context), context.calendar)
        .map_err(|error| receipt_refuses(&error))?;
    accepted(case, acceptance, None, Position::Decision, context)
}

pub(super) fn deem_accepted(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Decided {
    if case.stage != Stage::Examining {
        return Err(wrong_stage(case, "视为受理"));
    }
    let acceptance = case
        .receipt
        .deemed_acceptance(effective(case, context), context.calendar)
        .ok_or_else(|| {
            Rejection::new(
                "window_open",
                "五个工作日的审查期限还没有届满，不能视为受理。",
            )
        })?;
    let position = first_position(case, drawn, context)?;
    accepted(case, acceptance, None, position, context)
}

fn accepted(
    case: &Case,
    acceptance: wuchuang_calendar::Acceptance,
    conditional: Option<Conditional>,
    position: Position,
    context: &Context<'_>,
) -> Decided {
    let at = effective(case, context);
    let receipt = ReceiptEvent::Concluded {
        at,
        conclusion: Conclusion::Accepted { acceptance },
    };
    case.receipt
        .check(&receipt, context.calendar)
        .map_err(|error| receipt_refuses(&error))?;
    let mut clock = Clock::start(case.terms.limits.clone(), acceptance);
    let mut moves: Vec<ClockEvent> = Vec::new();
    if let Some(conditional) = &conditional {
        moves.push(ClockEvent::SupplementPromised {
            materials: names(case, &conditional.materials),
            limit: Limit::working_days(conditional.days),
            at,
        });
    }
    moves.extend(steps_started(&case.terms, &position, at));
    for event in &moves {
        clock = clock
            .then(event.clone(), context.calendar)
            .map_err(|error| clock_refuses(&error))?;
    }
    let kind = if conditional.is_some() {
        NoticeKind::ConditionalAcceptance
    } else {
        NoticeKind::Acceptance
    };
    Ok(vec![CaseEvent::Accepted {
        acceptance,
        receipt,
        position,
        clock: moves,
        conditional,
        notice: notice_number(context, kind)?,
    }])
}

/// The limits of steps begin with the steps.
pub(super) fn steps_started(
    terms: &ItemTerms,
    position: &Position,
    at: jiff::Timestamp,
) -> Vec<ClockEvent> {
    match position {
        Position::Step { step } => {
            let limit = terms.step(step).and_then(|step| step.limit);
            let started = limit.map(|limit| ClockEvent::StepStarted {
                step: step.clone(),
                limit,
                at,
            });
            started.into_iter().collect()
        }
        Position::Decision => Vec::new(),
        Position::Drawn(position) => {
            let started = position.tasks.iter();
            started
                .filter_map(|task| drawn::started(task, at))
                .collect()
        }
    }
}

fn names(case: &Case, ids: &[String]) -> Vec<String> {
    ids.iter()
        .map(|id| {
            case.terms
                .material(id)
                .map_or_else(|| id.clone(), |material| material.name.clone())
        })
        .collect()
}

pub(super) fn refuse_acceptance(
    case: &Case,
    ground: &NotAcceptedGround,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    if !matches!(case.stage, Stage::Examining | Stage::Correcting) {
        return Err(wrong_stage(case, "不予受理"));
    }
    check_reason(reason.text(), "请写明不予受理的理由，申请人会收到。")?;
    if let NotAcceptedGround::NotCompetent { authority } = ground
        && authority.trim().is_empty()
    {
        return Err(Rejection::new(
            "authority_missing",
            "请写明应当向哪个机关申请（《行政许可法》第三十二条）。",
        )
        .at("authority"));
    }
    let receipt = ReceiptEvent::Concluded {
        at: effective(case, context),
        conclusion: Conclusion::NotAccepted,
    };
    case.receipt
        .check(&receipt, context.calendar)
        .map_err(|error| receipt_refuses(&error))?;
    Ok(vec![CaseEvent::NotAccepted {
        ground: ground.clone(),
        reason: reason.clone(),
        receipt,
        notice: notice_number(context, NoticeKind::NotAccepted)?,
    }])
}

/// A reason must be there and within its limit.
pub(super) fn check_reason(reason: &str, ask: &'static str) -> Result<(), Rejection> {
    if reason.trim().is_empty() {
        return Err(Rejection::new("reason_missing", ask).at("reason"));
    }
    if reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Rejection::new("reason_too_long", "最多写2000字，请精简。").at("reason"));
    }
    Ok(())
}

pub(super) fn transfer(
    case: &Case,
    organisation: OrganisationId,
    organisation_name: &str,
    reason: &str,
) -> Decided {
    if !matches!(case.stage, Stage::Examining) {
        return Err(wrong_stage(case, "转办"));
    }
    if organisation == case.organisation {
        return Err(
            Rejection::new("transfer_same", "办件已经在这个单位，不用转办。").at("organisation"),
        );
    }
    check_reason(reason, "请写明转办的理由。")?;
    Ok(vec![CaseEvent::Transferred {
        organisation,
        organisation_name: organisation_name.to_owned(),
        reason: Personal::new(case.applicant.person, reason.to_owned()),
    }])
}

/// The clock of receipt as it stands before the first event.
pub(super) fn received(at: jiff::Timestamp) -> ReceiptClock {
    ReceiptClock::received(at)
}
