//! 优化前后 (acceptance row 1.10): what the versions of an item have saved since the first one that was published: steps,
//! materials, visits and days. Counted from the versions themselves, so that nobody reports what was not published.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use wuchuang_kernel::ItemId;

use crate::model::{ItemContent, ItemVersion};

/// What an application costs by one version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// 环节: steps before the decision.
    pub(crate) steps: i64,
    /// 材料: materials that every applicant must bring.
    pub(crate) materials: i64,
    /// 跑动: visits.
    pub(crate) visits: i64,
    /// 承诺时限, in hundredths of working days.
    pub(crate) time: i64,
}

impl Cost {
    /// What they are called, in the order of [`Self::figures`].
    pub(crate) const NAMES: [&'static str; 4] = ["环节", "材料", "跑动次数", "承诺工作日"];

    fn of(content: &ItemContent) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let wanted = content.materials.iter().filter(|it| it.is_required());
        Self {
            steps: count(content.steps.len()),
            materials: count(wanted.count()),
            visits: i64::from(content.max_visits),
            time: i64::from(content.promised_limit.hundredths_of_working_days()),
        }
    }

    /// The figures as they are shown: days rounded to one place.
    pub(crate) fn figures(self) -> [String; 4] {
        let plain = |number: i64| number.to_string();
        [
            plain(self.steps),
            plain(self.materials),
            plain(self.visits),
            days(self.time),
        ]
    }

    fn add(&mut self, other: Self) {
        self.steps += other.steps;
        self.materials += other.materials;
        self.visits += other.visits;
        self.time += other.time;
    }
}

/// `2.5`; whole days without a place.
fn days(hundredths: i64) -> String {
    let tenths = (hundredths + 5) / 10;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// One item before and after.
pub(crate) struct Optimised {
    /// The version in force.
    pub(crate) version: Arc<ItemVersion>,
    /// From when the first version was in force.
    pub(crate) since: Date,
    /// By the first version.
    pub(crate) before: Cost,
    /// By the one in force.
    pub(crate) after: Cost,
}

/// The report.
pub(crate) struct Optimisation {
    /// Items that were published again, those with the greatest saving of time first.
    pub(crate) items: Vec<Optimised>,
    /// All of them together, before and after.
    pub(crate) total: (Cost, Cost),
}

/// Compares the versions in force with the first ones.
pub(crate) fn optimisation(
    all: &[Arc<ItemVersion>],
    first: &HashMap<ItemId, ItemVersion>,
) -> Optimisation {
    let items = all.iter().filter_map(|version| {
        let first = first.get(&version.id)?;
        (first.version < version.version).then(|| Optimised {
            since: first.effective_from,
            before: Cost::of(&first.content),
            after: Cost::of(&version.content),
            version: Arc::clone(version),
        })
    });
    let mut items: Vec<Optimised> = items.collect();
    items.sort_by_key(|item| item.after.time - item.before.time);
    let mut total = (Cost::default(), Cost::default());
    for item in &items {
        total.0.add(item.before);
        total.1.add(item.after);
    }
    Optimisation { items, total }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::model::{ItemMaterial, ItemStep, TimeLimit};

    fn version(number: u32, days: u16, steps: usize, materials: usize) -> ItemVersion {
        let content = ItemContent {
            promised_limit: TimeLimit::working_days(days),
            steps: vec![ItemStep::review(); steps],
            materials: vec![ItemMaterial::default(); materials],
            ..ItemContent::default()
        };
        ItemVersion {
            id: ItemId::from_u128(1),
            version: number,
            content,
            effective_from: date(2026, 1, 1),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
        }
    }

    #[test]
    fn only_what_was_published_again_is_compared() {
        let first = HashMap::from([(ItemId::from_u128(1), version(1, 20, 3, 5))]);
        let same = optimisation(&[Arc::new(version(1, 20, 3, 5))], &first);
        assert!(same.items.is_empty());
        let better = optimisation(&[Arc::new(version(3, 5, 2, 4))], &first);
        assert_eq!(better.items.len(), 1);
        assert_eq!(better.total.0.figures(), ["3", "5", "1", "20"]);
        assert_eq!(better.total.1.figures(), ["2", "4", "1", "5"]);
    }

    #[test]
    fn days_have_one_place_at_most() {
        for (hundredths, words) in [(0, "0"), (500, "5"), (250, "2.5"), (71, "0.7")] {
            assert_eq!(days(hundredths), words, "{hundredths}");
        }
    }
}
