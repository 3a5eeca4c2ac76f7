//! A made-up case in a drawn process, before anything is published: the same engine, the same check of answers and the same
//! facts as a real case, and nothing is kept. Where it stands is played again each time from what was chosen, so that the
//! choices are all there is to carry, and nobody can be anywhere the process does not lead to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wuchuang_bpmn::{
    Answer, Effect, ElementId, Event, Instance, PositionState, Process, Step, TaskId, TimerDue,
    TimerId, Trace, advance, reopen_targets, return_targets, start,
};
use wuchuang_kernel::{Channel, Rejection};

use super::{
    Awaited, DrawnProcess, OpenTask, answers,
    awaited::{awaited, values},
    moves::{facts_of, opened, refuses},
    signals::heard,
    task_gone,
};
use crate::model::ApplicantKind;

/// How many moves one run-through may have.
pub const MOVES_MAX: usize = 100;

/// What is made up, and what was chosen since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The answers of the application form.
    #[serde(default)]
    pub answers: Map<String, Value>,
    /// Who applies.
    pub applicant: ApplicantKind,
    /// In the green lane.
    #[serde(default)]
    pub priority: bool,
    /// What was done, in order.
    #[serde(default)]
    pub moves: Vec<Move>,
}

/// One thing that the officer does in the place of everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Move {
    /// A task is done.
    Complete {
        /// Its number.
        task: u32,
        /// What was answered.
        #[serde(default)]
        answers: Map<String, Value>,
    },
    /// What a business rule task gives. A real case asks the item's rules; a made-up one has no facts to ask them with.
    Decide {
        /// The number of the task.
        task: u32,
        /// The variables that it gives.
        #[serde(default)]
        variables: Map<String, Value>,
    },
    /// What is waited for from outside is there.
    Answer {
        /// Its number.
        awaited: u32,
        /// The variables that it brings.
        #[serde(default)]
        variables: Map<String, Value>,
        /// Whether the other system could not do its work.
        #[serde(default)]
        failed: bool,
    },
    /// A timer comes due.
    Fire {
        /// Its number.
        timer: u32,
    },
    /// Out of a task, from a place where the process cannot go on, or from the decision when none is named.
    Return {
        /// The number of the task or place.
        #[serde(default)]
        task: Option<u32>,
        /// The element to begin again at.
        to: ElementId,
    },
}

/// Where the made-up case stands.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// The open tasks.
    pub tasks: Vec<RehearsedTask>,
    /// The business rule tasks that wait: number, element and decision.
    pub decisions: Vec<(TaskId, ElementId, Arc<str>)>,
    /// What is waited for from outside.
    pub awaited: Vec<Awaited>,
    /// The timers that run.
    pub timers: Vec<RehearsedTimer>,
    /// Where the process cannot go on: number, element, text, and where one may return to.
    pub stuck: Vec<(u32, ElementId, String, Vec<ElementId>)>,
    /// What is done.
    pub done: Vec<ElementId>,
    /// Whether the decision is due.
    pub is_over: bool,
    /// Where the decision may send it back to.
    pub reopen: Vec<ElementId>,
    /// What happened with each move, the beginning first: the elements that were entered.
    pub entered: Vec<Vec<ElementId>>,
}

/// An open task.
#[derive(Debug, Clone)]
pub struct RehearsedTask {
    /// As a case keeps it.
    pub task: OpenTask,
    /// Where it may be sent back to.
    pub targets: Vec<ElementId>,
}

/// A timer that runs.
#[derive(Debug, Clone)]
pub struct RehearsedTimer {
    /// Its number.
    pub timer: TimerId,
    /// The event of the drawing.
    pub element: ElementId,
    /// When it would be due.
    pub due: TimerDue,
}

