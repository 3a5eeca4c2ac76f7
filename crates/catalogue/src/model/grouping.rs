//! 归类: which items the county keeps together as one kind (梳理归类), and which pairs of alike items somebody looked at and keeps apart.
//! One stream a region, so that an item never stands in two groups, whoever is faster. Merging one item into another is a
//! withdrawal with a successor and belongs to the item.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{ItemId, PersonId, Rejection, StreamId};
use wuchuang_ledger::{Context, Stream};

/// The one stream of a region; the region itself tells counties apart.
pub const GROUPING_STREAM: StreamId =
    StreamId::from_u128(0x4954_454d_4752_4f55_5000_0000_0000_0001);

/// How many groups a county may have.
pub const GROUPS_MAX: usize = 500;
/// How many items a group may have.
pub const GROUP_ITEMS_MAX: usize = 50;
/// How many pairs may be kept apart.
const APART_MAX: usize = 5_000;
/// How many characters a group's name may have.
pub const GROUP_NAME_CHARACTERS_MAX: usize = 60;
/// How many characters a reason may have.
const REASON_CHARACTERS_MAX: usize = 500;

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct Grouping;

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum GroupingCommand {
    /// Makes a group, or writes one anew.
    Group {
        /// Which; `None` makes a new one.
        group: Option<u32>,
        /// What it is called.
        name: String,
        /// Its items, at least two.
        items: Vec<ItemId>,
    },
    /// Takes a group apart.
    Dissolve {
        /// Which.
        group: u32,
    },
    /// Two items that are alike stay two.
    KeepApart {
        /// One.
        one: ItemId,
        /// The other.
        other: ItemId,
        /// Why.
        reason: String,
    },
    /// Two items that were kept apart are compared again.
    CompareAgain {
        /// One.
        one: ItemId,
        /// The other.
        other: ItemId,
    },
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupingEvent {
    /// A group was made or written anew.
    Grouped {
        /// Which.
        group: u32,
        /// What it is called.
        name: String,
        /// Its items.
        items: Vec<ItemId>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// A group was taken apart.
    Dissolved {
        /// Which.
        group: u32,
        /// By whom.
        by: Option<PersonId>,
    },
    /// Two items stay two.
    KeptApart {
        /// One.
        one: ItemId,
        /// The other.
        other: ItemId,
        /// Why.
        reason: String,
        /// By whom.
        by: Option<PersonId>,
    },
    /// Two items are compared again.
    ComparedAgain {
        /// One.
        one: ItemId,
        /// The other.
        other: ItemId,
        /// By whom.
        by: Option<PersonId>,
    },
}

/// A group of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemGroup {
    /// What it is called.
    pub name: String,
    /// Its items, in the order in which they were given.
    pub items: Vec<ItemId>,
    /// When it was last written.
    pub at: Timestamp,
}

/// Why two items stay two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// All groups of a county, and the pairs that are kept apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemGroups {
    /// The groups by number.
    pub groups: BTreeMap<u32, ItemGroup>,
    /// The pairs, the smaller item first.
    pub apart: BTreeMap<(ItemId, ItemId), Apart>,
    /// The last number that was given.
    last: u32,
}

impl ItemGroups {
    /// The group of an item.
    pub fn group_of(&self, item: ItemId) -> Option<(u32, &ItemGroup)> {
        let mut groups = self.groups.iter();
        let found = groups.find(|(_, group)| group.items.contains(&item));
        found.map(|(number, group)| (*number, group))
    }

    /// Whether somebody has already said what becomes of two items: they are of one kind, or stay two.
    pub fn is_settled(&self, one: ItemId, other: ItemId) -> bool {
        let of = |item| self.group_of(item).map(|(number, _)| number);
        self.apart.contains_key(&pair(one, other)) || (of(one).is_some() && of(one) == of(other))
    }
}

/// A pair, the smaller item first.
fn pair(one: ItemId, other: ItemId) -> (ItemId, ItemId) {
    (one.min(other), one.max(other))
}

impl Stream for Grouping {
    const KIND: &'static str = "item_grouping";
    type State = ItemGroups;
    type Command = GroupingCommand;
    type Event = GroupingEvent;

    fn decide(
        state: &ItemGroups,
        command: &GroupingCommand,
        context: &Context<'_>,
    ) -> Result<Vec<GroupingEvent>, Rejection> {
        let by = context.actor.person;
        match command {
            GroupingCommand::Group { group, name, items } => {
                grouped(state, *group, (name, items), by)
            }
            GroupingCommand::Dissolve { group } => {
                if !state.groups.contains_key(group) {
                    return Err(no_group());
                }
                Ok(vec![GroupingEvent::Dissolved { group: *group, by }])
            }
            GroupingCommand::KeepApart { one, other, reason } => {
                let (one, other) = pair(*one, *other);
                kept_apart(state, (one, other), reason, by)
            }
            GroupingCommand::CompareAgain { one, other } => {
                let (one, other) = pair(*one, *other);
                if !state.apart.contains_key(&(one, other)) {
                    return Ok(Vec::new());
                }
                Ok(vec![GroupingEvent::ComparedAgain { one, other, by }])
            }
        }
    }

