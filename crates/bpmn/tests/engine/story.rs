//! Telling an instance what happens, line by line, and writing down what it does. After every step the state goes
//! through its stored form and the rules that must always hold are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use wuchuang_bpmn::{
    Answer, Effect, ElementId, Event, IgnoredReason, Instance, PositionState, Process, Refusal,
    Step, SubscriptionId, TaskId, TimerId, Trace, Variables, advance, start,
};

pub(crate) struct Story<'p> {
    pub(crate) process: &'p Process,
    pub(crate) instance: Instance,
    pub(crate) told: String,
    pub(crate) entered: BTreeMap<String, usize>,
    /// What the outside was told to keep: must always match the state.
    pub(crate) outside: Outside,
}

/// The rows that a caller would keep from the effects alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outside {
    pub(crate) tasks: BTreeMap<TaskId, ElementId>,
    pub(crate) timers: BTreeMap<TimerId, ElementId>,
    pub(crate) subscriptions: BTreeMap<SubscriptionId, ElementId>,
    pub(crate) incidents: BTreeMap<TaskId, ElementId>,
    used: BTreeSet<u32>,
}

impl<'p> Story<'p> {
    pub(crate) fn begin(process: &'p Process, variables: &str) -> Self {
        let step = start(process, values(variables), "case-1").unwrap();
        let mut story = Self {
            process,
            instance: step.instance.clone(),
            told: String::new(),
            entered: BTreeMap::new(),
            outside: Outside::default(),
        };
        story.took("start", step);
        story
    }

    /// Runs lines of commands and says where it stands at the end.
    pub(crate) fn told(process: &'p Process, variables: &str, commands: &[&str]) -> String {
        let mut story = Self::begin(process, variables);
        for command in commands {
            story.command(command);
        }
        story.finished()
    }

    pub(crate) fn finished(mut self) -> String {
        let standing = self.standing();
        let _ = writeln!(self.told, "= {standing}");
        self.told
    }

    pub(crate) fn standing(&self) -> String {
        if let Some(outcome) = self.instance.outcome() {
            return format!("{outcome:?}");
        }
        let places: Vec<String> = self
            .instance
            .positions(self.process)
            .iter()
            .map(|position| match position.state {
                PositionState::Work | PositionState::Event => position.element.to_string(),
                state => format!("{} ({state:?})", position.element),
            })
            .collect();
        places.join(", ")
    }

    /// `A x=1` completes, `fire T`, `message N x=1`, `signal N`, `error A CODE`, `return A B`, `retry A`,
    /// `cancel`, `set x=1`, `ended A x=1` answers a call.
    pub(crate) fn command(&mut self, command: &str) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let rest = |from: usize| values(&words[from..].join(" "));
        let event = match words[0] {
            "fire" => Event::TimerFired {
                timer: self.timer(words[1]),
            },
            "message" => Event::MessageReceived {
                name: words[1].to_owned(),
                subscription: None,
                variables: rest(2),
            },
            "signal" => Event::SignalReceived {
                name: words[1].to_owned(),
                variables: rest(2),
            },
            "error" => Event::ErrorThrown {
                task: self.task(words[1]),
                code: words[2].to_owned(),
                variables: Variables::new(),
            },
            "return" => Event::Returned {
                task: self.task(words[1]),
                to: words[2].into(),
            },
            "reopen" => Event::Reopened {
                to: words[1].into(),
            },
            "retry" => Event::Retried {
                incident: self.task(words[1]),
            },
            "cancel" => Event::Cancelled,
            "set" => Event::VariablesChanged { variables: rest(1) },
            "ended" => Event::CalledEnded {
                task: self.task(words[1]),
                variables: rest(2),
            },
            element => Event::TaskCompleted {
                task: self.task(element),
                variables: rest(1),
            },
        };
        match self.happen(event) {
            Ok(step) => self.took(command, step),
            Err(refusal) => {
                let _ = writeln!(self.told, "> {command}: refused: {refusal:?}");
            }
        }
    }

    pub(crate) fn happen(&mut self, event: Event) -> Result<Step, Refusal> {
        let stored = serde_json::to_string(&self.instance).unwrap();
        let restored: Instance = serde_json::from_str(&stored).unwrap();
        assert_eq!(restored, self.instance, "the stored state is the state");
        let event: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        let step = advance(self.process, &restored, event.clone());
        assert_eq!(
            step,
            advance(self.process, &self.instance, event),
            "the same event gives the same step"
        );
        if let Ok(step) = &step {
            self.instance = step.instance.clone();
        }
        step
    }

    /// The newest token at an element; zero for none.
    pub(crate) fn task(&self, element: &str) -> TaskId {
        let positions = self.instance.positions(self.process);
        let here = |inside: bool| {
            positions
                .iter()
                .find(|position| {
                    position.element.as_str() == element
                        && (position.state == PositionState::Inside) == inside
                })
                .map(|position| position.task)
        };
        here(false).or_else(|| here(true)).unwrap_or(TaskId(0))
    }

    fn timer(&self, element: &str) -> TimerId {
        let found = self
            .outside
            .timers
            .iter()
            .find(|(_, at)| at.as_str() == element);
        found.map_or(TimerId(0), |(timer, _)| *timer)
    }

    pub(crate) fn took(&mut self, command: &str, step: Step) {
        let effects: Vec<Effect> =
            serde_json::from_str(&serde_json::to_string(&step.effects).unwrap()).unwrap();
        assert_eq!(effects, step.effects, "effects survive being stored");
        for trace in &step.trace {
            if let Trace::Entered(element) = trace {
                *self.entered.entry(element.to_string()).or_default() += 1;
            }
        }
        if step.answer == Answer::Taken
            && let Some(timer) = command.strip_prefix("fire ")
        {
            let timer = self.timer(timer);
            self.outside.timers.remove(&timer);
        }
        self.outside.take(&step, self.process);
        self.outside.matches(&self.instance, self.process);
        let mut line: Vec<String> = step.trace.iter().map(ToString::to_string).collect();
        line.extend(step.effects.iter().filter_map(spoken));
        if let Answer::Ignored(reason) = step.answer {
            line.push(match reason {
                IgnoredReason::TimerGone => "ignored: the timer is gone".to_owned(),
                IgnoredReason::NoSubscription => "ignored: nobody waits".to_owned(),
                IgnoredReason::Ended => "ignored: ended".to_owned(),
            });
        }
        let _ = writeln!(self.told, "> {command}: {}", line.join(", "));
    }
}

