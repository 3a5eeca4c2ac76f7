//! The two engines behind one door: SQLite embedded, PostgreSQL for a real centre.
//!
//! One SQL text serves both (placeholders `$1`, `$2`, …; types TEXT, BIGINT, BOOLEAN). `value` is what goes in, `row` what
//! comes out, `error` what can go wrong, `text` builds placeholders. `sqlite` calls the engine where the caller stands,
//! without a thread in between: a statement takes some ten microseconds, which is less than a switch. `postgres` speaks
//! to a server and waits. `carrier` keeps SQLite's log short.

mod carrier;
mod error;
mod postgres;
mod row;
mod sqlite;
mod text;
mod value;

use std::{path::Path, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;

use self::{
    postgres::{Postgres, PostgresTransaction},
    sqlite::{Sqlite, SqliteTransaction},
};

pub use error::{EngineError, StorageError};
pub use row::{Row, RowError};
pub(crate) use text::one_of;
pub use text::{list_placeholder, rows_placeholder};
pub use value::{Column, Value};

/// How long a request may wait for a connection before it is told that the system is busy.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

/// The open database. Cloning shares the connections.
#[derive(Debug, Clone)]
pub struct Database {
    read: Pool,
    write: Pool,
}

/// Connections for one purpose; each statement is a transaction of its own.
#[derive(Debug, Clone)]
pub struct Pool {
    engine: Engine,
    purpose: Purpose,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite(Arc<Sqlite>),
    Postgres(Postgres),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Reading,
    Writing,
}

/// A transaction. It is rolled back when it is dropped before [`Transaction::commit`].
#[derive(Debug)]
pub struct Transaction(Open);

#[derive(Debug)]
enum Open {
    Sqlite(SqliteTransaction),
    Postgres(PostgresTransaction),
}

/// Where a statement can run: a pool, or a transaction.
pub trait Connection: Send + Sync {
    /// Which engine.
    fn backend(&self) -> Backend;

    /// Runs a statement and gives its rows, at most `rows_max`.
    fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> impl Future<Output = Result<Vec<Row>, StorageError>> + Send;

    /// Runs a statement that gives no rows and tells how many it touched.
    fn run(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, StorageError>> + Send;

    /// Runs a text without values, which may hold several statements.
    fn run_text(&self, sql: &str) -> impl Future<Output = Result<(), StorageError>> + Send;
}

impl Database {
    /// Opens (and creates, for SQLite) the database at a URL: `sqlite:path` or `postgres://…`.
    ///
    /// # Errors
    /// When the file or the server cannot be opened.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        let engine = match url.strip_prefix("sqlite:") {
            Some(rest) => Sqlite::open(rest).map(|sqlite| Engine::Sqlite(Arc::new(sqlite))),
            None => Postgres::open(url).await.map(Engine::Postgres),
        }
        .map_err(StorageError::Unreachable)?;
        let pool = |purpose| Pool {
            engine: engine.clone(),
            purpose,
        };
        Ok(Self {
            read: pool(Purpose::Reading),
            write: pool(Purpose::Writing),
        })
    }

    /// Opens the SQLite file of a data folder.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub async fn open_file(path: &Path) -> Result<Self, StorageError> {
        Self::open(&format!("sqlite:{}?mode=rwc", path.display())).await
    }

    /// The connections for reading.
    pub const fn read(&self) -> &Pool {
        &self.read
    }

    /// The connections for writing operational tables (sessions, drafts, deliveries). Whatever belongs to
    /// a matter is written by the ledger alone.
    pub const fn write(&self) -> &Pool {
        &self.write
    }

    /// Which engine.
    pub fn backend(&self) -> Backend {
        self.read.backend()
    }

    /// Begins a transaction that will write. SQLite takes its write lock at once, because a
    /// deferred transaction that turns from reading to writing is refused without waiting.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Transaction, StorageError> {
        Ok(Transaction(match &self.write.engine {
            Engine::Sqlite(sqlite) => Open::Sqlite(sqlite.begin().await?),
            Engine::Postgres(postgres) => Open::Postgres(postgres.begin().await?),
        }))
    }

    /// Closes all connections; whatever comes later is told that the database cannot be reached.
    ///
    /// # Errors
    /// When a connection does not close.
    pub async fn close(self) -> Result<(), StorageError> {
        match self.write.engine {
            Engine::Sqlite(sqlite) => Ok(sqlite.close().await?),
            Engine::Postgres(postgres) => {
                postgres.close().await;
                Ok(())
            }
        }
    }
}

