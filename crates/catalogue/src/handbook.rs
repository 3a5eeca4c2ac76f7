//! The printed handbook (便民服务手册, acceptance row 1.11): all guides of one organisation or of the county, bound
//! into booklets that a printer and a reader can hold.
//!
//! A booklet is set once for each state of the catalogue and kept. Setting it takes seconds, so it runs apart
//! from the request that asked for it: who comes too early is told so and led back.

use std::{sync::Arc, time::Duration};

use jiff::civil::Date;
use moka::sync::Cache;
use tokio::sync::{OnceCell, Semaphore};
use wuchuang_documents::{
    DocumentError,
    data::{Handbook, HandbookGuide, Head},
};
use wuchuang_webkit::Failure;

use crate::{
    guide::{NoticeOptions, one_time_notice},
    model::{ItemContent, ItemVersion},
};

/// How many guides one booklet holds at most.
const BOOKLET_GUIDES_MAX: usize = 100;
/// How many bytes of text one booklet holds at most, as estimated; below what a document may have, and about
/// 150 pages.
const BOOKLET_BYTES_MAX: usize = 300_000;
/// What a guide takes besides its own texts, in bytes.
const GUIDE_BYTES: usize = 1_500;
/// What a material takes besides its name and note, in bytes.
const MATERIAL_BYTES: usize = 300;
/// How many booklets are kept at hand.
const BOOKLETS_AT_HAND: u64 = 40;
/// How long a request waits for a booklet before it is told to come again; well below the time that any
/// request may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// Divides items into booklets, in their order. Nothing is left out and no booklet is empty.
pub(crate) fn booklets(items: &[Arc<ItemVersion>]) -> Vec<Vec<Arc<ItemVersion>>> {
    let mut booklets: Vec<Vec<Arc<ItemVersion>>> = Vec::new();
    let mut bytes = 0;
    for item in items {
        let more = estimated_bytes(&item.content);
        match booklets.last_mut() {
            Some(last) if last.len() < BOOKLET_GUIDES_MAX && bytes + more <= BOOKLET_BYTES_MAX => {
                last.push(Arc::clone(item));
                bytes += more;
            }
            _ => {
                booklets.push(vec![Arc::clone(item)]);
                bytes = more;
            }
        }
    }
    booklets
}

fn estimated_bytes(item: &ItemContent) -> usize {
    let materials = item.materials.iter();
    let materials: usize = materials
        .map(|one| MATERIAL_BYTES + one.name.len() + one.note.len())
        .sum();
    let conditions: usize = item.conditions.iter().map(String::len).sum();
    GUIDE_BYTES + materials + conditions
}

/// What a booklet is set from besides its guides.
#[derive(Debug, Clone)]
pub(crate) struct BookletOptions {
    /// Who publishes it and whether that is a demonstration.
    pub(crate) notice: NoticeOptions,
    /// The house's public address.
    pub(crate) origin: String,
    /// The organisation whose guides it holds; `None`: all.
    pub(crate) scope: Option<String>,
    /// Which booklet, from one, of how many.
    pub(crate) number: (usize, usize),
}

/// The data of a booklet. It is dated by the newest guide in it, so that the same guides print the same book.
pub(crate) fn booklet(items: &[Arc<ItemVersion>], options: &BookletOptions) -> Handbook {
    let day = items
        .iter()
        .map(|item| item.effective_from)
        .max()
        .unwrap_or(Date::ZERO);
    let (number, count) = options.number;
    let guides = items.iter().map(|item| HandbookGuide {
        address: format!("{}/guides/{}", options.origin, item.id),
        notice: one_time_notice(item, day, &options.notice),
    });
    Handbook {
        head: Head {
            number: None,
            organisation: options.notice.operator.clone(),
            issued_on: day,
            test_authority: options.notice.test_authority,
            seal: None,
            verification: None,
        },
        scope: options.scope.clone(),
        booklet: (count > 1).then(|| format!("第 {number} 册，共 {count} 册")),
        place: format!("{}/guides", options.origin),
        guides: guides.collect(),
    }
}

/// A finished booklet.
pub(crate) type Pdf = Arc<Vec<u8>>;

/// Sets booklets, one at a time, and keeps them.
#[derive(Clone)]
pub(crate) struct Press {
    booklets: Cache<String, Arc<OnceCell<Pdf>>>,
    turn: Arc<Semaphore>,
}

impl Press {
    pub(crate) fn new() -> Self {
        Self {
            booklets: Cache::new(BOOKLETS_AT_HAND),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    /// The booklet of a key, set by `make` unless it is there; `None` when it is still being set. The work goes
    /// on when nobody waits any more, and several who ask for one booklet wait for the same work.
    ///
    /// # Errors
    /// When it cannot be set; the next request tries again.
    pub(crate) async fn fetch(
        &self,
        key: String,
        make: impl FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static,
    ) -> Result<Option<Pdf>, Failure> {
        let cell = self.booklets.get_with(key, || Arc::new(OnceCell::new()));
        if let Some(pdf) = cell.get() {
            return Ok(Some(Arc::clone(pdf)));
        }
        let turn = Arc::clone(&self.turn);
        let work = tokio::spawn(async move {
            let set = async {
                let _turn = turn.acquire_owned().await.map_err(Failure::internal)?;
                let pdf = tokio::task::spawn_blocking(make).await;
                pdf.map_err(Failure::internal)?
                    .map(Arc::new)
                    .map_err(Failure::internal)
            };
            cell.get_or_try_init(|| set).await.cloned()
        });
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(done) => done.map_err(Failure::internal)?.map(Some),
            Err(_still_at_work) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use wuchuang_kernel::ItemId;

    use super::*;

    fn version(number: u128, materials: usize) -> Arc<ItemVersion> {
        Arc::new(ItemVersion {
            id: ItemId::from_u128(number),
            version: 1,
            effective_from: date(2026, 11, 23),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
            content: ItemContent {
                materials: vec![crate::model::ItemMaterial::default(); materials],
                ..ItemContent::default()
            },
        })
    }

    #[test]
    fn booklets_hold_everything_once_and_stay_within_bounds() {
        for (count, materials, expected) in [
            (0, 3, vec![]),
            (1, 100, vec![1]),
            (100, 2, vec![100]),
            (101, 2, vec![100, 1]),
            (20, 90, vec![10, 10]),
        ] {
            let items: Vec<_> = (0..count)
                .map(|number| version(number, materials))
                .collect();
            let bound = booklets(&items);
            let sizes: Vec<usize> = bound.iter().map(Vec::len).collect();
            assert_eq!(sizes, expected, "{count} items of {materials} materials");
            assert_eq!(bound.concat(), items);
        }
    }

    #[tokio::test]
    async fn a_booklet_is_set_once_and_a_failure_is_not_kept() {
        let press = Press::new();
        let failed = press
            .fetch("a".to_owned(), || {
                Err(DocumentError::TooManyPages { pages: 201 })
            })
            .await;
        assert!(failed.is_err());
        let first = press.fetch("a".to_owned(), || Ok(vec![1])).await.unwrap();
        let again = press.fetch("a".to_owned(), || Ok(vec![2])).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(*first.unwrap(), vec![1]);
    }
}
