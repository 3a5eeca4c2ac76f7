//! The bad-credit records of one subject as a pure value: entered, asked to be repaired, repaired.

mod decide;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{Actor, CaseId, OrganisationId, Personal, Rejection, SupervisionId};
use wuchuang_ledger::{Context, Stream};

/// The kind of stream; its identifier is a keyed digest of the subject's number.
#[derive(Debug, Clone, Copy)]
pub struct CreditStream;

/// Why somebody is recorded (失信情形).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditGround {
    /// 虚假承诺: what was promised in the place of a material was not true.
    FalsePromise,
    /// 提供虚假材料.
    FalseMaterial,
    /// 容缺后逾期不补: what was owed after conditional acceptance never came.
    SupplementNotDelivered,
    /// 拒不整改: a later check found defects, and they were not mended in time.
    NotRectified,
}

impl CreditGround {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [
        Self::FalsePromise,
        Self::FalseMaterial,
        Self::SupplementNotDelivered,
        Self::NotRectified,
    ];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FalsePromise => "虚假承诺",
            Self::FalseMaterial => "提供虚假材料",
            Self::SupplementNotDelivered => "容缺后逾期不补",
            Self::NotRectified => "逾期不整改",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FalsePromise => "false_promise",
            Self::FalseMaterial => "false_material",
            Self::SupplementNotDelivered => "supplement_not_delivered",
            Self::NotRectified => "not_rectified",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// A record as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// On which ground.
    pub ground: CreditGround,
    /// The case that it follows from.
    pub case: CaseId,
    /// That case's number.
    pub case_number: String,
    /// The item's name.
    pub item_name: String,
    /// The supervision task in which it was found; `None` when it was found in the case itself.
    pub task: Option<SupervisionId>,
    /// Whether the subject is an organisation.
    pub is_organisation: bool,
    /// The subject's name, sealed with the key of the natural person who applied or acted.
    pub name: Personal<String>,
    /// The organisation that entered it (认定单位).
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The facts.
    pub reason: Personal<String>,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum CreditCommand {
    /// 记入失信名单.
    Record(Box<Recording>),
    /// 申请信用修复, by whom it is about.
    AskRepair {
        /// Which record, from 1.
        record: u32,
        /// What was done to make it good.
        reason: Personal<String>,
    },
    /// 信用修复.
    Repair {
        /// Which record, from 1.
        record: u32,
        /// Why.
        reason: Personal<String>,
        /// The document that it rests on: its number and title.
        document: Personal<String>,
    },
    /// 不予修复: the asked repair is not granted; it may be asked again.
    DeclineRepair {
        /// Which record, from 1.
        record: u32,
        /// Why, and what is still to be done.
        reason: Personal<String>,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditEvent {
    /// 记入失信名单.
    Recorded {
        /// Which record, from 1.
        record: u32,
        /// What was entered.
        recording: Box<Recording>,
        /// By whom.
        by: Actor,
    },
    /// The repair was asked for.
    RepairAsked {
        /// Which record.
        record: u32,
        /// What was done to make it good.
        reason: Personal<String>,
    },
    /// 信用修复.
    Repaired {
        /// Which record.
        record: u32,
        /// Why.
        reason: Personal<String>,
        /// The document that it rests on.
        document: Personal<String>,
        /// By whom.
        by: Actor,
    },
    /// 不予修复.
    RepairDeclined {
        /// Which record.
        record: u32,
        /// Why.
        reason: Personal<String>,
        /// By whom.
        by: Actor,
    },
}

impl CreditEvent {
    /// Which record it is about.
    pub const fn record(&self) -> u32 {
        match self {
            Self::Recorded { record, .. }
            | Self::RepairAsked { record, .. }
            | Self::Repaired { record, .. }
            | Self::RepairDeclined { record, .. } => *record,
        }
    }
}

/// How a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditStanding {
    /// 未修复.
    Unrepaired,
    /// 已申请修复: it still stands, and an answer is due.
    Asked,
    /// 已修复.
    Repaired,
}

impl CreditStanding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unrepaired, Self::Asked, Self::Repaired];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unrepaired => "未修复",
            Self::Asked => "已申请修复",
            Self::Repaired => "已修复",
        }
    }

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unrepaired => "unrepaired",
            Self::Asked => "asked",
            Self::Repaired => "repaired",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// One thing that happened to a record.
