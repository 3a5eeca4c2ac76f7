//! Commands: decided once, written whole or not at all, answered the same when sent again.

use std::sync::atomic::Ordering;

use serde::Deserialize;
use wuchuang_kernel::{PersonId, Personal};
use wuchuang_ledger::{ExecuteError, Expected, storage};

use crate::house::{House, NotebookCommand, line, region};

#[derive(Deserialize)]
struct Count {
    count: i64,
}

async fn count(house: &House, sql: &str) -> i64 {
    let row: Option<Count> = storage::find(house.database.read(), sql, [])
        .await
        .expect("the table reads");
    row.map_or(0, |row| row.count)
}

#[tokio::test]
async fn the_same_key_gives_the_first_answer_and_the_same_number() {
    for house in House::both().await {
        let first = house
            .send(1, 10, NotebookCommand::Open, Expected::Any)
            .await
            .expect("the first time");
        let again = house
            .send(1, 10, NotebookCommand::Open, Expected::Any)
            .await
            .expect("the same key");
        assert_eq!(first, again, "{}", house.engine);
        assert_eq!(first.number, Some(1));
        assert_eq!(
            count(&house, "SELECT COUNT(*) AS count FROM event").await,
            1
        );
        // After a restart the answer is still the same.
        let restarted = House::on(house.engine, house.database.clone());
        let later = restarted
            .send(1, 10, NotebookCommand::Open, Expected::Any)
            .await
            .expect("the same key after a restart");
        assert_eq!(first, later, "{}", house.engine);
    }
}

#[tokio::test]
async fn a_key_is_good_for_one_command_only() {
    for house in House::both().await {
        house
            .send(1, 10, NotebookCommand::Open, Expected::Any)
            .await
            .expect("the first command");
        let other = house.send(1, 10, line(1, "other"), Expected::Any).await;
        assert!(
            matches!(other, Err(ExecuteError::KeyReused)),
            "{}",
            house.engine
        );
        let elsewhere = house
            .send(2, 10, NotebookCommand::Open, Expected::Any)
            .await;
        assert!(
            matches!(elsewhere, Err(ExecuteError::KeyReused)),
            "{}",
            house.engine
        );
    }
}

#[tokio::test]
async fn versions_are_checked() {
    for house in House::both().await {
        let unknown = house.send(1, 1, line(1, "a"), Expected::Existing).await;
        assert!(matches!(unknown, Err(ExecuteError::UnknownStream { .. })));
        house
            .send(1, 2, NotebookCommand::Open, Expected::Version(0))
            .await
            .expect("a new stream");
        house
            .send(1, 3, line(1, "a"), Expected::Version(1))
            .await
            .expect("the version that was seen");
        let stale = house.send(1, 4, line(1, "b"), Expected::Version(1)).await;
        assert!(
            matches!(
                stale,
                Err(ExecuteError::StaleVersion {
                    expected: 1,
                    actual: 2
                })
            ),
            "{}",
            house.engine
        );
        // A stale command is not kept: with the right version the same key is good.
        house
            .send(1, 4, line(1, "b"), Expected::Version(2))
            .await
            .expect("the right version");
    }
}

#[tokio::test]
async fn a_refusal_is_kept_and_answered_again() {
    for house in House::both().await {
        for _ in 0..2 {
            let refused = house.send(1, 5, line(1, ""), Expected::Any).await;
            let Err(ExecuteError::Rejected(rejection)) = refused else {
                panic!("{}: an empty line was taken", house.engine);
            };
            assert_eq!(rejection.code, "line_empty");
            assert_eq!(rejection.field.as_deref(), Some("line"));
        }
        assert_eq!(
            count(
                &house,
                "SELECT COUNT(*) AS count FROM command WHERE outcome = 'rejected'"
            )
            .await,
            1
        );
        assert_eq!(
            count(&house, "SELECT COUNT(*) AS count FROM event").await,
            0
        );
    }
}

#[tokio::test]
async fn one_failing_projection_spoils_its_own_command_only() {
    for house in House::both().await {
        house.lines.fails.store(true, Ordering::Relaxed);
        let (good, bad, also_good) = tokio::join!(
            house.send(1, 1, line(1, "good"), Expected::Any),
            house.send(2, 2, line(1, "fail"), Expected::Any),
            house.send(3, 3, line(1, "also good"), Expected::Any),
        );
        good.expect("the first command");
        also_good.expect("the third command");
        assert!(
            matches!(bad, Err(ExecuteError::Storage(_))),
            "{}",
            house.engine
        );
        assert_eq!(count(&house, "SELECT COUNT(*) AS count FROM line").await, 2);
        assert_eq!(
            count(&house, "SELECT COUNT(*) AS count FROM event").await,
            2
        );
        assert_eq!(house.state(2).await.lines.len(), 0);
        // Once the fault is mended, the same key goes through.
        house.lines.fails.store(false, Ordering::Relaxed);
        house
            .send(2, 2, line(1, "fail"), Expected::Any)
            .await
            .expect("after the fault was mended");
        let report = house
            .ledger
            .verify(region())
            .await
            .expect("the chain reads");
        assert_eq!(report.findings, vec![], "{}", house.engine);
    }
}

#[tokio::test]
async fn two_hundred_at_once_never_share_a_number_and_keep_the_chain() {
    for house in House::both().await {
        let sends = (1..=200_u128)
            .map(|key| house.send(key, key, NotebookCommand::Open, Expected::Version(0)));
        let mut numbers: Vec<u64> = futures::future::join_all(sends)
            .await
            .into_iter()
            .map(|answer| answer.expect("every command").number.expect("a number"))
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<_>>(), "{}", house.engine);
        let report = house
            .ledger
            .verify(region())
            .await
            .expect("the chain reads");
        assert_eq!((report.records, report.findings.len()), (200, 0));
    }
}

#[tokio::test]
async fn two_servers_on_one_database_see_each_other() {
    for house in House::both().await {
        let other = House::on(house.engine, house.database.clone());
        for turn in 0..10_u128 {
            let server = if turn % 2 == 0 { &house } else { &other };
            server
                .send(
                    1,
                    turn + 1,
                    line(1, "turn"),
                    Expected::Version(i64::try_from(turn).unwrap()),
                )
                .await
                .expect("each server sees what the other wrote");
        }
        assert_eq!(house.state(1).await.lines.len(), 10, "{}", house.engine);
        assert_eq!(other.state(1).await.lines.len(), 10, "{}", house.engine);
    }
}

#[tokio::test]
async fn an_event_that_is_too_large_is_refused_whole() {
    for house in House::both().await {
        let long = "长".repeat(100_000);
        let refused = house
            .send(
                1,
                1,
                NotebookCommand::WriteTwice(Personal::new(PersonId::from_u128(1), long)),
                Expected::Any,
            )
            .await;
        assert!(
            matches!(refused, Err(ExecuteError::TooLarge { .. })),
            "{}",
            house.engine
        );
        assert_eq!(
            count(&house, "SELECT COUNT(*) AS count FROM event").await,
            0
        );
    }
}
