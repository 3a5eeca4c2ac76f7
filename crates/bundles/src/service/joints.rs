//! Applications for bundles: handed in once, completed by whoever comes, found again.

use std::sync::Arc;

use wuchuang_cases::{ApplicantInput, SubmissionInput, model::Applicant, store::CaseRow};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{
    Actor, CaseId, Channel, CommandId, ItemId, JointId, PersonId, Personal, Region,
};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order, StorageError};
use wuchuang_webkit::Failure;

use super::{Bundles, JointInput};
use crate::{
    identity::{key_of_part, key_of_record},
    model::{
        Joint, JointCommand, JointStream, JointSubmission, PartApplication,
        joint::{PART_SETTLED, SubmittedPart},
    },
    store::{self, JointPlace, JointRow},
};

impl Bundles {
    /// The application that a submission under a key makes: the same key always makes the same one.
    pub const fn joint_of(command: CommandId) -> JointId {
        JointId::from_u128(command.uuid().as_u128())
    }

    /// The key of the case of one part of the application that a key makes.
    pub fn key_of_part(command: CommandId, item: ItemId) -> CommandId {
        key_of_part(Self::joint_of(command), item)
    }

    /// 一次提交: one number, and a case for each part. Every part is looked at before the first is written; what a crash
    /// leaves undone, a job completes.
    ///
    /// # Errors
    /// When the rules refuse it, a file is missing, or it cannot be written.
    pub async fn submit(&self, input: JointInput, order: Order) -> Result<JointId, Failure> {
        for part in &input.parts {
            self.cases.check(part).await?;
        }
        let joint = Self::joint_of(order.command_id);
        let content = &input.bundle.content;
        let submission = JointSubmission {
            bundle: input.bundle.id,
            bundle_version: input.bundle.version,
            name: content.name.clone(),
            refusal: content.refusal.clone(),
            person: input.person,
            check_code: self.cases.check_code_for(order.command_id),
            parts: input
                .parts
                .into_iter()
                .map(|part| submitted_part(joint, part))
                .collect(),
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
        // The application is in the ledger. Whatever keeps a case from being opened now, the job of the same transaction tries
        // again, and the applicant has the number either way.
        if let Err(failure) = self.complete(region, joint).await {
            tracing_failure(&failure);
        }
        Ok(joint)
    }

    /// Opens the cases of an application that are not there yet. It may run at the same time as itself: a part's key makes
    /// one case.
    ///
    /// # Errors
    /// 404 for an application that is not there, or whatever keeps a case from being opened for now.
    pub async fn complete(&self, region: Region, joint: JointId) -> Result<(), Failure> {
        let found = self.get(region, joint).await?;
        for part in found.waiting() {
            self.open_case(region, joint, &found, part).await?;
        }
        Ok(())
    }

    async fn open_case(
        &self,
        region: Region,
        joint: JointId,
        found: &Joint,
        part: &SubmittedPart,
    ) -> Result<(), Failure> {
        let item = self
            .catalogue
            .version(part.item, part.item_version)
            .await?
            .ok_or_else(|| Failure::internal("a part names a version that is not there"))?;
        let actor = Actor::citizen(Some(found.person));
        let order = Order {
            region,
            actor,
            channel: found.channel,
            command_id: part.key,
            expected: Expected::Any,
        };
        let (became, command) = match self.cases.submit(input_of(part, item), order).await {
            Ok(submitted) => (
                "case",
                JointCommand::RecordCase {
                    item: part.item,
                    case: submitted.case,
                    number: submitted.number,
                },
            ),
            Err(failure) if failure.status.is_client_error() => (
                "refusal",
                JointCommand::RecordRefusal {
                    item: part.item,
                    reason: failure.public.into_owned(),
                },
            ),
            Err(failure) => return Err(failure),
        };
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: key_of_record(joint, part.item, became),
            expected: Expected::Existing,
        };
        match self
            .cases
            .ledger()
            .execute::<JointStream>(joint.into(), command, order)
            .await
        {
            Err(ExecuteError::Rejected(rejection)) if rejection.code == PART_SETTLED => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// An application as it stands.
    ///
    /// # Errors
    /// 404 when it is not there, or when it cannot be read.
    pub async fn get(&self, region: Region, joint: JointId) -> Result<Box<Joint>, Failure> {
        self.find_joint(region, joint)
            .await?
            .ok_or_else(Failure::not_found)
    }

    /// An application; `None` when it is not there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn find_joint(
        &self,
        region: Region,
        joint: JointId,
    ) -> Result<Option<Box<Joint>>, LoadError> {
        let loaded = self
            .cases
            .ledger()
            .load::<JointStream>(region, joint.into())
            .await?;
        Ok(loaded.and_then(|(_, state)| state.0.clone()))
    }

    /// The application with a number and its check code, for anyone who holds both. The comparison takes the same time for
    /// every wrong code.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn by_receipt(
        &self,
        region: Region,
        number: &str,
        check_code: &str,
    ) -> Result<Option<(JointId, Box<Joint>)>, Failure> {
        let ledger = self.cases.ledger();
        let row = store::joint_by_number(ledger.database(), region, number).await?;
        let Some(id) = row.and_then(|row| row.id()) else {
            return Ok(None);
        };
        let joint = self.get(region, id).await?;
        let given = ledger.keyed_hash(check_code.as_bytes());
        let right = ledger.keyed_hash(joint.check_code.as_bytes());
        Ok((given == right).then_some((id, joint)))
    }

