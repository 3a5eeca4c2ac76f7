//! Databases for tests: every test that touches storage runs on both engines.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::storage::{Connection, Database};

/// The environment variable that names the PostgreSQL server for tests.
pub const POSTGRES: &str = "WUCHUANG_TEST_POSTGRES";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A fresh database on each engine, without any tables, with the engine's name.
///
/// # Panics
/// When a database cannot be made: a test that silently ran on one engine would prove nothing.
pub async fn databases() -> Vec<(&'static str, Database)> {
    vec![("SQLite", sqlite().await), ("PostgreSQL", postgres().await)]
}

/// A fresh SQLite file in the system's folder for temporary files.
///
/// # Panics
/// When it cannot be made.
pub async fn sqlite() -> Database {
    let name = format!("wuchuang-test-{}-{}.db", std::process::id(), number());
    let path = std::env::temp_dir().join(name);
    let _absent = std::fs::remove_file(&path);
    Database::open_file(&path)
        .await
        .expect("a SQLite file in the temporary folder")
}

/// A fresh database on the PostgreSQL server for tests.
///
/// # Panics
/// When the server is not named or not reachable.
pub async fn postgres() -> Database {
    Database::open(&postgres_url().await)
        .await
        .expect("the new database answers")
}

/// The address of a fresh database on the PostgreSQL server for tests, for a program of its own.
///
/// # Panics
/// When the server is not named or not reachable.
pub async fn postgres_url() -> String {
    let url = std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} names no PostgreSQL server: run `cargo xtask test`, or `cargo xtask postgres` and export the address that it prints")
    });
    let server = Database::open(&url).await.expect("the test server answers");
    let name = format!("test_{}_{}", std::process::id(), number());
    for sql in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        server
            .write()
            .run_text(&sql)
            .await
            .expect("the test server lets us make a database");
    }
    server.close().await.expect("the connection closes");
    let (base, _) = url
        .rsplit_once('/')
        .expect("the address ends with a database name");
    format!("{base}/{name}")
}

fn number() -> u64 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}
