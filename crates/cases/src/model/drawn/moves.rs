//! The moves of a case in its drawn process. Each asks the engine, makes of its answer the position that goes into the event,
//! and moves the limits of the tasks on the clock.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wuchuang_bpmn::{
    Answer, Effect, ElementId, Event, Instance, PositionState, Process, Refusal, Step, TaskCreated,
    TimerId, Variables, advance, reopen_targets, start,
};
use wuchuang_calendar::{Clock, ClockEvent, Limit};
use wuchuang_catalogue::model::rules::CompiledRules;
use wuchuang_kernel::{Actor, ActorKind, Channel, Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    DrawnPosition, DrawnProcess, OpenTask, RunningTimer, StuckPlace, answers, awaited::awaited,
    decisions, process_of, rules_of, task_gone,
};
use crate::model::{
    ApplicantKind, Case, RuleEvaluation,
    before_acceptance::check_reason,
    decide::{clock_refuses, effective, under_review},
    event::CaseEvent,
    levels::undone,
    parts::{Opinion, Verdict},
    review::running,
};

type Decided = Result<Vec<CaseEvent>, Rejection>;

/// The name under which the facts of a case stand beside the answers of its form.
pub(super) const CASE: &str = "case";

/// Where an accepted case begins; `None` for an item without a drawn process.
///
/// # Errors
/// When the process is not there, is another one, or cannot begin with these answers.
pub fn begin(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    context: &Context<'_>,
) -> Result<Option<DrawnPosition>, Rejection> {
    let Some(process) = process_of(case, drawn)? else {
        return Ok(None);
    };
    let step = start(process, facts(case), &case.number).map_err(|error| refuses(&error))?;
    let (step, decisions) = decisions::made(case, (process, rules_of(case, drawn)), step, context)?;
    let by = (context.actor, effective(case, context));
    position(case, process, None, (step, decisions), by).map(Some)
}

/// What the gateways of a drawing can decide by: the answers of the form, and what the house itself knows.
fn facts(case: &Case) -> Variables {
    let answers = match case.answers.get() {
        Some(Value::Object(answers)) => answers.clone(),
        _ => Map::new(),
    };
    let known = (case.applicant.kind, case.channel, case.priority);
    facts_of(answers, known)
}

/// The same of a case that is only made up: its answers; who applies, through which window, and whether in the green lane.
pub(super) fn facts_of(
    mut answers: Map<String, Value>,
    (kind, channel, priority): (ApplicantKind, Channel, bool),
) -> Variables {
    let kind = match kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Organisation => "organisation",
    };
    answers.insert(
        CASE.to_owned(),
        json!({ "applicant": kind, "channel": channel.code(), "priority": priority }),
    );
    answers
}

pub(super) fn refuses(error: &Refusal) -> Rejection {
    match error {
        Refusal::TaskGone(_) | Refusal::WrongEvent(_) | Refusal::AlreadyEnded => task_gone(),
        Refusal::NotEarlier(_) | Refusal::UnknownElement(_) => {
            Rejection::new("step_not_before", "只能退回到前面的环节。").at("step")
        }
        other => Rejection::new("process_refuses", format!("流程不能这样走：{other}。")),
    }
}

fn state(position: &DrawnPosition) -> Result<&Instance, Rejection> {
    position.state.get().ok_or_else(|| {
        Rejection::new(
            "applicant_forgotten",
            "申请人的信息已依法删除，流程不能再往下走。请终止办理。",
        )
    })
}

/// A task is done.
pub(in crate::model) fn complete(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    key: &str,
    (text, given, agrees): (&Personal<String>, &Personal<Value>, bool),
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "完成这个环节")?;
    running(clock)?;
    let before = case.drawn().ok_or_else(task_gone)?;
    let task = before.task(key).ok_or_else(task_gone)?;
    check_reason(text.text(), "请写下审查意见。").map_err(|refusal| refusal.at("opinion"))?;
    let process = process_of(case, drawn)?.ok_or_else(task_gone)?;
    let none = Map::new();
    let given = given.get().and_then(Value::as_object).unwrap_or(&none);
    let done = Event::TaskCompleted {
        task: task.task,
        variables: answers::variables(process, &task.element, given)?,
    };
    let opinion = Opinion {
        verdict: Some(Verdict::of(agrees, task.is_countersign)),
        ..opinion(case, Some(task), text, context)
    };
    let (position, clock) = moved(case, (process, rules_of(case, drawn)), done, context)?;
    Ok(vec![CaseEvent::StepCompleted {
        opinion,
        position: position.into(),
        clock,
    }])
}

