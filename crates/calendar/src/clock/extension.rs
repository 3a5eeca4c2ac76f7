//! The one extension a clock may have (延长审批).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a clock may be extended, and by which law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRule {
    /// The most that may be added, in the unit of each limit.
    pub cap: u16,
    /// Law and article.
    pub article: String,
}

impl ExtensionRule {
    /// An ordinary permit: ten working days, allowed by the head of the agency.
    pub fn ordinary() -> Self {
        Self {
            cap: 10,
            article: "《行政许可法》第四十二条第一款".to_owned(),
        }
    }

    /// A permit handled jointly by several departments: fifteen working days, allowed by the head of the government.
    pub fn joint() -> Self {
        Self {
            cap: 15,
            article: "《行政许可法》第四十二条第二款".to_owned(),
        }
    }
}

/// An extension as granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// What was added, in the unit of each limit; at least one.
    pub amount: u16,
    /// Why, as told to the applicant.
    pub reason: String,
    /// Identifier of the person who allowed it.
    pub authorised_by: String,
    /// When it was allowed; before the limit ran out.
    pub granted_at: Timestamp,
}
