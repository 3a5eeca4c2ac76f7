//! What a window gives when somebody applies, and what it gets back.

use std::sync::Arc;

use serde_json::{Map, Value};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, PersonId};
use wuchuang_ledger::Receipt;

use crate::model::{Agent, ApplicantKind, DeliveryChoice, Material};

/// Who applies, as a form gives it.
#[derive(Clone)]
pub struct ApplicantInput {
    /// The natural person who applies or acts for the organisation.
    pub person: PersonId,
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// Name of the person or organisation.
    pub name: String,
    /// Citizen number or credit code.
    pub number: String,
    /// Phone.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// E-mail; may be empty.
    pub email: String,
}

/// An application, as a form gives it.
#[derive(Clone)]
pub struct SubmissionInput {
    /// The item's version in force.
    pub item: Arc<ItemVersion>,
    /// Who applies.
    pub applicant: ApplicantInput,
    /// Who acts for them.
    pub agent: Option<Agent>,
    /// The answers of the form.
    pub answers: Map<String, Value>,
    /// The materials; their files are in the store already.
    pub materials: Vec<Material>,
    /// Where the result goes.
    pub delivery: DeliveryChoice,
    /// 绿色通道.
    pub priority: bool,
}

/// What the sender of an application gets.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The code for questions without a login.
    pub check_code: String,
    /// The ledger's receipt.
    pub receipt: Receipt,
}