/// 退回: out of a task, or from the decision when no task is named.
pub(in crate::model) fn give_back(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    (from, to): (Option<&str>, &str),
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "退回")?;
    running(clock)?;
    check_reason(reason.text(), "请写明退回的理由。")?;
    let before = case.drawn().ok_or_else(task_gone)?;
    let process = process_of(case, drawn)?.ok_or_else(task_gone)?;
    let to = ElementId::from(to);
    let (task, event) = match from {
        Some(key) => {
            let task = before.task(key).ok_or_else(task_gone)?;
            let number = task.task;
            (Some(task), Event::Returned { task: number, to })
        }
        None if before.is_over => (None, Event::Reopened { to }),
        // Out of a place where the process cannot go on.
        None => match before.stuck.first() {
            Some(stuck) => {
                let number = stuck.task;
                (None, Event::Returned { task: number, to })
            }
            None => return Err(task_gone()),
        },
    };
    let opinion = opinion(case, task, reason, context);
    let (position, clock) = moved(case, (process, rules_of(case, drawn)), event, context)?;
    Ok(vec![CaseEvent::Returned {
        opinion,
        position: position.into(),
        clock,
    }])
}

/// A timer came due. One that is gone lost against a deed, and nothing happens.
pub(in crate::model) fn fire(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    timer: TimerId,
    context: &Context<'_>,
) -> Decided {
    if context.actor.kind != ActorKind::System {
        return Err(Rejection::new(
            "timer_by_system",
            "定时由系统按时触发，不能由人触发。",
        ));
    }
    let due = case.next_timer(context.calendar);
    let Some((due, _)) = due.filter(|(due, at)| due.timer == timer && *at <= context.now) else {
        return Ok(Vec::new());
    };
    let Some(process) = process_of(case, drawn)? else {
        return Ok(Vec::new());
    };
    let name = process
        .elements()
        .find(|element| element.id == due.element)
        .map(|element| element.name.to_string())
        .unwrap_or_default();
    let fired = Event::TimerFired { timer };
    let (position, clock) = moved(case, (process, rules_of(case, drawn)), fired, context)?;
    Ok(vec![CaseEvent::TimerFired {
        timer,
        name,
        position: position.into(),
        clock,
    }])
}

/// The tasks to which a piece of work may be sent back, the latest first: out of an open task, from the decision, or from where
/// the process cannot go on.
pub fn return_targets(
    case: &Case,
    drawn: &DrawnProcess,
    from: Option<&OpenTask>,
) -> Vec<ElementId> {
    let Some(position) = case.drawn() else {
        return Vec::new();
    };
    let Some(state) = position.state.get() else {
        return Vec::new();
    };
    match from {
        Some(task) => wuchuang_bpmn::return_targets(&drawn.process, state, task.task),
        None => match position.stuck.first() {
            Some(stuck) => wuchuang_bpmn::return_targets(&drawn.process, state, stuck.task),
            None => reopen_targets(&drawn.process, state),
        },
    }
}

fn opinion(
    case: &Case,
    task: Option<&OpenTask>,
    text: &Personal<String>,
    context: &Context<'_>,
) -> Opinion {
    let (step, step_name) = task.map_or_else(
        || ("decision".to_owned(), "决定".to_owned()),
        |task| (task.element.to_string(), task.name.clone()),
    );
    Opinion {
        step,
        step_name,
        text: text.clone(),
        by: *context.actor,
        at: effective(case, context),
        verdict: None,
    }
}

/// The position and the clock after an event of the engine.
pub(super) fn moved(
    case: &Case,
    (process, rules): (&Process, Option<&CompiledRules>),
    event: Event,
    context: &Context<'_>,
) -> Result<(DrawnPosition, Vec<ClockEvent>), Rejection> {
    let (_, clock) = under_review(case, "办理")?;
    let before = case.drawn().ok_or_else(task_gone)?;
    let step = advance(process, state(before)?, event).map_err(|error| refuses(&error))?;
    if let Answer::Ignored(_) = step.answer {
        return Err(task_gone());
    }
    let at = effective(case, context);
    let made = decisions::made(case, (process, rules), step, context)?;
    let after = position(case, process, Some(before), made, (context.actor, at))?;
    let moves = limits(clock, &before.tasks, &after.tasks, at);
    let mut clock = clock.clone();
    for event in &moves {
        clock = clock
            .then(event.clone(), context.calendar)
            .map_err(|error| clock_refuses(&error))?;
    }
    Ok((after, moves))
}

