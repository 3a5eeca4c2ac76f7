//! Where an instance stands, in terms of the drawing.

use serde::Serialize;

use crate::ids::{ElementId, SubscriptionId, TaskId, TimerId};
use crate::model::Process;

use super::effect::IncidentCode;
use super::history::all_done;
use super::state::{Instance, TokenState};
use super::withdraw::asks_outside;

/// One token at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The element.
    pub element: ElementId,
    /// The token's number, for `TaskCompleted`, `Returned` and the like.
    pub task: TaskId,
    /// What it does there.
    pub state: PositionState,
    /// Timers that run for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<TimerId>,
    /// Subscriptions that are open for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<SubscriptionId>,
}

/// What a token does at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionState {
    /// Somebody outside works on it: a person, a service, a decision, a called process.
    Work,
    /// Waits for a timer, message or signal.
    Event,
    /// Waits for the inside of its activity.
    Inside,
    /// Waits at a join for other tokens.
    Join,
    /// Waits for a compensation it asked for.
    Undoing,
    /// Cannot go on.
    Incident(IncidentCode),
}

impl Instance {
    /// All tokens with their places, in the order of their numbers. Empty for an instance of another version.
    pub fn positions(&self, process: &Process) -> Vec<Position> {
        if self.version() != process.version() || !self.is_sound(process) {
            return Vec::new();
        }
        self.tokens
            .iter()
            .map(|token| {
                let node = process.node(token.at);
                let state = match &token.state {
                    TokenState::Arrived { stuck: true, .. } => {
                        PositionState::Incident(IncidentCode::StuckJoin)
                    }
                    TokenState::Arrived { .. } => PositionState::Join,
                    TokenState::Many(_) => PositionState::Inside,
                    TokenState::Undoing { .. } => PositionState::Undoing,
                    TokenState::Incident { code, .. } => PositionState::Incident(*code),
                    TokenState::Working | TokenState::Moving { .. } => match node.kind {
                        crate::model::NodeKind::SubProcess(_) => PositionState::Inside,
                        ref kind if asks_outside(kind) => PositionState::Work,
                        _ => PositionState::Event,
                    },
                };
                let (timers, subscriptions) = self.waits_of(token.id, process);
                Position {
                    element: node.id.clone(),
                    task: TaskId(token.id),
                    state,
                    timers,
                    subscriptions,
                }
            })
            .collect()
    }

    /// The tasks of people that are done and still count: a task that was returned to does not. Those within a sub-process
    /// that has ended are not kept. Empty for an instance of another version.
    pub fn done(&self, process: &Process) -> Vec<ElementId> {
        if self.version() != process.version() || !self.is_sound(process) {
            return Vec::new();
        }
        let mut done: Vec<ElementId> = self
            .scopes
            .iter()
            .flat_map(|scope| all_done(&scope.history))
            .map(|at| process.node(at).id.clone())
            .collect();
        done.sort();
        done.dedup();
        done
    }

    fn waits_of(&self, token: u32, process: &Process) -> (Vec<TimerId>, Vec<SubscriptionId>) {
        let mut timers = Vec::new();
        let mut subscriptions = Vec::new();
        for wait in self.waits.iter().filter(|wait| wait.token == token) {
            let trigger = process.node(wait.at).kind.trigger();
            if matches!(trigger, Some(crate::model::Trigger::Timer(_))) {
                timers.push(TimerId(wait.id));
            } else {
                subscriptions.push(SubscriptionId(wait.id));
            }
        }
        (timers, subscriptions)
    }
}
