//! The schema: released changes are never edited, a database that was upgraded step by step equals a
//! fresh one, and no two slices share a table.

use std::collections::BTreeSet;

use expect_test::expect_file;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wuchuang_app::slices::migrations;
use wuchuang_ledger::{
    Database, migrate,
    storage::{Backend, list},
    testing,
};

#[derive(Deserialize)]
struct Line {
    line: String,
}

/// Everything that the engine knows of its tables and indexes, in order.
async fn schema(database: &Database) -> Vec<String> {
    let sql = match database.backend() {
        Backend::Postgres => {
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') AS line
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY line"
        }
        Backend::Sqlite => "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master ORDER BY line",
    };
    let lines: Vec<Line> = list(database.read(), sql, []).await.unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

#[tokio::test]
async fn an_upgraded_database_equals_a_fresh_one() {
    let all = migrations();
    let (fresh, upgraded) = (testing::databases().await, testing::databases().await);
    for ((engine, fresh), (_, upgraded)) in fresh.into_iter().zip(upgraded) {
        migrate(&fresh, &all).await.unwrap();
        for count in 1..=all.len() {
            migrate(&upgraded, &all[..count]).await.unwrap();
        }
        assert!(
            migrate(&upgraded, &all).await.unwrap().is_empty(),
            "{engine}"
        );
        let expected = schema(&fresh).await;
        assert!(expected.len() > all.len(), "{engine}");
        assert_eq!(schema(&upgraded).await, expected, "{engine}");
    }
}

#[test]
fn released_changes_are_never_edited() {
    let lines: Vec<String> = migrations()
        .iter()
        .map(|migration| {
            let digest = Sha256::digest(migration.statements.join(";\n"));
            format!("{} {}", migration.name, hex::encode(&digest[..8]))
        })
        .collect();
    expect_file!["migrations.txt"].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn no_two_slices_share_a_table_and_every_table_has_its_region() {
    let mut tables = BTreeSet::new();
    for migration in migrations() {
        assert!(!migration.reason.is_empty(), "{}", migration.name);
        for statement in migration.statements {
            let Some(rest) = statement.strip_prefix("CREATE TABLE ") else {
                continue;
            };
            let name = rest.split([' ', '(']).next().unwrap();
            assert!(tables.insert(name.to_owned()), "{name} is made twice");
            assert!(
                rest.contains("region TEXT NOT NULL"),
                "{name} has no region"
            );
        }
    }
    assert!(tables.len() > 5);
}
