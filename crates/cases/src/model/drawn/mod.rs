//! Where a case stands in a drawn process (`wuchuang_bpmn`): the tasks that are open at once, the timers that run, and the
//! engine's own state, all of it in the event that moved it. The compiled process comes with the command, because nothing
//! is fetched inside a decision; a process that is not the one the case started with is refused.
//!
//! `moves` (begin, complete, give back, fire), `moving` (over to another drawing of its item), `answers` (what is answered with a task), `awaited` (what comes in from outside), `decisions` (what the item's rules decide), `signals` (from one branch to another), `hands` (who holds which task),
//! `timers` (when a timer is due), `rehearsal` (a made-up case, before anything is published).

mod answers;
mod awaited;
mod decisions;
mod hands;
mod moves;
mod moving;
pub mod rehearsal;
mod signals;
mod timers;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wuchuang_bpmn::{ElementId, Instance, Process, Stage as Milestone, TaskId, TimerDue, TimerId};
use wuchuang_catalogue::model::{
    drawn::{DrawingProblem, read},
    rules::CompiledRules,
};
use wuchuang_kernel::{PersonId, Personal, Rejection};

use super::{Case, Position, by_rules::RuleEvaluation, event::CaseEvent};

pub(super) use awaited::answer;
pub use awaited::{Awaited, AwaitedKind};
pub(super) use hands::{claim, claim_task, closed, hand, reassign, release_own, release_task};
pub use moves::{begin, return_targets};
pub(super) use moves::{complete, fire, give_back, started};
pub use moving::obstacles;
pub(super) use moving::{go_over, gone_over};

/// Which drawn process a case runs on, by the digest of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnTerms {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The version of the item whose drawing it is, for a case that went over to it; none: the version of its terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

impl DrawnTerms {
    /// The terms of a file.
    pub fn of(text: &str) -> Self {
        Self {
            sha256: hex::encode(Sha256::digest(text.as_bytes())),
            version: None,
        }
    }

    /// Whether both are of the same file.
    pub fn is_file_of(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

/// A compiled process, ready to be sent with a command.
#[derive(Debug, Clone)]
pub struct DrawnProcess {
    terms: DrawnTerms,
    process: Process,
    /// The item's rules, which its business rule tasks ask.
    rules: Option<Arc<CompiledRules>>,
}

impl DrawnProcess {
    /// Reads the file of an item's version.
    ///
    /// # Errors
    /// What is wrong with the file; a published one has nothing.
    pub fn read(text: &str) -> Result<Self, Vec<DrawingProblem>> {
        Ok(Self {
            terms: DrawnTerms::of(text),
            process: read(text)?,
            rules: None,
        })
    }

    /// The same with the rules that its business rule tasks ask.
    #[must_use]
    pub fn with_rules(self, rules: Option<Arc<CompiledRules>>) -> Self {
        Self { rules, ..self }
    }

    /// By what cases know it.
    pub const fn terms(&self) -> &DrawnTerms {
        &self.terms
    }

    /// The process.
    pub const fn process(&self) -> &Process {
        &self.process
    }
}

/// Where an accepted case stands in its drawn process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnPosition {
    /// The engine's state. Its variables hold the answers of the form, so it is sealed as they are; after the applicant was
    /// forgotten the case cannot move on any more.
    pub state: Personal<Instance>,
    /// The tasks that are open now, in the order in which they were opened.
    pub tasks: Vec<OpenTask>,
    /// The timers that run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<RunningTimer>,
    /// What it waits for from outside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaited: Vec<Awaited>,
    /// What this move sent to the applicant, in the words of the drawing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<String>,
    /// Where the process cannot go on by itself. Only what no person does (acceptance by law, a timer) comes here: a deed
    /// that would lead here is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<StuckPlace>,
    /// The national stages that elements of the drawing are marked with and that this move reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The decisions that this move asked for and that the item's rules made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<RuleEvaluation>,
    /// The tasks whose last answer was 不同意 and that a 退回 took back without their being done again, once the process has
    /// ended: what was said there counts no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undone: Vec<ElementId>,
    /// Whether the process has ended, so that the decision is due.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_over: bool,
}

/// A task that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTask {
    /// Its number in the engine; never used twice within a case.
    pub task: TaskId,
    /// The element of the drawing.
    pub element: ElementId,
    /// What people call it; with its place when several people do the same (会签): 部门会签（2/3）.
    pub name: String,
    /// Who may take it, as the drawing says: roles, titles of posts, organisations, people. Empty: whoever reviews.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// Its own limit in working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_days: Option<u16>,
    /// Whether several people do it at the same time or in turn (会签).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_countersign: bool,
    /// When it was opened.
    pub since: Timestamp,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<PersonId>,
}

