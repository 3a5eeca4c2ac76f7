//! The supervision task as a pure value: opened by a granted decision, acknowledged, checked, handled.

mod decide;
#[cfg(test)]
mod tests;
mod turn;
mod words;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{
    Actor, CaseId, CreditSubjectId, LicenceId, OrganisationId, Personal, Rejection,
};
use wuchuang_ledger::{Context, Stream};
use wuchuang_messages::telling::{Recipient, Telling};

pub use words::{CheckFinding, CheckMethod, SupervisionStage};

/// The kind of stream; its identifier follows from the case's.
#[derive(Debug, Clone, Copy)]
pub struct TaskStream;

/// The check that follows: what the item orders and what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOrder {
    /// What is checked.
    pub what: String,
    /// The names of the materials in whose place a promise stands (告知承诺).
    pub promises: Vec<String>,
    /// Within how many working days after the decision.
    pub days: u16,
}

/// A task as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The case that was granted.
    pub case: CaseId,
    /// Its number.
    pub case_number: String,
    /// The item's name.
    pub item_name: String,
    /// Whether an organisation applied.
    pub is_organisation: bool,
    /// The applicant's name, sealed with the key of the natural person who applied or acted.
    pub name: Personal<String>,
    /// The organisation that decided.
    pub granted_by: OrganisationId,
    /// Its name.
    pub granted_by_name: String,
    /// When it was granted.
    pub granted_at: Timestamp,
    /// The department that supervises.
    pub department: OrganisationId,
    /// Its name.
    pub department_name: String,
    /// Within how many working days it acknowledges.
    pub acknowledge_days: u16,
    /// The check; `None`: daily supervision only.
    pub check: Option<CheckOrder>,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// What was found.
    pub finding: CheckFinding,
    /// How.
    pub method: CheckMethod,
    /// The facts.
    pub facts: Personal<String>,
    /// Within how many working days defects are mended; only with [`CheckFinding::Rectify`].
    pub rectify_days: Option<u16>,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum TaskCommand {
    /// 推送: sent by a job after a granted decision.
    Open(Box<Opening>),
    /// 签收.
    Acknowledge,
    /// 核查结果.
    RecordCheck(CheckResult),
    /// 处理结论, by whoever decided: what came of a finding that was false.
    Conclude {
        /// What was done and why.
        measure: Personal<String>,
    },
    /// The licence was revoked; sent by a job.
    NoteRevoked {
        /// Which.
        licence: LicenceId,
    },
    /// A bad-credit record was entered; sent by a job.
    NoteCredit {
        /// Whose.
        subject: CreditSubjectId,
        /// Which.
        record: u32,
    },
    /// 提醒: whoever is to do the next thing is told of it; sent by a job.
    Tell {
        /// What they are told.
        of: Telling,
        /// Whom.
        to: Vec<Recipient>,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEvent {
    /// 推送.
    Opened {
        /// What was pushed.
        opening: Box<Opening>,
        /// Until when it is acknowledged.
        acknowledge: Due,
        /// Until when it is checked.
        check: Option<Due>,
    },
    /// 签收.
    Acknowledged {
        /// By whom.
        by: Actor,
    },
    /// 核查.
    Checked {
        /// What was found.
        result: CheckResult,
        /// Until when the next thing is due: mended and checked again, or handled by whoever decided.
        next: Option<Due>,
        /// By whom.
        by: Actor,
    },
    /// 处理结论.
    Concluded {
        /// What was done and why.
        measure: Personal<String>,
        /// By whom.
        by: Actor,
    },
    /// The licence was revoked.
    LicenceRevoked {
        /// Which.
        licence: LicenceId,
    },
    /// A bad-credit record was entered.
    CreditRecorded {
        /// Whose.
        subject: CreditSubjectId,
        /// Which.
        record: u32,
    },
    /// 提醒.
    Told {
        /// What they were told.
        of: Telling,
        /// Whom.
        to: Vec<Recipient>,
    },
}

/// Until when something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// From this day on it is yellow.
    pub warn_on: Date,
    /// The last day; behind it, it is red.
    pub due_on: Date,
}

/// One thing that happened to a task.
#[derive(Debug, Clone)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What, in a sentence without personal data.
    pub what: String,
    /// What was written with it; may speak of the applicant.
    pub text: Option<Personal<String>>,
    /// Who; `None` for the system.
    pub by: Option<Actor>,
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// What was pushed.
    pub opening: Opening,
    /// When.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub stage: SupervisionStage,
    /// Until when the next thing is due; for a task that is done, of the last one.
    pub due: Due,
    /// Since when it stands there.
    pub since: Timestamp,
    /// What was told last about where it stands.
    pub told: Option<Telling>,
    /// Until when it is checked, before it was.
    pub check_due: Option<Due>,
    /// What the last check found.
    pub finding: Option<CheckFinding>,
    /// The licence that was revoked.
    pub revoked: Option<LicenceId>,
    /// The bad-credit record that was entered.
    pub credit: Option<(CreditSubjectId, u32)>,
    /// What happened, the first first.
    pub happened: Vec<Happened>,
}