    fn apply(state: &mut ItemGroups, event: &GroupingEvent, recorded_at: Timestamp) {
        match event {
            GroupingEvent::Grouped {
                group, name, items, ..
            } => {
                state.last = state.last.max(*group);
                state.groups.insert(
                    *group,
                    ItemGroup {
                        name: name.clone(),
                        items: items.clone(),
                        at: recorded_at,
                    },
                );
            }
            GroupingEvent::Dissolved { group, .. } => {
                state.groups.remove(group);
            }
            GroupingEvent::KeptApart {
                one,
                other,
                reason,
                by,
            } => {
                state.apart.insert(
                    (*one, *other),
                    Apart {
                        reason: reason.clone(),
                        by: *by,
                        at: recorded_at,
                    },
                );
            }
            GroupingEvent::ComparedAgain { one, other, .. } => {
                state.apart.remove(&(*one, *other));
            }
        }
    }
}

fn no_group() -> Rejection {
    let text = "没有这一类，可能同事刚刚取消了归类。请刷新页面。";
    Rejection::new("group_missing", text).at("group")
}

fn grouped(
    state: &ItemGroups,
    group: Option<u32>,
    (name, items): (&str, &[ItemId]),
    by: Option<PersonId>,
) -> Result<Vec<GroupingEvent>, Rejection> {
    let name = name.trim();
    let characters = name.chars().count();
    if characters == 0 || characters > GROUP_NAME_CHARACTERS_MAX {
        let text = format!(
            "请写这一类的名称（最多 {GROUP_NAME_CHARACTERS_MAX} 字），例如：户外广告和招牌。"
        );
        return Err(Rejection::new("group_name", text).at("name"));
    }
    let others = || {
        let others = state.groups.iter();
        others.filter(|(number, _)| Some(**number) != group)
    };
    if let Some((_, same)) = others().find(|(_, other)| other.name == name) {
        let text = format!("已经有一类叫“{}”。请换一个名称，或者改那一类。", same.name);
        return Err(Rejection::new("group_name_taken", text).at("name"));
    }
    let mut seen = BTreeSet::new();
    let items: Vec<ItemId> = items
        .iter()
        .copied()
        .filter(|item| seen.insert(*item))
        .collect();
    if items.len() < 2 || items.len() > GROUP_ITEMS_MAX {
        let text = format!(
            "一类有 2 到 {GROUP_ITEMS_MAX} 个事项，现在有 {} 个。请增减事项。",
            items.len()
        );
        return Err(Rejection::new("group_items", text).at("items"));
    }
    if let Some((_, taken)) =
        others().find(|(_, other)| other.items.iter().any(|item| seen.contains(item)))
    {
        let text = format!(
            "有事项已经归在“{}”。一个事项只归一类，请先从那一类里去掉。",
            taken.name
        );
        return Err(Rejection::new("group_item_taken", text).at("items"));
    }
    match group {
        Some(number) if !state.groups.contains_key(&number) => return Err(no_group()),
        Some(number)
            if state.groups[&number].name == name && state.groups[&number].items == items =>
        {
            return Ok(Vec::new());
        }
        None if state.groups.len() >= GROUPS_MAX => {
            let text = format!("最多 {GROUPS_MAX} 类，已经满了。请先取消不用的归类。");
            return Err(Rejection::new("groups_full", text));
        }
        _ => {}
    }
    Ok(vec![GroupingEvent::Grouped {
        group: group.unwrap_or(state.last + 1),
        name: name.to_owned(),
        items,
        by,
    }])
}

