//! Intermediate catch events, and what all waiting for timers, messages and signals has in common.

use std::sync::Arc;

use crate::expression::Template;
use crate::ids::{SubscriptionId, TimerId};
use crate::model::{NodeIndex, NodeKind, Task, TimerDue, TimerRule, Trigger};
use crate::xml::{is_date, is_duration, whole_days};

use crate::run::effect::{Effect, IncidentCode, SubscriptionKind};
use crate::run::machine::{Machine, Trouble};
use crate::run::state::{Resume, Wait};
use crate::run::trace::Trace;

impl Machine<'_> {
    pub(in crate::run) fn catch(&mut self, id: u32) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let at = token.at;
        self.arm(id, at)?;
        self.trace.push(Trace::WaitsAt(self.node(at).id.clone()));
        Ok(())
    }

    /// Starts the timer or opens the subscription of an event for a token.
    pub(super) fn arm(&mut self, token: u32, at: NodeIndex) -> Result<(), Trouble> {
        let node = self.node(at);
        let trigger = match &node.kind {
            NodeKind::Task(Task::Receive(name)) => &Trigger::Message(name.clone()),
            kind => match kind.trigger() {
                Some(trigger) => trigger,
                None => return Ok(()),
            },
        };
        match trigger {
            Trigger::Timer(rule) => {
                let due = self.due(token, rule)?;
                let left = match rule {
                    TimerRule::Every { times, .. } => times.map(|times| times.saturating_sub(1)),
                    _ => None,
                };
                self.start_timer(token, at, due, left);
            }
            Trigger::Message(name) => self.subscribe(token, at, SubscriptionKind::Message, name),
            Trigger::Signal(name) => self.subscribe(token, at, SubscriptionKind::Signal, name),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn start_timer(
        &mut self,
        token: u32,
        at: NodeIndex,
        due: TimerDue,
        left: Option<u32>,
    ) {
        let id = self.number();
        self.state.waits.push(Wait {
            id,
            token,
            at,
            left,
        });
        self.effects.push(Effect::TimerStarted {
            timer: TimerId(id),
            element: self.node(at).id.clone(),
            due,
        });
    }

    fn subscribe(&mut self, token: u32, at: NodeIndex, kind: SubscriptionKind, name: &Arc<str>) {
        let id = self.number();
        self.state.waits.push(Wait {
            id,
            token,
            at,
            left: None,
        });
        self.effects.push(Effect::Subscribed {
            subscription: SubscriptionId(id),
            element: self.node(at).id.clone(),
            kind,
            name: name.clone(),
        });
    }

    fn due(&self, token: u32, rule: &TimerRule) -> Result<TimerDue, Trouble> {
        let text = |template: &Template| {
            let scope = self.state.token(token).map_or(0, |token| token.scope);
            let text = template
                .render(&self.names(scope))
                .map_err(|_| Trouble::overrun(Resume::Enter))?;
            text.ok_or_else(|| no_time(""))
        };
        match rule {
            TimerRule::After {
                duration,
                working_days,
            } => {
                let text = text(duration)?;
                if *working_days {
                    return whole_days(&text)
                        .map(TimerDue::AfterWorkingDays)
                        .ok_or_else(|| no_time(&text));
                }
                if !is_duration(&text) {
                    return Err(no_time(&text));
                }
                Ok(TimerDue::After(text))
            }
            TimerRule::At(date) => {
                let text = text(date)?;
                if !is_date(&text) {
                    return Err(no_time(&text));
                }
                Ok(TimerDue::At(text))
            }
            TimerRule::Every { duration, .. } => Ok(TimerDue::After(duration.clone())),
        }
    }

    /// What a token waited for happened.
    pub(in crate::run) fn happened(&mut self, wait: Wait) {
        let Some(token) = self.state.token(wait.token) else {
            return;
        };
        let node = self.node(wait.at);
        if matches!(node.kind, NodeKind::Boundary { .. }) {
            self.boundary_happened(wait);
        } else if token.at == wait.at {
            self.complete(wait.token);
        } else {
            self.first_happened(wait);
        }
    }

    /// The name and kind that a wait listens to; none for a timer.
    pub(in crate::run) fn listens_to(&self, wait: Wait) -> Option<(SubscriptionKind, &Arc<str>)> {
        match &self.node(wait.at).kind {
            NodeKind::Task(Task::Receive(name)) => Some((SubscriptionKind::Message, name)),
            kind => match kind.trigger()? {
                Trigger::Message(name) => Some((SubscriptionKind::Message, name)),
                Trigger::Signal(name) => Some((SubscriptionKind::Signal, name)),
                _ => None,
            },
        }
    }
}

fn no_time(text: &str) -> Trouble {
    let text = format!("定时“{text}”不是日期或时长；请改正变量后重试");
    Trouble::new(IncidentCode::NoValue, Resume::Enter, text)
}
