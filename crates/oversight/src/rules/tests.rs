//! What each rule finds, and that the same fact has the same identifier.

use expect_test::expect;
use jiff::civil::date;
use wuchuang_catalogue::model::{Department, ItemContent};
use wuchuang_delegations::{Delegation, DelegationWay};
use wuchuang_kernel::{Actor, ActorKind, CaseId, PersonId, PostId};

use super::*;
use crate::model::{
    entry::{Entered, Exempted, ExemptionGround},
    hall::Authorisation,
};

const DEPARTMENT: OrganisationId = OrganisationId::from_u128(1);
const CENTRE: OrganisationId = OrganisationId::from_u128(2);
const TOWN: OrganisationId = OrganisationId::from_u128(3);
const OTHER: OrganisationId = OrganisationId::from_u128(4);
const ITEM: ItemId = ItemId::from_u128(5);

fn deed(
    organisation: OrganisationId,
    channel: Channel,
    at: &str,
    is_decision: bool,
) -> HandledDeed {
    HandledDeed {
        seq: 7,
        case: CaseId::from_u128(6),
        case_number: "610924SCJG20261120000001".to_owned(),
        item: ITEM,
        item_name: "食品经营许可核发".to_owned(),
        department: DEPARTMENT,
        is_instant: false,
        is_decision,
        actor: Actor {
            person: Some(PersonId::from_u128(8)),
            program: None,
            kind: ActorKind::Staff {
                post: PostId::from_u128(9),
                organisation,
            },
        },
        channel,
        at: at.parse().unwrap(),
        received_at: "2026-11-18T02:00:00Z".parse().unwrap(),
    }
}

fn given(extent: Extent, from: Date, until: Option<Date>) -> Given {
    Given {
        item: ITEM,
        delegation: Delegation {
            organisation: TOWN,
            organisation_name: "城关镇便民服务中心".to_owned(),
            way: DelegationWay::Entrusted,
            extent,
            from,
            until,
            document: "公告".to_owned(),
        },
    }
}