fn kept_apart(
    state: &ItemGroups,
    (one, other): (ItemId, ItemId),
    reason: &str,
    by: Option<PersonId>,
) -> Result<Vec<GroupingEvent>, Rejection> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
        let text = "请写明为什么不合并（最多 500 字），例如：审批权限在不同的部门。";
        return Err(Rejection::new("reason_missing", text).at("reason"));
    }
    if one == other {
        let text = "这是同一个事项。请选两个事项。";
        return Err(Rejection::new("same_item", text).at("other"));
    }
    if state.apart.len() >= APART_MAX && !state.apart.contains_key(&(one, other)) {
        let text = format!("已经有 {APART_MAX} 对事项不合并，不能再加。请先把不再需要的重新比较。");
        return Err(Rejection::new("apart_full", text));
    }
    Ok(vec![GroupingEvent::KeptApart {
        one,
        other,
        reason: reason.to_owned(),
        by,
    }])
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use wuchuang_calendar::Calendar;
    use wuchuang_kernel::{Actor, Channel};

    use super::*;

    fn item(number: u128) -> ItemId {
        ItemId::from_u128(number)
    }

    fn act(state: &mut ItemGroups, command: &GroupingCommand) -> String {
        let context = Context {
            region: "610924".parse().unwrap(),
            stream: GROUPING_STREAM,
            now: Timestamp::UNIX_EPOCH,
            actor: &Actor::SYSTEM,
            channel: Channel::System,
            calendar: &Calendar::weekdays_only(),
            number: None,
        };
        match Grouping::decide(state, command, &context) {
            Ok(events) => {
                for event in &events {
                    Grouping::apply(state, event, Timestamp::UNIX_EPOCH);
                }
                format!("{} event", events.len())
            }
            Err(refusal) => format!(
                "{} @{} {}",
                refusal.code,
                refusal.field.unwrap_or_default(),
                refusal.public
            ),
        }
    }

    fn group(group: Option<u32>, name: &str, items: &[u128]) -> GroupingCommand {
        GroupingCommand::Group {
            group,
            name: name.to_owned(),
            items: items.iter().copied().map(item).collect(),
        }
    }

    fn check(commands: &[GroupingCommand], expected: Expect) {
        let mut state = ItemGroups::default();
        let told: Vec<String> = commands
            .iter()
            .map(|command| act(&mut state, command))
            .collect();
        let groups: Vec<String> = state
            .groups
            .iter()
            .map(|(number, group)| format!("{number} {} {}", group.name, group.items.len()))
            .collect();
        expected.assert_eq(&format!(
            "{}\n= {} / {} apart",
            told.join("\n"),
            groups.join("、"),
            state.apart.len()
        ));
    }

    #[test]
    fn an_item_stands_in_one_group_at_most() {
        check(
            &[
                group(None, " 户外广告 ", &[1, 2, 2]),
                group(None, "户外广告", &[3, 4]),
                group(None, "招牌", &[2, 3]),
                group(None, "招牌", &[3, 4]),
                group(Some(1), "户外广告", &[1, 2]),
                group(Some(1), "户外广告", &[1, 2, 5]),
                group(Some(9), "别的", &[7, 8]),
            ],
            expect![[r#"
                1 event
                group_name_taken @name 已经有一类叫“户外广告”。请换一个名称，或者改那一类。
                group_item_taken @items 有事项已经归在“户外广告”。一个事项只归一类，请先从那一类里去掉。
                1 event
                0 event
                1 event
                group_missing @group 没有这一类，可能同事刚刚取消了归类。请刷新页面。
                = 1 户外广告 3、2 招牌 2 / 0 apart"#]],
        );
    }

    #[test]
    fn a_group_has_a_name_and_two_items_and_may_be_taken_apart() {
        check(
            &[
                group(None, "", &[1, 2]),
                group(None, &"长".repeat(61), &[1, 2]),
                group(None, "一个", &[1, 1]),
                group(None, "多", &(0..51).collect::<Vec<_>>()),
                group(None, "两个", &[1, 2]),
                GroupingCommand::Dissolve { group: 1 },
                GroupingCommand::Dissolve { group: 1 },
                group(None, "又一个", &[1, 2]),
            ],
            expect![[r#"
                group_name @name 请写这一类的名称（最多 60 字），例如：户外广告和招牌。
                group_name @name 请写这一类的名称（最多 60 字），例如：户外广告和招牌。
                group_items @items 一类有 2 到 50 个事项，现在有 1 个。请增减事项。
                group_items @items 一类有 2 到 50 个事项，现在有 51 个。请增减事项。
                1 event
                1 event
                group_missing @group 没有这一类，可能同事刚刚取消了归类。请刷新页面。
                1 event
                = 2 又一个 2 / 0 apart"#]],
        );
    }

    #[test]
    fn what_is_kept_apart_has_a_reason_and_may_be_compared_again() {
        let apart = |one, other, reason: &str| GroupingCommand::KeepApart {
            one: item(one),
            other: item(other),
            reason: reason.to_owned(),
        };
        check(
            &[
                apart(2, 1, " "),
                apart(1, 1, "同一个"),
                apart(2, 1, "权限在不同的部门"),
                apart(1, 2, "权限在不同的部门"),
                GroupingCommand::CompareAgain {
                    one: item(2),
                    other: item(1),
                },
                GroupingCommand::CompareAgain {
                    one: item(2),
                    other: item(1),
                },
            ],
            expect![[r#"
                reason_missing @reason 请写明为什么不合并（最多 500 字），例如：审批权限在不同的部门。
                same_item @other 这是同一个事项。请选两个事项。
                1 event
                1 event
                1 event
                0 event
                =  / 0 apart"#]],
        );
        let mut state = ItemGroups::default();
        act(&mut state, &apart(2, 1, "不同"));
        act(&mut state, &group(None, "一类", &[3, 4]));
        assert!(state.is_settled(item(1), item(2)) && state.is_settled(item(4), item(3)));
        assert!(!state.is_settled(item(1), item(3)) && !state.is_settled(item(1), item(5)));
    }
}
