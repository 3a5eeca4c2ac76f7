//! What a case takes over from its service item when it begins and keeps to its end: a running case
//! is decided by the version it started with.

use serde::{Deserialize, Serialize};
use wuchuang_calendar::{ClockRule, Limit};
use wuchuang_kernel::{ItemId, OrganisationId};

/// How an item is handled (GB/T 39046 A.6 with the local kinds of practice).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// 即办件: decided in one sitting.
    Instant,
    /// 承诺件: decided within the promised limit.
    Standard,
    /// 联办件: several departments.
    Joint,
    /// 上报件: passed up to a higher level.
    Escalated,
}

impl Handling {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instant => "即办件",
            Self::Standard => "承诺件",
            Self::Joint => "联办件",
            Self::Escalated => "上报件",
        }
    }
}

/// A named step between acceptance and decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTerms {
    /// The step's key in the item.
    pub id: String,
    /// Its name: 审查, 审核, 现场核查.
    pub name: String,
    /// The step's own limit, if it has one.
    pub limit: Option<Limit>,
}

/// A material as the item asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialTerms {
    /// The material's key in the item.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the application is incomplete without it.
    pub required: bool,
    /// Whether it may come later under conditional acceptance (容缺受理).
    pub tolerable: bool,
}

/// The item's terms for one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTerms {
    /// The item.
    pub item: ItemId,
    /// The version that the case started with.
    pub version: u32,
    /// The item's name.
    pub name: String,
    /// The department that decides.
    pub department: OrganisationId,
    /// Its name.
    pub department_name: String,
    /// Its short code, part of the case number.
    pub department_code: String,
    /// How it is handled.
    pub handling: Handling,
    /// Statutory and promised limit and the rule of extension.
    pub limits: ClockRule,
    /// The steps between acceptance and decision; none for instant items.
    pub steps: Vec<StepTerms>,
    /// The materials.
    pub materials: Vec<MaterialTerms>,
    /// Whether conditional acceptance is allowed.
    pub conditional_acceptance: bool,
    /// The name of the result: 营业执照; empty when the result is a decision letter only.
    pub result_name: String,
    /// Whether a licence is issued when granted.
    pub issues_licence: bool,
}

impl ItemTerms {
    /// The material with a key.
    pub fn material(&self, id: &str) -> Option<&MaterialTerms> {
        self.materials.iter().find(|material| material.id == id)
    }

    /// The step with a key.
    pub fn step(&self, id: &str) -> Option<&StepTerms> {
        self.steps.iter().find(|step| step.id == id)
    }
}
