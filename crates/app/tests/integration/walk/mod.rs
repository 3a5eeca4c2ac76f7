//! Random lives of the whole program: seeded, through the same doors as people and programs use, with a clock
//! that moves on and now and then back. After every few deeds each projection table is compared with what a
//! replay of the ledger gives.

mod deeds;
mod house;

use std::collections::BTreeSet;

use serde::Deserialize;
use wuchuang_ledger::storage::list;

use crate::harness::TestHouse;
use deeds::Walk;

/// How many deeds one walk has.
const DEEDS: u32 = 240;
/// After how many deeds the tables are compared.
const COMPARED_EVERY: u32 = 20;

/// What can happen to a case but cannot be met here, each with its reason: older ledgers hold the first two, and since endings
/// have their papers their second form is recorded instead; no item of this county carries rules (`office::rules` replays them).
const CASE_EVENTS_NEVER_MET: [&str; 5] = [
    "terminated",
    "withdrawn",
    "rules_evaluated",
    "rules_review_asked",
    "rules_reviewed",
];
/// What must have happened around the cases.
const HOUSE_EVENTS: [&str; 5] = [
    "message_template.edited",
    "message_template.restored",
    "staff.deactivated",
    "staff.reactivated",
    "staff.registered",
];

/// Every event that the source knows for a case, so that a new one is asked for here without anybody thinking of it.
fn case_events() -> BTreeSet<String> {
    let source = include_str!("../../../../cases/src/model/event.rs");
    let (_, body) = source.split_once("pub enum CaseEvent {").unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let variants = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        let end = name.find([' ', '(', ','])?;
        name.starts_with(|first: char| first.is_ascii_uppercase())
            .then_some(&name[..end])
    });
    let snake = |name: &str| {
        let mut text = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.push(letter.to_ascii_lowercase());
        }
        text
    };
    variants.map(snake).collect()
}

#[derive(Deserialize)]
struct Happened {
    what: String,
}

/// What happened in a house, as `kind.event`, a later form of an event as `kind.event_v2`.
async fn happened(test: &TestHouse) -> BTreeSet<String> {
    let rows: Vec<Happened> = list(
        test.house.ledger().database().read(),
        "SELECT DISTINCT stream_kind || '.' || event_type || CASE WHEN event_version > 1 THEN '_v' || event_version ELSE '' END AS what FROM event",
        [],
    )
    .await
    .unwrap();
    rows.into_iter().map(|row| row.what).collect()
}

/// Walks with each seed and tells what happened on the way.
async fn walk_all(house: impl AsyncFn() -> TestHouse, seeds: &[u64]) {
    let mut seen = BTreeSet::new();
    for seed in seeds {
        let test = house().await;
        let mut walk = Walk::begin(&test, *seed).await;
        for deed in 1..=DEEDS {
            walk.step().await;
            if deed % COMPARED_EVERY == 0 {
                test.check_ledger(&format!("seed {seed}, deed {deed}: {}", walk.trace()))
                    .await;
            }
        }
        walk.end().await;
        test.check_ledger(&format!("seed {seed}, the end")).await;
        seen.extend(happened(&test).await);
    }
    let events = case_events();
    assert!(events.len() > 20 && events.contains("supplement_supplied"));
    let missing: Vec<String> = events
        .into_iter()
        .filter(|event| !CASE_EVENTS_NEVER_MET.contains(&event.as_str()))
        .map(|event| format!("case.{event}"))
        .chain(HOUSE_EVENTS.map(str::to_owned))
        .filter(|what| !seen.contains(what))
        .collect();
    assert!(
        missing.is_empty(),
        "never happened: {missing:?} in {seen:?}"
    );
    let kinds: BTreeSet<&str> = seen
        .iter()
        .filter_map(|what| what.split('.').next())
        .collect();
    for kind in [
        "case",
        "citizen",
        "licence",
        "rating",
        "service_item",
        "staff",
    ] {
        assert!(
            kinds.contains(kind),
            "nothing happened to a {kind}: {kinds:?}"
        );
    }
}

#[tokio::test]
async fn random_lives_replay_to_the_same_tables_on_sqlite() {
    walk_all(TestHouse::sqlite, &[1, 2]).await;
}

#[tokio::test]
async fn random_lives_replay_to_the_same_tables_on_postgresql() {
    walk_all(TestHouse::postgres, &[1, 3]).await;
}
