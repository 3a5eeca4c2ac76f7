//! Driving a process in memory with given answers, for the `run` command, for designers trying out a drawing, and for
//! tests. The rules are the engine's; this only turns element names into task numbers.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::ids::{ElementId, TaskId, TimerId};
use crate::limits::RUN_EVENTS_MAX;
use crate::model::Process;
use crate::run::{
    Effect, Event, Instance, Outcome, Position, PositionState, Refusal, Step, Trace, Variables,
    advance, start, start_at,
};

/// What a run is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// Which process of the file; the first one if absent.
    pub process: Option<String>,
    /// The start event, if not the plain one.
    pub start: Option<ElementId>,
    /// Variables at the start.
    pub variables: Variables,
    /// What happens first, in this order.
    pub steps: Vec<RunStep>,
    /// Then: what each task, service, decision or called process answers, by element; several answers are given one
    /// after the other, and where they run out the process waits.
    pub tasks: BTreeMap<ElementId, TaskAnswers>,
    /// Then: whether everything else that waits for an answer gets an empty one.
    pub complete_all: bool,
}

/// One answer, or several in turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TaskAnswers {
    /// Several in turn.
    InTurn(VecDeque<Variables>),
    /// The same each time.
    Always(Variables),
}

/// One thing that happens in a run. Tasks and timers are named by their element; the oldest one there is meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RunStep {
    /// A task, service, decision or called process answers.
    Complete {
        /// Its element.
        element: ElementId,
        /// What it gives.
        #[serde(default)]
        variables: Variables,
    },
    /// A timer comes due.
    Fire {
        /// The timer event.
        element: ElementId,
    },
    /// A message comes in.
    Message {
        /// Its name.
        name: String,
        /// What it brings.
        #[serde(default)]
        variables: Variables,
    },
    /// A signal comes in.
    Signal {
        /// Its name.
        name: String,
        /// What it brings.
        #[serde(default)]
        variables: Variables,
    },
    /// A task fails.
    Error {
        /// Its element.
        element: ElementId,
        /// The error's code.
        code: String,
    },
    /// A task is returned.
    Return {
        /// The element that returns it.
        element: ElementId,
        /// The task to begin again at.
        to: ElementId,
    },
    /// An incident is tried again.
    Retry {
        /// The element.
        element: ElementId,
        /// Variables to correct first.
        #[serde(default)]
        variables: Variables,
    },
    /// The instance is given up.
    Cancel {},
}

/// What a run showed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunReport {
    /// The process.
    pub process: ElementId,
    /// Elements entered and left, in order.
    pub trace: Vec<Trace>,
    /// Where it waits at the end.
    pub waits: Vec<Position>,
    /// How it ended, if it did.
    pub outcome: Option<Outcome>,
    /// The variables at the end.
    pub variables: Variables,
    /// All effects in order.
    pub effects: Vec<Effect>,
    /// Steps that were not taken, with the reason in Chinese.
    pub refused: Vec<String>,
}

/// Runs a process with answers. Never fails: what could not be done is in the report.
pub fn run(process: &Process, answers: Answers) -> RunReport {
    let begun = match &answers.start {
        Some(element) => start_at(process, element, answers.variables.clone(), "run"),
        None => start(process, answers.variables.clone(), "run"),
    };
    let mut run = Run {
        process,
        instance: None,
        timers: BTreeMap::new(),
        report: RunReport {
            process: process.id().clone(),
            trace: Vec::new(),
            waits: Vec::new(),
            outcome: None,
            variables: Variables::new(),
            effects: Vec::new(),
            refused: Vec::new(),
        },
    };
    run.took(begun);
    for step in answers.steps.into_iter().take(RUN_EVENTS_MAX) {
        run.step(step);
    }
    run.answer(answers.tasks, answers.complete_all);
    run.finished()
}

struct Run<'p> {
    process: &'p Process,
    instance: Option<Instance>,
    /// The element of each running timer.
    timers: BTreeMap<TimerId, ElementId>,
    report: RunReport,
}

