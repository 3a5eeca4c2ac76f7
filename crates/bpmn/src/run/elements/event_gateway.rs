//! Event gateway: waits for the first of the events behind it; the others are forgotten at once.

use crate::run::machine::{Machine, Trouble};
use crate::run::state::Wait;
use crate::run::trace::Trace;

impl Machine<'_> {
    pub(in crate::run) fn await_first(&mut self, id: u32) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let node = self.node(token.at);
        for way in &node.outgoing {
            let event = self.process.flow(*way).target;
            self.arm(id, event)?;
        }
        self.trace.push(Trace::WaitsAt(node.id.clone()));
        Ok(())
    }

    /// One of the events happened: the token passes through it.
    pub(super) fn first_happened(&mut self, wait: Wait) {
        self.disarm(wait.token);
        let Some(gateway) = self.state.token(wait.token) else {
            return;
        };
        let left = self.node(gateway.at).id.clone();
        self.trace.push(Trace::Left(left));
        let event = self.node(wait.at);
        let (scope, cause) = (gateway.scope, gateway.cause);
        self.state.remove_token(wait.token);
        let id = self.place(
            wait.at,
            scope,
            cause,
            crate::run::state::TokenState::Working,
        );
        self.entered(event);
        self.complete(id);
    }
}
