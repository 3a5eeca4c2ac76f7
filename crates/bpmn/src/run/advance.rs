//! The two doors of the engine: starting an instance and telling it what happened.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::ids::{ElementId, SubscriptionId, TaskId};
use crate::limits::{NUMBERS_MAX, TOKENS_MAX};
use crate::model::{NodeIndex, NodeKind, Process, Task, Trigger};

use super::effect::{Effect, Outcome, SubscriptionKind};
use super::event::{Event, Variables};
use super::machine::Machine;
use super::refusal::Refusal;
use super::state::{Instance, Resume, Scope, TokenState, Wait};
use super::trace::Trace;

/// What a step gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The new state.
    pub instance: Instance,
    /// What is to be done outside, in order.
    pub effects: Vec<Effect>,
    /// What happened inside, in order.
    pub trace: Vec<Trace>,
    /// Whether the event had a receiver.
    pub answer: Answer,
}

/// Whether an event had a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It was taken.
    Taken,
    /// Nothing changed, and that is in order: timers and messages race with people.
    Ignored(IgnoredReason),
}

/// Why an event was ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnoredReason {
    /// The timer fired before, or its task was done first: the other one won.
    TimerGone,
    /// Nobody waits for the message or signal.
    NoSubscription,
    /// The instance has ended.
    Ended,
}

/// Starts an instance at its plain start event. The key is the caller's name for it.
///
/// # Errors
/// When the process has no plain start event, or the variables are too large.
pub fn start(process: &Process, variables: Variables, key: &str) -> Result<Step, Refusal> {
    let plain = process
        .root_starts()
        .find(|at| matches!(process.node(*at).kind, NodeKind::Start(Trigger::Plain)));
    start_from(process, plain.ok_or(Refusal::NoPlainStart)?, variables, key)
}

/// Starts an instance at a given start event of the process, for those set off by a message, signal or timer.
///
/// # Errors
/// When it is no start event of the process, or the variables are too large.
pub fn start_at(
    process: &Process,
    element: &ElementId,
    variables: Variables,
    key: &str,
) -> Result<Step, Refusal> {
    let at = process
        .index_of(element)
        .ok_or_else(|| Refusal::UnknownElement(element.clone()))?;
    if !process.root_starts().any(|start| start == at) {
        return Err(Refusal::NotAStart(element.clone()));
    }
    start_from(process, at, variables, key)
}

fn start_from(
    process: &Process,
    at: NodeIndex,
    variables: Variables,
    key: &str,
) -> Result<Step, Refusal> {
    let root = Scope {
        id: 0,
        of: Some(0),
        host: 0,
        variables: Arc::default(),
        history: Vec::new(),
        records: Vec::new(),
    };
    let state = Instance {
        version: process.version(),
        key: key
            .chars()
            .take(crate::limits::TEXT_CHARACTERS_MAX)
            .collect(),
        next: 1,
        scopes: vec![root],
        tokens: Vec::new(),
        waits: Vec::new(),
        outcome: None,
    };
    if !state.has_room_for(&variables) {
        return Err(Refusal::VariablesTooLarge);
    }
    let mut machine = Machine::new(process, state);
    machine.state.assign(0, variables);
    machine.send(at, 0, 0, None);
    Ok(machine.done())
}

/// Tells an instance what happened.
///
/// # Errors
/// When the event does not fit the instance; the instance is then as it was.
pub fn advance(process: &Process, instance: &Instance, event: Event) -> Result<Step, Refusal> {
    if instance.version() != process.version() {
        return Err(Refusal::OtherVersion);
    }
    if !instance.is_sound(process) {
        return Err(Refusal::Corrupt);
    }
    if instance.outcome().is_some() {
        return match event {
            Event::TimerFired { .. }
            | Event::MessageReceived { .. }
            | Event::SignalReceived { .. } => Ok(ignored(instance, IgnoredReason::Ended)),
            Event::Reopened { to } if instance.outcome() != Some(Outcome::Cancelled) => {
                let mut machine = Machine::new(process, instance.clone());
                machine.reopen(&to)?;
                Ok(machine.done())
            }
            _ => Err(Refusal::AlreadyEnded),
        };
    }
    if instance.next > NUMBERS_MAX {
        return Err(Refusal::Full);
    }
    if event
        .variables()
        .is_some_and(|added| !instance.has_room_for(added))
    {
        return Err(Refusal::VariablesTooLarge);
    }
    let mut machine = Machine::new(process, instance.clone());
    match machine.take_event(event)? {
        Answer::Taken => Ok(machine.done()),
        Answer::Ignored(reason) => Ok(ignored(instance, reason)),
    }
}