impl Run<'_> {
    fn took(&mut self, step: Result<Step, Refusal>) -> bool {
        match step {
            Ok(step) => {
                for effect in &step.effects {
                    match effect {
                        Effect::TimerStarted { timer, element, .. } => {
                            self.timers.insert(*timer, element.clone());
                        }
                        Effect::TimerCancelled { timer } => {
                            self.timers.remove(timer);
                        }
                        _ => {}
                    }
                }
                self.instance = Some(step.instance);
                self.report.trace.extend(step.trace);
                self.report.effects.extend(step.effects);
                true
            }
            Err(refusal) => {
                self.report.refused.push(refusal.to_string());
                false
            }
        }
    }

    fn tell(&mut self, event: Event) -> bool {
        let Some(instance) = &self.instance else {
            return false;
        };
        let step = advance(self.process, instance, event);
        self.took(step)
    }

    fn positions(&self) -> Vec<Position> {
        self.instance
            .as_ref()
            .map_or_else(Vec::new, |instance| instance.positions(self.process))
    }

    /// The oldest token at an element that a test accepts.
    fn at(&mut self, element: &ElementId, accepts: fn(PositionState) -> bool) -> Option<TaskId> {
        let found = self
            .positions()
            .into_iter()
            .find(|position| position.element == *element && accepts(position.state));
        if found.is_none() {
            let text = format!("“{element}”现在不在等待，没有执行这一步");
            self.report.refused.push(text);
        }
        found.map(|position| position.task)
    }

    fn step(&mut self, step: RunStep) {
        match step {
            RunStep::Complete { element, variables } => {
                if let Some(task) = self.at(&element, works) {
                    self.complete(&element, task, variables);
                }
            }
            RunStep::Fire { element } => self.fire(&element),
            RunStep::Message { name, variables } => {
                self.tell(Event::MessageReceived {
                    name,
                    subscription: None,
                    variables,
                });
            }
            RunStep::Signal { name, variables } => {
                self.tell(Event::SignalReceived { name, variables });
            }
            RunStep::Error { element, code } => {
                if let Some(task) = self.at(&element, works) {
                    self.tell(Event::ErrorThrown {
                        task,
                        code,
                        variables: Variables::new(),
                    });
                }
            }
            RunStep::Return { element, to } => {
                if let Some(task) = self.at(&element, |_| true) {
                    self.tell(Event::Returned { task, to });
                }
            }
            RunStep::Retry { element, variables } => {
                if let Some(incident) = self.at(&element, |state| {
                    matches!(state, PositionState::Incident(_))
                }) {
                    self.tell(Event::VariablesChanged { variables });
                    self.tell(Event::Retried { incident });
                }
            }
            RunStep::Cancel {} => {
                self.tell(Event::Cancelled);
            }
        }
    }

    fn fire(&mut self, element: &ElementId) {
        let timer = self
            .timers
            .iter()
            .find(|(_, at)| *at == element)
            .map(|(timer, _)| *timer);
        if let Some(timer) = timer {
            self.timers.remove(&timer);
            self.tell(Event::TimerFired { timer });
        } else {
            let text = format!("“{element}”没有在计时，没有执行这一步");
            self.report.refused.push(text);
        }
    }

    fn complete(&mut self, element: &ElementId, task: TaskId, variables: Variables) -> bool {
        let calls = self.process.index_of(element).is_some_and(|at| {
            matches!(self.process.node(at).kind, crate::model::NodeKind::Call(_))
        });
        self.tell(if calls {
            Event::CalledEnded { task, variables }
        } else {
            Event::TaskCompleted { task, variables }
        })
    }

    /// Answers whatever waits and has an answer, the oldest first.
    fn answer(&mut self, mut tasks: BTreeMap<ElementId, TaskAnswers>, complete_all: bool) {
        for _ in 0..RUN_EVENTS_MAX {
            let next = self.positions().into_iter().find_map(|position| {
                if !works(position.state) {
                    return None;
                }
                let variables = match tasks.get_mut(&position.element) {
                    Some(TaskAnswers::Always(variables)) => Some(variables.clone()),
                    Some(TaskAnswers::InTurn(turns)) => turns.pop_front(),
                    None => complete_all.then(Variables::new),
                };
                variables.map(|variables| (position, variables))
            });
            let Some((position, variables)) = next else {
                return;
            };
            if !self.complete(&position.element, position.task, variables) {
                return;
            }
        }
        let text = format!("回答了 {RUN_EVENTS_MAX} 次仍未结束，停止运行；请检查流程里的循环");
        self.report.refused.push(text);
    }

    fn finished(mut self) -> RunReport {
        self.report.waits = self.positions();
        if let Some(instance) = &self.instance {
            self.report.outcome = instance.outcome();
            self.report.variables = instance.variables().clone();
        }
        self.report
    }
}

fn works(state: PositionState) -> bool {
    state == PositionState::Work
}
