//! The one door: the figures of items as pages, programs and rules need them.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use jiff::civil::Date;
use wuchuang_access::Directory;
use wuchuang_bundles::Bundles;
use wuchuang_cases::Cases;
use wuchuang_catalogue::{Catalogue, model::ItemVersion};
use wuchuang_delegations::Delegations;
use wuchuang_kernel::{Channel, ItemId, OrganisationId, Region, StreamId};
use wuchuang_ledger::{Database, Ledger, LoadError, Order, Receipt, StorageError, Stream};
use wuchuang_webkit::Failure;

use crate::{
    figures::{Figures, Series},
    model::month::Period,
    pairs::Pair,
    store::reading::{Asked, Group, figures},
};

/// The analysis over a house. Cloning shares it.
#[derive(Clone)]
pub struct Analysis {
    pub(crate) cases: Cases,
    pub(crate) catalogue: Catalogue,
    pub(crate) bundles: Bundles,
    pub(crate) delegations: Delegations,
    pub(crate) directory: Directory,
}

/// What is known of an item.
#[derive(Debug, Clone)]
pub(crate) struct KnownItem {
    pub(crate) id: ItemId,
    pub(crate) name: String,
    pub(crate) department: OrganisationId,
    pub(crate) department_name: String,
    pub(crate) is_online: bool,
    /// Whether it is in force today.
    pub(crate) is_published: bool,
    /// Since when it is in the catalogue, as far as the version in force tells.
    pub(crate) since: Option<Date>,
}

impl KnownItem {
    fn of(version: &ItemVersion, is_published: bool) -> Self {
        let content = &version.content;
        Self {
            id: version.id,
            name: content.name.clone(),
            department: content.department.id,
            department_name: content.department.name.clone(),
            is_online: content.is_online(),
            is_published,
            since: Some(version.effective_from),
        }
    }

    /// One that only old figures know.
    fn unknown(id: ItemId) -> Self {
        Self {
            id,
            name: "事项库里没有的事项".to_owned(),
            department: OrganisationId::from_u128(0),
            department_name: String::new(),
            is_online: false,
            is_published: false,
            since: None,
        }
    }

    /// Its name, with what it is where it is no longer offered.
    pub(crate) fn shown(&self) -> String {
        if self.is_published {
            self.name.clone()
        } else {
            format!("{}（已停用）", self.name)
        }
    }
}

/// Which items and which of their figures somebody wants to see.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) period: Period,
    pub(crate) department: Option<OrganisationId>,
    pub(crate) channel: Option<Channel>,
}

/// An item with its figures.
#[derive(Debug, Clone)]
pub(crate) struct ItemLine {
    pub(crate) item: KnownItem,
    pub(crate) figures: Figures,
    /// How many applied in the last twelve months of the period, and in the same months a year before.
    pub(crate) now: i64,
    pub(crate) before: i64,
}

impl Analysis {
    /// The analysis of what a house does.
    pub const fn new(
        cases: Cases,
        catalogue: Catalogue,
        bundles: Bundles,
        delegations: Delegations,
        directory: Directory,
    ) -> Self {
        Self {
            cases,
            catalogue,
            bundles,
            delegations,
            directory,
        }
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        self.cases.ledger()
    }

    pub(crate) fn database(&self) -> &Database {
        self.ledger().database()
    }

    /// Sends a command.
    ///
    /// # Errors
    /// As the rules say, or whatever the ledger reports.
    pub(crate) async fn send<S: Stream>(
        &self,
        stream: StreamId,
        command: S::Command,
        order: Order,
    ) -> Result<Receipt, Failure> {
        Ok(self.ledger().execute::<S>(stream, command, order).await?)
    }

    /// A stream as it stands; nothing when it has no event.
    pub(crate) async fn state<S: Stream>(
        &self,
        region: Region,
        stream: StreamId,
    ) -> Result<Option<Arc<S::State>>, LoadError> {
        let loaded = self.ledger().load::<S>(region, stream).await?;
        Ok(loaded.map(|(_, state)| state))
    }

