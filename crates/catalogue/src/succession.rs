//! 归类合并, for everybody who asks for an item: which one is asked for in the place of one that was withdrawn into it. Chains are followed to an item that is in
//! force, so that an old link, code or word of the search never leads to nothing that could lead on.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use wuchuang_kernel::ItemId;
use wuchuang_ledger::LoadError;

use crate::{
    Catalogue,
    model::{
        ItemVersion,
        grouping::{GROUPING_STREAM, Grouping, ItemGroups},
    },
    store::Succession,
};

/// How many mergers are followed one after the other.
const MERGERS_MAX: usize = 10;

/// The items that went into others.
#[derive(Debug, Default)]
pub(crate) struct Successions(HashMap<ItemId, (ItemId, String)>);

impl Successions {
    pub(crate) fn of(rows: Vec<Succession>) -> Self {
        let read = |row: Succession| {
            let (item, into) = (row.item.parse().ok()?, row.successor.parse().ok()?);
            Some((item, (into, row.name)))
        };
        Self(rows.into_iter().filter_map(read).collect())
    }

    /// The first item on the way from one that `stands`; none when the way ends or goes in a circle before.
    pub(crate) fn after(&self, item: ItemId, stands: impl Fn(ItemId) -> bool) -> Option<ItemId> {
        let mut next = self.0.get(&item);
        for _ in 0..MERGERS_MAX {
            let (into, _) = next?;
            if stands(*into) {
                return Some(*into);
            }
            next = self.0.get(into);
        }
        None
    }

    /// The names under which people may still ask for an item, by item: those of all that went into it and do not stand themselves.
    pub(crate) fn former_names(
        &self,
        stands: impl Fn(ItemId) -> bool,
    ) -> BTreeMap<ItemId, Vec<String>> {
        let mut names: BTreeMap<ItemId, Vec<String>> = BTreeMap::new();
        for (item, (_, name)) in &self.0 {
            if !stands(*item)
                && let Some(into) = self.after(*item, &stands)
            {
                names.entry(into).or_default().push(name.clone());
            }
        }
        for names in names.values_mut() {
            names.sort_unstable();
        }
        names
    }

    /// The items whose way leads to nothing: their successors ended too, or lead back to them.
    pub(crate) fn dead_ends(&self, stands: impl Fn(ItemId) -> bool) -> Vec<(ItemId, String)> {
        let lost = self
            .0
            .iter()
            .filter(|(item, _)| !stands(**item) && self.after(**item, &stands).is_none());
        let mut lost: Vec<_> = lost
            .map(|(item, (_, name))| (*item, name.clone()))
            .collect();
        lost.sort_by(|one, other| one.1.cmp(&other.1));
        lost
    }
}

impl Catalogue {
    /// The item in force that is asked for in the place of one that went into it (归类合并); `None` when nothing stands there.
    pub fn successor(&self, item: ItemId) -> Option<Arc<ItemVersion>> {
        let snapshot = self.snapshot();
        let into = snapshot
            .successions
            .after(item, |item| self.published(item).is_some())?;
        self.published(into)
    }

    /// The items that went into others of which nothing stands any more, with their names: whoever opens their guides is told that
    /// they ended, and nothing else.
    pub(crate) fn dead_ends(&self) -> Vec<(ItemId, String)> {
        self.snapshot()
            .successions
            .dead_ends(|item| self.published(item).is_some())
    }

    /// The groups of items (归类), with their place in the stream.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn groups(&self) -> Result<(i64, Arc<ItemGroups>), LoadError> {
        let ledger = self.ledger();
        let groups = ledger.load::<Grouping>(self.region(), GROUPING_STREAM);
        Ok(groups.await?.unwrap_or_default())
    }

    /// The other items in force of an item's group, with the name of the group; `None` when it stands in none or alone.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn kin(
        &self,
        item: ItemId,
    ) -> Result<Option<(String, Vec<Arc<ItemVersion>>)>, LoadError> {
        let (_, groups) = self.groups().await?;
        let Some((_, group)) = groups.group_of(item) else {
            return Ok(None);
        };
        let others = group.items.iter().filter(|other| **other != item);
        let others: Vec<_> = others.filter_map(|other| self.published(*other)).collect();
        Ok((!others.is_empty()).then(|| (group.name.clone(), others)))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn successions(rows: &[(u128, u128)]) -> Successions {
        let id = |number| ItemId::from_u128(number).to_string();
        let row = |(item, into): &(u128, u128)| Succession {
            item: id(*item),
            name: format!("事项{item}"),
            successor: id(*into),
        };
        Successions::of(rows.iter().map(row).collect())
    }

    /// 1 → 2 → 3 in force; 4 → 5, which ended; 6 and 7 into each other; 8 goes into 3 but still stands.
    #[test]
    fn ways_lead_to_what_stands_and_circles_to_nothing() {
        let all = successions(&[(1, 2), (2, 3), (4, 5), (6, 7), (7, 6), (8, 3)]);
        let stands = |item| [3, 8].map(ItemId::from_u128).contains(&item);
        let told: Vec<String> = (1..=8)
            .map(
                |number| match all.after(ItemId::from_u128(number), stands) {
                    Some(into) => format!("{number} → {}", into.uuid().as_u128()),
                    None => format!("{number} → -"),
                },
            )
            .collect();
        expect!["1 → 3, 2 → 3, 3 → -, 4 → -, 5 → -, 6 → -, 7 → -, 8 → 3"]
            .assert_eq(&told.join(", "));
        let former = all.former_names(stands);
        assert_eq!(former[&ItemId::from_u128(3)], ["事项1", "事项2"]);
        let lost: Vec<String> = all
            .dead_ends(stands)
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(lost, ["事项4", "事项6", "事项7"]);
    }

    #[test]
    fn a_very_long_way_ends() {
        let rows: Vec<(u128, u128)> = (1..40).map(|number| (number, number + 1)).collect();
        let all = successions(&rows);
        assert_eq!(
            all.after(ItemId::from_u128(1), |item| item == ItemId::from_u128(40)),
            None
        );
    }
}
