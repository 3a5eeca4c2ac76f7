//! Which events follow from a command, or why it is refused.

use jiff::civil::Date;
use wuchuang_kernel::{Personal, Rejection, china_date};
use wuchuang_ledger::Context;

use super::{
    CheckFinding, CheckResult, Due, Opening, SupervisionStage, Task, TaskCommand, TaskEvent,
    TaskState,
};

/// How long facts and measures may be, in characters.
pub(crate) const TEXT_CHARACTERS_MAX: usize = 1_000;
/// The longest time for mending, in working days.
pub(crate) const RECTIFY_DAYS_MAX: u16 = 60;
/// How often a task may be checked, so that a task ends.
const DEEDS_MAX: usize = 40;
/// Within how many working days whoever decided handles a finding that was false.
const HANDLE_DAYS: u16 = 5;

pub(super) fn decide(
    state: &TaskState,
    command: &TaskCommand,
    context: &Context<'_>,
) -> Result<Vec<TaskEvent>, Rejection> {
    let by = *context.actor;
    let event = match (command, state.0.as_deref()) {
        (TaskCommand::Open(_), Some(_)) => {
            return Err(Rejection::new(
                "task_exists",
                "这个办件的监管任务已经推送。",
            ));
        }
        (TaskCommand::Open(opening), None) => opened(opening, context),
        (_, None) => return Err(Rejection::new("task_unknown", "没有这个监管任务。")),
        (TaskCommand::Acknowledge, Some(task)) => {
            require(task, &[SupervisionStage::Waiting], "签收")?;
            TaskEvent::Acknowledged { by }
        }
        (TaskCommand::RecordCheck(result), Some(task)) => {
            require(
                task,
                &[SupervisionStage::Checking, SupervisionStage::Rectifying],
                "记录核查结果",
            )?;
            TaskEvent::Checked {
                next: checked(task, result, context)?,
                result: result.clone(),
                by,
            }
        }
        (TaskCommand::Conclude { measure }, Some(task)) => {
            require(task, &[SupervisionStage::Handling], "写处理结论")?;
            check_text(
                measure,
                "measure",
                "请写明怎样处理的、依据什么（1至1000字）。",
            )?;
            TaskEvent::Concluded {
                measure: measure.clone(),
                by,
            }
        }
        (TaskCommand::NoteRevoked { licence }, Some(task)) => {
            once(task.revoked.is_some())?;
            TaskEvent::LicenceRevoked { licence: *licence }
        }
        (TaskCommand::Tell { of, to }, Some(task)) => {
            let turn = task.turn();
            let telling = turn.and_then(|turn| turn.telling(context.calendar, context.now));
            once(telling != Some(*of))?;
            TaskEvent::Told {
                of: *of,
                to: to.clone(),
            }
        }
        (TaskCommand::NoteCredit { subject, record }, Some(task)) => {
            once(task.credit.is_some())?;
            TaskEvent::CreditRecorded {
                subject: *subject,
                record: *record,
            }
        }
    };
    Ok(vec![event])
}

/// The task with the days until which it is acknowledged and checked.
fn opened(opening: &Opening, context: &Context<'_>) -> TaskEvent {
    let granted_on = china_date(opening.granted_at);
    let check = opening.check.as_ref();
    TaskEvent::Opened {
        acknowledge: due(china_date(context.now), opening.acknowledge_days, context),
        check: check.map(|check| due(granted_on, check.days, context)),
        opening: Box::new(opening.clone()),
    }
}

/// What a job notes, it notes once.
fn once(is_noted: bool) -> Result<(), Rejection> {
    if is_noted {
        return Err(Rejection::new("noted_before", "已经记过了。"));
    }
    Ok(())
}

/// So many working days after a day; yellow from the working day before the last one.
fn due(from: Date, days: u16, context: &Context<'_>) -> Due {
    let due_on = context.calendar.add_working_days(from, i32::from(days));
    Due {
        warn_on: context.calendar.add_working_days(due_on, -1),
        due_on,
    }
}

fn require(task: &Task, stages: &[SupervisionStage], deed: &str) -> Result<(), Rejection> {
    if stages.contains(&task.stage) {
        return Ok(());
    }
    Err(Rejection::new(
        "wrong_stage",
        format!(
            "这个监管任务现在是“{}”，不能{deed}。请刷新页面看最新情况。",
            task.stage.name()
        ),
    ))
}

/// Until when the next thing is due after a check.
fn checked(
    task: &Task,
    result: &CheckResult,
    context: &Context<'_>,
) -> Result<Option<Due>, Rejection> {
    check_text(&result.facts, "facts", "请写明核查到的事实（1至1000字）。")?;
    let deeds = task.happened.iter().filter(|one| one.by.is_some());
    if deeds.count() >= DEEDS_MAX {
        return Err(Rejection::new(
            "checked_too_often",
            "这个任务核查的次数太多，请作出属实或者不属实的结论。",
        )
        .at("finding"));
    }
    let today = china_date(context.now);
    match (result.finding, result.rectify_days) {
        (CheckFinding::True, None) => Ok(None),
        (CheckFinding::False, None) => Ok(Some(due(today, HANDLE_DAYS, context))),
        (CheckFinding::Rectify, Some(days)) if (1..=RECTIFY_DAYS_MAX).contains(&days) => {
            Ok(Some(due(today, days, context)))
        }
        (CheckFinding::Rectify, _) => Err(Rejection::new(
            "rectify_days",
            "限期整改要写明期限：1至60个工作日。",
        )
        .at("rectify_days")),
        (_, Some(_)) => Err(Rejection::new(
            "rectify_days",
            "只有限期整改才写整改期限，请清空这一栏或改选“限期整改”。",
        )
        .at("rectify_days")),
    }
}

fn check_text(
    text: &Personal<String>,
    field: &'static str,
    ask: &'static str,
) -> Result<(), Rejection> {
    let length = text.text().trim().chars().count();
    if length == 0 || length > TEXT_CHARACTERS_MAX {
        return Err(Rejection::new("text_missing", ask).at(field));
    }
    Ok(())
}
