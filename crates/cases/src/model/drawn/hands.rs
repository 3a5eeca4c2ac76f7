//! Who holds which task of a drawn process. Each open task is in one hand of its own, so that two people can work on two
//! branches of a case at the same time.

use wuchuang_bpmn::TaskId;
use wuchuang_kernel::{ActorKind, PersonId, Personal, Rejection};
use wuchuang_ledger::Context;

use super::{DrawnPosition, OpenTask, task_gone};
use crate::model::{
    Case, Position, Stage,
    before_acceptance::check_reason,
    decide::{held_by_colleague, under_review},
    event::CaseEvent,
};

type Decided = Result<Vec<CaseEvent>, Rejection>;

fn task<'a>(case: &'a Case, key: &str, deed: &str) -> Result<&'a OpenTask, Rejection> {
    under_review(case, deed)?;
    case.drawn()
        .and_then(|position| position.task(key))
        .ok_or_else(task_gone)
}

/// 认领 of the whole case: the task of it, when there is only one to be had.
pub(in crate::model) fn claim(position: &DrawnPosition, context: &Context<'_>) -> Decided {
    let me = context.actor.person;
    let mut free = position.tasks.iter().filter(|task| task.holder.is_none());
    match (free.next(), free.next()) {
        (Some(only), None) => Ok(vec![claimed(only, context)]),
        (Some(_), Some(_)) => Err(Rejection::new(
            "claim_which",
            "这个办件有几个环节同时在办。请打开办件，认领您要办的那个环节。",
        )),
        (None, _)
            if position
                .tasks
                .iter()
                .any(|task| task.holder == me && me.is_some()) =>
        {
            Ok(Vec::new())
        }
        (None, _) => Err(held_by_colleague()),
    }
}

fn claimed(task: &OpenTask, context: &Context<'_>) -> CaseEvent {
    CaseEvent::TaskClaimed {
        task: task.task,
        name: task.name.clone(),
        by: *context.actor,
    }
}

fn released(task: &OpenTask) -> CaseEvent {
    CaseEvent::TaskReleased {
        task: task.task,
        name: task.name.clone(),
    }
}

/// 认领 of one task.
pub(in crate::model) fn claim_task(case: &Case, key: &str, context: &Context<'_>) -> Decided {
    let task = task(case, key, "认领")?;
    match task.holder {
        Some(holder) if context.actor.person == Some(holder) => Ok(Vec::new()),
        Some(_) => Err(held_by_colleague()),
        None => Ok(vec![claimed(task, context)]),
    }
}

/// Gives one task back to the organisation. The system does it for an account that was closed.
pub(in crate::model) fn release_task(case: &Case, key: &str, context: &Context<'_>) -> Decided {
    let task = task(case, key, "退回组内")?;
    let is_system = context.actor.kind == ActorKind::System;
    match task.holder {
        Some(holder) if is_system || context.actor.person == Some(holder) => {
            Ok(vec![released(task)])
        }
        Some(_) => Err(held_by_colleague()),
        None => Ok(Vec::new()),
    }
}

/// Gives back every task that the actor holds.
pub(in crate::model) fn release_own(
    position: &DrawnPosition,
    context: &Context<'_>,
) -> Vec<CaseEvent> {
    let me = context.actor.person;
    let own = position.tasks.iter();
    let own = own.filter(|task| task.holder.is_some() && task.holder == me);
    own.map(released).collect()
}

/// 重新分派 of one task.
pub(in crate::model) fn reassign(
    case: &Case,
    key: &str,
    to: PersonId,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let task = task(case, key, "重新分派")?;
    if task.holder == Some(to) {
        return Err(Rejection::new("holder_same", "这个环节已经在这位同事手里。").at("person"));
    }
    check_reason(reason.text(), "请写明为什么重新分派，例如：同事休假。")?;
    Ok(vec![CaseEvent::TaskReassigned {
        task: task.task,
        name: task.name.clone(),
        by: *context.actor,
        from: task.holder,
        to,
        reason: reason.clone(),
    }])
}

/// The tasks that are not open any more.
pub(in crate::model) fn closed(before: Vec<OpenTask>, after: &[OpenTask]) -> Vec<OpenTask> {
    let is_open = |wanted: &OpenTask| after.iter().any(|task| task.task == wanted.task);
    before.into_iter().filter(|task| !is_open(task)).collect()
}

/// One task of a drawn process goes into a hand, or out of it.
pub(in crate::model) fn hand(case: &mut Case, task: TaskId, holder: Option<PersonId>) {
    if let Stage::Review(Position::Drawn(position)) = &mut case.stage
        && let Some(task) = position.tasks.iter_mut().find(|known| known.task == task)
    {
        task.holder = holder;
    }
}