impl Connection for Pool {
    fn backend(&self) -> Backend {
        match self.engine {
            Engine::Sqlite(_) => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, StorageError> {
        Ok(match (&self.engine, self.purpose) {
            (Engine::Sqlite(sqlite), Purpose::Reading) => {
                sqlite.read_rows(sql, &values, rows_max)?
            }
            (Engine::Sqlite(sqlite), Purpose::Writing) => {
                sqlite.write_rows(sql, values, rows_max).await?
            }
            (Engine::Postgres(postgres), _) => postgres.rows(sql, values, rows_max).await?,
        })
    }

    async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        Ok(match (&self.engine, self.purpose) {
            (Engine::Sqlite(sqlite), Purpose::Reading) => sqlite.read(sql, &values)?,
            (Engine::Sqlite(sqlite), Purpose::Writing) => sqlite.write(sql, values).await?,
            (Engine::Postgres(postgres), _) => postgres.run(sql, values).await?,
        })
    }

    async fn run_text(&self, sql: &str) -> Result<(), StorageError> {
        match (&self.engine, self.purpose) {
            (Engine::Sqlite(sqlite), Purpose::Reading) => sqlite.read_text(sql)?,
            (Engine::Sqlite(sqlite), Purpose::Writing) => sqlite.write_text(sql).await?,
            (Engine::Postgres(postgres), _) => postgres.run_text(sql).await?,
        }
        Ok(())
    }
}

impl Transaction {
    /// Makes everything of the transaction durable.
    ///
    /// # Errors
    /// When the engine cannot; nothing of it is written then.
    pub async fn commit(self) -> Result<(), StorageError> {
        match self.0 {
            Open::Sqlite(transaction) => transaction.commit()?,
            Open::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Takes everything back.
    ///
    /// # Errors
    /// When the engine cannot be told; it takes everything back nevertheless.
    pub async fn rollback(self) -> Result<(), StorageError> {
        match self.0 {
            Open::Sqlite(transaction) => transaction.rollback()?,
            Open::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }
}

impl Connection for Transaction {
    fn backend(&self) -> Backend {
        match self.0 {
            Open::Sqlite(_) => Backend::Sqlite,
            Open::Postgres(_) => Backend::Postgres,
        }
    }

    async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, StorageError> {
        Ok(match &self.0 {
            Open::Sqlite(transaction) => transaction.rows(sql, &values, rows_max)?,
            Open::Postgres(transaction) => transaction.rows(sql, values, rows_max).await?,
        })
    }

    async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        Ok(match &self.0 {
            Open::Sqlite(transaction) => transaction.run(sql, &values)?,
            Open::Postgres(transaction) => transaction.run(sql, values).await?,
        })
    }

    async fn run_text(&self, sql: &str) -> Result<(), StorageError> {
        match &self.0 {
            Open::Sqlite(transaction) => transaction.run_text(sql)?,
            Open::Postgres(transaction) => transaction.run_text(sql).await?,
        }
        Ok(())
    }
}

/// Runs a statement that writes, and tells how many rows it touched.
///
/// # Errors
/// Whatever the engine reports.
pub async fn execute<C: Connection>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, StorageError> {
    connection.run(sql, values.into_iter().collect()).await
}

/// Runs a statement that must touch exactly `expected` rows.
///
/// # Errors
/// When it touches another number, or whatever the engine reports.
pub async fn execute_exactly<C: Connection>(
    connection: &C,
    name: &'static str,
    expected: u64,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), StorageError> {
    let found = execute(connection, sql, values).await?;
    if found == expected {
        Ok(())
    } else {
        Err(StorageError::AffectedRows {
            statement: name,
            expected,
            found,
        })
    }
}

/// Reads at most one row. Not found is `Ok(None)`.
///
/// # Errors
/// Whatever the engine reports, or a row that does not read.
pub async fn find<T: DeserializeOwned, C: Connection>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, StorageError> {
    let rows = connection.rows(sql, values.into_iter().collect(), 1);
    rows.await?.into_iter().next().map(Row::read).transpose()
}

/// Reads all rows that a statement gives; the statement itself must carry a limit.
///
/// # Errors
/// Whatever the engine reports, or a row that does not read.
pub async fn list<T: DeserializeOwned, C: Connection>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, StorageError> {
    let rows = connection.rows(sql, values.into_iter().collect(), usize::MAX);
    rows.await?.into_iter().map(Row::read).collect()
}