/// Plays a script. When the last move is refused, the second value says why and the first is where it stood before it.
///
/// # Errors
/// When the process cannot begin with these answers, or an earlier move does not fit: then the script is not ours.
pub fn rehearse(
    drawn: &DrawnProcess,
    script: &Script,
) -> Result<(Rehearsal, Option<Rejection>), Rejection> {
    if script.moves.len() > MOVES_MAX {
        let text = format!("试走最多 {MOVES_MAX} 步。请从头再来。");
        return Err(Rejection::new("rehearsal_too_long", text));
    }
    let process = drawn.process();
    let known = (script.applicant, Channel::Portal, script.priority);
    let facts = facts_of(script.answers.clone(), known);
    let begun = start(process, facts, "rehearsal").map_err(|error| refuses(&error))?;
    let mut play = Play::new(process, begun.instance.clone());
    play.take(heard(process, begun)?);
    let last = script.moves.len().checked_sub(1);
    for (index, chosen) in script.moves.iter().enumerate() {
        if let Err(refusal) = play.go(chosen) {
            if Some(index) == last {
                return Ok((play.seen(), Some(refusal)));
            }
            return Err(refusal);
        }
    }
    Ok((play.seen(), None))
}

struct Play<'p> {
    process: &'p Process,
    state: Instance,
    tasks: Vec<OpenTask>,
    decisions: Vec<(TaskId, ElementId, Arc<str>)>,
    awaited: Vec<Awaited>,
    timers: Vec<RehearsedTimer>,
    stuck: Vec<(TaskId, ElementId, String)>,
    entered: Vec<Vec<ElementId>>,
}

impl<'p> Play<'p> {
    const fn new(process: &'p Process, state: Instance) -> Self {
        Self {
            process,
            state,
            tasks: Vec::new(),
            decisions: Vec::new(),
            awaited: Vec::new(),
            timers: Vec::new(),
            stuck: Vec::new(),
            entered: Vec::new(),
        }
    }

    fn go(&mut self, chosen: &Move) -> Result<(), Rejection> {
        let event = match chosen {
            Move::Complete { task, answers } => {
                let open = self.tasks.iter().find(|open| open.task.0 == *task);
                let open = open.ok_or_else(task_gone)?;
                Event::TaskCompleted {
                    task: open.task,
                    variables: answers::variables(self.process, &open.element, answers)?,
                }
            }
            Move::Decide { task, variables } => Event::TaskCompleted {
                task: TaskId(*task),
                variables: variables.clone(),
            },
            Move::Answer {
                awaited,
                variables,
                failed,
            } => {
                let mut known = self.awaited.iter();
                let known = known.find(|known| known.number == *awaited);
                let known = known.ok_or_else(task_gone)?;
                known.event(values(variables)?, *failed)
            }
            Move::Fire { timer } => Event::TimerFired {
                timer: TimerId(*timer),
            },
            Move::Return {
                task: Some(task),
                to,
            } => Event::Returned {
                task: TaskId(*task),
                to: to.clone(),
            },
            Move::Return { task: None, to } => Event::Reopened { to: to.clone() },
        };
        let step = advance(self.process, &self.state, event).map_err(|error| refuses(&error))?;
        if let Answer::Ignored(_) = step.answer {
            return Err(task_gone());
        }
        self.take(heard(self.process, step)?);
        Ok(())
    }

    /// Keeps what the engine asks for, as a case does.
    fn take(&mut self, step: Step) {
        self.state = step.instance;
        let entered = step.trace.into_iter().filter_map(|trace| match trace {
            Trace::Entered(element) => Some(element),
            _ => None,
        });
        self.entered.push(entered.collect());
        for effect in step.effects {
            let at = jiff::Timestamp::UNIX_EPOCH;
            self.awaited.extend(awaited(self.process, &effect, at));
            match effect {
                // Only the order of tasks is told here, so any instant does.
                Effect::TaskCreated(created) => {
                    self.tasks
                        .push(opened(*created, jiff::Timestamp::UNIX_EPOCH));
                }
                Effect::DecisionAsked {
                    task,
                    element,
                    decision,
                } => self.decisions.push((task, element, decision)),
                Effect::TimerStarted {
                    timer,
                    element,
                    due,
                } => {
                    self.timers.retain(|known| known.timer != timer);
                    self.timers.push(RehearsedTimer {
                        timer,
                        element,
                        due,
                    });
                }
                Effect::Incident {
                    incident,
                    element,
                    text,
                    ..
                } => self.stuck.push((incident, element, text)),
                _ => {}
            }
        }
        let waits = self.state.positions(self.process);
        let is_worked_on = |number: TaskId| {
            let mut waits = waits.iter();
            waits.any(|wait| wait.task == number && wait.state == PositionState::Work)
        };
        self.tasks.retain(|task| is_worked_on(task.task));
        self.decisions.retain(|(task, ..)| is_worked_on(*task));
        self.awaited.retain(|awaited| awaited.is_open(&waits));
        self.timers
            .retain(|timer| waits.iter().any(|wait| wait.timers.contains(&timer.timer)));
        self.stuck.retain(|(incident, ..)| {
            let mut waits = waits.iter();
            waits.any(|wait| {
                wait.task == *incident && matches!(wait.state, PositionState::Incident(_))
            })
        });
    }

