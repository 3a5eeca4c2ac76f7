//! Parallel gateway as a join: it fires when a token waits at every entry, takes one from each and leaves any surplus
//! for its next turn. As a split it takes every way. Also the arrival at joins of both kinds, and what cannot fire any more.

use std::collections::BTreeMap;

use crate::ids::TaskId;
use crate::model::{FlowIndex, NodeIndex, NodeKind};

use crate::run::effect::{Effect, IncidentCode};
use crate::run::history::{Moment, remember};
use crate::run::machine::Machine;
use crate::run::state::{Token, TokenState};
use crate::run::trace::Trace;

/// The tokens that wait at one join of one scope.
pub(super) struct Group {
    pub(super) scope: u32,
    pub(super) at: NodeIndex,
    /// Entry and token, the oldest first.
    pub(super) arrived: Vec<(FlowIndex, u32)>,
    stuck: bool,
}

impl Group {
    pub(super) fn has(&self, entry: FlowIndex) -> bool {
        self.arrived.iter().any(|(via, _)| *via == entry)
    }
}

impl Machine<'_> {
    /// A token comes to a join.
    pub(in crate::run) fn arrive(&mut self, id: u32, via: FlowIndex) {
        let Some(token) = self.state.token_mut(id) else {
            return;
        };
        token.state = TokenState::Arrived { via, stuck: false };
        let (at, scope) = (token.at, token.scope);
        let node = self.node(at);
        self.trace.push(Trace::Arrived(node.id.clone()));
        if !matches!(node.kind, NodeKind::Parallel) {
            return;
        }
        let group = self.group(scope, at);
        if node.incoming.iter().all(|entry| group.has(*entry)) {
            self.fire(&group);
        }
    }

    fn group(&self, scope: u32, at: NodeIndex) -> Group {
        let mut group = Group {
            scope,
            at,
            arrived: Vec::new(),
            stuck: false,
        };
        for token in &self.state.tokens {
            if let TokenState::Arrived { via, stuck } = token.state
                && token.scope == scope
                && token.at == at
            {
                group.arrived.push((via, token.id));
                group.stuck |= stuck;
            }
        }
        group
    }

    /// All joins at which tokens wait, the inner scopes last.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups: BTreeMap<(u32, NodeIndex), Group> = BTreeMap::new();
        for token in &self.state.tokens {
            if let TokenState::Arrived { via, stuck } = token.state {
                let group = groups.entry((token.scope, token.at)).or_insert(Group {
                    scope: token.scope,
                    at: token.at,
                    arrived: Vec::new(),
                    stuck: false,
                });
                group.arrived.push((via, token.id));
                group.stuck |= stuck;
            }
        }
        groups.into_values().collect()
    }

    /// Fires a join: takes the oldest token of every entry that has one and goes on with a single one.
    pub(super) fn fire(&mut self, group: &Group) {
        let mut causes: Vec<(FlowIndex, u32)> = Vec::new();
        for (via, id) in &group.arrived {
            if causes.iter().any(|(taken, _)| taken == via) {
                continue;
            }
            if let Some(token) = self.state.remove_token(*id) {
                if matches!(token.state, TokenState::Arrived { stuck: true, .. }) {
                    self.effects.push(Effect::IncidentResolved {
                        incident: TaskId(*id),
                    });
                }
                causes.push((*via, token.cause));
            }
        }
        if causes.is_empty() {
            return;
        }
        let moment = self.number();
        if let Some(scope) = self.state.scope_mut(group.scope) {
            remember(&mut scope.history, Moment::Joined(moment, group.at, causes));
        }
        let id = self.place(group.at, group.scope, moment, TokenState::Working);
        let node = self.node(group.at);
        self.entered(node);
        self.leave(id);
    }

    /// Tells of joins to which the missing tokens cannot come any more, and of those that are well again. The tokens
    /// stay where they are: a return may still bring what is missing.
    pub(in crate::run) fn tell_stuck(&mut self) {
        for group in self.groups() {
            let stuck = self.is_stuck(&group);
            if stuck == group.stuck {
                continue;
            }
            let Some((_, first)) = group.arrived.first().copied() else {
                continue;
            };
            // The oldest token speaks for the join.
            if let Some(TokenState::Arrived { stuck: told, .. }) =
                self.state.token_mut(first).map(|token| &mut token.state)
            {
                *told = stuck;
            }
            self.tell_stuck_at(&group, first, stuck);
        }
    }

    fn tell_stuck_at(&mut self, group: &Group, first: u32, stuck: bool) {
        let incident = TaskId(first);
        if !stuck {
            self.effects.push(Effect::IncidentResolved { incident });
            return;
        }
        let node = self.node(group.at);
        self.trace.push(Trace::Incident(node.id.clone()));
        self.effects.push(Effect::Incident {
            incident,
            element: node.id.clone(),
            code: IncidentCode::StuckJoin,
            text: format!(
                "汇合处“{}”等的分支已经不会再来；请退回前面的任务，并改正流程图",
                node.id
            ),
        });
    }

    fn is_stuck(&self, group: &Group) -> bool {
        let node = self.node(group.at);
        let mut movers = self
            .state
            .tokens
            .iter()
            .filter(|token| token.scope == group.scope && !waits_at_join(token))
            .peekable();
        if movers.peek().is_none() {
            return true;
        }
        if matches!(node.kind, NodeKind::Inclusive) {
            return false;
        }
        node.incoming.iter().any(|entry| {
            !group.has(*entry)
                && !self.state.tokens.iter().any(|token| {
                    token.scope == group.scope && self.may_come(token, group.at, *entry)
                })
        })
    }

    /// Whether a token may still come to an entry of a join without passing the join.
    pub(super) fn may_come(&self, token: &Token, join: NodeIndex, entry: FlowIndex) -> bool {
        if token.at != join {
            return self.process.reach().can_come(token.at, entry);
        }
        if waits_at_join(token) {
            return false;
        }
        // It already fired and is about to leave.
        self.node(join).outgoing.iter().any(|way| {
            let target = self.process.flow(*way).target;
            *way == entry || (target != join && self.process.reach().can_come(target, entry))
        })
    }
}

pub(super) fn waits_at_join(token: &Token) -> bool {
    matches!(token.state, TokenState::Arrived { .. })
}
