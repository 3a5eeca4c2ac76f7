//! What happened to a case. A released event is never edited: a new meaning is a new variant with the
//! suffix `V2` beside it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_bpmn::{TaskId, TimerId};
use wuchuang_calendar::{Acceptance, ClockEvent, ReceiptEvent, StopKind};
use wuchuang_kernel::{Actor, Channel, OrganisationId, PersonId, Personal};

use super::{
    by_rules::{CountedAnew, RuleEvaluation},
    command::Submission,
    deadline::{DeadlineCause, ExtensionRequest, ReminderKind},
    drawn::{DrawnPosition, DrawnTerms},
    ending::{Delivered, TerminationGround},
    parts::{
        Conditional, Decision, Defect, IssuedLicence, Line, Material, NotAcceptedGround, Opinion,
        SpecialProcedure,
    },
    process::Position,
};

/// An event of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseEvent {
    /// 收件.
    Received(Box<ReceivedEvent>),
    /// 认领.
    Claimed {
        /// By whom.
        by: Actor,
    },
    /// Given back to the organisation.
    Released {},
    /// 重新分派: it went from one hand into another, without waiting for the one who held it.
    Reassigned {
        /// By whom.
        by: Actor,
        /// Who held it; `None` when nobody did.
        from: Option<PersonId>,
        /// Who holds it now.
        to: PersonId,
        /// Why.
        reason: Personal<String>,
    },
    /// 一次性告知补正.
    CorrectionNotified {
        /// The defects.
        defects: Vec<ToldDefect>,
        /// The notice's number.
        notice: String,
        /// How the clock of receipt moves.
        receipt: ReceiptEvent,
    },
    /// The correction arrived.
    CorrectionSupplied {
        /// The new answers.
        answers: Option<Personal<Value>>,
        /// The new materials.
        materials: Vec<Material>,
        /// How the clock of receipt moves.
        receipt: ReceiptEvent,
        /// What the item's rules say of the new answers: fee and warning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<Box<CountedAnew>>,
    },
    /// 受理, decided or by law.
    Accepted {
        /// What the clock starts from.
        acceptance: Acceptance,
        /// How the clock of receipt moves.
        receipt: ReceiptEvent,
        /// Where the process begins.
        position: Position,
        /// How the clock moves at once: the first step's limit, the supplement owed.
        clock: Vec<ClockEvent>,
        /// What is owed.
        conditional: Option<Conditional>,
        /// The notice's number.
        notice: String,
    },
    /// 不予受理.
    NotAccepted {
        /// On which ground.
        ground: NotAcceptedGround,
        /// Why.
        reason: Personal<String>,
        /// How the clock of receipt moves.
        receipt: ReceiptEvent,
        /// The notice's number.
        notice: String,
    },
    /// 转办.
    Transferred {
        /// To whom.
        organisation: OrganisationId,
        /// Its name.
        organisation_name: String,
        /// Why.
        reason: Personal<String>,
    },
    /// A step is done.
    StepCompleted {
        /// What was found.
        opinion: Opinion,
        /// Where the process goes on.
        position: Position,
        /// How the clock moves.
        clock: Vec<ClockEvent>,
    },
    /// 退回.
    Returned {
        /// Why.
        opinion: Opinion,
        /// Where the process goes on.
        position: Position,
        /// How the clock moves.
        clock: Vec<ClockEvent>,
    },
    /// 认领 of one task of a drawn process.
    TaskClaimed {
        /// Which.
        task: TaskId,
        /// Its name.
        name: String,
        /// By whom.
        by: Actor,
    },
    /// One task of a drawn process was given back to the organisation.
    TaskReleased {
        /// Which.
        task: TaskId,
        /// Its name.
        name: String,
    },
    /// 重新分派 of one task of a drawn process.
    TaskReassigned {
        /// Which.
        task: TaskId,
        /// Its name.
        name: String,
        /// By whom.
        by: Actor,
        /// Who held it; `None` when nobody did.
        from: Option<PersonId>,
        /// Who holds it now.
        to: PersonId,
        /// Why.
        reason: Personal<String>,
    },
    /// A timer of a drawn process came due.
    TimerFired {
        /// Which.
        timer: TimerId,
        /// The name of its event in the drawing; may be empty.
        name: String,
        /// Where the process goes on.
        position: Position,
        /// How the clock moves.
        clock: Vec<ClockEvent>,
    },
    /// What a drawn process waited for from outside is there.
    AnswerReceived {
        /// What was waited for, what came in, and who said so.
        opinion: Opinion,
        /// Whether the other system could not do its work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        failed: bool,
        /// Where the process goes on.
        position: Position,
        /// How the clock moves.
        clock: Vec<ClockEvent>,
    },
    /// 转到现行流程图: the case follows another drawing of its item from now on.
    ProcessMoved {
        /// Which.
        drawn: DrawnTerms,
        /// Where it stands in it; none while it is not accepted, or the decision is due without it.
        position: Option<Box<DrawnPosition>>,
        /// Why.
        reason: Personal<String>,
    },
    /// A special procedure began.
    ClockStopped {
        /// Which.
        procedure: OrderedProcedure,
        /// The notice's number.
        notice: String,
        /// How the clock moves.
        clock: ClockEvent,
    },
    /// The special procedure ended.
    ClockResumed {
        /// With which result.
        result: Personal<String>,
        /// How the clock moves.
        clock: ClockEvent,
    },
    /// 延长.
    Extended {
        /// By how many days.
        days: u16,
        /// Why.
        reason: Personal<String>,
        /// The notice's number.
        notice: String,
        /// How the clock moves.
        clock: ClockEvent,
    },
    /// 申请延期: whoever handles the case asks the head of the office for more time (行政许可法 art. 42).
    ExtensionRequested(ExtensionRequest),
    /// The head of the office did not grant it; the limit stays.
    ExtensionDeclined {
        /// Who did not grant it, and why.
        opinion: Opinion,
    },
    /// The day by which it is decided is another one; the applicant is told both. After a procedure of less than a day both
    /// are the same.
    DeadlineMoved {
        /// What moved it.
        cause: DeadlineCause,
        /// The day that the applicant was told before.
        before: Date,
        /// The day from now on.
        after: Date,
        /// Why, in words without personal data.
        reason: String,
    },
    /// The applicant was reminded of what they still have to bring.
    Reminded {
        /// Of what.
        of: ReminderKind,
        /// The last day.
        until: Date,
    },
    /// Owed materials arrived.
    SupplementSupplied {
        /// The materials.
        materials: Vec<Material>,
        /// How the clock moves, when all has arrived.
        clock: Option<ClockEvent>,
    },
    /// 决定.
    Decided {
        /// Granted or refused.
        decision: Decision,
        /// What was found.
        opinion: Opinion,
        /// The decision's number.
        notice: String,
        /// How the clock moves.
        clock: ClockEvent,
    },
    /// 制证.
    LicenceIssued(IssuedLicence),
    /// 送达.
    Delivered {
        /// How.
        delivered: Delivered,
        /// The number of the proof of delivery.
        notice: String,
    },
    /// 办结.
    Closed {},
    /// 评价.
    Rated {},
    /// 归档.
    Archived {},
    /// 撤回, as it was recorded before it was confirmed in writing.
    Withdrawn {
        /// Why.
        reason: Personal<String>,
    },
    /// 撤回.
    WithdrawnV2 {
        /// Why.
        reason: Personal<String>,
        /// The confirmation's number.
        notice: String,
    },
    /// 终止, as it was recorded before it was decided in writing.
    Terminated {
        /// Why.
        reason: Personal<String>,
    },
    /// 终止.
    TerminatedV2 {
        /// On which ground.
        ground: TerminationGround,
        /// Why.
        reason: Personal<String>,
        /// The legal basis.
        basis: Personal<String>,
        /// The decision's number.
        notice: String,
    },
    /// A line between applicant and staff.
    Said(Line),
    /// 秒批: the item's rules were asked whether the case is granted without a person.
    RulesEvaluated {
        /// What they said.
        evaluation: RuleEvaluation,
        /// Whether they granted it; if not, a person decides.
        is_granted: bool,
        /// Whether a person looks at it afterwards.
        is_sampled: bool,
    },
    /// 秒批复核: a person looked at what the rules decided.
    RulesReviewed {
        /// Whether it was right.
        is_right: bool,
        /// Who found that, and why.
        opinion: Opinion,
    },
    /// The applicant asked that a person looks at what the rules decided (个人信息保护法 art. 24 (3)).
    RulesReviewAsked {},
}