/// Asks a rule in a house of four organisations.
fn ask<T>(
    delegations: &[Given],
    halls: &HashMap<OrganisationId, HallState>,
    rule: impl Fn(&Grounds<'_>) -> T,
) -> T {
    let names = [
        (DEPARTMENT, "市场监督管理局"),
        (CENTRE, "政务服务中心"),
        (TOWN, "城关镇便民服务中心"),
        (OTHER, "公安局"),
    ];
    let names = names
        .into_iter()
        .map(|(id, name)| (id, name.to_owned()))
        .collect();
    rule(&Grounds {
        calendar: &Calendar::embedded(),
        centre: Some(CENTRE),
        names: &names,
        delegations,
        halls,
    })
}

#[test]
fn counters_work_in_office_hours() {
    let cases = [
        (Channel::Counter, "2026-11-20T01:00:00Z"), // Friday 9:00
        (Channel::Counter, "2026-11-20T04:30:00Z"), // 12:30
        (Channel::Counter, "2026-11-20T09:29:59Z"), // 17:29
        (Channel::Counter, "2026-11-20T09:30:00Z"), // 17:30
        (Channel::Counter, "2026-11-21T02:00:00Z"), // Saturday
        (Channel::Counter, "2026-10-10T02:00:00Z"), // a Saturday that is worked (调休)
        (Channel::Counter, "2026-10-01T02:00:00Z"), // a holiday
        (Channel::Office, "2026-11-21T02:00:00Z"),
    ];
    let told = cases.map(|(channel, at)| {
        let deed = deed(DEPARTMENT, channel, at, false);
        let found = ask(&[], &HashMap::new(), |grounds| {
            outside_hours(&deed, grounds)
        });
        found.map_or_else(|| "—".to_owned(), |found| found.opening.evidence)
    });
    expect![[r#"
        —
        工作日的办公时间以外，窗口在 2026-11-20 12:30 受理了办件 610924SCJG20261120000001（食品经营许可核发）。
        —
        工作日的办公时间以外，窗口在 2026-11-20 17:30 受理了办件 610924SCJG20261120000001（食品经营许可核发）。
        非工作日，窗口在 2026-11-21 10:00 受理了办件 610924SCJG20261120000001（食品经营许可核发）。
        —
        非工作日，窗口在 2026-10-01 10:00 受理了办件 610924SCJG20261120000001（食品经营许可核发）。
        —"#]].assert_eq(&told.join("\n"));
}

#[test]
fn who_neither_owns_nor_stands_for_an_item_is_found() {
    let at = "2026-11-20T02:00:00Z";
    let none = HashSet::new();
    let meant: HashSet<String> = ["公安局".to_owned()].into();
    let receipt = [given(Extent::Receipt, date(2026, 11, 2), None)];
    let whole = [given(
        Extent::Whole,
        date(2026, 11, 2),
        Some(date(2026, 11, 18)),
    )];
    let over = [given(
        Extent::Whole,
        date(2026, 11, 2),
        Some(date(2026, 11, 17)),
    )];
    let mut instant = deed(CENTRE, Channel::Counter, at, true);
    instant.is_instant = true;
    let of = |organisation, is_decision| deed(organisation, Channel::Office, at, is_decision);
    let cases: [(&str, HandledDeed, &[Given], &HashSet<String>); 10] = [
        ("its owner", of(DEPARTMENT, true), &[], &none),
        ("the centre accepts", of(CENTRE, false), &[], &none),
        ("the centre decides", of(CENTRE, true), &[], &none),
        ("the centre settles at once", instant, &[], &none),
        ("the town accepts", of(TOWN, false), &receipt, &none),
        (
            "the town decides, may receive",
            of(TOWN, true),
            &receipt,
            &none,
        ),
        (
            "the town finishes what it took in",
            of(TOWN, true),
            &whole,
            &none,
        ),
        ("the town decides too late", of(TOWN, true), &over, &none),
        ("somebody else", of(OTHER, true), &[], &none),
        ("a task is meant for them", of(OTHER, true), &[], &meant),
    ];
    let told: Vec<String> = cases
        .into_iter()
        .map(|(what, deed, delegations, words)| {
            let found = ask(delegations, &HashMap::new(), |grounds| {
                outsider(&deed, words, grounds)
            });
            let found = found.map_or("—", |found| found.opening.rule.name());
            format!("{what}: {found}")
        })
        .collect();
    expect![[r#"
        its owner: —
        the centre accepts: —
        the centre decides: 无权单位办理
        the centre settles at once: —
        the town accepts: —
        the town decides, may receive: 无权单位办理
        the town finishes what it took in: —
        the town decides too late: 无权单位办理
        somebody else: 无权单位办理
        a task is meant for them: —"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn decisions_without_authority_are_one_finding_a_day() {
    let deeds = [
        deed(DEPARTMENT, Channel::Office, "2026-11-20T02:00:00Z", true),
        deed(DEPARTMENT, Channel::Office, "2026-11-20T03:00:00Z", true),
        deed(DEPARTMENT, Channel::Office, "2026-11-20T03:00:00Z", false),
        deed(DEPARTMENT, Channel::Office, "2026-11-23T03:00:00Z", true),
        deed(TOWN, Channel::Office, "2026-11-20T03:00:00Z", true),
    ];
    let authorised = |scope: AuthorityScope, from: Date| {
        let hall = HallState {
            authorisations: vec![Authorisation {
                person: PersonId::from_u128(8),
                scope: [scope].into(),
                from,
                until: None,
                document: "授权书".to_owned(),
            }],
            facts: Vec::new(),
        };
        HashMap::from([(DEPARTMENT, hall)])
    };
    let tell = |halls: &HashMap<OrganisationId, HallState>| {
        let found = ask(&[], halls, |grounds| without_authority(&deeds, grounds));
        let evidence = found.into_iter().map(|found| found.opening.evidence);
        evidence.collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        2026-11-20，市场监督管理局没有首席代表得到“审批”的书面授权，当天作出 2 个决定，第一个是办件 610924SCJG20261120000001（食品经营许可核发）。
        2026-11-23，市场监督管理局没有首席代表得到“审批”的书面授权，当天作出 1 个决定，第一个是办件 610924SCJG20261120000001（食品经营许可核发）。"#]].assert_eq(&tell(&HashMap::new()));
    expect!["2026-11-20，市场监督管理局没有首席代表得到“审批”的书面授权，当天作出 2 个决定，第一个是办件 610924SCJG20261120000001（食品经营许可核发）。"].assert_eq(&tell(&authorised(
        AuthorityScope::Decide,
        date(2026, 11, 23),
    )));
    expect![[""]].assert_eq(&tell(&authorised(
        AuthorityScope::Decide,
        date(2026, 11, 2),
    )));
}

#[test]
fn items_outside_are_found_once_for_each_time_that_they_are() {
    let version = ItemVersion {
        id: ITEM,
        version: 1,
        effective_from: date(2026, 11, 2),
        cancelled_on: None,
        published_at: "2026-11-02T02:00:00Z".parse().unwrap(),
        published_by: None,
        content: ItemContent {
            name: "食品经营许可核发".to_owned(),
            department: Department {
                id: DEPARTMENT,
                name: "市场监督管理局".to_owned(),
                code: "SCJG".to_owned(),
            },
            ..ItemContent::default()
        },
    };
    let entered = |from| {
        EntryStanding::In(Entered {
            place: CENTRE,
            place_name: "政务服务中心".to_owned(),
            from,
            document: "通知".to_owned(),
        })
    };
    let exempt = |until| {
        EntryStanding::Exempt(Exempted {
            ground: ExemptionGround::Premises,
            document: "批复".to_owned(),
            until,
        })
    };
    let standings = [
        (0, EntryStanding::Missing),
        (2, EntryStanding::Missing),
        (1, entered(date(2026, 11, 20))),
        (1, entered(date(2026, 12, 1))),
        (1, exempt(date(2026, 11, 23))),
        (1, exempt(date(2026, 11, 22))),
    ];
    let mut ids = HashSet::new();
    let told: Vec<String> = standings
        .into_iter()
        .map(|(changes, standing)| {
            let state = EntryState {
                standing,
                changes,
                taken_back: String::new(),
            };
            let entries = HashMap::from([(ITEM, state)]);
            let look = || items_outside(&[&version], &entries, date(2026, 11, 23));
            assert_eq!(look(), look(), "the same fact has the same identifier");
            let found = look().pop();
            found.map_or_else(
                || "—".to_owned(),
                |found| {
                    assert!(ids.insert(found.id), "another fact, another identifier");
                    found.opening.evidence
                },
            )
        })
        .collect();
    expect![[r#"
        “食品经营许可核发”已经公布，既没有进驻大厅，也没有批准不进驻。
        “食品经营许可核发”已经公布，既没有进驻大厅，也没有批准不进驻。
        —
        —
        —
        “食品经营许可核发”经批准不进驻（场地限制），到 2026-11-22 为止，到期后没有进驻，也没有重新审批。"#]].assert_eq(&told.join("\n"));
}