impl OpenTask {
    /// Its key in forms, addresses and on the clock: element and number, because one element may be open several times.
    pub fn key(&self) -> String {
        format!("{}~{}", self.element, self.task)
    }
}

/// The element of a task's key, or of whatever else names a step.
pub fn element_of_key(key: &str) -> &str {
    key.rsplit_once('~').map_or(key, |(element, _)| element)
}

/// A timer that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTimer {
    /// Its number in the engine; never used twice within a case.
    pub timer: TimerId,
    /// The event of the drawing.
    pub element: ElementId,
    /// When it is due, in the words of the drawing.
    pub due: TimerDue,
    /// From when it counts.
    pub from: Timestamp,
}

/// Where a process cannot go on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckPlace {
    /// The incident's number in the engine.
    pub task: TaskId,
    /// The element.
    pub element: ElementId,
    /// What happened and what to do.
    pub text: String,
}

impl DrawnPosition {
    /// The open task that a key names: its own key, of which the number decides, or the element's id while only one task of it
    /// is open.
    pub fn task(&self, key: &str) -> Option<&OpenTask> {
        if let Some((_, number)) = key.rsplit_once('~')
            && let Ok(number) = number.parse()
        {
            return self.tasks.iter().find(|task| task.task == TaskId(number));
        }
        let mut of_element = self
            .tasks
            .iter()
            .filter(|task| task.element.as_str() == key);
        match (of_element.next(), of_element.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// The names of the open tasks, and of what is waited for: 现场核查、等候法院复函.
    pub fn names(&self) -> String {
        let tasks = self.tasks.iter().map(|task| task.name.clone());
        let awaited = self.awaited.iter();
        let awaited = awaited.map(|awaited| format!("等候{}", awaited.name));
        tasks.chain(awaited).collect::<Vec<_>>().join("、")
    }
}

impl CaseEvent {
    /// Where a drawn process went with this event.
    pub fn drawn_position(&self) -> Option<&DrawnPosition> {
        match self {
            Self::Accepted { position, .. }
            | Self::StepCompleted { position, .. }
            | Self::AnswerReceived { position, .. }
            | Self::Returned { position, .. }
            | Self::TimerFired { position, .. } => match position {
                Position::Drawn(position) => Some(position),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Case {
    /// The version of the item whose drawing it follows.
    pub fn drawing_version(&self) -> u32 {
        let of_drawing = self.terms.drawn.as_ref().and_then(|drawn| drawn.version);
        of_drawing.unwrap_or(self.terms.version)
    }

    /// Where it stands in a drawn process, while it is under review.
    pub fn drawn(&self) -> Option<&DrawnPosition> {
        match &self.stage {
            super::Stage::Review(Position::Drawn(position)) => Some(position),
            _ => None,
        }
    }

    /// The tasks of a drawn process that are open; none for a case without one.
    pub fn open_tasks(&self) -> &[OpenTask] {
        self.drawn().map_or(&[], |position| &position.tasks)
    }
}

/// The process that came with a command, if it is this case's.
fn process_of<'a>(
    case: &Case,
    drawn: Option<&'a DrawnProcess>,
) -> Result<Option<&'a Process>, Rejection> {
    match (&case.terms.drawn, drawn) {
        (None, _) => Ok(None),
        (Some(terms), Some(drawn)) if drawn.terms.is_file_of(terms) => Ok(Some(&drawn.process)),
        (Some(_), Some(_)) => Err(Rejection::new(
            "process_other",
            "随命令送来的流程图不是这个办件受理时的那一版，没有办理。请重试；仍不行请联系系统管理员。",
        )),
        (Some(_), None) => Err(Rejection::new(
            "process_missing",
            "系统没有取到这个办件的流程图，没有办理。请重试；仍不行请联系系统管理员。",
        )),
    }
}

/// The rules that came with a command, if they are this case's.
fn rules_of<'a>(case: &Case, drawn: Option<&'a DrawnProcess>) -> Option<&'a CompiledRules> {
    let rules = drawn?.rules.as_deref()?;
    let terms = case.terms.rules.as_ref()?;
    (rules.sha256 == terms.sha256).then_some(rules)
}

/// Somebody else was faster, or the page is old.
fn task_gone() -> Rejection {
    Rejection::new(
        "step_not_current",
        "办件已不在这个环节，可能同事刚刚处理过。请刷新页面。",
    )
}
