//! BPMN 2.0 processes as pure values: a file is checked, compiled and run without I/O, clock or randomness.
//!
//! Ground floor: `step(state, event) → (state, effects)`. Whoever uses it stores the [`Instance`] with each event,
//! carries out the [`Effect`]s (worklist rows, jobs for timers, messages, calls) and tells it what happened. The way
//! through the rooms:
//!
//! - `xml` reads the text into a draft, with bounds on everything a hostile file could blow up; the vendors' spellings
//!   of Camunda and Flowable are understood, what is not executed is refused by name, what has no effect is listed.
//! - `check` finds every [`Problem`] of the drawing at once; `model` turns a sound draft into an executable [`Process`].
//!   [`Definition`] is both, with the original text, which is also the export.
//! - `expression` is the small, total language of conditions.
//! - `run` moves tokens: [`start`], [`advance`], 退回 as [`Event::Returned`]. One file an element.
//! - `picture` shows a process as an accessible SVG with its steps as a list.
//! - `migrate` moves a running instance to another version of its process, or says why it cannot.
//! - [`check_file`] and [`run()`] serve the commands `process check` and `process run`.
//!
//! ```
//! use wuchuang_bpmn::{Definition, Effect, Event, Outcome, Variables, advance, start};
//!
//! let definition = Definition::parse(include_str!("../tests/samples/two_levels.bpmn"))?;
//! let process = definition.main();
//! let step = start(process, Variables::new(), "办件-1")?;
//! let Some(Effect::TaskCreated(first)) = step.effects.last() else { panic!("a task waits") };
//! let step = advance(process, &step.instance, Event::TaskCompleted { task: first.task, variables: Variables::new() })?;
//! let Some(Effect::TaskCreated(second)) = step.effects.last() else { panic!("a task waits") };
//! let step = advance(process, &step.instance, Event::TaskCompleted { task: second.task, variables: Variables::new() })?;
//! assert_eq!(step.instance.outcome(), Some(Outcome::Completed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod definition;
mod drive;
mod expression;
mod ids;
pub mod limits;
mod migrate;
mod model;
mod picture;
mod problem;
mod run;
mod xml;

pub use definition::{CheckReport, Definition, check_file};
pub use drive::{Answers, RunReport, RunStep, TaskAnswers, run};
pub use expression::{Expression, ExpressionError};
pub use ids::{ElementId, SubscriptionId, TaskId, TimerId};
pub use migrate::{MigrationProblem, migrate};
pub use model::{
    Demand, DemandKind, ElementView, Process, ProcessVersion, QuestionKind, Stage, StartView,
    TaskOutline, TaskQuestion, TimerDue,
};
pub use picture::{
    Drawing, Mark, Marks, NextStep, PICTURE_PARTS_MAX, PictureStep, PictureWords, with_diagram,
};
pub use problem::{Problem, Problems, Severity};
pub use run::{
    Answer, Effect, Event, IgnoredReason, IncidentCode, Instance, Occurrence, Outcome, Position,
    PositionState, Refusal, Step, SubscriptionKind, TaskCreated, Trace, Variables, advance,
    is_undone, reopen_targets, return_targets, start, start_at,
};
