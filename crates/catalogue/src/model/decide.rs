//! Which commands an item allows, and what their events make of it.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use wuchuang_kernel::{ItemId, Rejection, china_date};
use wuchuang_ledger::Context;

use super::{
    ItemCommand, ItemContent, ItemEvent, ItemState, ItemVersion, Withdrawal, WorkingCopy,
    problems::problems,
    rules::{CompiledRules, failures, run_tests, surroundings},
};

/// How many characters a reason may have.
const REASON_CHARACTERS_MAX: usize = 500;
/// How many failing test cases one refusal names.
const FAILURES_TOLD_MAX: usize = 5;
/// How far ahead a date may lie, in days: ten years, so that a mistyped year is noticed.
const AHEAD_DAYS_MAX: i64 = 3_660;

pub(super) fn decide(
    state: &ItemState,
    command: &ItemCommand,
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    match command {
        ItemCommand::Draft { content: elements } => draft(state, elements, context),
        ItemCommand::Publish { effective_from } => publish(state, *effective_from, context),
        ItemCommand::Withdraw {
            on,
            reason,
            successor,
        } => withdraw(state, *on, (reason, *successor), context),
        ItemCommand::TakeBack { reason } => take_back(state, reason, context),
        ItemCommand::Lead { successor } => lead(state, *successor, context),
    }
}

fn draft(
    state: &ItemState,
    elements: &ItemContent,
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    if elements.name.trim().is_empty() {
        return Err(Rejection::new("name_missing", "请先填写事项名称，再保存。").at("name"));
    }
    if state.current() == Some(elements) {
        return Err(Rejection::new("nothing_changed", "没有改动，不需要保存。"));
    }
    Ok(vec![ItemEvent::Drafted {
        item: context.stream.into(),
        content: Box::new(elements.clone()),
        by: context.actor.person,
    }])
}

fn publish(
    state: &ItemState,
    effective_from: Date,
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    let copy = state.working_copy.as_ref().ok_or_else(|| {
        Rejection::new(
            "nothing_to_publish",
            "没有待发布的修改。请先编辑并保存，再发布。",
        )
    })?;
    let today = china_date(context.now);
    check_day(effective_from, today, "effective_from", "生效日期")?;
    let last_from = state.latest().map(|version| version.effective_from);
    let withdrawn_on = state.withdrawal.as_ref().map(|withdrawal| withdrawal.on);
    if let Some(earliest) = last_from.max(withdrawn_on)
        && effective_from < earliest
    {
        let text =
            format!("生效日期不能早于 {earliest}：那一天上一版本才生效或停止。请改为当天或以后。");
        return Err(Rejection::new("effective_too_early", text).at("effective_from"));
    }
    if let Some(problem) = problems(&copy.content).into_iter().next() {
        return Err(Rejection::new("not_complete", problem.public).at(problem.field));
    }
    check_rules(&copy.content, today, context)?;
    Ok(vec![ItemEvent::Published {
        version: state.latest().map_or(1, |version| version.version + 1),
        effective_from,
        by: context.actor.person,
    }])
}

/// The test cases kept beside the rules pass, today and by the calendar in force.
fn check_rules(item: &ItemContent, today: Date, context: &Context<'_>) -> Result<(), Rejection> {
    let rules = &item.rules;
    let Ok(Some(compiled)) = CompiledRules::of(item) else {
        return Ok(());
    };
    let around = surroundings(today, context.calendar);
    let outcomes = run_tests(rules, compiled.definition(), &around);
    let failed = failures(rules, &outcomes, FAILURES_TOLD_MAX);
    if failed.is_empty() {
        return Ok(());
    }
    Err(Rejection::new("rules_tests_failed", failed.join(" ")).at("rules.tests"))
}

fn withdraw(
    state: &ItemState,
    on: Date,
    (reason, successor): (&str, Option<ItemId>),
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    if state.latest().is_none() {
        return Err(Rejection::new(
            "not_published",
            "事项还没有发布，不需要停用。",
        ));
    }
    if state.withdrawal.is_some() {
        return Err(Rejection::new(
            "already_withdrawn",
            "事项已经停用，没有再次停用。",
        ));
    }
    check_day(on, china_date(context.now), "on", "停用日期")?;
    let reason = written(reason, "请写明停用理由（最多 500 字），办事群众会看到。")?;
    check_successor(state, successor)?;
    Ok(vec![ItemEvent::Withdrawn {
        successor,
        on,
        reason,
        by: context.actor.person,
    }])
}

