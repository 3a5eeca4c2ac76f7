//! The case as a pure value: commands, events, state, and the two functions between them.

pub mod by_rules;
pub mod command;
pub mod commitment;
pub mod deadline;
pub mod drawn;
pub mod event;
pub mod parts;
pub mod process;
pub mod terms;

mod apply;
mod before_acceptance;
mod completeness;
mod decide;
mod ending;
mod levels;
mod numbers;
mod review;
#[cfg(test)]
pub(crate) mod tests;

use jiff::Timestamp;
use serde_json::Value;
use wuchuang_calendar::{Clock, ReceiptClock};
use wuchuang_kernel::{Channel, OrganisationId, PersonId, Personal, Rejection};
use wuchuang_ledger::{Context, Stream};

pub use before_acceptance::{
    check_submission,
    known::{KnownAnswer, KnownSource, check_known, unexplained},
};
pub use by_rules::{ByRules, RuleEvaluation, RuleRecord, RuleRow, RuleTerms, RulesAtHand};
pub use command::{CaseCommand, HandledBy, PartOf, Submission};
pub(crate) use commitment::trust::check_application as check_word;
pub use commitment::{CommitmentText, trust::has_promise};
pub use completeness::Undertaking;
pub use deadline::{
    DELIVERY_WORKING_DAYS, DeadlineCause, ExtensionRequest, Reminder, ReminderKind, RunningLimit,
};
pub use drawn::{
    Awaited, AwaitedKind, DrawnPosition, DrawnProcess, DrawnTerms, OpenTask, RunningTimer,
};
pub use ending::{AtCounter, Authorisation, Delivered, Receiver, ReceiverRight, TerminationGround};
pub use event::{CaseEvent, OrderedProcedure, ReceivedEvent, ToldDefect};
pub use levels::standing_levels;
pub use parts::*;
pub use process::{Position, Process};
pub use terms::{ItemTerms, MaterialTerms, StepTerms, SupervisedTerms};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct CaseStream;

/// A case; nothing before it was submitted.
#[derive(Debug, Clone, Default)]
pub struct CaseState(pub Option<Box<Case>>);

/// A submitted case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The number (办件编号).
    pub number: String,
    /// Through which window it came.
    pub channel: Channel,
    /// When it was received.
    pub received_at: Timestamp,
    /// The item's terms when it began.
    pub terms: ItemTerms,
    /// The organisation that handles it now.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// The department in whose name it does so (委托, 行政许可法 art. 24); `None` when it acts in its own.
    pub entrusted_by: Option<String>,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for them.
    pub agent: Option<Agent>,
    /// The answers of the form.
    pub answers: Personal<Value>,
    /// What the house knew of the answers, and why the applicant says something else.
    pub known: Vec<KnownAnswer>,
    /// The larger matter (一件事、连锁门店) with which it was handed in.
    pub part_of: Option<PartOf>,
    /// What was handed in.
    pub materials: Vec<Material>,
    /// Where the result goes.
    pub delivery: DeliveryChoice,
    /// The code for questions without a login.
    pub check_code: String,
    /// 绿色通道.
    pub priority: bool,
    /// What the applicant undertook to hand in later (容缺受理承诺).
    pub undertaking: Option<Undertaking>,
    /// Who holds it now; `None` while it lies with the organisation.
    pub holder: Option<PersonId>,
    /// The clock before acceptance.
    pub receipt: ReceiptClock,
    /// The legal clock, from acceptance on.
    pub clock: Option<Clock>,
    /// The defects that were told.
    pub defects: Vec<ToldDefect>,
    /// The extension that was asked for and not answered yet.
    pub extension_request: Option<ExtensionRequest>,
    /// When the applicant was last told until when it is decided.
    pub deadline_told_at: Option<Timestamp>,
    /// Whether the applicant was reminded of what they have to bring now.
    pub is_reminded: bool,
    /// What is still owed after conditional acceptance.
    pub owed: Vec<String>,
    /// The opinions given.
    pub opinions: Vec<Opinion>,
    /// The notices given.
    pub notices: Vec<Notice>,
    /// The lines between applicant and staff.
    pub lines: Vec<Line>,
    /// Whether the applicant supplied something that no member of staff has taken up yet.
    pub has_new_material: bool,
    /// Where it stands.
    pub stage: Stage,
    /// What the item's rules said (秒批), once they were asked.
    pub by_rules: Option<Box<ByRules>>,
    /// Whether the service was rated.
    pub rated: bool,
    /// Whether it is archived.
    pub archived: bool,
    /// The tasks of a drawn process that the last event closed, with those it left open: what lists must know of it.
    pub tasks_closed: Vec<OpenTask>,
    /// How many events it has.
    pub version: i64,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it came to the step in which it is.
    pub arrived_at: Timestamp,
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// 收件: examined for acceptance.
    Examining,
    /// 补正中: the applicant corrects.
    Correcting,
    /// 审查 or 决定: accepted and under way.
    Review(Position),
    /// 制证: decided, the licence is being made.
    Issuing,
    /// 待送达: the result waits to be handed over.
    Delivering {
        /// What was decided.
        decision: Decision,
        /// The licence, when one was issued.
        licence: Option<IssuedLicence>,
    },
    /// 办结.
    Closed {
        /// What was decided.
        decision: Decision,
        /// The licence, when one was issued.
        licence: Option<IssuedLicence>,
        /// How the result was handed over.
        delivered: Delivered,
        /// When.
        at: Timestamp,
    },
    /// 不予受理.
    NotAccepted {
        /// On which ground.
        ground: NotAcceptedGround,
        /// Why.
        reason: Personal<String>,
        /// When.
        at: Timestamp,
    },
    /// 撤回.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// 终止.
    Terminated {
        /// Why.
        reason: Personal<String>,
        /// When.
        at: Timestamp,
    },
}

