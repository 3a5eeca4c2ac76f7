//! 连锁门店批量办理: one application for several stores, handed in once, a case for each.

use serde_json::{Map, Value};
use wuchuang_cases::{
    SubmissionInput,
    model::{Material, Undertaking},
};
use wuchuang_kernel::{JointId, PersonId, Personal};
use wuchuang_ledger::{Expected, Order};
use wuchuang_webkit::Failure;

use super::{Bundles, parts::submitted_part};
use crate::{
    identity::{bundle_of_batch, key_of_part},
    model::{
        InspectionKind, JointCommand, JointStream, JointSubmission, PartKey, SubmittedPart,
        SubmittedStore, stores,
    },
};

/// A store as a window gives it.
pub struct StoreInput {
    /// What people call it.
    pub name: String,
    /// Its own answers, which stand before those that are the same for all.
    pub answers: Map<String, Value>,
    /// Its own materials, each in the place of the one that is the same for all.
    pub materials: Vec<Material>,
    /// 容缺受理承诺 of this store, in the place of the one that was made for all; without materials when it owes nothing.
    pub undertaking: Option<Undertaking>,
}

/// What a window hands in for several stores.
pub struct BatchInput {
    /// What is the same for all of them.
    pub common: SubmissionInput,
    /// The stores.
    pub stores: Vec<StoreInput>,
    /// What is looked at on the spot before a store is granted.
    pub inspections: Vec<InspectionKind>,
}

impl BatchInput {
    /// What a store hands in: what is the same for all, with its own answers.
    pub fn of_store(&self, store: &StoreInput) -> SubmissionInput {
        let mut input = self.common.clone();
        input.answers.extend(store.answers.clone());
        input.materials = stores::with_own(&input.materials, &store.materials);
        let (common, own) = (input.undertaking.as_ref(), store.undertaking.as_ref());
        input.undertaking = stores::undertaken(common, own);
        input
    }

    /// The same in the name of a person, as [`SubmissionInput::of_person`].
    #[must_use]
    pub fn of_person(mut self, person: PersonId) -> Self {
        self.common = self.common.of_person(person);
        let materials = self
            .stores
            .iter_mut()
            .flat_map(|store| &mut store.materials);
        for file in materials.flat_map(|material| &mut material.files) {
            file.name = Personal::new(person, file.name.text().to_owned());
        }
        self
    }
}

impl Bundles {
    /// 一次收件: one number, and a case for each store. Every store is looked at before the first is written; what a crash
    /// leaves undone, a job completes.
    ///
    /// # Errors
    /// When the rules refuse it, a file is missing, or it cannot be written.
    pub async fn submit_batch(&self, input: BatchInput, order: Order) -> Result<JointId, Failure> {
        for store in &input.stores {
            let part = input.of_store(store);
            self.cases.check(order.region, &part).await?;
        }
        let joint = Self::joint_of(order.command_id);
        let item = &input.common.item;
        let person = input.common.applicant.person;
        let id = PartKey::from(item.id);
        let stores = (1..)
            .zip(input.stores)
            .map(|(number, store)| SubmittedStore {
                name: Personal::new(person, store.name.trim().to_owned()),
                answers: Personal::new(person, Value::Object(store.answers)),
                materials: store.materials,
                undertaking: store.undertaking,
                key: key_of_part(
                    joint,
                    PartKey {
                        store: number,
                        ..id
                    },
                ),
            });
        let stores: Vec<SubmittedStore> = stores.collect();
        let submission = JointSubmission {
            bundle: bundle_of_batch(item.id),
            bundle_version: 0,
            name: format!("{}（{}家门店）", item.content.name, stores.len()),
            refusal: stores::REFUSAL.to_owned(),
            person,
            check_code: self.cases.check_code_for(order.command_id),
            lead: None,
            parts: vec![SubmittedPart {
                inspections: input.inspections,
                ..submitted_part(key_of_part(joint, id), input.common)
            }],
            stores,
        };
        let region = order.region;
        let order = Order {
            expected: Expected::Any,
            ..order
        };
        let command = JointCommand::Submit(Box::new(submission));
        self.cases
            .ledger()
            .execute::<JointStream>(joint.into(), command, order)
            .await?;
        self.complete_now(region, joint).await;
        Ok(joint)
    }
}