/// A task; nothing before it was opened.
#[derive(Debug, Clone, Default)]
pub struct TaskState(pub Option<Box<Task>>);

impl Stream for TaskStream {
    const KIND: &'static str = "supervision_task";
    type State = TaskState;
    type Command = TaskCommand;
    type Event = TaskEvent;

    fn decide(
        state: &TaskState,
        command: &TaskCommand,
        context: &Context<'_>,
    ) -> Result<Vec<TaskEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn apply(state: &mut TaskState, event: &TaskEvent, at: Timestamp) {
        if let TaskEvent::Opened {
            opening,
            acknowledge,
            check,
        } = event
        {
            state.0 = Some(Box::new(Task {
                opening: opening.as_ref().clone(),
                opened_at: at,
                stage: SupervisionStage::Waiting,
                due: *acknowledge,
                since: at,
                told: None,
                check_due: *check,
                finding: None,
                revoked: None,
                credit: None,
                happened: vec![Happened {
                    at,
                    what: format!(
                        "推送给{}，请在 {} 前签收",
                        opening.department_name, acknowledge.due_on
                    ),
                    text: None,
                    by: None,
                }],
            }));
            return;
        }
        // The ledger never holds another event before the first; a foreign one changes nothing.
        if let Some(task) = state.0.as_deref_mut() {
            task.then(event, at);
        }
    }
}

impl Task {
    fn begins(&mut self, at: Timestamp) {
        self.since = at;
        self.told = None;
    }

    fn then(&mut self, event: &TaskEvent, at: Timestamp) {
        let (what, text, by) = match event {
            TaskEvent::Opened { .. } => return,
            TaskEvent::Acknowledged { by } => {
                self.begins(at);
                match self.check_due {
                    Some(due) => {
                        self.stage = SupervisionStage::Checking;
                        self.due = due;
                    }
                    None => self.stage = SupervisionStage::Done,
                }
                ("签收".to_owned(), None, Some(by))
            }
            TaskEvent::Checked { result, next, by } => {
                self.begins(at);
                self.finding = Some(result.finding);
                self.stage = match result.finding {
                    CheckFinding::True => SupervisionStage::Done,
                    CheckFinding::Rectify => SupervisionStage::Rectifying,
                    CheckFinding::False => SupervisionStage::Handling,
                };
                self.due = next.unwrap_or(self.due);
                let what = format!("{}：{}", result.method.name(), result.finding.name());
                (what, Some(&result.facts), Some(by))
            }
            TaskEvent::Concluded { measure, by } => {
                self.stage = SupervisionStage::Done;
                ("处理结论".to_owned(), Some(measure), Some(by))
            }
            TaskEvent::Told { of, to } => {
                self.told = Some(*of);
                (of.in_words(to.len()), None, None)
            }
            TaskEvent::LicenceRevoked { licence } => {
                self.revoked = Some(*licence);
                ("撤销准予决定，注销证照".to_owned(), None, None)
            }
            TaskEvent::CreditRecorded { subject, record } => {
                self.credit = Some((*subject, *record));
                ("申请人记入失信名单".to_owned(), None, None)
            }
        };
        self.happened.push(Happened {
            at,
            what,
            text: text.cloned(),
            by: by.copied(),
        });
    }
}