fn ignored(instance: &Instance, reason: IgnoredReason) -> Step {
    Step {
        instance: instance.clone(),
        effects: Vec::new(),
        trace: Vec::new(),
        answer: Answer::Ignored(reason),
    }
}

impl Event {
    fn variables(&self) -> Option<&Variables> {
        match self {
            Self::TaskCompleted { variables, .. }
            | Self::MessageReceived { variables, .. }
            | Self::SignalReceived { variables, .. }
            | Self::ErrorThrown { variables, .. }
            | Self::CalledEnded { variables, .. }
            | Self::VariablesChanged { variables } => Some(variables),
            Self::TimerFired { .. }
            | Self::Returned { .. }
            | Self::Reopened { .. }
            | Self::Retried { .. }
            | Self::Cancelled => None,
        }
    }
}

/// An answer under its one name, where the file gives one.
fn bundled(answer: Variables, name: Option<&str>) -> Variables {
    let Some(name) = name else { return answer };
    let value = if answer.len() == 1 {
        answer
            .into_iter()
            .next()
            .map_or(Json::Null, |(_, only)| only)
    } else {
        Json::Object(answer)
    };
    Variables::from_iter([(name.to_owned(), value)])
}

type Taken = Result<Answer, Refusal>;

impl Machine<'_> {
    fn done(mut self) -> Step {
        self.settle();
        Step {
            instance: self.state,
            effects: self.effects,
            trace: self.trace,
            answer: Answer::Taken,
        }
    }

    fn take_event(&mut self, event: Event) -> Taken {
        match event {
            Event::TaskCompleted { task, variables } => self.task_completed(task, variables),
            Event::CalledEnded { task, variables } => self.called_ended(task, variables),
            Event::TimerFired { timer } => {
                let wait = self
                    .state
                    .waits
                    .iter()
                    .find(|wait| wait.id == timer.0)
                    .copied();
                match wait.filter(|wait| self.listens_to(*wait).is_none()) {
                    Some(wait) => self.wake(&[wait], Variables::new()),
                    None => Ok(Answer::Ignored(IgnoredReason::TimerGone)),
                }
            }
            Event::MessageReceived {
                name,
                subscription,
                variables,
            } => {
                let waits = self.listeners(SubscriptionKind::Message, &name);
                let wait = waits
                    .into_iter()
                    .find(|wait| subscription.is_none_or(|wanted| wanted.0 == wait.id));
                self.wake(wait.as_slice(), variables)
            }
            Event::SignalReceived { name, variables } => {
                let waits = self.listeners(SubscriptionKind::Signal, &name);
                self.wake(&waits, variables)
            }
            Event::ErrorThrown {
                task,
                code,
                variables,
            } => {
                let (_, scope) = self.outside_work(task)?;
                self.state.assign(scope, variables);
                self.throw_error(task.0, &code, true);
                Ok(Answer::Taken)
            }
            Event::Reopened { .. } => Err(Refusal::NotEnded),
            Event::Returned { task, to } => self.return_to(task, &to).map(|()| Answer::Taken),
            Event::Retried { incident } => self.retry(incident),
            Event::Cancelled => {
                self.withdraw_all(0);
                self.finish(Outcome::Cancelled);
                Ok(Answer::Taken)
            }
            Event::VariablesChanged { variables } => {
                self.state.assign(0, variables);
                Ok(Answer::Taken)
            }
        }
    }

    /// The node and scope of a piece of work that somebody outside does and that is still wanted.
    fn outside_work(&self, task: TaskId) -> Result<(NodeIndex, u32), Refusal> {
        let token = self.state.token(task.0).ok_or(Refusal::TaskGone(task))?;
        let works = token.state == TokenState::Working
            && super::withdraw::asks_outside(&self.node(token.at).kind);
        if works {
            Ok((token.at, token.scope))
        } else {
            Err(Refusal::WrongEvent(task))
        }
    }

    fn task_completed(&mut self, task: TaskId, variables: Variables) -> Taken {
        let (at, scope) = self.outside_work(task)?;
        if !matches!(
            self.node(at).kind,
            NodeKind::Task(Task::User(_) | Task::Service(_) | Task::Decision(_))
        ) {
            return Err(Refusal::WrongEvent(task));
        }
        self.finish_work(task, at, scope, variables);
        Ok(Answer::Taken)
    }

    fn called_ended(&mut self, task: TaskId, variables: Variables) -> Taken {
        let (at, scope) = self.outside_work(task)?;
        let NodeKind::Call(call) = &self.node(at).kind else {
            return Err(Refusal::WrongEvent(task));
        };
        match Self::returned_variables(call, variables) {
            Ok(variables) => self.finish_work(task, at, scope, variables),
            Err(trouble) => self.incident(task.0, trouble),
        }
        Ok(Answer::Taken)
    }

    /// Takes the result of some work. Where results of several instances are collected, each one's variables stay its
    /// own; otherwise parallel reviewers would overwrite each other's opinions.
    fn finish_work(&mut self, task: TaskId, at: NodeIndex, scope: u32, variables: Variables) {
        let node = self.node(at);
        let variables = match &node.kind {
            NodeKind::Task(Task::Service(question) | Task::Decision(question)) => {
                bundled(variables, question.result.as_deref())
            }
            _ => variables,
        };
        let collected = node
            .looping
            .as_ref()
            .is_some_and(|looping| looping.output.is_some());
        let own = self
            .state
            .scope(scope)
            .is_some_and(|scope| scope.of.is_none());
        if collected && own {
            for (name, value) in variables {
                self.state.assign_in(scope, name, value);
            }
        } else {
            self.state.assign(scope, variables);
        }
        self.complete(task.0);
    }

    fn listeners(&self, kind: SubscriptionKind, name: &str) -> Vec<Wait> {
        let waits = self.state.waits.iter().copied();
        waits
            .filter(|wait| {
                self.listens_to(*wait)
                    .is_some_and(|(found, known)| found == kind && **known == *name)
            })
            .collect()
    }

    /// What some waits waited for happened.
    fn wake(&mut self, waits: &[Wait], variables: Variables) -> Taken {
        let Some(first) = waits.first() else {
            return Ok(Answer::Ignored(IgnoredReason::NoSubscription));
        };
        if self.state.tokens.len() + waits.len() > TOKENS_MAX {
            return Err(Refusal::Full);
        }
        let scope = self.state.token(first.token).map_or(0, |token| token.scope);
        self.state.assign(scope, variables);
        for wait in waits {
            // An earlier one may have taken this one away.
            let Some(at) = self
                .state
                .waits
                .iter()
                .position(|known| known.id == wait.id)
            else {
                continue;
            };
            self.state.waits.remove(at);
            self.tell_unsubscribed(*wait);
            self.happened(*wait);
        }
        Ok(Answer::Taken)
    }

    /// A subscription that was served is closed, but for a non-interrupting boundary event, which goes on listening.
    fn tell_unsubscribed(&mut self, wait: Wait) {
        let goes_on = matches!(
            self.node(wait.at).kind,
            NodeKind::Boundary {
                interrupting: false,
                ..
            }
        );
        if !goes_on && self.listens_to(wait).is_some() {
            self.effects.push(Effect::Unsubscribed {
                subscription: SubscriptionId(wait.id),
            });
        }
    }

    fn retry(&mut self, incident: TaskId) -> Taken {
        let token = self
            .state
            .token(incident.0)
            .ok_or(Refusal::TaskGone(incident))?;
        let TokenState::Incident { resume, .. } = token.state else {
            return Err(Refusal::WrongEvent(incident));
        };
        self.effects.push(Effect::IncidentResolved { incident });
        match resume {
            Resume::Enter => self.send_again(incident.0, None),
            Resume::Through(via) => self.send_again(incident.0, Some(via)),
            Resume::Leave => {
                if let Some(token) = self.state.token_mut(incident.0) {
                    token.state = TokenState::Working;
                }
                self.leave(incident.0);
            }
        }
        Ok(Answer::Taken)
    }
}
