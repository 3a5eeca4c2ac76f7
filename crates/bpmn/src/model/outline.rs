//! What a process asks of whoever runs it: the tasks of people with their questions, and what else must be there
//! (services, decisions, messages, called processes). Whoever deploys it refuses what it cannot give, by name.

use std::sync::Arc;

use serde::Serialize;

use crate::ids::ElementId;

use super::node::{Node, NodeKind, TimerRule, Trigger};
use super::process::Process;
use super::work::{Task, UserTask};

/// A task of a person, as far as the file alone says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskOutline {
    /// Its id in the file.
    pub id: ElementId,
    /// Its name, empty if it has none.
    pub name: Arc<str>,
    /// The line in the file.
    pub line: u32,
    /// The limit in days.
    pub limit_days: Option<u32>,
    /// What the person is asked with it.
    pub questions: Vec<TaskQuestion>,
}

/// A question that is answered with a task; the answer is a variable of the process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskQuestion {
    /// The variable.
    pub id: Arc<str>,
    /// What people read.
    pub label: Arc<str>,
    /// What is answered.
    pub kind: QuestionKind,
    /// Whether the task cannot be completed without an answer.
    pub is_required: bool,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// A short text; also a date, as `2026-03-31`.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these: value and word.
    Choice(Vec<(Arc<str>, Arc<str>)>),
}

/// Something that a process asks of the outside, besides the work of people and timers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// The element.
    pub element: ElementId,
    /// Its name, empty if it has none.
    pub name: Arc<str>,
    /// The line in the file.
    pub line: u32,
    /// What it is, in Chinese: 服务任务 …
    pub title: &'static str,
    /// What it asks for.
    pub kind: DemandKind,
    /// The message that goes out, when one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sends: Option<Arc<str>>,
}

/// What is asked of the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandKind {
    /// A program that does the work.
    Service,
    /// A decision.
    Decision,
    /// Somebody outside from whom a message comes.
    Message,
    /// Somebody to whom a message goes.
    Send,
    /// Signals between instances.
    Signal,
    /// Another process.
    Process,
    /// A timer whose time is not in the file but in a variable.
    VariableTimer,
    /// A start that is not somebody's deed.
    Start,
}

impl Process {
    /// The tasks of people, in the order of the file.
    pub fn tasks(&self) -> impl Iterator<Item = TaskOutline> + '_ {
        self.nodes().filter_map(|node| match &node.kind {
            NodeKind::Task(Task::User(task)) => Some(outline(node, task)),
            _ => None,
        })
    }

    /// The questions of one task of a person; none for any other element.
    pub fn questions(&self, element: &ElementId) -> &[TaskQuestion] {
        match self.index_of(element).map(|at| &self.node(at).kind) {
            Some(NodeKind::Task(Task::User(task))) => &task.questions,
            _ => &[],
        }
    }

    /// What it asks of the outside, in the order of the file.
    pub fn demands(&self) -> Vec<Demand> {
        self.nodes()
            .filter_map(|node| {
                Some(Demand {
                    element: node.id.clone(),
                    name: node.name.clone(),
                    line: node.line,
                    title: node.kind.title(),
                    kind: demand(&node.kind)?,
                    sends: sends(&node.kind).cloned(),
                })
            })
            .collect()
    }

    /// The events that wait for a signal which nothing in this process gives: element, line and signal.
    pub fn unheard_signals(&self) -> Vec<(ElementId, u32, Arc<str>)> {
        let given: Vec<&Arc<str>> =
            self.nodes()
                .filter_map(|node| match &node.kind {
                    NodeKind::Throw(Trigger::Signal(name))
                    | NodeKind::End(Trigger::Signal(name)) => Some(name),
                    _ => None,
                })
                .collect();
        self.nodes()
            .filter_map(|node| match &node.kind {
                NodeKind::Catch(Trigger::Signal(name))
                | NodeKind::Boundary {
                    trigger: Trigger::Signal(name),
                    ..
                } if !given.contains(&name) => Some((node.id.clone(), node.line, name.clone())),
                _ => None,
            })
            .collect()
    }

    /// The business rule tasks in the order of the file, each with its line and the decision that it names; none where a variable
    /// names it.
    pub fn decisions(&self) -> Vec<(ElementId, u32, Option<Arc<str>>)> {
        self.nodes()
            .filter_map(|node| match &node.kind {
                NodeKind::Task(Task::Decision(question)) => {
                    let name = question.name.constant().cloned();
                    Some((node.id.clone(), node.line, name))
                }
                _ => None,
            })
            .collect()
    }
}

fn outline(node: &Node, task: &UserTask) -> TaskOutline {
    TaskOutline {
        id: node.id.clone(),
        name: node.name.clone(),
        line: node.line,
        limit_days: task.limit_days,
        questions: task.questions.clone(),
    }
}

fn demand(kind: &NodeKind) -> Option<DemandKind> {
    match kind {
        NodeKind::Task(Task::Service(_)) => Some(DemandKind::Service),
        NodeKind::Task(Task::Decision(_)) => Some(DemandKind::Decision),
        NodeKind::Task(Task::Receive(_)) => Some(DemandKind::Message),
        NodeKind::Call(_) => Some(DemandKind::Process),
        NodeKind::Start(
            Trigger::Timer(_) | Trigger::Message(_) | Trigger::Signal(_) | Trigger::Error(_),
        ) => Some(DemandKind::Start),
        NodeKind::Task(Task::Send(_)) => Some(DemandKind::Send),
        other => match other.trigger()? {
            Trigger::Message(_) if sends(other).is_some() => Some(DemandKind::Send),
            Trigger::Message(_) => Some(DemandKind::Message),
            Trigger::Signal(_) => Some(DemandKind::Signal),
            Trigger::Timer(TimerRule::After { duration, .. } | TimerRule::At(duration))
                if duration.constant().is_none() =>
            {
                Some(DemandKind::VariableTimer)
            }
            _ => None,
        },
    }
}

/// The message that goes out from an element, if one does.
const fn sends(kind: &NodeKind) -> Option<&Arc<str>> {
    match kind {
        NodeKind::Task(Task::Send(name))
        | NodeKind::Throw(Trigger::Message(name))
        | NodeKind::End(Trigger::Message(name)) => Some(name),
        _ => None,
    }
}
