//! What the handlers of this slice need, and the few steps that pages and API share.

use std::sync::Arc;

use jiff::civil::Date;
use moka::sync::Cache;
use tokio::sync::Semaphore;
use wuchuang_access::Directory;
use wuchuang_documents::Documents;
use wuchuang_kernel::{ItemId, Region};
use wuchuang_ledger::{Order, Receipt, StorageError};
use wuchuang_webkit::Failure;

use crate::{
    Catalogue,
    exchange::Departments,
    handbook::Press,
    lists::{Optimisation, Pair, optimisation, similar},
    model::{
        Department, ItemCommand, ItemState, ServiceItem,
        grouping::{GROUPING_STREAM, Grouping, GroupingCommand},
    },
    store,
};

/// How many printed notices are kept at hand.
const NOTICES_AT_HAND: u64 = 200;

/// How many notices are set for single situations at the same time.
const SET_AT_ONCE: usize = 2;

/// Which notice: item, version, day of the print.
pub(crate) type NoticeKey = (ItemId, u32, Date);

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) catalogue: Catalogue,
    pub(crate) directory: Directory,
    pub(crate) documents: Documents,
    pub(crate) test_authority: bool,
    pub(crate) notices: Cache<NoticeKey, Arc<Vec<u8>>>,
    pub(crate) press: Press,
    /// Places for notices that are set for one person's situation and kept for nobody: strangers may ask for them.
    pub(crate) setting: Arc<Semaphore>,
}

impl Rooms {
    pub(crate) fn new(
        catalogue: Catalogue,
        directory: Directory,
        documents: Documents,
        test_authority: bool,
    ) -> Self {
        Self {
            catalogue,
            directory,
            documents,
            test_authority,
            notices: Cache::new(NOTICES_AT_HAND),
            press: Press::new(),
            setting: Arc::new(Semaphore::new(SET_AT_ONCE)),
        }
    }

    /// The organisations that an item may name as its department.
    pub(crate) async fn departments(&self, region: Region) -> Result<Departments, StorageError> {
        let organisations = self.directory.organisations(region).await?;
        let departments = organisations
            .into_iter()
            .filter(|organisation| organisation.is_active);
        Ok(Departments(
            departments
                .map(|organisation| Department {
                    id: organisation.id,
                    name: organisation.name,
                    code: organisation.short_code,
                })
                .collect(),
        ))
    }

    /// What publishing items anew has saved.
    pub(crate) async fn optimisation(&self, region: Region) -> Result<Optimisation, StorageError> {
        let first = store::first_versions(self.catalogue.ledger().database(), region).await?;
        let first = first.into_iter().map(|version| (version.id, version));
        Ok(optimisation(&self.catalogue.all(), &first.collect()))
    }

    /// An item that must be there, with its place in the stream.
    pub(crate) async fn item(&self, item: &str) -> Result<(ItemId, i64, Arc<ItemState>), Failure> {
        let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
        let (version, state) = self
            .catalogue
            .state(id)
            .await?
            .ok_or_else(Failure::not_found)?;
        Ok((id, version, state))
    }

    /// How many items in force were compared, and the pairs that are alike and of which nobody has said what becomes of them (归类合并).
    pub(crate) async fn similar(&self) -> Result<(usize, Vec<Pair>), Failure> {
        let published = self.catalogue.all();
        let (_, groups) = self.catalogue.groups().await?;
        let compared = published.len();
        let compare = tokio::task::spawn_blocking(move || {
            similar(&published, |one, other| groups.is_settled(one, other))
        });
        let pairs = compare
            .await
            .map_err(|_| Failure::internal("items could not be compared"))?;
        Ok((compared, pairs))
    }

    /// What goes into another item goes into one that is in force and stays so (归类合并).
    async fn require_successor(&self, successor: ItemId) -> Result<(), Failure> {
        let state = self.catalogue.state(successor).await?;
        let stays = state.is_some_and(|(_, state)| state.withdrawal.is_none());
        if stays && self.catalogue.published(successor).is_some() {
            return Ok(());
        }
        Err(
            Failure::invalid("要并入的事项现在没有生效，或者已经定了停用的日期。请选另一个事项。")
                .at("successor"),
        )
    }

    /// Sends a command about groups.
    pub(crate) async fn group(
        &self,
        command: GroupingCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        let ledger = self.catalogue.ledger();
        let receipt = ledger
            .execute::<Grouping>(GROUPING_STREAM, command, order)
            .await?;
        Ok(receipt)
    }

    /// Sends a command. After a publication the catalogue is brought up to date at once, so that its
    /// sender sees it; a failure of that is left to the job that follows.
    pub(crate) async fn send(
        &self,
        item: ItemId,
        command: ItemCommand,
        order: Order,
    ) -> Result<Receipt, Failure> {
        if let ItemCommand::Withdraw {
            successor: Some(successor),
            ..
        }
        | ItemCommand::Lead { successor } = &command
        {
            self.require_successor(*successor).await?;
        }
        let is_public = !matches!(command, ItemCommand::Draft { .. });
        let ledger = self.catalogue.ledger();
        let receipt = ledger
            .execute::<ServiceItem>(item.into(), command, order)
            .await?;
        if is_public && let Err(error) = self.catalogue.refresh().await {
            tracing::warn!(%error, "the catalogue will be refreshed later");
        }
        Ok(receipt)
    }
}