#[derive(Debug, Clone)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What, in a sentence without personal data.
    pub what: &'static str,
    /// What was written with it.
    pub reason: Personal<String>,
    /// The document that it rests on.
    pub document: Option<Personal<String>>,
    /// Who of the staff; `None` when the subject did it.
    pub by: Option<Actor>,
}

/// One record.
#[derive(Debug, Clone)]
pub struct CreditRecord {
    /// Which, from 1.
    pub record: u32,
    /// What was entered.
    pub recording: Recording,
    /// When.
    pub recorded_at: Timestamp,
    /// How it stands.
    pub standing: CreditStanding,
    /// What happened to it, the first first.
    pub happened: Vec<Happened>,
}

/// The records of one subject, the first first.
#[derive(Debug, Clone, Default)]
pub struct CreditState(pub Vec<CreditRecord>);

/// That somebody is excluded from 容缺受理 and 告知承诺: passed to the cases with the command that would rest on their word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditBar {
    /// How many records stand.
    pub records: usize,
    /// The organisations that entered them, each once: whom to ask for the repair.
    pub organisations: Vec<String>,
}

impl CreditState {
    /// What the standing records exclude from; `None` when none stands.
    pub fn bar(&self) -> Option<CreditBar> {
        let standing = self
            .0
            .iter()
            .filter(|record| record.standing != CreditStanding::Repaired);
        let mut bar = CreditBar {
            records: 0,
            organisations: Vec::new(),
        };
        for record in standing {
            bar.records += 1;
            let name = &record.recording.organisation_name;
            if !bar.organisations.contains(name) {
                bar.organisations.push(name.clone());
            }
        }
        (bar.records > 0).then_some(bar)
    }

    /// A record by its number.
    pub fn record(&self, record: u32) -> Option<&CreditRecord> {
        self.0.iter().find(|one| one.record == record)
    }
}

impl Stream for CreditStream {
    const KIND: &'static str = "credit";
    type State = CreditState;
    type Command = CreditCommand;
    type Event = CreditEvent;

    fn decide(
        state: &CreditState,
        command: &CreditCommand,
        context: &Context<'_>,
    ) -> Result<Vec<CreditEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn apply(state: &mut CreditState, event: &CreditEvent, at: Timestamp) {
        if let CreditEvent::Recorded {
            record,
            recording,
            by,
        } = event
        {
            state.0.push(CreditRecord {
                record: *record,
                recording: recording.as_ref().clone(),
                recorded_at: at,
                standing: CreditStanding::Unrepaired,
                happened: vec![Happened {
                    at,
                    what: "记入失信名单",
                    reason: recording.reason.clone(),
                    document: None,
                    by: Some(*by),
                }],
            });
            return;
        }
        let Some(found) = state.0.iter_mut().find(|one| one.record == event.record()) else {
            return;
        };
        let (standing, what, reason, document, by) = match event {
            CreditEvent::Recorded { .. } => return,
            CreditEvent::RepairAsked { reason, .. } => {
                (CreditStanding::Asked, "申请信用修复", reason, None, None)
            }
            CreditEvent::Repaired {
                reason,
                document,
                by,
                ..
            } => (
                CreditStanding::Repaired,
                "信用修复",
                reason,
                Some(document),
                Some(by),
            ),
            CreditEvent::RepairDeclined { reason, by, .. } => (
                CreditStanding::Unrepaired,
                "不予修复",
                reason,
                None,
                Some(by),
            ),
        };
        found.standing = standing;
        found.happened.push(Happened {
            at,
            what,
            reason: reason.clone(),
            document: document.cloned(),
            by: by.copied(),
        });
    }
}
