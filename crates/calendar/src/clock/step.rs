//! What runs under the main clock: limits of single steps, and the supplement owed after conditional acceptance.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::limit::Limit;

/// One run of a step with its own limit. It obeys the same counting rules and the same stops as the main clock; a step
/// done again after a return has a second run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRun {
    /// Key of the step in the process.
    pub step: String,
    /// Limit of the step.
    pub limit: Limit,
    /// When the step got the case; the day is the step's day 0.
    pub started_at: Timestamp,
    /// When it gave the case on.
    pub finished_at: Option<Timestamp>,
}

/// Materials the applicant may bring after acceptance (容缺受理). The main clock does not stop for them, and the time
/// allowed may not exceed the promised limit of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// Names of the materials owed.
    pub materials: Vec<String>,
    /// Time allowed to the applicant.
    pub limit: Limit,
    /// When it was promised; the day is day 0.
    pub promised_at: Timestamp,
    /// When everything owed had arrived.
    pub supplied_at: Option<Timestamp>,
}
