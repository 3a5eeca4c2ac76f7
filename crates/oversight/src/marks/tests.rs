//! When each of the six marks is reached, and why not.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use jiff::civil::date;
use wuchuang_catalogue::model::ItemContent;
use wuchuang_kernel::OrganisationId;

use super::*;
use crate::model::{
    entry::{Entered, EntryStanding, Exempted, ExemptionGround},
    hall::{Authorisation, ConcentrationFact},
};

const CHIEF: PersonId = PersonId::from_u128(1);

fn item(number: u128) -> ItemVersion {
    ItemVersion {
        id: ItemId::from_u128(number),
        version: 1,
        effective_from: date(2026, 11, 2),
        cancelled_on: None,
        published_at: "2026-11-02T02:00:00Z".parse().unwrap(),
        published_by: None,
        content: ItemContent::default(),
    }
}

fn entered(from: Date) -> EntryStanding {
    EntryStanding::In(Entered {
        place: OrganisationId::from_u128(2),
        place_name: "政务服务中心".to_owned(),
        from,
        document: "通知".to_owned(),
    })
}

fn exempt(until: Date) -> EntryStanding {
    EntryStanding::Exempt(Exempted {
        ground: ExemptionGround::Secret,
        document: "批复".to_owned(),
        until,
    })
}

#[track_caller]
fn check(standings: &[EntryStanding], hall: &HallState, outside: i64, expected: &Expect) {
    let items: Vec<ItemVersion> = (1..).take(standings.len()).map(item).collect();
    let refs: Vec<&ItemVersion> = items.iter().collect();
    let entries = items.iter().zip(standings).map(|(item, standing)| {
        let state = EntryState {
            standing: standing.clone(),
            changes: 1,
            taken_back: String::new(),
        };
        (item.id, state)
    });
    let standing = Standing {
        items: &refs,
        entries: &entries.collect(),
        hall,
        approvers: &HashSet::from([CHIEF]),
        outside,
        today: date(2026, 11, 23),
    };
    let mut told = String::new();
    for mark in standing.marks() {
        let sign = if mark.is_reached { "●" } else { "■" };
        let _ = writeln!(told, "{sign} {}：{}", mark.name, mark.reason);
    }
    expected.assert_eq(&told);
}

fn hall(person: PersonId, scope: &[AuthorityScope]) -> HallState {
    HallState {
        authorisations: vec![Authorisation {
            person,
            scope: scope.iter().copied().collect(),
            from: date(2026, 11, 2),
            until: None,
            document: "授权书".to_owned(),
        }],
        facts: vec![ConcentrationFact {
            what: Concentration::Functions,
            document: "批复".to_owned(),
            from: date(2026, 11, 2),
        }],
    }
}

#[test]
fn a_department_that_has_all_but_its_people() {
    let standings = [entered(date(2026, 11, 23)), exempt(date(2026, 11, 23))];
    check(
        &standings,
        &hall(CHIEF, &AuthorityScope::ALL),
        0,
        &expect![[r#"
            ● 职能集中：2026-11-02，批复
            ■ 人员集中：没有登记依据的文件
            ● 事项集中：2 个已公布事项都登记了进驻或者不进驻
            ● 事项进驻到位：应进驻 1 个，都已进驻；经批准不进驻 1 个
            ● 审批授权到位：首席代表得到受理、审批、用章的书面授权
            ● 电子监察到位：事项都在账本上办理，没有未办结的体外审批线索
        "#]],
    );
}

#[test]
fn what_is_missing_is_told() {
    let standings = [
        entered(date(2026, 11, 24)),
        exempt(date(2026, 11, 22)),
        EntryStanding::Missing,
    ];
    let scope = [AuthorityScope::Accept, AuthorityScope::Decide];
    check(
        &standings,
        &hall(CHIEF, &scope),
        2,
        &expect![[r#"
        ● 职能集中：2026-11-02，批复
        ■ 人员集中：没有登记依据的文件
        ■ 事项集中：1 个已公布事项没有登记
        ■ 事项进驻到位：应进驻 3 个，还有 3 个没有进驻
        ■ 审批授权到位：现任审批岗位没有人得到用章的书面授权
        ■ 电子监察到位：还有 2 条体外审批线索没有办结
    "#]],
    );
}

#[test]
fn whoever_left_the_post_represents_nobody() {
    let other = PersonId::from_u128(9);
    check(
        &[],
        &hall(other, &AuthorityScope::ALL),
        0,
        &expect![[r#"
        ● 职能集中：2026-11-02，批复
        ■ 人员集中：没有登记依据的文件
        ■ 事项集中：没有已公布的事项
        ■ 事项进驻到位：没有已公布的事项
        ■ 审批授权到位：现任审批岗位没有人得到受理、审批、用章的书面授权
        ■ 电子监察到位：没有已公布的事项
    "#]],
    );
}
