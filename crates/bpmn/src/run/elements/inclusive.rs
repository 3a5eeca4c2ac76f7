//! Inclusive gateway. As a split it takes every way whose condition holds, otherwise the default, otherwise an incident;
//! activities and events with several ways out do the same. As a join it follows BPMN 2.0.2, 13.4.3: it fires when a
//! token waits at one entry at least, and no token elsewhere in the scope can still come to an entry that is empty,
//! unless that token can just as well come to one that is filled. (That exception keeps a token on another round
//! of a loop from holding up the join, and keeps the rounds apart.)

use crate::model::{FlowIndex, Node, NodeKind};

use crate::run::machine::{Machine, Trouble};
use crate::run::state::TokenState;

use super::exclusive::no_way_out;
use super::parallel::Group;

impl Machine<'_> {
    pub(in crate::run) fn inclusive_ways(
        &self,
        node: &Node,
        scope: u32,
    ) -> Result<Vec<FlowIndex>, Trouble> {
        let mut ways = Vec::with_capacity(node.outgoing.len());
        let mut conditions = 0;
        let mut held = 0;
        for way in &node.outgoing {
            if node.default == Some(*way) {
                continue;
            }
            let conditional = self.process.flow(*way).condition.is_some();
            conditions += usize::from(conditional);
            if self.way_open(*way, scope)? {
                held += usize::from(conditional);
                ways.push(*way);
            }
        }
        // Where several ways are free of conditions, a default stands in only for conditions that all failed.
        if let Some(default) = node.default
            && held == 0
        {
            ways.push(default);
        }
        if ways.is_empty() && conditions > 0 {
            return Err(no_way_out(node));
        }
        Ok(ways)
    }

    /// Fires the inclusive joins that may fire, at most one in each scope, for what it sends on may come to another one
    /// there; false if none may. Asked when no token moves.
    pub(in crate::run) fn fire_inclusive(&mut self) -> bool {
        let mut fired = false;
        for group in self.groups() {
            let inclusive = matches!(self.node(group.at).kind, NodeKind::Inclusive);
            // What was fired before may also have ended or taken away the scope.
            if inclusive && !self.is_astir(group.scope) && self.may_fire(&group) {
                self.fire(&group);
                fired = true;
            }
        }
        fired
    }

    /// Whether a scope is gone or a token moves in it.
    fn is_astir(&self, scope: u32) -> bool {
        self.state.scope(scope).is_none()
            || self.state.tokens.iter().any(|token| {
                token.scope == scope && matches!(token.state, TokenState::Moving { .. })
            })
    }

    fn may_fire(&self, group: &Group) -> bool {
        let node = self.node(group.at);
        let (filled, empty): (Vec<FlowIndex>, Vec<FlowIndex>) =
            node.incoming.iter().partition(|entry| group.has(**entry));
        if empty.is_empty() {
            return true;
        }
        !self.state.tokens.iter().any(|token| {
            let comes = |entry: &FlowIndex| self.may_come(token, group.at, *entry);
            token.scope == group.scope && empty.iter().any(comes) && !filled.iter().any(comes)
        })
    }
}
