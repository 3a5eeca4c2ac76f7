//! What a drawn process waits for from outside: a letter or result that comes in (接收任务, message events), and the work of another
//! system (服务任务). A person of the house says that it is there and what it says, or a program does with the same command; which of
//! them is a matter of posts and tokens, not of the process. What the process sends in its turn goes to the applicant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wuchuang_bpmn::{
    Effect, ElementId, Event, Position as Place, PositionState, Process, SubscriptionId,
    SubscriptionKind, TaskId, Variables,
};
use wuchuang_kernel::{Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    DrawnPosition, DrawnProcess,
    moves::{CASE, moved},
    process_of, rules_of, task_gone,
};
use crate::model::{
    Case,
    before_acceptance::check_reason,
    decide::{effective, under_review},
    event::CaseEvent,
    parts::Opinion,
    review::running,
};

/// How many values one answer may bring.
const VALUES_MAX: usize = 50;
/// How long the name of a value may be, in characters.
const NAME_CHARACTERS_MAX: usize = 60;
/// How long a value may be, in characters.
const VALUE_CHARACTERS_MAX: usize = 500;
/// The code of the error that a service throws which could not do its work; a boundary event of the drawing may catch it.
const FAILED: &str = "failed";

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwaitedKind {
    /// A message comes in.
    Message,
    /// Another system does its work.
    Service,
}

/// Something that a process waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Its number in the engine; never used twice within a case.
    pub number: u32,
    /// What it is.
    pub kind: AwaitedKind,
    /// The element of the drawing.
    pub element: ElementId,
    /// What people call it: the element's name, else the message's.
    pub name: String,
    /// The message's name, or the service's topic: what programs know it by.
    pub topic: String,
    /// Since when it is waited for.
    pub since: Timestamp,
}

impl Awaited {
    /// Its key in addresses: element and number, because one element may wait several times.
    pub fn key(&self) -> String {
        format!("{}~{}", self.element, self.number)
    }

    /// What the engine is told when it is there.
    pub(super) fn event(&self, variables: Variables, failed: bool) -> Event {
        match self.kind {
            AwaitedKind::Message => Event::MessageReceived {
                name: self.topic.clone(),
                subscription: Some(SubscriptionId(self.number)),
                variables,
            },
            AwaitedKind::Service if failed => Event::ErrorThrown {
                task: TaskId(self.number),
                code: FAILED.to_owned(),
                variables,
            },
            AwaitedKind::Service => Event::TaskCompleted {
                task: TaskId(self.number),
                variables,
            },
        }
    }

    /// Whether the engine still waits for it.
    pub(super) fn is_open(&self, places: &[Place]) -> bool {
        let mut places = places.iter();
        places.any(|place| match self.kind {
            AwaitedKind::Message => place.subscriptions.contains(&SubscriptionId(self.number)),
            AwaitedKind::Service => {
                place.task == TaskId(self.number) && place.state == PositionState::Work
            }
        })
    }
}

/// What an effect of the engine waits for from outside, if it is such a one.
pub(super) fn awaited(process: &Process, effect: &Effect, at: Timestamp) -> Option<Awaited> {
    let (number, kind, element, topic) = match effect {
        Effect::Subscribed {
            subscription,
            element,
            kind: SubscriptionKind::Message,
            name,
        } => (subscription.0, AwaitedKind::Message, element, name),
        Effect::ServiceCalled {
            task,
            element,
            service,
        } => (task.0, AwaitedKind::Service, element, service),
        _ => return None,
    };
    let mut elements = process.elements();
    let name = elements
        .find(|one| one.id == *element)
        .map(|one| one.name.to_string())
        .filter(|name| !name.is_empty());
    Some(Awaited {
        number,
        kind,
        element: element.clone(),
        name: name.unwrap_or_else(|| topic.to_string()),
        topic: topic.to_string(),
        since: at,
    })
}

impl DrawnPosition {
    /// What is waited for under a key: its own, of which the number decides.
    pub fn awaited(&self, key: &str) -> Option<&Awaited> {
        let (_, number) = key.rsplit_once('~')?;
        let number: u32 = number.parse().ok()?;
        self.awaited.iter().find(|awaited| awaited.number == number)
    }
}

/// What was waited for is there.
pub(in crate::model) fn answer(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    key: &str,
    (note, given, failed): (&Personal<String>, &Personal<Value>, bool),
    context: &Context<'_>,
) -> Result<Vec<CaseEvent>, Rejection> {
    let (_, clock) = under_review(case, "记下收到的结果")?;
    running(clock)?;
    let before = case.drawn().ok_or_else(task_gone)?;
    let awaited = before.awaited(key).ok_or_else(task_gone)?;
    let missing = "请写明收到了什么，例如：法院 2026 年 12 月 1 日复函，没有查封。";
    check_reason(note.text(), missing).map_err(|refusal| refusal.at("note"))?;
    if failed && awaited.kind == AwaitedKind::Message {
        let text = "没有收到的，不用记；到时间怎么办，由流程图上的定时决定。";
        return Err(Rejection::new("awaited_not_there", text).at("failed"));
    }
    let process = process_of(case, drawn)?.ok_or_else(task_gone)?;
    let none = Map::new();
    let given = given.get().and_then(Value::as_object).unwrap_or(&none);
    let event = awaited.event(values(given)?, failed);
    let opinion = Opinion {
        step: awaited.element.to_string(),
        step_name: awaited.name.clone(),
        text: note.clone(),
        by: *context.actor,
        at: effective(case, context),
        verdict: None,
    };
    let (position, clock) = moved(case, (process, rules_of(case, drawn)), event, context)?;
    Ok(vec![CaseEvent::AnswerReceived {
        opinion,
        failed,
        position: position.into(),
        clock,
    }])
}

/// What an answer brings, as variables of the process.
pub(super) fn values(given: &Map<String, Value>) -> Result<Variables, Rejection> {
    if given.len() > VALUES_MAX {
        let text = format!("一次最多送 {VALUES_MAX} 个值，现在有 {} 个。", given.len());
        return Err(Rejection::new("answer_too_many", text).at("answers"));
    }
    for (name, value) in given {
        if name == CASE || name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
            let text = format!(
                "值的名称“{name}”不能用。请换一个（最多 {NAME_CHARACTERS_MAX} 字，不能叫 {CASE}）。"
            );
            return Err(Rejection::new("answer_name", text).at("answers"));
        }
        let is_small = match value {
            Value::String(text) => text.chars().count() <= VALUE_CHARACTERS_MAX,
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
            Value::Array(_) | Value::Object(_) => false,
        };
        if !is_small {
            let text = format!(
                "“{name}”要是文字（最多 {VALUE_CHARACTERS_MAX} 字）、数、是否，不能是别的。"
            );
            return Err(Rejection::new("answer_kind", text).at("answers"));
        }
    }
    Ok(given.clone())
}