impl CaseEvent {
    /// Whether the case is over with it: the service can be rated, and the time until the archive runs.
    pub const fn ends_case(&self) -> bool {
        matches!(
            self,
            Self::Closed {}
                | Self::NotAccepted { .. }
                | Self::Withdrawn { .. }
                | Self::WithdrawnV2 { .. }
                | Self::Terminated { .. }
                | Self::TerminatedV2 { .. }
        )
    }
}

/// 收件: everything that was handed in, and the number under which it runs from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceivedEvent {
    /// The number (办件编号).
    pub number: String,
    /// Through which window.
    pub channel: Channel,
    /// What was handed in.
    pub submission: Submission,
}

/// A defect as it was told. What is written about it may speak of the applicant: it is sealed with their key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldDefect {
    /// The key of the material (`material:…`) or of the form field (`field:…`).
    pub key: String,
    /// Its name.
    pub name: String,
    /// What is missing or wrong, and how to mend it.
    pub problem: Personal<String>,
}

impl ToldDefect {
    /// A defect as it goes to the ledger.
    pub fn new(person: PersonId, defect: &Defect) -> Self {
        Self {
            key: defect.key.clone(),
            name: defect.name.clone(),
            problem: Personal::new(person, defect.problem.clone()),
        }
    }
}

/// A special procedure as it was ordered, its reason sealed with the applicant's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedProcedure {
    /// Which.
    pub kind: StopKind,
    /// Why this case needs it.
    pub reason: Personal<String>,
    /// How many working days it takes, as told to the applicant.
    pub expected_days: u16,
}

impl OrderedProcedure {
    /// A procedure as it goes to the ledger.
    pub fn new(person: PersonId, procedure: &SpecialProcedure) -> Self {
        Self {
            kind: procedure.kind.clone(),
            reason: Personal::new(person, procedure.reason.clone()),
            expected_days: procedure.expected_days,
        }
    }
}
