//! Boundary events: an interrupting one takes the activity's token away and goes on in its place; a non-interrupting
//! one sends a second token beside it. A cycle starts its timer anew.

use crate::model::{NodeKind, TimerDue, TimerRule, Trigger};

use crate::run::machine::{Machine, Trouble};
use crate::run::state::Wait;

impl Machine<'_> {
    /// Sets up the timers and subscriptions on an activity.
    pub(super) fn arm_boundaries(&mut self, id: u32) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        for boundary in &self.node(token.at).boundaries {
            self.arm(id, *boundary)?;
        }
        Ok(())
    }

    pub(super) fn boundary_happened(&mut self, wait: Wait) {
        let Some(token) = self.state.token(wait.token) else {
            return;
        };
        let (scope, cause) = (token.scope, token.cause);
        match &self.node(wait.at).kind {
            NodeKind::Boundary {
                interrupting: true, ..
            } => self.withdraw(wait.token),
            NodeKind::Boundary {
                trigger: Trigger::Timer(TimerRule::Every { duration, .. }),
                ..
            } if wait.left != Some(0) => {
                let left = wait.left.map(|left| left - 1);
                let due = TimerDue::After(duration.clone());
                self.start_timer(wait.token, wait.at, due, left);
            }
            // A message or signal may come again; a timer comes once.
            NodeKind::Boundary {
                trigger: Trigger::Message(_) | Trigger::Signal(_),
                ..
            } => {
                self.state.waits.push(wait);
                self.state.waits.sort_unstable_by_key(|wait| wait.id);
            }
            _ => {}
        }
        self.send(wait.at, scope, cause, None);
    }
}
