//! What happens before acceptance: the notice of defects, its answer, and how receipt ends.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a case came to be accepted; what the main clock starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub(super) at: Timestamp,
    pub(super) deemed: bool,
}

impl Acceptance {
    /// Accepted by a decision at an instant.
    pub fn decided(at: Timestamp) -> Self {
        Self { at, deemed: false }
    }

    /// The instant from which the case counts as accepted; its date is day 0.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Accepted by law, because no defect was told in time.
    pub fn is_deemed(&self) -> bool {
        self.deemed
    }
}

/// One notice of everything to be corrected (补正告知).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionNotice {
    /// Keys of the defective materials or fields, all at once. A later notice may only repeat keys of the first.
    pub defects: Vec<String>,
    /// When the applicant was told in writing.
    pub told_at: Timestamp,
    /// Until when the applicant is asked to answer, if the local rule sets a day.
    pub answer_by: Option<Date>,
}

/// A notice and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRound {
    /// What was asked.
    pub notice: CorrectionNotice,
    /// When the correction arrived.
    pub supplied_at: Option<Timestamp>,
}

/// How receipt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "conclusion", rename_all = "snake_case")]
pub enum Conclusion {
    /// 受理, decided or deemed.
    Accepted {
        /// What the main clock starts from.
        acceptance: Acceptance,
    },
    /// 不受理 or 不予受理.
    NotAccepted,
    /// Withdrawn by the applicant, or passed to another agency.
    Withdrawn,
}

/// Who has to act before acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum ReceiptPhase {
    /// The office examines; the window runs.
    Examining {
        /// Receipt of the materials or of the correction; its date is day 0 of the window.
        since: Timestamp,
    },
    /// The applicant corrects; no window runs.
    Correcting,
    /// Accepted, refused or withdrawn.
    Concluded {
        /// When.
        at: Timestamp,
        /// How.
        conclusion: Conclusion,
    },
}

/// One change before acceptance, as stored on a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ReceiptEvent {
    /// The applicant was told what to correct.
    CorrectionAsked {
        /// The notice.
        notice: CorrectionNotice,
    },
    /// The correction arrived; a new window opens.
    CorrectionSupplied {
        /// When.
        at: Timestamp,
    },
    /// Receipt ended.
    Concluded {
        /// When.
        at: Timestamp,
        /// How.
        conclusion: Conclusion,
    },
}
