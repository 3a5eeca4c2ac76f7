//! To what a case belongs that stands above it: an application for a bundle (一件事). The bundles lie above the cases and
//! answer here, so that the page of a case can lead to the whole.

use async_trait::async_trait;
use wuchuang_kernel::{CaseId, Region, Rejection};
use wuchuang_webkit::Failure;

use super::Cases;
use crate::model::CaseCommand;

/// The whole that a case is a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its name: 企业经营.
    pub name: String,
    /// Its number in groups.
    pub number: String,
    /// Where the staff see it.
    pub staff_path: String,
    /// What is arranged or missing on the spot for this case (联合踏勘、联合验收), in sentences for its department.
    pub on_the_spot: Vec<String>,
    /// Records of what was looked at together, this case among them: what each is called, and where it opens.
    pub records: Vec<(String, String)>,
}

/// Who knows what stands against granting a case besides its own rules: a survey of several departments that is not passed.
#[async_trait]
pub trait Reservations: Send + Sync + 'static {
    /// Why it must not be granted yet; `None` when nothing stands against it.
    ///
    /// # Errors
    /// Whatever storage reports.
    async fn against_granting(
        &self,
        region: Region,
        case: CaseId,
    ) -> Result<Option<Rejection>, Failure>;
}

impl Cases {
    /// The same cases, which ask before they grant one.
    #[must_use]
    pub fn asking_before_granting(mut self, reservations: impl Reservations) -> Self {
        self.reservations = Some(std::sync::Arc::new(reservations));
        self
    }

    /// Refuses to grant a case against which something stands.
    pub(super) async fn check_reservations(
        &self,
        region: Region,
        case: CaseId,
        command: &CaseCommand,
    ) -> Result<(), Failure> {
        let Some(reservations) = self.reservations.as_ref().filter(|_| command.grants()) else {
            return Ok(());
        };
        match reservations.against_granting(region, case).await? {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }
}

impl CaseCommand {
    /// Whether a person grants the case by it.
    fn grants(&self) -> bool {
        match self {
            Self::Grant { .. } | Self::AcceptAndGrant { .. } => true,
            Self::OnProcess { command, .. } | Self::KnowingCredit { command, .. } => {
                command.grants()
            }
            _ => false,
        }
    }
}

/// Who knows of which whole a case is a part.
#[async_trait]
pub trait Belonging: Send + Sync + 'static {
    /// The whole; `None` for a case of its own.
    ///
    /// # Errors
    /// Whatever storage reports.
    async fn whole_of(&self, region: Region, case: CaseId) -> Result<Option<Whole>, Failure>;
}

/// A house without bundles: every case stands for itself.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

#[async_trait]
impl Belonging for Alone {
    async fn whole_of(&self, _region: Region, _case: CaseId) -> Result<Option<Whole>, Failure> {
        Ok(None)
    }
}
