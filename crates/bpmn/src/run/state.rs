//! The state of a running process: a value of numbers, small enough to be stored with every event.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model::{FlowIndex, NodeIndex, Process, ProcessVersion, ScopeIndex};

use super::effect::{IncidentCode, Outcome};
use super::event::Variables;
use super::history::Moment;

/// An instance of a process. Elements are numbers here and mean something only together with [`Instance::version`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    pub(super) version: ProcessVersion,
    pub(super) key: String,
    /// The next number for a token, timer, subscription, scope or moment.
    pub(super) next: u32,
    /// Ascending by id; the first is the process itself.
    pub(super) scopes: Vec<Scope>,
    /// Ascending by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tokens: Vec<Token>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) waits: Vec<Wait>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<Outcome>,
}

/// The run of the process, of a sub-process, or of one of several instances of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Scope {
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) id: u32,
    /// The scope of the model; none for one instance of a multi-instance activity, which holds only that instance's
    /// token and variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) of: Option<ScopeIndex>,
    /// The token that waits for this scope; zero for the process itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) host: u32,
    #[serde(default, skip_serializing_if = "no_variables", rename = "vars")]
    pub(super) variables: Arc<Variables>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) history: Vec<Moment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "undo")]
    pub(super) records: Vec<Record>,
}

/// A completed activity that can be compensated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) activity: NodeIndex,
    /// The completed sub-process it lay in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<NodeIndex>,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) id: u32,
    pub(super) at: NodeIndex,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) scope: u32,
    /// The moment of its scope's history that it follows from; zero for the beginning.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) cause: u32,
    /// The compensation event it works for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) undoes: Option<u32>,
    #[serde(default, skip_serializing_if = "TokenState::is_working")]
    pub(super) state: TokenState,
}

/// What a token does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TokenState {
    /// Waits at its element for whatever the element waits for.
    #[default]
    Working,
    /// On its way into its element. Never seen between steps.
    Moving {
        via: Option<FlowIndex>,
    },
    /// Came to a join through a flow and waits for the others.
    Arrived {
        via: FlowIndex,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stuck: bool,
    },
    /// Waits for several instances of its activity.
    Many(Many),
    /// A compensation event that waits; what is still to be undone, the next one last.
    Undoing {
        left: Vec<NodeIndex>,
    },
    Incident {
        code: IncidentCode,
        resume: Resume,
    },
}

impl TokenState {
    fn is_working(&self) -> bool {
        *self == Self::Working
    }
}

/// Where a token goes on after an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Resume {
    /// It enters its element again.
    Enter,
    /// It enters its element again, through this flow.
    Through(FlowIndex),
    /// It chooses its way out again.
    Leave,
}

/// The counters of a multi-instance activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Many {
    pub(super) total: u32,
    pub(super) started: u32,
    pub(super) completed: u32,
    /// Items of a sequential activity that did not have their turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left: Vec<Json>,
}

/// A running timer or open subscription. What it waits for follows from its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wait {
    pub(super) id: u32,
    pub(super) token: u32,
    pub(super) at: NodeIndex,
    /// How often a cycle may still fire after this time; none without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) left: Option<u32>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn no_variables(variables: &Arc<Variables>) -> bool {
    variables.is_empty()
}

impl Instance {
    /// The version of the process it runs.
    pub fn version(&self) -> ProcessVersion {
        self.version
    }

    /// The key its caller gave it, such as the case's number.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// The variables of the process itself.
    pub fn variables(&self) -> &Variables {
        &self.scopes[0].variables
    }

    pub(super) fn token(&self, id: u32) -> Option<&Token> {
        let at = self
            .tokens
            .binary_search_by_key(&id, |token| token.id)
            .ok()?;
        self.tokens.get(at)
    }

    pub(super) fn token_mut(&mut self, id: u32) -> Option<&mut Token> {
        let at = self
            .tokens
            .binary_search_by_key(&id, |token| token.id)
            .ok()?;
        self.tokens.get_mut(at)
    }

    pub(super) fn remove_token(&mut self, id: u32) -> Option<Token> {
        let at = self
            .tokens
            .binary_search_by_key(&id, |token| token.id)
            .ok()?;
        Some(self.tokens.remove(at))
    }

    pub(super) fn scope(&self, id: u32) -> Option<&Scope> {
        let at = self
            .scopes
            .binary_search_by_key(&id, |scope| scope.id)
            .ok()?;
        self.scopes.get(at)
    }

    pub(super) fn scope_mut(&mut self, id: u32) -> Option<&mut Scope> {
        let at = self
            .scopes
            .binary_search_by_key(&id, |scope| scope.id)
            .ok()?;
        self.scopes.get_mut(at)
    }

    /// The scope around a scope.
    pub(super) fn outer(&self, scope: &Scope) -> Option<&Scope> {
        if scope.id == 0 {
            return None;
        }
        self.scope(self.token(scope.host)?.scope)
    }

    /// Whether all numbers in a stored state mean something, so that a damaged one is refused and cannot panic.
    pub(super) fn is_sound(&self, process: &Process) -> bool {
        let node = |at: NodeIndex| process.find_node(at).is_some();
        let root = self
            .scopes
            .first()
            .is_some_and(|root| root.id == 0 && root.of == Some(0));
        let scopes = self.scopes.iter().enumerate().all(|(at, scope)| {
            let model = scope
                .of
                .is_none_or(|of| usize::from(of) < process.scope_count());
            let hosted = at == 0
                || self
                    .token(scope.host)
                    .is_some_and(|host| host.id < scope.id && host.scope < scope.id);
            let ordered = at == 0 || self.scopes[at - 1].id < scope.id;
            let known = scope.records.iter().all(|record| node(record.activity));
            let past = scope.history.iter().all(|moment| moment.is_sound(process));
            model && hosted && ordered && known && past && scope.id < self.next
        });
        let tokens = self.tokens.iter().enumerate().all(|(at, token)| {
            let ordered = at == 0 || self.tokens[at - 1].id < token.id;
            ordered
                && token.id < self.next
                && node(token.at)
                && self.scope(token.scope).is_some()
                && state_is_sound(token, process)
        });
        let waits = self
            .waits
            .iter()
            .all(|wait| wait.id < self.next && node(wait.at) && self.token(wait.token).is_some());
        root && scopes && tokens && waits
    }
}

fn state_is_sound(token: &Token, process: &Process) -> bool {
    let node = process.node(token.at);
    match &token.state {
        TokenState::Incident {
            resume: Resume::Through(via),
            ..
        }
        | TokenState::Arrived { via, .. } => node.incoming.contains(via),
        TokenState::Working | TokenState::Incident { .. } => true,
        TokenState::Moving { .. } => false,
        TokenState::Many(many) => {
            node.looping.is_some()
                && many.completed <= many.started
                && many.started <= many.total
                && many.left.len() <= many.total as usize
        }
        TokenState::Undoing { left } => left.iter().all(|at| {
            process
                .find_node(*at)
                .is_some_and(|node| node.handler.is_some())
        }),
    }
}
