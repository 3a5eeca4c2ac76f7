//! The decisions of a drawn process (业务规则任务): made by the item's rules the moment the process asks for them, from the answers
//! of the form, what the house knows and the variables of the process. What they give are variables again, by which gateways
//! decide; what was asked and why stays in the event that moved the case.

use std::sync::Arc;

use serde_json::{Map, Value};
use wuchuang_bpmn::{Effect, Event, Process, Step, TaskId, Variables, advance};
use wuchuang_catalogue::model::rules::CompiledRules;
use wuchuang_kernel::{ActorKind, Rejection, china_date};
use wuchuang_ledger::Context;

use super::{moves::refuses, signals::heard};
use crate::model::{
    Case, RuleEvaluation,
    by_rules::{ask, rules_missing},
};

/// How many decisions one move may ask for; a drawing that goes round in a circle of decisions asks for more.
const DECISIONS_MAX: usize = 50;

/// The code under which a decision that cannot be answered is thrown; a boundary event of the drawing may catch it.
const NOT_ANSWERED: &str = "decision";

/// A step of the engine with all decisions made that it asked for, and what they were; signals that it gave are heard.
pub(super) fn made(
    case: &Case,
    (process, rules): (&Process, Option<&CompiledRules>),
    step: Step,
    context: &Context<'_>,
) -> Result<(Step, Vec<RuleEvaluation>), Rejection> {
    let mut step = heard(process, step)?;
    let mut evaluations = Vec::new();
    let mut left = asked(&step.effects);
    while let Some((task, decision)) = left.pop() {
        if evaluations.len() >= DECISIONS_MAX {
            let text = format!(
                "流程一次要作 {DECISIONS_MAX} 个以上的决策，可能绕成了一圈，没有办理。请联系事项管理人员。"
            );
            return Err(Rejection::new("decisions_too_many", text));
        }
        let rules = rules.ok_or_else(rules_missing)?;
        let around = (china_date(context.now), context.calendar);
        let variables = step.instance.variables();
        let (asked_now, outcome) = ask(case, rules, &decision, variables, around);
        evaluations.push(asked_now.evaluation);
        let event = match outcome {
            Ok(result) => Event::TaskCompleted {
                task,
                variables: outputs(&decision, result),
            },
            // A person learns of it and does something else; the law and the time cannot.
            Err(reason) if context.actor.kind != ActorKind::System => {
                let text = format!("流程里的决策“{decision}”没有结果，没有办理：{reason}");
                return Err(Rejection::new("decision_not_answered", text));
            }
            Err(_) => Event::ErrorThrown {
                task,
                code: NOT_ANSWERED.to_owned(),
                variables: Variables::new(),
            },
        };
        let next = advance(process, &step.instance, event).map_err(|error| refuses(&error))?;
        let next = heard(process, next)?;
        left.extend(asked(&next.effects));
        step.instance = next.instance;
        step.effects.extend(next.effects);
    }
    Ok((step, evaluations))
}

/// The decisions that effects ask for.
fn asked(effects: &[Effect]) -> Vec<(TaskId, Arc<str>)> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::DecisionAsked { task, decision, .. } => Some((*task, Arc::clone(decision))),
        _ => None,
    });
    asked.collect()
}

/// What a decision gives, as variables: the members of its result, or the result under the decision's name.
fn outputs(decision: &str, result: Value) -> Variables {
    match result {
        Value::Object(members) => members,
        single => Map::from_iter([(decision.to_owned(), single)]),
    }
}
