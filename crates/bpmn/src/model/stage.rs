//! The national stages that every process reports by, whatever its drawing looks like.

use serde::{Deserialize, Serialize};

/// A stage of a matter: 收件, 受理, 审查, 决定, 制证, 送达.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 收件.
    Receipt,
    /// 受理.
    Acceptance,
    /// 审查.
    Review,
    /// 决定.
    Decision,
    /// 制证.
    Issuing,
    /// 送达.
    Delivery,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 6] = [
        Self::Receipt,
        Self::Acceptance,
        Self::Review,
        Self::Decision,
        Self::Issuing,
        Self::Delivery,
    ];

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "收件",
            Self::Acceptance => "受理",
            Self::Review => "审查",
            Self::Decision => "决定",
            Self::Issuing => "制证",
            Self::Delivery => "送达",
        }
    }

    /// The stage of a name or code: `审查` and `review` are the same.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.name() == text || stage.code() == text)
    }

    /// The code in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Acceptance => "acceptance",
            Self::Review => "review",
            Self::Decision => "decision",
            Self::Issuing => "issuing",
            Self::Delivery => "delivery",
        }
    }
}
