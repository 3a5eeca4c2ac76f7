//! What all activities have in common: boundary events, one or several instances, and completion.

use crate::model::NodeKind;

use crate::run::history::{Moment, remember};
use crate::run::machine::{Machine, Trouble};
use crate::run::state::Record;
use crate::run::trace::Trace;

impl Machine<'_> {
    pub(in crate::run) fn begin_activity(&mut self, id: u32) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let node = self.node(token.at);
        self.arm_boundaries(id)?;
        match &node.looping {
            Some(looping) => self.begin_many(id, looping),
            None => self.begin_work(id),
        }
    }

    /// The work itself, for one instance.
    pub(in crate::run) fn begin_work(&mut self, id: u32) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let node = self.node(token.at);
        match &node.kind {
            NodeKind::Task(task) => self.begin_task(id, task),
            NodeKind::SubProcess(scope) => self.begin_sub_process(id, *scope),
            NodeKind::Call(call) => self.begin_call(id, call),
            _ => Ok(()),
        }
    }

    pub(super) fn waits(&mut self, id: u32) {
        if let Some(token) = self.state.token(id) {
            let element = self.node(token.at).id.clone();
            self.trace.push(Trace::WaitsAt(element));
        }
    }

    /// A token's element is done.
    pub(in crate::run) fn complete(&mut self, id: u32) {
        self.disarm(id);
        let Some(token) = self.state.token(id) else {
            return;
        };
        if self
            .state
            .scope(token.scope)
            .is_some_and(|scope| scope.of.is_none())
        {
            self.one_done(id);
        } else {
            self.complete_whole(id);
        }
    }

    /// An activity is done with all its instances.
    pub(super) fn complete_whole(&mut self, id: u32) {
        let Some(token) = self.state.token(id) else {
            return;
        };
        let (at, scope, cause) = (token.at, token.scope, token.cause);
        let node = self.node(at);
        if let Some(event) = token.undoes {
            self.state.remove_token(id);
            self.trace.push(Trace::Left(node.id.clone()));
            self.undo_next(event);
            return;
        }
        if node.kind.is_human() {
            let moment = self.number();
            if let Some(scope) = self.state.scope_mut(scope) {
                remember(&mut scope.history, Moment::Done(moment, at, cause));
            }
            if let Some(token) = self.state.token_mut(id) {
                token.cause = moment;
            }
        }
        if node.handler.is_some() {
            let record = Record {
                activity: at,
                within: None,
            };
            self.record(scope, record);
        }
        self.leave(id);
    }
}
