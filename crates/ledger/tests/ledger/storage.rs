//! The door to the engines: the same behaviour on both.

use serde::Deserialize;
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Connection, Value, execute, find, list},
    testing::databases,
};

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Place {
    name: String,
    people: i64,
    is_town: bool,
    note: Option<String>,
    founded: Option<i64>,
}

#[derive(Deserialize)]
struct Count {
    count: i64,
}

async fn table(database: &Database) {
    database
        .write()
        .run_text("CREATE TABLE place (name TEXT NOT NULL PRIMARY KEY, people BIGINT NOT NULL, is_town BOOLEAN NOT NULL, note TEXT, founded BIGINT)")
        .await
        .expect("a table can be made");
}

async fn put<C: Connection>(connection: &C, name: &str, people: i64) -> Result<u64, StorageError> {
    execute(
        connection,
        "INSERT INTO place (name, people, is_town, note, founded) VALUES ($1, $2, $3, $4, $5)",
        [
            name.into(),
            people.into(),
            true.into(),
            Value::Text(None),
            Value::Integer(None),
        ],
    )
    .await
}

async fn count(database: &Database) -> i64 {
    let sql = "SELECT COUNT(*) AS count FROM place";
    let row: Option<Count> = find(database.read(), sql, [])
        .await
        .expect("the table can be read");
    row.expect("a count is one row").count
}

#[tokio::test]
async fn values_come_back_as_they_went_in_and_one_placeholder_may_stand_twice() {
    for (engine, database) in databases().await {
        table(&database).await;
        assert_eq!(
            put(database.write(), "蒿坪镇", 7).await.unwrap(),
            1,
            "{engine}"
        );
        let sql = "SELECT name, people, is_town, note, founded FROM place WHERE people >= $2 AND name = $1 AND people <= $2";
        let found: Vec<Place> = list(database.read(), sql, ["蒿坪镇".into(), 7_i64.into()])
            .await
            .unwrap();
        let expected = Place {
            name: "蒿坪镇".into(),
            people: 7,
            is_town: true,
            note: None,
            founded: None,
        };
        assert_eq!(found, [expected], "{engine}");
    }
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for (engine, database) in databases().await {
        table(&database).await;
        let dropped = database.begin().await.unwrap();
        put(&dropped, "a", 1).await.unwrap();
        drop(dropped);
        let rolled_back = database.begin().await.unwrap();
        put(&rolled_back, "b", 1).await.unwrap();
        rolled_back.rollback().await.unwrap();
        let kept = database.begin().await.unwrap();
        put(&kept, "c", 1).await.unwrap();
        assert_eq!(count(&database).await, 0, "{engine}: nobody sees it before");
        kept.commit().await.unwrap();
        assert_eq!(count(&database).await, 1, "{engine}");
    }
}

#[tokio::test]
async fn a_refused_statement_leaves_the_next_transaction_alone() {
    for (engine, database) in databases().await {
        table(&database).await;
        let transaction = database.begin().await.unwrap();
        put(&transaction, "a", 1).await.unwrap();
        let twice = put(&transaction, "a", 1).await.unwrap_err();
        assert!(matches!(twice, StorageError::Database(_)), "{engine}");
        drop(transaction);
        let transaction = database.begin().await.unwrap();
        put(&transaction, "b", 1).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(count(&database).await, 1, "{engine}");
    }
}

#[tokio::test]
async fn a_missing_value_is_an_error_and_no_empty_row() {
    for (engine, database) in databases().await {
        table(&database).await;
        let sql = "SELECT COUNT(*) AS count FROM place WHERE name = $1 AND people = $2";
        let found = find::<Count, _>(database.read(), sql, ["a".into()]).await;
        assert!(found.is_err(), "{engine}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_write_and_read_at_once_and_the_log_is_carried_over() {
    for (engine, database) in databases().await {
        table(&database).await;
        let writers = (0..8_i64).map(|writer| {
            let database = database.clone();
            tokio::spawn(async move {
                for round in 0..20_i64 {
                    let transaction = database.begin().await.unwrap();
                    for row in 0..100 {
                        let name = format!("{writer}-{round}-{row}");
                        put(&transaction, &name, row).await.unwrap();
                    }
                    transaction.commit().await.unwrap();
                    // Whole transactions or nothing.
                    assert_eq!(count(&database).await % 100, 0);
                }
            })
        });
        futures::future::try_join_all(writers).await.unwrap();
        assert_eq!(count(&database).await, 16_000, "{engine}");
        database.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_database_says_so_and_a_file_that_is_none_does_not_open() {
    for (engine, database) in databases().await {
        table(&database).await;
        let other = database.clone();
        database.close().await.unwrap();
        let read = find::<Count, _>(other.read(), "SELECT COUNT(*) AS count FROM place", []).await;
        assert!(
            matches!(read, Err(StorageError::Unreachable(_))),
            "{engine}"
        );
        let written = put(other.write(), "a", 1).await;
        assert!(
            matches!(written, Err(StorageError::Unreachable(_))),
            "{engine}"
        );
    }
    let opened = Database::open("sqlite:/nowhere/at/all.db?mode=rwc").await;
    assert!(matches!(opened, Err(StorageError::Unreachable(_))));
}

#[tokio::test]
async fn readers_cannot_write_on_sqlite() {
    let database = wuchuang_ledger::testing::sqlite().await;
    table(&database).await;
    assert!(put(database.read(), "a", 1).await.is_err());
    assert_eq!(count(&database).await, 0);
}
