//! 联合踏勘 and 联合验收: one appointment on the spot for the departments of several parts. Whoever leads fixes it; each
//! department enters its finding and signs; when all have signed there is one record. What was found to be mended is looked
//! at again at a further appointment, to which only those go who did not pass.

mod rules;
#[cfg(test)]
pub(super) mod tests;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{PersonId, Personal};

use super::{InspectionKind, Joint, PartKey, PartOutcome};

pub(in crate::model) use rules::{apply, decide};

/// Where and when all meet, in the county's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Day and time.
    pub at: DateTime,
    /// Where; it may be somebody's home.
    pub place: Personal<String>,
}

/// What one department found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "result")]
pub enum Finding {
    /// 合格.
    Pass {
        /// What was seen; may be empty.
        words: Personal<String>,
    },
    /// 整改: something is to be mended and looked at again.
    Rectify {
        /// What.
        words: Personal<String>,
        /// By when.
        by: Date,
    },
    /// 不合格.
    Fail {
        /// Why.
        words: Personal<String>,
    },
}

impl Finding {
    /// What was written.
    pub const fn words(&self) -> &Personal<String> {
        match self {
            Self::Pass { words } | Self::Rectify { words, .. } | Self::Fail { words } => words,
        }
    }

    /// The stored form of the result.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "pass",
            Self::Rectify { .. } => "rectify",
            Self::Fail { .. } => "fail",
        }
    }

    /// The result in words.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "合格",
            Self::Rectify { .. } => "需要整改",
            Self::Fail { .. } => "不合格",
        }
    }
}

/// What may be asked about appointments on the spot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "deed")]
pub enum InspectionCommand {
    /// Fixes an appointment.
    Arrange {
        /// What for.
        kind: InspectionKind,
        /// When and where.
        appointment: Appointment,
        /// Whose departments go.
        parts: Vec<PartKey>,
    },
    /// Moves one.
    Move {
        /// Which, from 1.
        inspection: u32,
        /// When and where now.
        appointment: Appointment,
        /// Why.
        reason: Personal<String>,
    },
    /// Calls one off.
    Cancel {
        /// Which.
        inspection: u32,
        /// Why.
        reason: Personal<String>,
    },
    /// One department enters what it found and signs.
    Sign {
        /// Which.
        inspection: u32,
        /// For which part.
        part: PartKey,
        /// What it found.
        finding: Finding,
        /// The department's name, as it stands in the record.
        organisation: String,
    },
}

/// What happened to appointments on the spot. A released event is never edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionEvent {
    /// It was fixed.
    Arranged {
        /// Which, from 1.
        inspection: u32,
        /// What for.
        kind: InspectionKind,
        /// When and where.
        appointment: Appointment,
        /// Whose departments go.
        parts: Vec<PartKey>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// It was moved.
    Moved {
        /// Which.
        inspection: u32,
        /// When and where now.
        appointment: Appointment,
        /// Why.
        reason: Personal<String>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// It was called off.
    Cancelled {
        /// Which.
        inspection: u32,
        /// Why.
        reason: Personal<String>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// One department signed.
    Signed {
        /// Which.
        inspection: u32,
        /// For which part.
        part: PartKey,
        /// What it found.
        finding: Finding,
        /// The department's name.
        organisation: String,
        /// Who signed.
        by: Option<PersonId>,
    },
    /// All have signed: the record is complete.
    Concluded {
        /// Which.
        inspection: u32,
    },
}

/// A signature with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was found.
    pub finding: Finding,
    /// The department's name.
    pub organisation: String,
    /// Who signed.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// One appointment.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Which, from 1.
    pub serial: u32,
    /// What for.
    pub kind: InspectionKind,
    /// When and where.
    pub appointment: Appointment,
    /// Who goes, with what each found.
    pub parts: Vec<(PartKey, Option<Signature>)>,
    /// Why it was moved last.
    pub moved: Option<Personal<String>>,
    /// Why it was called off.
    pub cancelled: Option<Personal<String>>,
    /// When the last one signed.
    pub concluded_at: Option<Timestamp>,
}

impl Inspection {
    /// Whether signatures are still to come.
    pub const fn is_open(&self) -> bool {
        self.cancelled.is_none() && self.concluded_at.is_none()
    }

    /// What its record is called: `联合踏勘笔录（11月25日）`.
    pub fn record_name(&self) -> String {
        let day = self.appointment.at;
        format!(
            "{}笔录（{}月{}日）",
            self.kind.name(),
            day.month(),
            day.day()
        )
    }

    /// What was found for a part.
    pub fn signature(&self, part: PartKey) -> Option<&Signature> {
        let found = self.parts.iter().find(|(known, _)| *known == part);
        found.and_then(|(_, signature)| signature.as_ref())
    }
}

/// How a part stands with one kind of inspection that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was fixed.
    Unarranged,
    /// Its department has not signed.
    Unsigned,
    /// Something is to be mended and looked at again.
    ToRectify,
    /// 不合格.
    Failed,
    /// 合格.
    Passed,
}

impl Joint {
    /// How a part stands with one kind of inspection.
    pub fn standing(&self, part: PartKey, kind: InspectionKind) -> Standing {
        let last = self.inspections.iter().rev().find(|inspection| {
            inspection.kind == kind
                && inspection.cancelled.is_none()
                && inspection.parts.iter().any(|(known, _)| *known == part)
        });
        match last.map(|inspection| inspection.signature(part)) {
            None => Standing::Unarranged,
            Some(None) => Standing::Unsigned,
            Some(Some(signature)) => match signature.finding {
                Finding::Pass { .. } => Standing::Passed,
                Finding::Rectify { .. } => Standing::ToRectify,
                Finding::Fail { .. } => Standing::Failed,
            },
        }
    }

    /// The parts for whose departments an appointment of a kind can be fixed: their case is there, and they did not pass.
    pub fn to_inspect(&self, kind: InspectionKind) -> Vec<PartKey> {
        self.parts
            .iter()
            .filter(|part| {
                let id = part.submitted.id;
                part.submitted.inspections.contains(&kind)
                    && matches!(part.outcome, PartOutcome::Opened { .. })
                    && self.standing(id, kind) != Standing::Passed
            })
            .map(|part| part.submitted.id)
            .collect()
    }

    /// Why a part cannot be granted yet, in a sentence for its department; `None` when nothing is missing on the spot.
    pub fn holds_back(&self, part: PartKey) -> Option<String> {
        let submitted = &self.part(part)?.submitted;
        submitted.inspections.iter().find_map(|kind| {
            let kind_name = kind.name();
            Some(match self.standing(part, *kind) {
                Standing::Passed => return None,
                Standing::Unarranged => format!(
                    "这个事项要先{kind_name}，还没有约定时间。请牵头单位在一件事的页面上安排，各单位签署合格以后再准予。"
                ),
                Standing::Unsigned => format!(
                    "{kind_name}还没有本事项的意见。请在一件事的页面上填写意见并签署，合格以后再准予。"
                ),
                Standing::ToRectify => format!(
                    "{kind_name}的意见是需要整改。请整改以后再安排一次，签署合格以后再准予；不符合条件的，依法作出不予决定。"
                ),
                Standing::Failed => format!(
                    "{kind_name}的意见是不合格，不能准予。请依法作出不予决定，或者再安排一次{kind_name}。"
                ),
            })
        })
    }
}

/// `11月25日 09:30`.
pub fn moment(at: DateTime) -> String {
    format!(
        "{}月{}日 {:02}:{:02}",
        at.month(),
        at.day(),
        at.hour(),
        at.minute()
    )
}
