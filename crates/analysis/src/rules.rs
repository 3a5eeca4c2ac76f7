//! What follows from the figures: pure rules. The thresholds are this system's own, not those of a law; the howto names them.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use wuchuang_kernel::{ItemId, OrganisationId};

use crate::{
    figures::{Figures, Series},
    model::suggestion::{Grounds, SuggestionKind},
    pairs::Pair,
};

/// From how many applications in three years on figures say anything.
pub(crate) const APPLIED_MIN: i64 = 20;
/// 下放: from how many percent of one town on.
pub(crate) const TOWN_PERCENT: i64 = 60;
/// 优化指南: from how many percent sent back on.
pub(crate) const SENT_BACK_PERCENT: i64 = 30;
/// 上网: from how many percent at the counter on.
pub(crate) const COUNTER_PERCENT: i64 = 70;
/// 上网 of an item that is not online: from how many applications on.
pub(crate) const OFFLINE_MIN: i64 = 60;
/// 一件事: from how many percent of the item that is asked less on.
pub(crate) const PAIR_PERCENT: i64 = 30;
/// 增设窗口: from how many applications at the counter in a month on.
pub(crate) const WINDOW_MIN: i64 = 60;

/// What is known of an item over three years.
#[derive(Debug, Clone)]
pub(crate) struct ItemFacts {
    pub(crate) item: ItemId,
    pub(crate) name: String,
    pub(crate) department: OrganisationId,
    /// Whether one can apply without coming.
    pub(crate) is_online: bool,
    /// Whether it has been in the catalogue for all of the three years.
    pub(crate) is_old: bool,
    pub(crate) figures: Figures,
    /// How many applications came through a counter, by month.
    pub(crate) counter: Series,
    /// How many came from people of a town, with the town's name, where the town is known.
    pub(crate) towns: Vec<(String, i64)>,
    /// The names of the towns that it was delegated to.
    pub(crate) delegated: HashSet<String>,
}

impl ItemFacts {
    fn grounds(&self, kind: SuggestionKind, (part, whole): (i64, i64)) -> Grounds {
        Grounds {
            kind,
            item: self.item,
            item_name: self.name.clone(),
            department: self.department,
            other: None,
            place: String::new(),
            whole,
            part,
            is_online: self.is_online,
        }
    }

    fn delegate(&self) -> Option<Grounds> {
        let whole: i64 = self.towns.iter().map(|(_, number)| number).sum();
        let (town, part) = self.towns.iter().max_by_key(|(_, number)| *number)?;
        let is_due = whole >= APPLIED_MIN
            && part * 100 >= whole * TOWN_PERCENT
            && !self.delegated.contains(town);
        is_due.then(|| Grounds {
            place: town.clone(),
            ..self.grounds(SuggestionKind::Delegate, (*part, whole))
        })
    }

    fn guide(&self) -> Option<Grounds> {
        // Earlier years do not tell what was sent back.
        let whole = self.figures.own;
        let part = (self.figures.corrected + self.figures.not_accepted).min(whole);
        let is_due = whole >= APPLIED_MIN && part * 100 >= whole * SENT_BACK_PERCENT;
        is_due.then(|| self.grounds(SuggestionKind::Guide, (part, whole)))
    }

    fn online(&self) -> Option<Grounds> {
        let whole = self.figures.applied;
        let part: i64 = self.counter.numbers.iter().sum();
        let least = if self.is_online {
            APPLIED_MIN
        } else {
            OFFLINE_MIN
        };
        let is_due = whole >= least && part * 100 >= whole * COUNTER_PERCENT;
        is_due.then(|| self.grounds(SuggestionKind::Online, (part, whole)))
    }

    fn cancel(&self) -> Option<Grounds> {
        let is_due = self.is_old && self.figures.applied == 0;
        is_due.then(|| self.grounds(SuggestionKind::Cancel, (0, 0)))
    }

    fn window(&self) -> Option<Grounds> {
        let peaks = self.counter.peaks();
        let (month, part) = peaks.into_iter().max_by_key(|(_, number)| *number)?;
        (part >= WINDOW_MIN).then(|| Grounds {
            place: month.words(),
            ..self.grounds(SuggestionKind::Window, (part, self.counter.usual()))
        })
    }
}

/// What is suggested for an item. `covers_all`: whether the figures reach back three years, so that nothing means nothing.
pub(crate) fn of_item(facts: &ItemFacts, covers_all: bool) -> Vec<Grounds> {
    let cancel = if covers_all { facts.cancel() } else { None };
    [
        facts.delegate(),
        facts.guide(),
        facts.online(),
        cancel,
        facts.window(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is suggested for a pair that is not in a bundle together yet: `applicants` asked for both.
pub(crate) fn of_pair(
    (one, other): (&ItemFacts, &ItemFacts),
    applicants: i64,
    joined: &HashSet<Pair>,
) -> Option<Grounds> {
    let pair = (one.item.min(other.item), one.item.max(other.item));
    let whole = one.figures.applied.min(other.figures.applied);
    let is_due = !joined.contains(&pair) && whole > 0 && applicants * 100 >= whole * PAIR_PERCENT;
    let (one, other) = if one.item == pair.0 {
        (one, other)
    } else {
        (other, one)
    };
    is_due.then(|| Grounds {
        other: Some((other.item, other.name.clone())),
        ..one.grounds(SuggestionKind::Join, (applicants, whole))
    })
}
