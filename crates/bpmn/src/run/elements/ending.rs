//! Throwing and end events.

use crate::model::Trigger;

use crate::run::effect::{Effect, Outcome};
use crate::run::machine::Machine;
use crate::run::trace::Trace;

impl Machine<'_> {
    /// An intermediate throw event: it does what it says and goes on.
    pub(in crate::run) fn throw(&mut self, id: u32, trigger: &Trigger) {
        match trigger {
            Trigger::Compensation(target) => self.compensate(id, *target),
            other => {
                self.announce(id, other);
                self.leave(id);
            }
        }
    }

    /// An end event.
    pub(in crate::run) fn end(&mut self, id: u32, trigger: &Trigger) {
        match trigger {
            Trigger::Terminate => self.terminate(id),
            Trigger::Error(code) => {
                let code = code.as_deref().unwrap_or("");
                self.throw_error(id, code, false);
            }
            Trigger::Compensation(target) => self.compensate(id, *target),
            other => {
                self.announce(id, other);
                self.leave(id);
            }
        }
    }

    pub(super) fn announce(&mut self, id: u32, trigger: &Trigger) {
        let Some(token) = self.state.token(id) else {
            return;
        };
        let element = self.node(token.at).id.clone();
        match trigger {
            Trigger::Message(name) => self.effects.push(Effect::MessageSent {
                element,
                name: name.clone(),
            }),
            Trigger::Signal(name) => self.effects.push(Effect::SignalSent {
                element,
                name: name.clone(),
            }),
            _ => {}
        }
    }

    /// Takes away everything in the scope and ends it: the whole instance, or only the sub-process.
    fn terminate(&mut self, id: u32) {
        let Some(token) = self.state.remove_token(id) else {
            return;
        };
        self.trace.push(Trace::Left(self.node(token.at).id.clone()));
        self.withdraw_all(token.scope);
        if token.scope == 0 {
            self.finish(Outcome::Terminated);
        } else {
            self.finish_scope(token.scope);
        }
    }
}
