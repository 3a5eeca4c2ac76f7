//! 归类合并 (acceptance row 1.12): which items in force are so alike that the county may make one of them, with what speaks for
//! it. Items that share a national code are one matter already and stand in 四级四同 (`super::sameness`).
//!
//! Nobody compares all with all: two items are compared when they share a mark (two letters of the name, a material, a
//! citation) that at most [`MARK_ITEMS_MAX`] items bear. What more items bear says nothing: every second one asks for an
//! identity card.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wuchuang_kernel::ItemId;

use super::sameness::code_of;
use crate::model::{ItemContent, ItemVersion};

/// A mark that more items bear is too common to be one.
const MARK_ITEMS_MAX: usize = 30;
/// How much must be alike, in percent.
const ALIKE_MIN: usize = 60;
/// How many pairs are shown.
const PAIRS_MAX: usize = 200;
/// How much each side of an item counts.
const WEIGHTS: [usize; 4] = [40, 35, 15, 10];

/// One of two items that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    /// The item.
    pub(crate) item: String,
    /// Its name.
    pub(crate) name: String,
    /// Who does it.
    pub(crate) organisation: String,
}

/// Two items that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// One.
    pub(crate) one: Side,
    /// The other.
    pub(crate) other: Side,
    /// How much is alike, in percent.
    pub(crate) percent: usize,
    /// What speaks for it, in words with figures.
    pub(crate) reasons: Vec<String>,
}

/// What is compared of an item.
struct Marks {
    name: String,
    letters: BTreeSet<String>,
    materials: BTreeSet<String>,
    citations: BTreeSet<String>,
    conditions: BTreeSet<String>,
}

impl Marks {
    fn of(content: &ItemContent) -> Self {
        let letters: Vec<char> = content
            .name
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        let tidy = |text: &str| text.trim().to_owned();
        Self {
            name: tidy(&content.name),
            letters: letters.windows(2).map(|two| two.iter().collect()).collect(),
            materials: content
                .materials
                .iter()
                .map(|material| tidy(&material.name))
                .collect(),
            citations: content
                .legal_basis
                .iter()
                .map(crate::model::LegalBasis::citation)
                .collect(),
            conditions: content.conditions.iter().map(|text| tidy(text)).collect(),
        }
    }

    /// Its sides, in the order of [`WEIGHTS`].
    fn sides(&self) -> [&BTreeSet<String>; 4] {
        [
            &self.letters,
            &self.materials,
            &self.citations,
            &self.conditions,
        ]
    }

    /// Its marks, each with the number of its side, so that a material is no condition.
    fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        let sides = self.sides().into_iter().enumerate();
        sides.flat_map(|(side, marks)| marks.iter().map(move |mark| (side, mark.as_str())))
    }
}

/// The pairs of items that are alike, the most alike first; without those of which somebody has said what becomes of them.
pub(crate) fn similar(
    published: &[Arc<ItemVersion>],
    is_settled: impl Fn(ItemId, ItemId) -> bool,
) -> Vec<Pair> {
    let marks: Vec<Marks> = published
        .iter()
        .map(|version| Marks::of(&version.content))
        .collect();
    let mut pairs: Vec<Pair> = met(&marks)
        .into_iter()
        .filter(|(one, other)| {
            let code = |index: usize| code_of(&published[index].content);
            let id = |index: usize| published[index].id;
            (code(*one).is_none() || code(*one) != code(*other))
                && !is_settled(id(*one), id(*other))
        })
        .filter_map(|(one, other)| {
            let (percent, reasons) = alike(&marks[one], &marks[other]);
            (percent >= ALIKE_MIN).then(|| Pair {
                one: side(&published[one]),
                other: side(&published[other]),
                percent,
                reasons,
            })
        })
        .collect();
    pairs.sort_by(|one, other| {
        let key = |pair: &Pair| (pair.one.name.clone(), pair.other.name.clone());
        other
            .percent
            .cmp(&one.percent)
            .then(key(one).cmp(&key(other)))
    });
    pairs.truncate(PAIRS_MAX);
    pairs
}

/// Which items share a mark, each pair once.
fn met(marks: &[Marks]) -> BTreeSet<(usize, usize)> {
    let mut bearers: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (index, one) in marks.iter().enumerate() {
        for mark in one.all() {
            bearers.entry(mark).or_default().push(index);
        }
    }
    let mut met = same_names(marks);
    for bearers in bearers.values().filter(|all| all.len() <= MARK_ITEMS_MAX) {
        for (place, one) in bearers.iter().enumerate() {
            met.extend(bearers[place + 1..].iter().map(|other| (*one, *other)));
        }
    }
    met
}