    fn seen(self) -> Rehearsal {
        let back = |task| return_targets(self.process, &self.state, task);
        let is_over = self.state.outcome().is_some();
        Rehearsal {
            done: self.state.done(self.process),
            reopen: if is_over {
                reopen_targets(self.process, &self.state)
            } else {
                Vec::new()
            },
            stuck: self
                .stuck
                .iter()
                .map(|(number, element, text)| {
                    (number.0, element.clone(), text.clone(), back(*number))
                })
                .collect(),
            tasks: self
                .tasks
                .iter()
                .map(|task| RehearsedTask {
                    targets: back(task.task),
                    task: task.clone(),
                })
                .collect(),
            decisions: self.decisions,
            awaited: self.awaited,
            timers: self.timers,
            is_over,
            entered: self.entered,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    const FILE: &str = include_str!("../tests/two_branches.bpmn");

    fn script(moves: &Value) -> Script {
        serde_json::from_value(json!({
            "answers": {"business_name": "兴盛餐饮店"}, "applicant": "person", "moves": moves
        }))
        .unwrap()
    }

    /// Open tasks, timers, what is done, the end, and a refusal.
    fn check(moves: &Value, expected: Expect) {
        let drawn = DrawnProcess::read(FILE).unwrap();
        let told = match rehearse(&drawn, &script(moves)) {
            Err(refusal) => format!("not ours: {}", refusal.public),
            Ok((seen, refusal)) => {
                let tasks: Vec<String> = seen
                    .tasks
                    .iter()
                    .map(|open| format!("{} {}", open.task.task, open.task.name))
                    .collect();
                let timers: Vec<String> = seen
                    .timers
                    .iter()
                    .map(|timer| format!("{} {}", timer.timer, timer.element))
                    .collect();
                let done: Vec<&str> = seen.done.iter().map(ElementId::as_str).collect();
                format!(
                    "open {tasks:?} timers {timers:?} done {done:?}{}{}",
                    if seen.is_over { " over" } else { "" },
                    refusal.map_or_else(String::new, |refusal| format!(" – {}", refusal.public)),
                )
            }
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn a_made_up_case_goes_where_a_real_one_would() {
        check(
            &json!([]),
            expect![[r#"open ["2 初审"] timers [] done []"#]],
        );
    }

    #[test]
    fn answers_are_checked_as_those_of_a_case() {
        check(
            &json!([{"complete": {"task": 1, "answers": {"nothing": "1"}}}]),
            expect![[
                r#"open ["2 初审"] timers [] done [] – 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"#
            ]],
        );
    }

    #[test]
    fn a_script_that_leads_nowhere_is_refused() {
        check(
            &json!([{"complete": {"task": 99}}, {"fire": {"timer": 1}}]),
            expect!["not ours: 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"],
        );
        let long: Vec<Value> = (0..=MOVES_MAX)
            .map(|_| json!({"fire": {"timer": 1}}))
            .collect();
        check(
            &Value::Array(long),
            expect!["not ours: 试走最多 100 步。请从头再来。"],
        );
    }
}
