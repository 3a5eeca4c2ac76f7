//! Taking tokens away with everything that hangs on them: timers, subscriptions, tasks, the inside of sub-processes and
//! instances, and the work of a compensation.

use crate::ids::{SubscriptionId, TaskId, TimerId};
use crate::model::{NodeKind, Task, Trigger};

use super::effect::Effect;
use super::machine::Machine;
use super::state::{TokenState, Wait};
use super::trace::Trace;

impl Machine<'_> {
    /// Takes a token away and tells it.
    pub(super) fn withdraw(&mut self, id: u32) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            self.disarm(id);
            let Some(token) = self.state.remove_token(id) else {
                continue;
            };
            let node = self.process.node(token.at);
            self.trace.push(Trace::Withdrawn(node.id.clone()));
            match token.state {
                TokenState::Working if asks_outside(&node.kind) => {
                    self.effects.push(Effect::TaskWithdrawn {
                        task: TaskId(id),
                        element: node.id.clone(),
                    });
                }
                TokenState::Incident { .. } | TokenState::Arrived { stuck: true, .. } => {
                    self.effects.push(Effect::IncidentResolved {
                        incident: TaskId(id),
                    });
                }
                TokenState::Undoing { .. } => {
                    let workers = self
                        .state
                        .tokens
                        .iter()
                        .filter(|token| token.undoes == Some(id));
                    open.extend(workers.map(|worker| worker.id));
                }
                _ => {}
            }
            let mut inner = Vec::new();
            self.state.scopes.retain(|scope| {
                let hosted = scope.host == id && scope.id != 0;
                if hosted {
                    inner.push(scope.id);
                }
                !hosted
            });
            if !inner.is_empty() {
                let tokens = self.state.tokens.iter();
                open.extend(
                    tokens
                        .filter(|token| inner.contains(&token.scope))
                        .map(|token| token.id),
                );
            }
        }
    }

    /// Takes away every token of a scope.
    pub(super) fn withdraw_all(&mut self, scope: u32) {
        let tokens: Vec<u32> = self
            .state
            .tokens
            .iter()
            .filter(|token| token.scope == scope)
            .map(|token| token.id)
            .collect();
        for token in tokens {
            self.withdraw(token);
        }
    }

    /// Cancels all timers and subscriptions of a token.
    pub(super) fn disarm(&mut self, token: u32) {
        let mut at = 0;
        while let Some(wait) = self.state.waits.get(at).copied() {
            if wait.token == token {
                self.state.waits.remove(at);
                self.forget(wait);
            } else {
                at += 1;
            }
        }
    }

    fn forget(&mut self, wait: Wait) {
        let node = self.process.node(wait.at);
        self.effects
            .push(if matches!(node.kind.trigger(), Some(Trigger::Timer(_))) {
                Effect::TimerCancelled {
                    timer: TimerId(wait.id),
                }
            } else {
                Effect::Unsubscribed {
                    subscription: SubscriptionId(wait.id),
                }
            });
    }
}

/// Whether somebody outside works on a waiting activity.
pub(super) fn asks_outside(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Task(Task::User(_) | Task::Service(_) | Task::Decision(_)) | NodeKind::Call(_)
    )
}