/// How the limits of tasks move: those of tasks that are gone end, those of new ones begin.
fn limits(
    clock: &Clock,
    before: &[OpenTask],
    after: &[OpenTask],
    at: Timestamp,
) -> Vec<ClockEvent> {
    let is_in =
        |tasks: &[OpenTask], wanted: &OpenTask| tasks.iter().any(|task| task.task == wanted.task);
    let runs = |step: &str| {
        let mut runs = clock.steps().iter();
        runs.any(|run| run.step == step && run.finished_at.is_none())
    };
    let ended = before
        .iter()
        .filter(|task| !is_in(after, task) && runs(&task.key()))
        .map(|task| ClockEvent::StepFinished {
            step: task.key(),
            at,
        });
    let begun = after.iter().filter(|task| !is_in(before, task));
    ended
        .chain(begun.filter_map(|task| started(task, at)))
        .collect()
}

/// The limit of a task begins with the task.
pub(in crate::model) fn started(task: &OpenTask, at: Timestamp) -> Option<ClockEvent> {
    Some(ClockEvent::StepStarted {
        step: task.key(),
        limit: Limit::working_days(task.limit_days?),
        at,
    })
}

/// The position that a step of the engine leads to. What was known of tasks and timers stays known; what the engine does not
/// wait for any more is gone.
fn position(
    case: &Case,
    process: &Process,
    before: Option<&DrawnPosition>,
    (step, decisions): (Step, Vec<RuleEvaluation>),
    (actor, at): (&Actor, Timestamp),
) -> Result<DrawnPosition, Rejection> {
    let mut after = DrawnPosition {
        tasks: before.map_or_else(Vec::new, |before| before.tasks.clone()),
        timers: before.map_or_else(Vec::new, |before| before.timers.clone()),
        awaited: before.map_or_else(Vec::new, |before| before.awaited.clone()),
        sent: Vec::new(),
        stuck: before.map_or_else(Vec::new, |before| before.stuck.clone()),
        milestones: Vec::new(),
        decisions,
        undone: undone(case, process, &step.instance),
        is_over: step.instance.outcome().is_some(),
        state: Personal::new(case.applicant.person, step.instance.clone()),
    };
    for effect in step.effects {
        after.awaited.extend(awaited(process, &effect, at));
        take(&mut after, effect, (actor, at))?;
    }
    let waits = step.instance.positions(process);
    after.tasks.retain(|task| {
        let mut waits = waits.iter();
        waits.any(|wait| wait.task == task.task && wait.state == PositionState::Work)
    });
    after
        .timers
        .retain(|timer| waits.iter().any(|wait| wait.timers.contains(&timer.timer)));
    after.awaited.retain(|awaited| awaited.is_open(&waits));
    after.stuck.retain(|place| {
        let mut waits = waits.iter();
        waits
            .any(|wait| wait.task == place.task && matches!(wait.state, PositionState::Incident(_)))
    });
    Ok(after)
}

/// What the engine asks of the outside, as the case keeps it.
fn take(
    after: &mut DrawnPosition,
    effect: Effect,
    (actor, at): (&Actor, Timestamp),
) -> Result<(), Rejection> {
    match effect {
        Effect::TaskCreated(created) => after.tasks.push(opened(*created, at)),
        Effect::TimerStarted {
            timer,
            element,
            due,
        } => {
            after.timers.retain(|known| known.timer != timer);
            after.timers.push(RunningTimer {
                timer,
                element,
                due,
                from: at,
            });
        }
        // A person learns of it and does something else; the law and the time cannot.
        Effect::Incident { element, text, .. } if actor.kind != ActorKind::System => {
            let text =
                format!("这样办，流程会停在“{element}”：{text}。没有办理，请联系事项管理人员。");
            return Err(Rejection::new("process_stuck", text));
        }
        Effect::Incident {
            incident,
            element,
            text,
            ..
        } => after.stuck.push(StuckPlace {
            task: incident,
            element,
            text,
        }),
        Effect::MilestoneReached { stage, .. } if !after.milestones.contains(&stage) => {
            after.milestones.push(stage);
        }
        Effect::MessageSent { name, .. } => after.sent.push(name.to_string()),
        // Publication refuses what would ask for anything else.
        _ => {}
    }
    Ok(())
}

pub(super) fn opened(created: TaskCreated, at: Timestamp) -> OpenTask {
    let name = match &created.occurrence {
        Some(one) => format!("{}（{}/{}）", created.name, one.number, one.of),
        None => created.name.to_string(),
    };
    let candidates = created
        .candidate_groups
        .iter()
        .chain(&created.candidate_users)
        .chain(&created.assignee)
        .map(ToString::to_string)
        .collect();
    OpenTask {
        task: created.task,
        element: created.element,
        name,
        candidates,
        limit_days: created.limit_days.and_then(|days| u16::try_from(days).ok()),
        is_countersign: created.occurrence.is_some(),
        since: at,
        holder: None,
    }
}
