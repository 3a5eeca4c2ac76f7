//! What a case takes over from its service item when it begins and keeps to its end: a running case
//! is decided by the version it started with.

use serde::{Deserialize, Serialize};
use wuchuang_calendar::{ClockError, ClockRule, Limit};
use wuchuang_catalogue::model::{ItemContent, ItemVersion, drawn};
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{ItemId, OrganisationId};

use super::{
    by_rules::RuleTerms, commitment::CommitmentText, completeness::Undertaking, drawn::DrawnTerms,
};

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
    /// Whether a written promise may stand in its place (告知承诺).
    #[serde(default)]
    pub by_commitment: bool,
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
    pub handling: HandlingKind,
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
    /// The drawn process that leads from acceptance to the decision; `None`: the steps, one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<DrawnTerms>,
    /// The rules by which it can be decided; `None`: the item has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RuleTerms>,
    /// To whom a granted decision is pushed, and which check follows (审管分离); `None`: to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervised: Option<SupervisedTerms>,
}

/// 审管分离, as the item orders it when the case begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisedTerms {
    /// The department that supervises what was granted.
    pub department: OrganisationId,
    /// Its name.
    pub department_name: String,
    /// Within how many working days it acknowledges.
    pub acknowledge_days: u16,
    /// What is checked afterwards; empty: nothing.
    pub check: String,
    /// Within how many working days after the decision.
    pub check_days: u16,
    /// Whether the check is made only where a promise stands in the place of a material (告知承诺).
    pub checks_promises: bool,
    /// 承诺制+副本制: for how many days the copy is valid that is issued first to whoever gave a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_days: Option<u16>,
}

impl SupervisedTerms {
    fn of(content: &ItemContent) -> Option<Self> {
        let supervised = content.supervised.as_ref()?;
        Some(Self {
            department: supervised.department.id,
            department_name: supervised.department.name.clone(),
            acknowledge_days: supervised.acknowledge_days,
            check: supervised.check.clone(),
            check_days: supervised.check_days,
            checks_promises: content.commitment_allowed,
            copy_days: supervised.copy_days,
        })
    }
}

impl ItemTerms {
    /// The terms of a published version.
    ///
    /// # Errors
    /// When the promised limit is longer than the statutory one, which publishing prevents.
    pub fn of(version: &ItemVersion) -> Result<Self, ClockError> {
        let content = &version.content;
        Ok(Self {
            item: version.id,
            version: version.version,
            name: content.name.clone(),
            department: content.department.id,
            department_name: content.department.name.clone(),
            department_code: content.department.code.clone(),
            handling: content.handling,
            limits: content.clock_rule()?,
            steps: steps(content),
            materials: content
                .materials
                .iter()
                .map(|material| MaterialTerms {
                    id: material.id.clone(),
                    name: material.name.clone(),
                    required: material.is_required(),
                    tolerable: material.may_follow(),
                    by_commitment: content.commitment_allowed && material.by_commitment,
                })
                .collect(),
            conditional_acceptance: content.conditional_acceptance_allowed,
            result_name: content.result.name.clone(),
            issues_licence: content.result.licence_type.is_some(),
            drawn: (!content.drawn_process.is_empty())
                .then(|| DrawnTerms::of(&content.drawn_process)),
            rules: RuleTerms::of(content),
            supervised: SupervisedTerms::of(content),
        })
    }

    /// Whether the item is decided in one sitting.
    pub const fn is_instant(&self) -> bool {
        matches!(self.handling, HandlingKind::Instant)
    }

    /// The material with a key.
    pub fn material(&self, id: &str) -> Option<&MaterialTerms> {
        self.materials.iter().find(|material| material.id == id)
    }

    /// 承诺制+副本制: for how many days the copy is valid that whoever gave a promise gets first.
    pub fn copy_days(&self) -> Option<u16> {
        self.supervised.as_ref().and_then(|terms| terms.copy_days)
    }

    /// What is told and promised in the place of a material (告知承诺); `None` where the item allows no promise.
    pub fn commitment(&self, id: &str) -> Option<CommitmentText> {
        let wanted = self.material(id).filter(|wanted| wanted.by_commitment)?;
        Some(CommitmentText::of(
            &self.name,
            &wanted.name,
            self.copy_days(),
        ))
    }

    /// The undertaking to hand in materials later; keys that the item does not know name themselves, and are refused by the
    /// rules of conditional acceptance.
    pub fn undertaking(&self, materials: &[String]) -> Undertaking {
        let named: Vec<(String, String)> = materials
            .iter()
            .map(|id| {
                let name = self.material(id).map_or(id, |material| &material.name);
                (id.clone(), name.clone())
            })
            .collect();
        Undertaking::of(&self.name, &named)
    }

    /// The step with a key.
    pub fn step(&self, id: &str) -> Option<&StepTerms> {
        self.steps.iter().find(|step| step.id == id)
    }
}

/// The steps of an item: the tasks of its drawing in the order of the file, else those that it names.
fn steps(content: &ItemContent) -> Vec<StepTerms> {
    if !content.drawn_process.is_empty() {
        // A published drawing reads; of one that does not, no case can begin.
        let tasks = drawn::read(&content.drawn_process).map(|process| {
            process
                .tasks()
                .map(|task| StepTerms {
                    id: task.id.to_string(),
                    name: task.name.to_string(),
                    limit: task
                        .limit_days
                        .and_then(|days| u16::try_from(days).ok())
                        .map(Limit::working_days),
                })
                .collect()
        });
        return tasks.unwrap_or_default();
    }
    content
        .steps
        .iter()
        .map(|step| StepTerms {
            id: step.id.clone(),
            name: step.name.clone(),
            limit: step.limit_days.map(Limit::working_days),
        })
        .collect()
}
