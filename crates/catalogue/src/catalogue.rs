//! The handle that everyone holds: the items in force, kept in memory, and the search over them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use wuchuang_kernel::{ItemId, OrganisationId, Region, china_date};
use wuchuang_ledger::{Ledger, LoadError, StorageError};
use wuchuang_search::{GuideHits, GuideQuery, SearchError, SearchIndex, Suggestion};

use crate::{
    index,
    model::{ItemState, ItemVersion, ServiceItem},
    store,
    succession::Successions,
};

/// What can go wrong when the catalogue is opened or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The search index failed.
    #[error("the search index cannot be brought up to date")]
    Search(#[from] SearchError),
    /// The note beside the index cannot be written.
    #[error("the note beside the search index cannot be written")]
    Note(#[source] std::io::Error),
    /// The work on the index was cut off.
    #[error("the work on the search index was cut off")]
    CutOff,
}

/// The items of one region as they were last read.
#[derive(Default)]
pub(crate) struct Snapshot {
    /// By the store's mark; another mark means that something was published.
    mark: (i64, i64),
    /// Versions in force today or later, by item.
    versions: HashMap<ItemId, Vec<Arc<ItemVersion>>>,
    /// The items by name.
    order: Vec<ItemId>,
    /// The items that went into others.
    pub(crate) successions: Successions,
}

struct Shared {
    ledger: Ledger,
    region: Region,
    snapshot: RwLock<Arc<Snapshot>>,
    search: Arc<SearchIndex>,
    /// The file that tells which versions the index on disk was made from.
    note: Option<PathBuf>,
    indexed: Mutex<String>,
    popularity: RwLock<HashMap<ItemId, u64>>,
}

/// The catalogue of one county. Cloning shares it.
#[derive(Clone)]
pub struct Catalogue {
    shared: Arc<Shared>,
}

/// Restrictions on a list of published items. Absent fields restrict nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishedFilter {
    /// The department.
    pub department: Option<OrganisationId>,
    /// A tag.
    pub tag: Option<crate::model::Tag>,
    /// Whom it serves.
    pub service_object: Option<wuchuang_codes::ServiceObject>,
    /// How it is handled.
    pub handling: Option<wuchuang_codes::HandlingKind>,
}

impl PublishedFilter {
    fn allows(&self, version: &ItemVersion) -> bool {
        let content = &version.content;
        self.department
            .is_none_or(|department| content.department.id == department)
            && self.tag.is_none_or(|tag| content.tags.contains(&tag))
            && self
                .service_object
                .is_none_or(|object| content.service_objects.contains(&object))
            && self
                .handling
                .is_none_or(|handling| content.handling == handling)
    }
}

impl Catalogue {
    /// Opens the catalogue of a region; the search index lies in `folder`, or in memory alone.
    ///
    /// # Errors
    /// When storage or the index fails.
    pub async fn open(
        ledger: Ledger,
        region: Region,
        folder: Option<&Path>,
    ) -> Result<Self, CatalogueError> {
        let search = match folder {
            Some(folder) => SearchIndex::open(folder)?,
            None => SearchIndex::in_memory()?,
        };
        let note = folder.map(|folder| folder.join("published.txt"));
        let indexed = note
            .as_deref()
            .and_then(|note| std::fs::read_to_string(note).ok())
            .unwrap_or_default();
        let catalogue = Self {
            shared: Arc::new(Shared {
                ledger,
                region,
                snapshot: RwLock::default(),
                search: Arc::new(search),
                note,
                indexed: Mutex::new(indexed),
                popularity: RwLock::default(),
            }),
        };
        catalogue.refresh().await?;
        Ok(catalogue)
    }

    /// The ledger under it.
    pub fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    /// The region whose items it holds.
    pub fn region(&self) -> Region {
        self.shared.region
    }

    /// Reads what was published since the last time, also by another server, and brings the search
    /// index to what is in force today. Cheap when nothing changed; runs after each publication and
    /// may be called from a timer.
    ///
    /// # Errors
    /// When storage or the index fails; the old state stays in use.
    pub async fn refresh(&self) -> Result<(), CatalogueError> {
        let shared = &self.shared;
        let database = shared.ledger.database();
        let mark = store::mark(database, shared.region).await?;
        if mark != self.snapshot().mark {
            let today = self.today();
            let versions = store::versions_from(database, shared.region, today).await?;
            let successions = Successions::of(store::successions(database, shared.region).await?);
            let snapshot = Arc::new(snapshot(mark, versions, successions));
            *shared
                .snapshot
                .write()
                .unwrap_or_else(PoisonError::into_inner) = snapshot;
        }
        self.index().await
    }

