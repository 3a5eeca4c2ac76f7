//! What a window gives when somebody applies, and what it gets back.

use std::sync::Arc;

use serde_json::{Map, Value};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CaseId, PersonId, Personal};
use wuchuang_ledger::Receipt;

use crate::model::{
    Agent, ApplicantKind, DeliveryChoice, HandledBy, KnownAnswer, Material, PartOf, Undertaking,
};

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

impl ApplicantInput {
    /// Number and name, when an organisation applies.
    pub fn as_organisation(&self) -> Option<(&str, &str)> {
        let is_one = self.kind == ApplicantKind::Organisation;
        is_one.then_some((self.number.as_str(), self.name.as_str()))
    }
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
    /// 容缺受理承诺, when materials are to follow.
    pub undertaking: Option<Undertaking>,
    /// Who handles it in the place of the item's department.
    pub handled_by: Option<HandledBy>,
    /// What the house knew of the answers (`crate::known`), with why the applicant says something else.
    pub known: Vec<KnownAnswer>,
    /// The larger matter (一件事、连锁门店) with which it was handed in.
    pub part_of: Option<PartOf>,
}

impl SubmissionInput {
    /// The same application in the name of a person. A window that registers the applicant only after everything was
    /// looked at does not know the person before.
    #[must_use]
    pub fn of_person(mut self, person: PersonId) -> Self {
        let own = |text: &Personal<String>| Personal::new(person, text.text().to_owned());
        self.applicant.person = person;
        for file in self
            .materials
            .iter_mut()
            .flat_map(|material| &mut material.files)
        {
            file.name = own(&file.name);
        }
        let known = std::mem::take(&mut self.known).into_iter();
        self.known = known.map(|one| one.of_person(person)).collect();
        if let DeliveryChoice::Post { address } = &mut self.delivery {
            *address = own(address);
        }
        if let Some(agent) = &mut self.agent {
            agent.name = own(&agent.name);
            agent.number = own(&agent.number);
            agent.phone = own(&agent.phone);
        }
        self
    }
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