/// Items of the very same name, each with the next: forty towns that write one item for themselves are more than a mark allows.
fn same_names(marks: &[Marks]) -> BTreeSet<(usize, usize)> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, one) in marks.iter().enumerate() {
        named.entry(&one.name).or_default().push(index);
    }
    let next = |same: &Vec<usize>| {
        let pairs = same.windows(2).map(|two| (two[0], two[1]));
        pairs.collect::<Vec<_>>()
    };
    named.values().flat_map(next).collect()
}

fn side(version: &ItemVersion) -> Side {
    Side {
        item: version.id.to_string(),
        name: version.content.name.clone(),
        organisation: version.content.department.name.clone(),
    }
}

/// How much is alike, with what it is. A side that neither has counts nothing.
fn alike(one: &Marks, other: &Marks) -> (usize, Vec<String>) {
    let mut reasons = Vec::new();
    let (mut reached, mut whole) = (0, 0);
    let sides = one.sides().into_iter().zip(other.sides());
    for (index, ((one, other), weight)) in sides.zip(WEIGHTS).enumerate() {
        let all = one.union(other).count();
        let shared = one.intersection(other).count();
        if all == 0 {
            continue;
        }
        whole += weight;
        reached += weight * shared * 100 / all;
        if shared > 0 {
            reasons.push(match index {
                0 => format!("名称有 {} % 的字词相同", shared * 100 / all),
                1 => format!("{all} 种材料中 {shared} 种相同"),
                2 => format!("{all} 条设定依据中 {shared} 条相同"),
                _ => format!("{all} 项受理条件中 {shared} 项相同"),
            });
        }
    }
    (reached.checked_div(whole).unwrap_or(0), reasons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ItemMaterial;
    use expect_test::expect;
    use jiff::{Timestamp, civil::date};

    fn version(number: u128, name: &str, materials: &[&str], code: &str) -> Arc<ItemVersion> {
        let material = |name: &&str| ItemMaterial {
            name: (*name).to_owned(),
            ..ItemMaterial::default()
        };
        Arc::new(ItemVersion {
            id: ItemId::from_u128(number),
            version: 1,
            content: ItemContent {
                name: name.to_owned(),
                national_code: code.to_owned(),
                materials: materials.iter().map(material).collect(),
                ..ItemContent::default()
            },
            effective_from: date(2026, 1, 1),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
        })
    }

    fn told(items: &[Arc<ItemVersion>]) -> String {
        let pairs = similar(items, |_, _| false).into_iter();
        pairs
            .map(|pair| {
                let reasons = pair.reasons.join("；");
                format!(
                    "{} ~ {} {} %：{reasons}\n",
                    pair.one.name, pair.other.name, pair.percent
                )
            })
            .collect()
    }

    #[test]
    fn what_is_alike_is_said_with_figures_and_what_is_not_is_left_out() {
        let papers = ["申请表", "身份证", "营业执照"];
        expect![[r#"
            户外广告设置许可 ~ 户外广告设施设置许可 88 %：名称有 77 % 的字词相同；3 种材料中 3 种相同
        "#]].assert_eq(&told(&[
            version(1, "户外广告设置许可", &papers, ""),
            version(2, "户外广告设施设置许可", &papers, ""),
            version(3, "城市建筑垃圾处置核准", &["申请表", "处置方案"], ""),
            version(4, "特困人员认定", &["身份证"], ""),
        ]));
    }

    #[test]
    fn one_matter_in_two_places_is_not_merged() {
        let items = [
            version(1, "失业登记", &["身份证"], "00201400100301"),
            version(2, "失业登记", &["身份证"], "00201400100301"),
        ];
        assert_eq!(told(&items), "");
    }

    #[test]
    fn what_is_settled_is_not_told_again_and_forty_of_one_name_are_chained() {
        let papers = ["申请表", "身份证"];
        let towns: Vec<_> = (0..40)
            .map(|town| version(town, "临时救助初审", &papers, ""))
            .collect();
        assert_eq!(similar(&towns, |_, _| false).len(), 39);
        let first = ItemId::from_u128(0);
        let rest = similar(&towns, |one, other| one == first || other == first);
        assert_eq!(rest.len(), 38);
    }

    #[test]
    fn what_every_item_asks_for_is_no_mark_and_the_work_is_bounded() {
        let many: Vec<Arc<ItemVersion>> = (0..2_000)
            .map(|number: u32| {
                let letter = |shift: u32| char::from_u32(0x4e00 + number * 4 + shift).unwrap();
                let name: String = (0..4).map(letter).collect();
                version(u128::from(number), &name, &["身份证"], "")
            })
            .collect();
        let marks: Vec<Marks> = many.iter().map(|one| Marks::of(&one.content)).collect();
        assert_eq!(met(&marks).len(), 0);
        assert!(similar(&many, |_, _| false).is_empty());
    }
}
