//! Applications for bundles: handed in once, completed by whoever comes, found again.

use std::collections::BTreeMap;

use wuchuang_cases::{model::PartOf, store::CaseRow};
use wuchuang_kernel::{Actor, CaseId, Channel, CommandId, JointId, PersonId, Region};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order, StorageError};
use wuchuang_webkit::Failure;

use super::{
    Bundles, JointInput,
    parts::{input_of, part_of_code, submitted_parts},
};
use crate::{
    identity::{key_of_part, key_of_record},
    model::{
        Joint, JointCommand, JointStream, JointSubmission, PartKey, SubmittedPart,
        joint::{PART_SETTLED, PARTS_MAX},
        order::{CaseEnd, Next},
    },
    store::{self, JointPlace, JointRow},
};

impl Bundles {
    /// The application that a submission under a key makes: the same key always makes the same one.
    pub const fn joint_of(command: CommandId) -> JointId {
        JointId::from_u128(command.uuid().as_u128())
    }

    /// The key of the case of one part of the application that a key makes.
    pub fn key_of_part(command: CommandId, part: impl Into<PartKey>) -> CommandId {
        key_of_part(Self::joint_of(command), part.into())
    }

    /// 一次提交: one number, and a case for each part. Every part is looked at before the first is written; what a crash
    /// leaves undone, a job completes.
    ///
    /// # Errors
    /// When the rules refuse it, a file is missing, or it cannot be written.
    pub async fn submit(&self, input: JointInput, order: Order) -> Result<JointId, Failure> {
        for part in &input.parts {
            self.cases.check(order.region, part).await?;
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
            lead: part_of_code(&content.lead, &input.parts),
            parts: submitted_parts(joint, content, input.parts),
            stores: Vec::new(),
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

    /// Opens the cases of an application that is in the ledger. Whatever keeps one from being opened now, the job of the same
    /// transaction tries again, and the applicant has the number either way.
    pub(super) async fn complete_now(&self, region: Region, joint: JointId) {
        if let Err(failure) = self.complete(region, joint).await {
            tracing_failure(&failure);
        }
    }

    /// Opens the cases of an application that are not there yet and need not wait for others, and ends the parts that wait in
    /// vain. It may run at the same time as itself: a part's key makes one case.
    ///
    /// # Errors
    /// 404 for an application that is not there, or whatever keeps a case from being opened for now.
    pub async fn complete(&self, region: Region, joint: JointId) -> Result<(), Failure> {
        // Each turn settles a part; a part that ends in vain can end another one.
        for _ in 0..=PARTS_MAX {
            let found = self.get(region, joint).await?;
            let ends = self.ends(region, &found).await?;
            let next = found.next(&ends);
            if next.is_empty() {
                break;
            }
            for next in next {
                match next {
                    Next::Open(part) => self.open_case(region, joint, &found, part).await?,
                    Next::End(part, reason) => {
                        self.settle(region, joint, part, Settled::Refused(reason))
                            .await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// How the cases stand for which other parts still wait.
    async fn ends(
        &self,
        region: Region,
        joint: &Joint,
    ) -> Result<BTreeMap<PartKey, CaseEnd>, Failure> {
        let awaited: Vec<(PartKey, String)> = joint
            .waiting()
            .flat_map(|part| joint.awaited(part))
            .filter_map(|part| Some((part.submitted.id, part.case()?.to_string())))
            .collect();
        let ids: Vec<&str> = awaited.iter().map(|(_, case)| case.as_str()).collect();
        let rows = self.cases.rows(region, &ids).await?;
        let ends = awaited.iter().filter_map(|(part, case)| {
            let row = rows.get(case)?;
            Some((*part, CaseEnd::of_outcome(&row.outcome)))
        });
        Ok(ends.collect())
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
            .version(part.id.item, part.item_version)
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
        let mut input = input_of(part, item);
        input.part_of = Some(PartOf {
            name: found.name.clone(),
            number: found.number.clone(),
        });
        if part.id.store > 0 {
            // What was handed in once for all stores is in each case a material of its own.
            for (index, material) in input.materials.iter_mut().enumerate() {
                material.id = self.cases.material_of(part.key, index);
            }
        }
        let settled = match self.cases.submit(input, order).await {
            Ok(submitted) => Settled::Opened(submitted.case, submitted.number),
            Err(failure) if failure.status.is_client_error() => {
                Settled::Refused(failure.public.into_owned())
            }
            Err(failure) => return Err(failure),
        };
        self.settle(region, joint, part.id, settled).await
    }

    /// Records what became of a part; whoever came first has said it.
    async fn settle(
        &self,
        region: Region,
        joint: JointId,
        part: PartKey,
        settled: Settled,
    ) -> Result<(), Failure> {
        let (became, command) = match settled {
            Settled::Opened(case, number) => {
                ("case", JointCommand::RecordCase { part, case, number })
            }
            Settled::Refused(reason) => ("refusal", JointCommand::RecordRefusal { part, reason }),
        };
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: key_of_record(joint, part, became),
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

/// What became of a part.
enum Settled {
    Opened(CaseId, String),
    Refused(String),
}
