//! An application for a bundle (一件事联办): one submission with one number, from which parallel cases follow. It holds what
//! each part was handed in with until its case is there, so that a crash in between loses nothing and doubles nothing:
//! each case has a key that follows from the application's own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::{BundleId, CaseId, Channel, PersonId, Personal, Rejection, china_date};
use wuchuang_ledger::{Context, Stream};

use super::{
    handed_in::{JointSubmission, PartKey, SubmittedPart},
    inspection::{self, Inspection, InspectionCommand, InspectionEvent},
    stores,
};

/// What stands in the place of the department in the number of an application for a bundle. Departments' codes are four
/// capital letters, so that no case has such a number.
pub const NUMBER_SIGN: &str = "0YJS";
/// How many parts an application may have.
pub const PARTS_MAX: usize = 30;

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct JointStream;

/// What may be asked of an application for a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum JointCommand {
    /// 一次提交: draws the number.
    Submit(Box<JointSubmission>),
    /// The case of a part is there.
    RecordCase {
        /// Which part.
        #[serde(flatten)]
        part: PartKey,
        /// The case.
        case: CaseId,
        /// Its number.
        number: String,
    },
    /// The case of a part was refused when it was opened, because the item was changed or withdrawn in between, or it is not
    /// opened because an earlier part was not granted.
    RecordRefusal {
        /// Which part.
        #[serde(flatten)]
        part: PartKey,
        /// Why, for the applicant.
        reason: String,
    },
    /// 联合踏勘 and 联合验收.
    Inspection(InspectionCommand),
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JointEvent {
    /// It was handed in.
    Received {
        /// Its number.
        number: String,
        /// Through which window.
        channel: Channel,
        /// What was handed in.
        submission: Box<JointSubmission>,
    },
    /// The case of a part was opened.
    CaseOpened {
        /// Which part.
        #[serde(flatten)]
        part: PartKey,
        /// The case.
        case: CaseId,
        /// Its number.
        number: String,
    },
    /// The case of a part could not be opened.
    CaseRefused {
        /// Which part.
        #[serde(flatten)]
        part: PartKey,
        /// Why.
        reason: String,
    },
    /// 联合踏勘 and 联合验收.
    Inspection(InspectionEvent),
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartOutcome {
    /// Its case is being opened.
    Waiting,
    /// Its case is there.
    Opened {
        /// The case.
        case: CaseId,
        /// Its number.
        number: String,
    },
    /// Its case could not be opened.
    Refused {
        /// Why.
        reason: String,
    },
}

/// One part of an application.
#[derive(Debug, Clone)]
pub struct Part {
    /// What was handed in for it.
    pub submitted: SubmittedPart,
    /// The store of a batch; `None` in an application that has each item once.
    pub store: Option<Personal<String>>,
    /// What became of it.
    pub outcome: PartOutcome,
}

impl Part {
    /// What people call it: its item, in a batch with the store.
    pub fn title(&self) -> String {
        let item = &self.submitted.item_name;
        match &self.store {
            None => item.clone(),
            Some(store) => format!("{} · {item}", store.text()),
        }
    }

    /// Its case, once it is there.
    pub const fn case(&self) -> Option<CaseId> {
        match &self.outcome {
            PartOutcome::Opened { case, .. } => Some(*case),
            _ => None,
        }
    }
}

/// An application; nothing before it was handed in.
#[derive(Debug, Clone, Default)]
pub struct JointState(pub Option<Box<Joint>>);

/// A handed-in application for a bundle.
#[derive(Debug, Clone)]
pub struct Joint {
    /// Its number.
    pub number: String,
    /// Through which window it came.
    pub channel: Channel,
    /// When it was received.
    pub received_at: Timestamp,
    /// The bundle.
    pub bundle: BundleId,
    /// The bundle's version.
    pub bundle_version: u32,
    /// The bundle's name.
    pub name: String,
    /// What happens to the others when a part is refused.
    pub refusal: String,
    /// The citizen who applies.
    pub person: PersonId,
    /// The code for questions without a login.
    pub check_code: String,
    /// The parts.
    pub parts: Vec<Part>,
    /// The part whose department leads on the spot.
    pub lead: Option<PartKey>,
    /// The appointments on the spot, in the order in which they were fixed.
    pub inspections: Vec<Inspection>,
}

impl Joint {
    /// Whether it is a batch: one item for several stores.
    pub fn is_batch(&self) -> bool {
        self.parts.iter().any(|part| part.store.is_some())
    }

    /// One of its parts.
    pub fn part(&self, id: PartKey) -> Option<&Part> {
        self.parts.iter().find(|part| part.submitted.id == id)
    }

    /// The part of a case.
    pub fn part_of(&self, case: CaseId) -> Option<&Part> {
        self.parts.iter().find(|part| part.case() == Some(case))
    }

    /// The part whose department leads on the spot (牵头单位): the named one while its case is there, or the first that goes;
    /// `None` when nobody goes.
    pub fn leading(&self) -> Option<&Part> {
        let goes = |part: &&Part| !part.submitted.inspections.is_empty();
        self.parts.iter().find(goes)?;
        let named = self.lead.and_then(|lead| self.part(lead));
        let named = named.filter(|part| part.case().is_some());
        let ready = |part: &&Part| goes(part) && part.case().is_some();
        named.or_else(|| self.parts.iter().find(ready))
    }

    /// The parts whose case is still to be opened.
    pub fn waiting(&self) -> impl Iterator<Item = &SubmittedPart> {
        self.parts
            .iter()
            .filter(|part| part.outcome == PartOutcome::Waiting)
            .map(|part| &part.submitted)
    }
}

impl Stream for JointStream {
    const KIND: &'static str = "joint";
    type State = JointState;
    type Command = JointCommand;
    type Event = JointEvent;

    fn decide(
        state: &JointState,
        command: &JointCommand,
        context: &Context<'_>,
    ) -> Result<Vec<JointEvent>, Rejection> {
        match (command, state.0.as_deref()) {
            (JointCommand::Submit(submission), None) => receive(submission, context),
            (JointCommand::Submit(_), Some(_)) => Err(Rejection::new(
                "joint_submitted",
                "这件事已经提交过了，请在“我的”里查看。",
            )),
            (_, None) => Err(Rejection::new("joint_unknown", "没有这件事。")),
            (JointCommand::RecordCase { part, case, number }, Some(joint)) => {
                require_waiting(joint, *part)?;
                Ok(vec![JointEvent::CaseOpened {
                    part: *part,
                    case: *case,
                    number: number.clone(),
                }])
            }
            (JointCommand::RecordRefusal { part, reason }, Some(joint)) => {
                require_waiting(joint, *part)?;
                Ok(vec![JointEvent::CaseRefused {
                    part: *part,
                    reason: reason.clone(),
                }])
            }
            (JointCommand::Inspection(command), Some(joint)) => {
                inspection::decide(joint, command, context)
            }
        }
    }

    fn apply(state: &mut JointState, event: &JointEvent, at: Timestamp) {
        match event {
            JointEvent::Received {
                number,
                channel,
                submission,
            } => state.0 = Some(Box::new(received(number, *channel, submission, at))),
            JointEvent::CaseOpened { part, case, number } => {
                let outcome = PartOutcome::Opened {
                    case: *case,
                    number: number.clone(),
                };
                settle(state, *part, outcome);
            }
            JointEvent::CaseRefused { part, reason } => {
                let outcome = PartOutcome::Refused {
                    reason: reason.clone(),
                };
                settle(state, *part, outcome);
            }
            JointEvent::Inspection(event) => {
                if let Some(joint) = state.0.as_deref_mut() {
                    inspection::apply(joint, event, at);
                }
            }
        }
    }

    fn sequence(command: &JointCommand, now: Timestamp) -> Option<String> {
        matches!(command, JointCommand::Submit(_))
            .then(|| format!("bundle:{}", china_date(now).strftime("%Y%m%d")))
    }

    fn sent(command: &JointCommand) -> Option<Value> {
        let JointCommand::Submit(submission) = command else {
            return None;
        };
        // Items and bundle may be published anew between an application and its repetition.
        let parts: Vec<Value> = submission
            .parts
            .iter()
            .map(|part| {
                serde_json::json!({ "item": part.id.item, "key": part.key, "answers": part.application.answers })
            })
            .collect();
        let mut sent = serde_json::json!({ "submit": submission.bundle, "parts": parts });
        if !submission.stores.is_empty() {
            sent["stores"] = stores::sent(&submission.stores);
        }
        Some(sent)
    }
}

fn receive(
    submission: &JointSubmission,
    context: &Context<'_>,
) -> Result<Vec<JointEvent>, Rejection> {
    if !(1..=PARTS_MAX).contains(&submission.parts.len()) {
        return Err(Rejection::new(
            "joint_parts",
            "这件事里没有可以在网上一起办的事项，请按办事指南到窗口办理。",
        ));
    }
    stores::check(submission)?;
    let serial = context
        .number
        .ok_or_else(|| Rejection::new("number_missing", "系统没有取到编号，请重试。"))?;
    let number = format!(
        "{}{NUMBER_SIGN}{}{serial:06}",
        context.region.county(),
        china_date(context.now).strftime("%Y%m%d"),
    );
    Ok(vec![JointEvent::Received {
        number,
        channel: context.channel,
        submission: Box::new(submission.clone()),
    }])
}

/// The code of the refusal that says that a part was settled before: the handler and the job may both come.
pub(crate) const PART_SETTLED: &str = "part_settled";

fn require_waiting(joint: &Joint, id: PartKey) -> Result<(), Rejection> {
    let part = joint
        .part(id)
        .ok_or_else(|| Rejection::new("part_unknown", "这件事里没有这个事项。"))?;
    if part.outcome == PartOutcome::Waiting {
        Ok(())
    } else {
        Err(Rejection::new(PART_SETTLED, "这个事项已经有了办件。"))
    }
}

fn received(number: &str, channel: Channel, submission: &JointSubmission, at: Timestamp) -> Joint {
    Joint {
        number: number.to_owned(),
        channel,
        received_at: at,
        bundle: submission.bundle,
        bundle_version: submission.bundle_version,
        name: submission.name.clone(),
        refusal: submission.refusal.clone(),
        person: submission.person,
        check_code: submission.check_code.clone(),
        parts: stores::parts(submission),
        lead: submission.lead,
        inspections: Vec::new(),
    }
}

fn settle(state: &mut JointState, id: PartKey, outcome: PartOutcome) {
    let part = state
        .0
        .as_deref_mut()
        .and_then(|joint| joint.parts.iter_mut().find(|part| part.submitted.id == id));
    if let Some(part) = part {
        part.outcome = outcome;
    }
}
