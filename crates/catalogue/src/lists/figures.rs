//! Figures over the items in force (acceptance rows 1.5 and 1.6): how many can be done online or with one
//! visit, and how far the promised limits are below those of the law. Counted each time, never stored.

use std::sync::Arc;

use crate::model::{ItemVersion, Tag};

/// The figures over some items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    /// How many items.
    pub(crate) total: usize,
    /// 网上可办: one can apply without coming.
    pub(crate) online: usize,
    /// 最多跑一次: at most one visit.
    pub(crate) one_visit: usize,
    /// 一次不跑: no visit at all.
    pub(crate) no_visit: usize,
    /// How many carry each tag, in the order of [`Tag::ALL`].
    pub(crate) tags: Vec<(Tag, usize)>,
    /// 不见面申请, 不见面审批, 不见面送达.
    pub(crate) without_meeting: [usize; 3],
    /// How many have a statutory limit that can be shortened at all.
    pub(crate) compared: usize,
    /// The mean compression of those, in tenths of a per cent.
    pub(crate) compression_tenths: Option<u32>,
}

impl Figures {
    /// Counts them.
    pub(crate) fn of<'a>(versions: impl Iterator<Item = &'a Arc<ItemVersion>>) -> Self {
        let versions: Vec<&ItemVersion> = versions.map(AsRef::as_ref).collect();
        let count = |which: &dyn Fn(&ItemVersion) -> bool| {
            versions.iter().filter(|version| which(version)).count()
        };
        Self {
            total: versions.len(),
            online: count(&|one| one.content.is_online()),
            one_visit: count(&|one| one.content.max_visits <= 1),
            no_visit: count(&|one| one.content.max_visits == 0),
            tags: Tag::ALL
                .iter()
                .map(|tag| (*tag, count(&|one| one.content.tags.contains(tag))))
                .collect(),
            without_meeting: [
                count(&|one| one.content.without_meeting.apply),
                count(&|one| one.content.without_meeting.review),
                count(&|one| one.content.without_meeting.deliver),
            ],
            compared: count(&|one| compression_tenths(one).is_some()),
            compression_tenths: average(versions.iter().copied()),
        }
    }
}

/// By how many tenths of a per cent the promised limit is shorter, rounded; `None` where the law already
/// says on the spot, because nothing can be shortened there. Limits in one unit are compared as they are;
/// a calendar week counts as five working days where the units differ.
pub(crate) fn compression_tenths(version: &ItemVersion) -> Option<u32> {
    let content = &version.content;
    let (statutory, promised) = (&content.statutory_limit, &content.promised_limit);
    let (statutory, promised) = if statutory.unit == promised.unit {
        (u32::from(statutory.value), u32::from(promised.value))
    } else {
        (
            statutory.hundredths_of_working_days(),
            promised.hundredths_of_working_days(),
        )
    };
    let saved = statutory.saturating_sub(promised);
    (saved * 1_000 + statutory / 2).checked_div(statutory)
}

/// The mean compression of items, in tenths of a per cent: each item counts once, however long its limit.
pub(crate) fn average<'a>(versions: impl Iterator<Item = &'a ItemVersion>) -> Option<u32> {
    let tenths: Vec<u32> = versions.filter_map(compression_tenths).collect();
    let count = u32::try_from(tenths.len()).ok()?;
    (tenths.iter().sum::<u32>() + count / 2).checked_div(count)
}

/// `79.5%`; a dash where there is nothing to compare.
pub(crate) fn percent(tenths: Option<u32>) -> String {
    tenths.map_or_else(
        || "—".to_owned(),
        |tenths| format!("{}.{}%", tenths / 10, tenths % 10),
    )
}

/// The share of a part, rounded to tenths of a per cent; a dash of nothing.
pub(crate) fn share(part: usize, total: usize) -> String {
    let tenths = (part * 1_000 + total / 2).checked_div(total);
    percent(tenths.and_then(|tenths| u32::try_from(tenths).ok()))
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use wuchuang_kernel::ItemId;

    use super::*;
    use crate::{
        exchange::{DEMONSTRATION, import_county},
        model::{ItemContent, TimeLimit},
    };

    fn version(statutory: TimeLimit, promised: TimeLimit) -> ItemVersion {
        ItemVersion {
            id: ItemId::from_u128(1),
            version: 1,
            effective_from: date(2026, 11, 23),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
            content: ItemContent {
                statutory_limit: statutory,
                promised_limit: promised,
                ..ItemContent::default()
            },
        }
    }

    #[test]
    fn limits_are_compared_in_their_units() {
        let (work, calendar) = (TimeLimit::working_days, TimeLimit::calendar_days);
        let table = [
            (work(20), work(5), "75.0%"),
            (work(3), work(1), "66.7%"),
            (work(10), TimeLimit::on_the_spot(), "100.0%"),
            (calendar(60), calendar(15), "75.0%"),
            (calendar(7), work(2), "60.0%"),
            (work(5), calendar(7), "0.0%"),
            (TimeLimit::on_the_spot(), TimeLimit::on_the_spot(), "—"),
        ];
        for (statutory, promised, expected) in table {
            let told = format!("{} {}", statutory.text(), promised.text());
            let tenths = compression_tenths(&version(statutory, promised));
            assert_eq!(percent(tenths), expected, "{told}");
        }
    }

    #[test]
    fn shares_are_rounded() {
        for (part, total, expected) in [
            (595, 603, "98.7%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (5, 5, "100.0%"),
            (0, 7, "0.0%"),
            (0, 0, "—"),
        ] {
            assert_eq!(share(part, total), expected, "{part} of {total}");
        }
    }

    #[test]
    fn the_demonstrations_figures_are_counted_from_its_items() {
        let items = import_county(DEMONSTRATION, "610924".parse().unwrap()).unwrap();
        let versions: Vec<Arc<ItemVersion>> = items
            .into_iter()
            .map(|item| {
                let mut one = version(TimeLimit::on_the_spot(), TimeLimit::on_the_spot());
                one.content = item.content;
                Arc::new(one)
            })
            .collect();
        let figures = Figures::of(versions.iter());
        assert_eq!(figures.total, 40);
        // The county's file states 0.795, because it sets 15 working days against 60 calendar days as if they
        // were days alike; three of its items have such limits.
        assert_eq!(percent(figures.compression_tenths), "78.3%");
        let tagged = |tag| figures.tags.iter().find(|(one, _)| *one == tag).unwrap().1;
        assert_eq!(tagged(Tag::Online), figures.online);
        assert_eq!(tagged(Tag::OneVisit), figures.one_visit);
        assert!(figures.no_visit <= figures.one_visit && figures.compared < figures.total);
    }
}
