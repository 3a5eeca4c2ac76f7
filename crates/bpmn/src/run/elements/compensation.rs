//! Compensation: completed activities that have a handler are undone, the latest first, one after the other. The event
//! that asks for it waits until all are undone.

use crate::limits::COMPENSATIONS_MAX;
use crate::model::CompensationTarget;

use crate::run::machine::Machine;
use crate::run::state::{Record, TokenState};
use crate::run::trace::Trace;

impl Machine<'_> {
    pub(super) fn compensate(&mut self, id: u32, target: CompensationTarget) {
        let Some(token) = self.state.token(id) else {
            return;
        };
        let (at, scope) = (token.at, token.scope);
        let Some(scope) = self.state.scope_mut(scope) else {
            return;
        };
        let mut left = Vec::new();
        scope.records.retain(|record| {
            let meant = match target {
                CompensationTarget::Scope => true,
                CompensationTarget::Activity(activity) => {
                    record.activity == activity || record.within == Some(activity)
                }
            };
            if meant {
                left.push(record.activity);
            }
            !meant
        });
        if !left.is_empty() {
            self.trace.push(Trace::WaitsAt(self.node(at).id.clone()));
        }
        if let Some(token) = self.state.token_mut(id) {
            token.state = TokenState::Undoing { left };
        }
        self.undo_next(id);
    }

    /// Starts the next handler; when there is none left, the event goes on.
    pub(super) fn undo_next(&mut self, event: u32) {
        let Some(token) = self.state.token_mut(event) else {
            return;
        };
        let TokenState::Undoing { left } = &mut token.state else {
            return;
        };
        let next = left.pop();
        let (scope, cause) = (token.scope, token.cause);
        let handler = next.and_then(|activity| self.node(activity).handler);
        let Some(handler) = handler else {
            if let Some(token) = self.state.token_mut(event) {
                token.state = TokenState::Working;
            }
            self.leave(event);
            return;
        };
        let worker = self.send(handler, scope, cause, None);
        if let Some(worker) = self.state.token_mut(worker) {
            worker.undoes = Some(event);
        }
    }

    /// Remembers that a completed activity can be undone. Past the limit the oldest is forgotten: a loop of that many
    /// rounds is not undone as a whole by anybody.
    pub(super) fn record(&mut self, scope: u32, record: Record) {
        if let Some(scope) = self.state.scope_mut(scope) {
            if scope.records.len() >= COMPENSATIONS_MAX {
                scope.records.remove(0);
            }
            scope.records.push(record);
        }
    }
}