impl Outside {
    pub(crate) fn take(&mut self, step: &Step, process: &Process) {
        for effect in &step.effects {
            let fresh = |used: &mut BTreeSet<u32>, number: u32| {
                assert!(used.insert(number), "{number} is used twice");
            };
            match effect {
                Effect::TaskCreated(created) => {
                    fresh(&mut self.used, created.task.0);
                    self.tasks.insert(created.task, created.element.clone());
                }
                Effect::ServiceCalled { task, element, .. }
                | Effect::DecisionAsked { task, element, .. }
                | Effect::ProcessCalled { task, element, .. } => {
                    fresh(&mut self.used, task.0);
                    self.tasks.insert(*task, element.clone());
                }
                Effect::TaskWithdrawn { task, .. } => {
                    assert!(
                        self.tasks.remove(task).is_some(),
                        "{task} was not there to be withdrawn"
                    );
                }
                Effect::TimerStarted { timer, element, .. } => {
                    fresh(&mut self.used, timer.0);
                    self.timers.insert(*timer, element.clone());
                }
                Effect::TimerCancelled { timer } => {
                    assert!(
                        self.timers.remove(timer).is_some(),
                        "timer {timer} was not there"
                    );
                }
                Effect::Subscribed {
                    subscription,
                    element,
                    ..
                } => {
                    fresh(&mut self.used, subscription.0);
                    self.subscriptions.insert(*subscription, element.clone());
                }
                Effect::Unsubscribed { subscription } => {
                    assert!(self.subscriptions.remove(subscription).is_some());
                }
                Effect::Incident {
                    incident, element, ..
                } => {
                    self.incidents.insert(*incident, element.clone());
                }
                Effect::IncidentResolved { incident } => {
                    assert!(self.incidents.remove(incident).is_some());
                }
                Effect::Ended { .. } => {
                    assert!(step.instance.outcome().is_some());
                }
                Effect::MessageSent { .. }
                | Effect::SignalSent { .. }
                | Effect::MilestoneReached { .. } => {}
            }
        }
        // Answered work is no longer waiting; the caller knows, because it gave the answer.
        let standing: BTreeSet<TaskId> = step
            .instance
            .positions(process)
            .iter()
            .filter(|position| position.state == PositionState::Work)
            .map(|position| position.task)
            .collect();
        self.tasks.retain(|task, _| standing.contains(task));
    }

    /// What the caller keeps is exactly what the state says: no task, timer, subscription or incident is lost or left.
    pub(crate) fn matches(&self, instance: &Instance, process: &Process) {
        let mut inside = Self {
            used: self.used.clone(),
            ..Self::default()
        };
        for position in instance.positions(process) {
            match position.state {
                PositionState::Work => {
                    inside.tasks.insert(position.task, position.element.clone());
                }
                PositionState::Incident(_) => {
                    inside
                        .incidents
                        .insert(position.task, position.element.clone());
                }
                _ => {}
            }
            for timer in &position.timers {
                inside.timers.insert(
                    *timer,
                    self.timers.get(timer).cloned().unwrap_or("lost".into()),
                );
            }
            for subscription in &position.subscriptions {
                let element = self.subscriptions.get(subscription).cloned();
                inside
                    .subscriptions
                    .insert(*subscription, element.unwrap_or("lost".into()));
            }
        }
        assert_eq!(*self, inside, "the outside keeps what the state says");
        if instance.outcome().is_some() {
            assert!(
                instance.positions(process).is_empty(),
                "nothing waits after the end"
            );
        } else {
            assert!(!instance.positions(process).is_empty(), "no token is lost");
        }
    }
}

/// Effects worth a word in a trace; the rest is seen from where the process stands.
fn spoken(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::TimerStarted { element, due, .. } => format!("timer {element} {due:?}"),
        Effect::TimerCancelled { .. } => "timer cancelled".to_owned(),
        Effect::MessageSent { name, .. } => format!("sent message {name}"),
        Effect::SignalSent { name, .. } => format!("sent signal {name}"),
        Effect::MilestoneReached { stage, .. } => format!("stage {}", stage.name()),
        Effect::Incident { code, .. } => format!("{code:?}"),
        Effect::Ended { outcome } => format!("{outcome:?}"),
        _ => return None,
    })
}

/// `x=1 y=yes z=[1,2]`: JSON where it is JSON, text otherwise.
pub(crate) fn values(text: &str) -> Variables {
    text.split_whitespace()
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
            (name.to_owned(), value)
        })
        .collect()
}