    /// The applications of a citizen, the newest first; at most 100.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_person(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<JointRow>, StorageError> {
        store::joints_of_person(self.cases.ledger().database(), region, person).await
    }

    /// The application that a case belongs to; `None` for a case of its own.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_case(
        &self,
        region: Region,
        case: CaseId,
    ) -> Result<Option<JointRow>, StorageError> {
        store::joint_of_case(self.cases.ledger().database(), region, case).await
    }

    /// One page of all applications, the newest first, each with the rows of its cases.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn list(
        &self,
        region: Region,
        place: Option<JointPlace>,
        limit: i64,
    ) -> Result<Vec<(JointRow, Vec<CaseRow>)>, StorageError> {
        let database = self.cases.ledger().database();
        let rows = store::joints(database, region, place, limit).await?;
        let ids: Vec<&str> = rows.iter().map(|row| row.joint.as_str()).collect();
        let parts = store::parts_of(database, region, &ids).await?;
        let cases: Vec<&str> = parts.iter().map(|part| part.case_id.as_str()).collect();
        let mut cases = self.cases.rows(region, &cases).await?;
        let listed = rows.into_iter().map(|row| {
            let own = parts
                .iter()
                .filter(|part| part.joint == row.joint)
                .filter_map(|part| cases.remove(&part.case_id))
                .collect();
            (row, own)
        });
        Ok(listed.collect())
    }
}

/// Nothing personal is in a failure's reason; what the applicant reads stays out of the log.
fn tracing_failure(failure: &Failure) {
    tracing::warn!(status = %failure.status, "a case of a bundle is left to the job");
}

fn submitted_part(joint: JointId, part: SubmissionInput) -> SubmittedPart {
    let person = part.applicant.person;
    let own = |text: &str| Personal::new(person, text.trim().to_owned());
    let who = &part.applicant;
    SubmittedPart {
        item: part.item.id,
        item_version: part.item.version,
        item_name: part.item.content.name.clone(),
        department: part.item.content.department.name.clone(),
        key: key_of_part(joint, part.item.id),
        application: PartApplication {
            applicant: Applicant {
                person,
                kind: who.kind,
                name: own(&who.name),
                number: own(&who.number),
                phone: own(&who.phone),
                address: own(&who.address),
                email: own(&who.email),
            },
            agent: part.agent,
            answers: Personal::new(person, serde_json::Value::Object(part.answers)),
            materials: part.materials,
            delivery: part.delivery,
            undertaking: part.undertaking,
        },
    }
}

fn input_of(part: &SubmittedPart, item: Arc<ItemVersion>) -> SubmissionInput {
    let application = &part.application;
    let who = &application.applicant;
    SubmissionInput {
        item,
        applicant: ApplicantInput {
            person: who.person,
            kind: who.kind,
            name: who.name.text().to_owned(),
            number: who.number.text().to_owned(),
            phone: who.phone.text().to_owned(),
            address: who.address.text().to_owned(),
            email: who.email.text().to_owned(),
        },
        agent: application.agent.clone(),
        answers: match application.answers.get() {
            Some(serde_json::Value::Object(answers)) => answers.clone(),
            _ => serde_json::Map::new(),
        },
        materials: application.materials.clone(),
        delivery: application.delivery.clone(),
        priority: false,
        undertaking: application.undertaking.clone(),
    }
}
