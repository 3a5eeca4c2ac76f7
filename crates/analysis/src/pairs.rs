//! Which items the same applicants ask for soon after each other (candidates for 一件事 and 合并).
//!
//! One walk over the digests of applicants in their order finds all pairs: memory grows with the pairs of items and not
//! with the applicants. What one applicant adds is bounded: somebody who applies for many others says nothing about what
//! one person needs, so only the last applications count, of few items.

use std::collections::{BTreeSet, HashMap};

use wuchuang_kernel::ItemId;

/// How many days lie at most between two applications that belong together.
pub(crate) const DAYS_MAX: i64 = 90;
/// How many applicants a pair has before it is shown: fewer could be recognised.
pub(crate) const APPLICANTS_MIN: i64 = 5;
/// How many of an applicant's applications are looked at, the last ones.
pub(crate) const ASKED_MAX: usize = 60;
/// How many items of one applicant make pairs.
const ITEMS_MAX: usize = 20;
/// How many pairs are counted at once; a county with more items than that joins its similar ones first.
const PAIRS_MAX: usize = 200_000;

const DAY_US: i64 = 86_400_000_000;

/// Two items, the smaller first.
pub(crate) type Pair = (ItemId, ItemId);

/// The pairs of one applicant: what they asked for, and when in microseconds, in the order of time.
pub(crate) fn pairs_of(asked: &[(ItemId, i64)]) -> BTreeSet<Pair> {
    let asked = &asked[asked.len().saturating_sub(ASKED_MAX)..];
    let mut items = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    for (place, (item, at)) in asked.iter().enumerate() {
        if items.len() == ITEMS_MAX && !items.contains(item) {
            continue;
        }
        items.insert(*item);
        let earlier = asked[..place].iter().rev();
        let near = earlier.take_while(|(_, before)| at - before <= DAYS_MAX * DAY_US);
        for (other, _) in near {
            if other != item && items.contains(other) {
                pairs.insert((*item.min(other), *item.max(other)));
            }
        }
    }
    pairs
}

/// How many applicants each pair has, counted along the walk.
#[derive(Debug, Default)]
pub(crate) struct PairCount {
    subject: String,
    asked: Vec<(ItemId, i64)>,
    counted: HashMap<Pair, i64>,
}

impl PairCount {
    /// The next application; those of one applicant follow each other, in the order of time.
    pub(crate) fn add(&mut self, subject: &str, item: ItemId, at_us: i64) {
        if self.subject != subject {
            self.close();
            subject.clone_into(&mut self.subject);
        }
        if self.asked.len() == ASKED_MAX {
            self.asked.remove(0);
        }
        self.asked.push((item, at_us));
    }

    fn close(&mut self) {
        for pair in pairs_of(&self.asked) {
            let room = self.counted.len() < PAIRS_MAX;
            if let Some(number) = self.counted.get_mut(&pair) {
                *number += 1;
            } else if room {
                self.counted.insert(pair, 1);
            }
        }
        self.asked.clear();
    }

    /// The pairs that may be shown.
    pub(crate) fn finish(mut self) -> Vec<(Pair, i64)> {
        self.close();
        let mut found: Vec<_> = self
            .counted
            .into_iter()
            .filter(|(_, applicants)| *applicants >= APPLICANTS_MIN)
            .collect();
        found.sort_unstable();
        found
    }
}
