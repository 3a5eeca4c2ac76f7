//! The one door to bundles: pages, API, the portal and the job ask and send here. `joints` is about
//! applications, `batches` about those for several stores, `inspections` about what departments look at together on the spot.

mod batches;
mod inspections;
mod joints;
mod parts;

pub use batches::{BatchInput, StoreInput};
pub use inspections::JointReservations;

use std::sync::Arc;

use moka::sync::Cache;
use wuchuang_cases::{Cases, SubmissionInput};
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_kernel::{BundleId, PersonId, Region};
use wuchuang_ledger::{ExecuteError, LoadError, Order, Receipt, StorageError};
use wuchuang_webkit::Failure;

use crate::{
    identity::item_of_code,
    joined::{Joined, is_offered},
    model::{BundleCommand, BundleState, BundleStream, BundleVersion, Member, content::Answered},
    store::{self, BundleRow},
};

/// For how long the bundles in force are told again, in seconds: another server may have published.
const AT_HAND_SECONDS: u64 = 2;

/// The bundles of a house. Cloning shares them.
#[derive(Clone)]
pub struct Bundles {
    cases: Cases,
    catalogue: Catalogue,
    at_hand: Cache<Region, Arc<Vec<Arc<BundleVersion>>>>,
}

/// A member with the item that it names, as far as the house holds it.
pub struct LinkedMember<'a> {
    /// The member.
    pub member: &'a Member,
    /// Its item as it is in force today; `None` when this house does not hold it.
    pub item: Option<Arc<ItemVersion>>,
}

impl LinkedMember<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        self.item
            .as_ref()
            .map_or(&self.member.name, |item| &item.content.name)
    }

    /// Who handles it.
    pub fn department(&self) -> &str {
        self.item.as_ref().map_or(&self.member.department, |item| {
            &item.content.department.name
        })
    }

    /// Its item, when it can be applied for together with others from the portal.
    pub fn offered(&self) -> Option<&Arc<ItemVersion>> {
        self.item.as_ref().filter(|item| is_offered(&item.content))
    }
}

/// What a window hands in for a bundle: one application for each of its parts.
pub struct JointInput {
    /// The bundle's version.
    pub bundle: Arc<BundleVersion>,
    /// The citizen who applies.
    pub person: PersonId,
    /// The parts.
    pub parts: Vec<SubmissionInput>,
}

impl Bundles {
    /// The bundles over the cases and the items.
    pub fn new(cases: Cases, catalogue: Catalogue) -> Self {
        Self {
            cases,
            catalogue,
            at_hand: Cache::builder()
                .max_capacity(100)
                .time_to_live(std::time::Duration::from_secs(AT_HAND_SECONDS))
                .build(),
        }
    }

    /// The cases.
    pub const fn cases(&self) -> &Cases {
        &self.cases
    }

    /// The items.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The bundles in force, in the order of the trees.
    ///
    /// # Errors
    /// Whatever storage reports, or a row that does not read.
    pub async fn published(
        &self,
        region: Region,
    ) -> Result<Arc<Vec<Arc<BundleVersion>>>, StorageError> {
        if let Some(known) = self.at_hand.get(&region) {
            return Ok(known);
        }
        let found: Result<Vec<_>, _> = self
            .rows(region)
            .await?
            .iter()
            .filter_map(|row| row.published().transpose())
            .map(|version| version.map(Arc::new))
            .collect();
        let found = Arc::new(found?);
        self.at_hand.insert(region, Arc::clone(&found));
        Ok(found)
    }

    /// A bundle in force; `None` when there is none.
    ///
    /// # Errors
    /// As [`Self::published`].
    pub async fn find(
        &self,
        region: Region,
        bundle: BundleId,
    ) -> Result<Option<Arc<BundleVersion>>, StorageError> {
        let all = self.published(region).await?;
        Ok(all.iter().find(|known| known.id == bundle).cloned())
    }

    /// All bundles with their working copies, for the staff's list.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn rows(&self, region: Region) -> Result<Vec<BundleRow>, StorageError> {
        store::bundles(self.cases.ledger().database(), region).await
    }

    /// A bundle with its working copy.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn state(
        &self,
        region: Region,
        bundle: BundleId,
    ) -> Result<Option<(i64, Arc<BundleState>)>, LoadError> {
        self.cases
            .ledger()
            .load::<BundleStream>(region, bundle.into())
            .await
    }

    /// Sends a command to a bundle.
    ///
    /// # Errors
    /// When the rules refuse it or it cannot be written.
    pub async fn command(
        &self,
        bundle: BundleId,
        command: BundleCommand,
        order: Order,
    ) -> Result<Receipt, ExecuteError> {
        let region = order.region;
        let receipt = self
            .cases
            .ledger()
            .execute::<BundleStream>(bundle.into(), command, order)
            .await?;
        self.at_hand.invalidate(&region);
        Ok(receipt)
    }

    /// Members with the items that they name.
    pub fn linked<'a>(&self, members: Vec<&'a Member>) -> Vec<LinkedMember<'a>> {
        members
            .into_iter()
            .map(|member| LinkedMember {
                item: self.catalogue.published(item_of_code(&member.code)),
                member,
            })
            .collect()
    }

    /// The joined application of a situation: the items that it needs and that can be applied for here.
    ///
    /// # Errors
    /// 422 when nothing can be applied for here, or a form that does not read.
    pub fn joined(
        &self,
        bundle: &Arc<BundleVersion>,
        answers: &Answered,
    ) -> Result<Joined, Failure> {
        let needed = self.linked(bundle.content.needed(answers));
        let items: Vec<(&Member, Arc<ItemVersion>)> = needed
            .iter()
            .filter_map(|linked| Some((linked.member, Arc::clone(linked.offered()?))))
            .collect();
        if items.is_empty() {
            return Err(Failure::invalid(
                "按您选的情形，没有可以在网上一起办的事项，请按办事指南到窗口办理。",
            ));
        }
        Joined::of(Arc::clone(bundle), &items).map_err(Failure::internal)
    }
}