    async fn index(&self) -> Result<(), CatalogueError> {
        let published = self.all();
        let snapshot = self.snapshot();
        let former = snapshot
            .successions
            .former_names(|item| self.published(item).is_some());
        let names: Vec<String> = former.values().map(|names| names.join("/")).collect();
        let wanted = format!("{}{}", fingerprint(&published), names.join("/"));
        let is_indexed = {
            let indexed = self
                .shared
                .indexed
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *indexed == wanted && self.shared.search.document_count() == published.len()
        };
        if is_indexed {
            return Ok(());
        }
        let guides: Vec<_> = published
            .iter()
            .map(|version| {
                let former = former.get(&version.id).map_or(&[][..], Vec::as_slice);
                index::document(version, former)
            })
            .collect();
        let search = Arc::clone(&self.shared.search);
        tokio::task::spawn_blocking(move || {
            search.replace_all(&guides)?;
            search.commit()
        })
        .await
        .map_err(|_| CatalogueError::CutOff)??;
        if let Some(note) = &self.shared.note {
            tokio::fs::write(note, &wanted)
                .await
                .map_err(CatalogueError::Note)?;
        }
        *self
            .shared
            .indexed
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = wanted;
        Ok(())
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(
            &self
                .shared
                .snapshot
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    fn today(&self) -> Date {
        china_date(self.shared.ledger.now())
    }

    /// The version that new applications follow today; `None` when the item is not in force.
    pub fn published(&self, item: ItemId) -> Option<Arc<ItemVersion>> {
        let today = self.today();
        let snapshot = self.snapshot();
        let versions = snapshot.versions.get(&item)?;
        versions
            .iter()
            .rev()
            .find(|version| version.is_in_force(today))
            .cloned()
    }

    /// The version in force on a day, read from the ledger.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn in_force(
        &self,
        region: Region,
        item: ItemId,
        day: Date,
    ) -> Result<Option<Arc<ItemVersion>>, LoadError> {
        let state = self
            .shared
            .ledger
            .load::<ServiceItem>(region, item.into())
            .await?;
        Ok(state.and_then(|(_, state)| state.in_force(day).cloned()))
    }

    /// A version by its number, in force or not: a running case keeps the one that it began with.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn version(
        &self,
        item: ItemId,
        number: u32,
    ) -> Result<Option<Arc<ItemVersion>>, LoadError> {
        Ok(self
            .state(item)
            .await?
            .and_then(|(_, state)| state.version(number).cloned()))
    }

    /// Everything about an item with its place in the stream, for those who maintain it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn state(&self, item: ItemId) -> Result<Option<(i64, Arc<ItemState>)>, LoadError> {
        self.shared
            .ledger
            .load::<ServiceItem>(self.shared.region, item.into())
            .await
    }

    /// All items in force today, by name.
    pub fn all(&self) -> Vec<Arc<ItemVersion>> {
        let today = self.today();
        let snapshot = self.snapshot();
        let in_force = |item| {
            snapshot
                .versions
                .get(item)?
                .iter()
                .rev()
                .find(|version| version.is_in_force(today))
        };
        snapshot
            .order
            .iter()
            .filter_map(in_force)
            .cloned()
            .collect()
    }

    /// A page of the items in force today, by name: those behind the item `after`, at most `limit`.
    pub fn list(
        &self,
        filter: &PublishedFilter,
        after: Option<ItemId>,
        limit: usize,
    ) -> Vec<Arc<ItemVersion>> {
        let all = self.all();
        let start = after.map_or(0, |after| {
            // The item may have gone out of force since; then the list begins anew.
            all.iter()
                .position(|version| version.id == after)
                .map_or(0, |index| index + 1)
        });
        all.into_iter()
            .skip(start)
            .filter(|version| filter.allows(version))
            .take(limit)
            .collect()
    }

    /// The items in force today of one department, by name.
    pub fn by_department(&self, department: OrganisationId) -> Vec<Arc<ItemVersion>> {
        let filter = PublishedFilter {
            department: Some(department),
            ..PublishedFilter::default()
        };
        self.list(&filter, None, usize::MAX)
    }

    /// The items that are used most, at most `limit`, the most used first; none before there are figures.
    pub fn most_used(&self, limit: usize) -> Vec<Arc<ItemVersion>> {
        let popularity = self
            .shared
            .popularity
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let count = |version: &Arc<ItemVersion>| popularity.get(&version.id).copied().unwrap_or(0);
        let mut used = self.all();
        used.retain(|version| count(version) > 0);
        // The sort is stable, so items used alike stay in the order of their names.
        used.sort_by_key(|version| std::cmp::Reverse(count(version)));
        used.truncate(limit);
        used
    }

    /// Tells how often each item is used (cases received in the last months), for [`Self::most_used`], for
    /// the order of equally good hits and for suggestions.
    pub fn set_popularity(&self, counts: HashMap<ItemId, u64>) {
        let by_guide = counts
            .iter()
            .map(|(item, count)| (item.to_string(), *count));
        self.shared.search.set_popularity(by_guide.collect());
        *self
            .shared
            .popularity
            .write()
            .unwrap_or_else(PoisonError::into_inner) = counts;
    }

    /// Answers a question with the guides in force. Not to be awaited, a few milliseconds long.
    ///
    /// # Errors
    /// When the index fails.
    pub fn search(&self, query: &GuideQuery) -> Result<GuideHits, SearchError> {
        self.shared.search.query(query)
    }

    /// Guides for completion while typing.
    pub fn suggest(&self, prefix: &str) -> Vec<Suggestion> {
        self.shared.search.suggest(prefix)
    }
}

fn snapshot(mark: (i64, i64), read: Vec<ItemVersion>, successions: Successions) -> Snapshot {
    let mut versions: HashMap<ItemId, Vec<Arc<ItemVersion>>> = HashMap::new();
    for version in read {
        versions
            .entry(version.id)
            .or_default()
            .push(Arc::new(version));
    }
    let mut names: Vec<(&str, ItemId)> = versions
        .iter()
        .filter_map(|(item, versions)| Some((versions.last()?.content.name.as_str(), *item)))
        .collect();
    names.sort_unstable();
    let order = names.into_iter().map(|(_, item)| item).collect();
    Snapshot {
        mark,
        versions,
        order,
        successions,
    }
}

/// Which versions something was made from: the index, a booklet.
pub(crate) fn fingerprint(published: &[Arc<ItemVersion>]) -> String {
    let mut hasher = Sha256::new();
    for version in published {
        hasher.update(format!("{}/{};", version.id, version.version));
    }
    format!("{:x}", hasher.finalize())
}