/// A reason that somebody wrote, without blanks around it.
fn written(reason: &str, missing: &'static str) -> Result<String, Rejection> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Rejection::new("reason_missing", missing).at("reason"));
    }
    Ok(reason.to_owned())
}

fn check_successor(state: &ItemState, successor: Option<ItemId>) -> Result<(), Rejection> {
    if successor.is_some() && successor == state.id {
        let text = "不能并入自己。请选另一个事项，或者只停用。";
        return Err(Rejection::new("successor_itself", text).at("successor"));
    }
    Ok(())
}

fn not_withdrawn() -> Rejection {
    Rejection::new("not_withdrawn", "事项没有停用，没有可以改的。请刷新页面。")
}

fn take_back(
    state: &ItemState,
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    let withdrawal = state.withdrawal.as_ref().ok_or_else(not_withdrawn)?;
    if withdrawal.on <= china_date(context.now) {
        let text = format!(
            "事项从 {} 起已经停用，不能撤回。要恢复办理，请编辑后重新发布。",
            withdrawal.on
        );
        return Err(Rejection::new("withdrawal_in_force", text));
    }
    let reason = written(reason, "请写明为什么撤回停用（最多 500 字）。")?;
    Ok(vec![ItemEvent::WithdrawalTakenBack {
        reason,
        by: context.actor.person,
    }])
}

fn lead(
    state: &ItemState,
    successor: ItemId,
    context: &Context<'_>,
) -> Result<Vec<ItemEvent>, Rejection> {
    let withdrawal = state.withdrawal.as_ref().ok_or_else(not_withdrawn)?;
    check_successor(state, Some(successor))?;
    if withdrawal.successor == Some(successor) {
        return Ok(Vec::new());
    }
    Ok(vec![ItemEvent::Led {
        successor,
        by: context.actor.person,
    }])
}

fn check_day(day: Date, today: Date, field: &'static str, name: &str) -> Result<(), Rejection> {
    if day < today {
        let text = format!("{name}不能早于今天（{today}）。请改为今天或以后。");
        return Err(Rejection::new("date_in_the_past", text).at(field));
    }
    let ahead = (day - today).get_days();
    if i64::from(ahead) > AHEAD_DAYS_MAX {
        let text = format!("{name}在十年以后，请检查年份。");
        return Err(Rejection::new("date_too_far", text).at(field));
    }
    Ok(())
}

pub(super) fn apply(state: &mut ItemState, event: &ItemEvent, recorded_at: Timestamp) {
    match event {
        ItemEvent::Drafted { item, content, by } => {
            state.id = Some(*item);
            state.working_copy = Some(WorkingCopy {
                content: Arc::from(content.clone()),
                at: recorded_at,
                by: *by,
            });
        }
        ItemEvent::Published {
            version,
            effective_from,
            by,
        } => {
            // A release is always preceded by a draft, so both are there.
            let (Some(id), Some(copy)) = (state.id, state.working_copy.take()) else {
                return;
            };
            end_latest(state, *effective_from);
            state.withdrawal = None;
            state.versions.push(Arc::new(ItemVersion {
                id,
                version: *version,
                effective_from: *effective_from,
                cancelled_on: None,
                published_at: recorded_at,
                published_by: *by,
                content: Arc::unwrap_or_clone(copy.content),
            }));
        }
        ItemEvent::Withdrawn {
            on,
            reason,
            by,
            successor,
        } => {
            end_latest(state, *on);
            state.withdrawal = Some(Withdrawal {
                on: *on,
                reason: reason.clone(),
                by: *by,
                successor: *successor,
            });
        }
        ItemEvent::WithdrawalTakenBack { .. } => {
            state.withdrawal = None;
            if let Some(version) = state.versions.last_mut() {
                Arc::make_mut(version).cancelled_on = None;
            }
        }
        ItemEvent::Led { successor, .. } => {
            if let Some(withdrawal) = &mut state.withdrawal {
                withdrawal.successor = Some(*successor);
            }
        }
    }
}

/// The newest version is in force until a day, unless it ended before.
fn end_latest(state: &mut ItemState, day: Date) {
    if let Some(version) = state.versions.last_mut()
        && version.cancelled_on.is_none_or(|end| end > day)
    {
        Arc::make_mut(version).cancelled_on = Some(day);
    }
}