impl Stage {
    /// The stored form, for lists.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Examining => "examining",
            Self::Correcting => "correcting",
            Self::Review(position) if position.is_decision_due() => "decision",
            Self::Review(_) => "review",
            Self::Issuing => "issuing",
            Self::Delivering { .. } => "delivering",
            Self::Closed { .. } => "closed",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Terminated { .. } => "terminated",
        }
    }

    /// Whether the case is over.
    pub const fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Closed { .. }
                | Self::NotAccepted { .. }
                | Self::Withdrawn { .. }
                | Self::Terminated { .. }
        )
    }
}

/// The word for a stored stage.
pub fn stage_name(code: &str) -> &'static str {
    match code {
        "examining" => "待受理",
        "correcting" => "补正中",
        "review" => "审查",
        "decision" => "待决定",
        "issuing" => "制证",
        "delivering" => "待送达",
        "closed" => "已办结",
        "not_accepted" => "不予受理",
        "withdrawn" => "已撤回",
        "terminated" => "已终止",
        _ => "未知",
    }
}

impl Case {
    /// The file with a content among the materials.
    pub fn file(&self, sha256: &str) -> Option<&FileReference> {
        self.materials
            .iter()
            .flat_map(|material| &material.files)
            .find(|file| file.sha256 == sha256)
    }

    /// The name of the present step: 审查, 审核, 待决定 …; of several that are open at once: 现场核查、材料审查.
    pub fn step_name(&self) -> String {
        match &self.stage {
            Stage::Review(Position::Step { step }) => self
                .terms
                .step(step)
                .map_or_else(|| step.clone(), |step| step.name.clone()),
            Stage::Review(Position::Drawn(position)) if !position.is_over => {
                if position.tasks.is_empty() && position.awaited.is_empty() {
                    "等待".to_owned()
                } else {
                    position.names()
                }
            }
            other => stage_name(other.code()).to_owned(),
        }
    }

    /// The name of a step by its key on the clock or in an opinion; the key itself for one that the item does not know.
    pub fn name_of_step<'a>(&'a self, key: &'a str) -> &'a str {
        self.terms
            .step(drawn::element_of_key(key))
            .map_or(key, |step| step.name.as_str())
    }

    /// Whether the applicant said the last word, and waits for an answer.
    pub fn waits_for_answer(&self) -> bool {
        !self.stage.is_over() && self.lines.last().is_some_and(|line| !line.from_staff)
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        match &self.stage {
            Stage::Delivering { decision, .. } | Stage::Closed { decision, .. } => Some(decision),
            Stage::Issuing => Some(&Decision::Granted),
            _ => None,
        }
    }

    /// The licence, once there is one.
    pub fn licence(&self) -> Option<&IssuedLicence> {
        match &self.stage {
            Stage::Delivering { licence, .. } | Stage::Closed { licence, .. } => licence.as_ref(),
            _ => None,
        }
    }

    /// The required materials that are not there.
    pub fn missing(&self) -> Vec<&MaterialTerms> {
        self.terms
            .materials
            .iter()
            .filter(|wanted| {
                wanted.required
                    && !self
                        .materials
                        .iter()
                        .any(|given| given.requirement.as_deref() == Some(wanted.id.as_str()))
            })
            .collect()
    }
}

impl Stream for CaseStream {
    const KIND: &'static str = "case";
    type State = CaseState;
    type Command = CaseCommand;
    type Event = CaseEvent;

    fn decide(
        state: &CaseState,
        command: &CaseCommand,
        context: &Context<'_>,
    ) -> Result<Vec<CaseEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn apply(state: &mut CaseState, event: &CaseEvent, recorded_at: Timestamp) {
        apply::apply(state, event, recorded_at);
    }

    fn sequence(command: &CaseCommand, now: Timestamp) -> Option<String> {
        numbers::sequence(command, now)
    }

    fn sent(command: &CaseCommand) -> Option<Value> {
        command.sent()
    }
}