    /// The items in force.
    pub(crate) fn published(&self) -> HashMap<ItemId, KnownItem> {
        let all = self.catalogue.all().into_iter();
        all.map(|version| (version.id, KnownItem::of(&version, true)))
            .collect()
    }

    /// An item, in force or not.
    pub(crate) async fn known(&self, item: ItemId) -> Result<KnownItem, LoadError> {
        if let Some(version) = self.catalogue.published(item) {
            return Ok(KnownItem::of(&version, true));
        }
        let state = self.catalogue.state(item).await?;
        let last = state.and_then(|(_, state)| state.versions.last().cloned());
        Ok(last.map_or_else(
            || KnownItem::unknown(item),
            |version| KnownItem::of(&version, false),
        ))
    }

    /// The items with their figures, most asked for first; those in force that nobody asked for stand at the end.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn lines(
        &self,
        region: Region,
        view: &View,
    ) -> Result<Vec<ItemLine>, Failure> {
        let (now, before) = view.period.compared();
        let whole = self.by_item(region, view, view.period).await?;
        let (now, before) = (
            self.by_item(region, view, now).await?,
            self.by_item(region, view, before).await?,
        );
        let mut known = self.published();
        for item in whole.keys().chain(before.keys()) {
            if let Entry::Vacant(place) = known.entry(*item) {
                place.insert(self.known(*item).await?);
            }
        }
        let applied = |of: &HashMap<ItemId, Figures>, item: ItemId| {
            of.get(&item).map_or(0, |figures: &Figures| figures.applied)
        };
        let mut lines: Vec<ItemLine> = known
            .into_values()
            .filter(|item| view.department.is_none_or(|only| only == item.department))
            .map(|item| ItemLine {
                figures: whole.get(&item.id).copied().unwrap_or_default(),
                now: applied(&now, item.id),
                before: applied(&before, item.id),
                item,
            })
            .collect();
        lines.sort_by(|one, other| {
            let by_demand = other.figures.applied.cmp(&one.figures.applied);
            by_demand.then_with(|| one.item.id.cmp(&other.item.id))
        });
        Ok(lines)
    }

    async fn by_item(
        &self,
        region: Region,
        view: &View,
        period: Period,
    ) -> Result<HashMap<ItemId, Figures>, StorageError> {
        let asked = Asked {
            channel: view.channel.map(|channel| channel.code().to_owned()),
            ..Asked::of(period)
        };
        let groups = figures(self.database(), region, Group::Item, &asked).await?;
        let read = groups.into_iter();
        Ok(read
            .filter_map(|group| Some((group.item()?, group.figures)))
            .collect())
    }

    /// How many applied for an item in each month.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn series(
        &self,
        region: Region,
        item: ItemId,
        view: &View,
    ) -> Result<Series, StorageError> {
        let asked = Asked {
            item: Some(item),
            channel: view.channel.map(|channel| channel.code().to_owned()),
            ..Asked::of(view.period)
        };
        let mut series = Series::empty(view.period);
        for group in figures(self.database(), region, Group::ItemMonth, &asked).await? {
            if let Some(month) = group.month() {
                series.add(month, group.figures.applied);
            }
        }
        Ok(series)
    }

    /// The pairs of items that are in one bundle in force.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn joined(&self, region: Region) -> Result<HashSet<Pair>, StorageError> {
        let mut joined = HashSet::new();
        for bundle in self.bundles.published(region).await?.iter() {
            let members = self.bundles.linked(bundle.content.members.iter().collect());
            let items: Vec<ItemId> = members
                .iter()
                .filter_map(|member| member.item.as_ref().map(|item| item.id))
                .collect();
            for (place, one) in items.iter().enumerate() {
                for other in &items[..place] {
                    joined.insert((*one.min(other), *one.max(other)));
                }
            }
        }
        Ok(joined)
    }

    /// The name of a town by its code; the code itself where nobody named it.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn town_name(
        &self,
        region: Region,
        code: &str,
    ) -> Result<String, StorageError> {
        let found = self.directory.division(region, code).await?;
        Ok(found.map_or_else(|| code.to_owned(), |division| division.name))
    }
}
