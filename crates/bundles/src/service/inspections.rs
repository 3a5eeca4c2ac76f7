//! 联合踏勘 and 联合验收 of an application: who leads, who may sign, and what stands against granting a case.

use async_trait::async_trait;
use wuchuang_cases::belonging::Reservations;
use wuchuang_kernel::{CaseId, JointId, OrganisationId, Region, Rejection};
use wuchuang_ledger::{Expected, Ledger, Order, Receipt};
use wuchuang_webkit::Failure;

use super::Bundles;
use crate::{
    model::{InspectionCommand, Joint, JointCommand, JointStream, Part, PartKey},
    store,
};

impl Bundles {
    /// Sends a command about appointments on the spot.
    ///
    /// # Errors
    /// When the rules refuse it or it cannot be written.
    pub async fn inspect(
        &self,
        joint: JointId,
        command: InspectionCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        let order = Order {
            expected: Expected::Existing,
            ..order
        };
        let command = JointCommand::Inspection(command);
        let ledger = self.cases.ledger();
        Ok(ledger
            .execute::<JointStream>(joint.into(), command, order)
            .await?)
    }

    /// Which organisation handles a part now; `None` while its case is not there.
    ///
    /// # Errors
    /// When the case cannot be read.
    pub async fn handler_of(
        &self,
        region: Region,
        part: Option<&Part>,
    ) -> Result<Option<(OrganisationId, String)>, Failure> {
        let Some(case) = part.and_then(Part::case) else {
            return Ok(None);
        };
        let case = self.cases.get(region, case).await?;
        Ok(Some((case.organisation, case.organisation_name.clone())))
    }
}

/// The answer to the cases' question of what else stands against granting one: a survey that is not passed. It reads the
/// ledger alone, so that the cases can be made before the bundles.
#[derive(Clone)]
pub struct JointReservations(Ledger);

impl JointReservations {
    /// Over a ledger.
    pub const fn new(ledger: Ledger) -> Self {
        Self(ledger)
    }
}

#[async_trait]
impl Reservations for JointReservations {
    async fn against_granting(
        &self,
        region: Region,
        case: CaseId,
    ) -> Result<Option<Rejection>, Failure> {
        let row = store::joint_of_case(self.0.database(), region, case).await?;
        let Some(id) = row.and_then(|row| row.id()) else {
            return Ok(None);
        };
        let loaded = self.0.load::<JointStream>(region, id.into()).await?;
        let joint = loaded.and_then(|(_, state)| state.0.clone());
        Ok(joint.and_then(|joint| against(&joint, case)))
    }
}

fn against(joint: &Joint, case: CaseId) -> Option<Rejection> {
    let part: PartKey = joint.part_of(case)?.submitted.id;
    let text = joint.holds_back(part)?;
    Some(Rejection::new("inspection_not_passed", text))
}
