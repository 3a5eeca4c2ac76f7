//! The one door to delegations: counters ask here what they may take, guides where an item is done, pages and API change them.

use std::sync::Arc;

use jiff::civil::Date;
use moka::sync::Cache;
use wuchuang_kernel::{ItemId, OrganisationId, Region};
use wuchuang_ledger::{ExecuteError, Ledger, LoadError, Order, Receipt, StorageError};

use crate::{
    model::{Delegation, DelegationCommand, DelegationStream, ItemDelegations},
    store::{self, Given},
};

/// For how long the delegations of an organisation are told again, in seconds: another server may have changed them.
const AT_HAND_SECONDS: u64 = 2;
/// For how many organisations they are kept at hand.
const AT_HAND: u64 = 2_000;

/// The delegations of a house. Cloning shares them.
#[derive(Clone)]
pub struct Delegations {
    ledger: Ledger,
    at_hand: Cache<(Region, OrganisationId, Date), Arc<Vec<Given>>>,
}

impl Delegations {
    /// The delegations on a ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            at_hand: Cache::builder()
                .max_capacity(AT_HAND)
                .time_to_live(std::time::Duration::from_secs(AT_HAND_SECONDS))
                .build(),
        }
    }

    /// What an organisation may do of an item on a day; `None` when nothing was delegated to it.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn held(
        &self,
        region: Region,
        (organisation, item): (OrganisationId, ItemId),
        day: Date,
    ) -> Result<Option<Delegation>, StorageError> {
        let all = self.of_organisation(region, organisation, day).await?;
        let mut all = all.iter();
        let found = all.find(|given| given.item == item && given.delegation.is_in_force(day));
        Ok(found.map(|given| given.delegation.clone()))
    }

    /// All that was delegated to an organisation and has not ended before a day.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_organisation(
        &self,
        region: Region,
        organisation: OrganisationId,
        day: Date,
    ) -> Result<Arc<Vec<Given>>, StorageError> {
        let key = (region, organisation, day);
        if let Some(known) = self.at_hand.get(&key) {
            return Ok(known);
        }
        let database = self.ledger.database();
        let found = store::of_organisation(database, region, organisation, day).await?;
        let found = Arc::new(found);
        self.at_hand.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// All delegations of a region that have not ended before a day.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn all(&self, region: Region, day: Date) -> Result<Vec<Given>, StorageError> {
        store::all(self.ledger.database(), region, day).await
    }

    /// The names of the organisations whose counters take an item on a day because it was delegated to them.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn holders(
        &self,
        region: Region,
        item: ItemId,
        day: Date,
    ) -> Result<Vec<String>, StorageError> {
        store::holders(self.ledger.database(), region, item, day).await
    }

    /// What holds on a day of an item that was delegated whole, by the name of whom: whoever applies may choose one of them.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn whole(
        &self,
        region: Region,
        item: ItemId,
        day: Date,
    ) -> Result<Vec<Delegation>, StorageError> {
        store::whole(self.ledger.database(), region, item, day).await
    }

    /// The delegations of one item, with its place in the stream; those that ended stay.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn of_item(
        &self,
        region: Region,
        item: ItemId,
    ) -> Result<Option<(i64, Arc<ItemDelegations>)>, LoadError> {
        self.ledger
            .load::<DelegationStream>(region, item.into())
            .await
    }

    /// Sends a command to the delegations of an item.
    ///
    /// # Errors
    /// When the rules refuse it or it cannot be written.
    pub async fn command(
        &self,
        item: ItemId,
        command: DelegationCommand,
        order: Order,
    ) -> Result<Receipt, ExecuteError> {
        let receipt = self
            .ledger
            .execute::<DelegationStream>(item.into(), command, order)
            .await?;
        self.at_hand.invalidate_all();
        Ok(receipt)
    }
}
