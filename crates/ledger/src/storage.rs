//! The two engines behind one door: SQLite embedded, PostgreSQL for a real centre.
//!
//! One SQL text serves both (placeholders `$1`, `$2`, …; types TEXT, BIGINT, BOOLEAN). SQLite gets
//! one connection for writing, because it knows one writer at a time and queueing in the pool is
//! fairer than its busy handler; readers have a pool of their own and never wait for the writer.

use std::{path::Path, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, ExecResult, FromQueryResult, IsolationLevel, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
    sqlx::{
        self, Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

/// What storage can answer instead of a result.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The disk (or the database's quota) is full: reading goes on, writing does not.
    #[error("the storage is full")]
    Full(#[source] DbErr),
    /// The database cannot be reached.
    #[error("the storage cannot be reached")]
    Unreachable(#[source] DbErr),
    /// A stored row does not read as what it should be.
    #[error("the row {id} of {table} does not read: column {column}: {reason}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Which row.
        id: String,
        /// What was wrong.
        reason: String,
    },
    /// A write touched another number of rows than it must.
    #[error("{statement} touched {found} rows instead of {expected}")]
    AffectedRows {
        /// Which statement.
        statement: &'static str,
        /// How many rows it must touch.
        expected: u64,
        /// How many it touched.
        found: u64,
    },
    /// Anything else that the engine reports.
    #[error("the database refused a statement")]
    Database(#[source] DbErr),
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        let outage = match &error {
            DbErr::ConnectionAcquire(_) => Some(Outage::Unreachable),
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => Outage::of(cause),
            _ => None,
        };
        match outage {
            Some(Outage::Full) => Self::Full(error),
            Some(Outage::Unreachable) => Self::Unreachable(error),
            None if matches!(error, DbErr::Conn(_)) => Self::Unreachable(error),
            None => Self::Database(error),
        }
    }
}

/// Faults of the machine, told apart by the engines' codes: their sentences change with version and
/// language.
enum Outage {
    Full,
    Unreachable,
}

impl Outage {
    fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Some(Self::Unreachable),
            sqlx::Error::Database(told) => Self::of_code(told.code()?.as_ref()),
            _ => None,
        }
    }

    /// PostgreSQL's codes have five characters (appendix A of its manual), SQLite's are numbers whose
    /// lowest eight bits are the kind.
    fn of_code(code: &str) -> Option<Self> {
        if code.len() == 5 {
            return match (code, &code[..2]) {
                ("53100", _) => Some(Self::Full),
                // Insufficient resources, connection exceptions, the server shuts down or starts.
                (_, "53" | "08") | ("57P01" | "57P02" | "57P03", _) => Some(Self::Unreachable),
                _ => None,
            };
        }
        match code.parse::<u32>().ok()? & 0xff {
            // SQLITE_IOERR and SQLITE_FULL.
            10 | 13 => Some(Self::Full),
            // SQLITE_BUSY (another program holds the file), SQLITE_READONLY, SQLITE_CANTOPEN.
            5 | 8 | 14 => Some(Self::Unreachable),
            _ => None,
        }
    }
}

impl StorageError {
    /// Whether the fault lies in the machine (full, unreachable) rather than in the command.
    pub const fn is_outage(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Unreachable(_))
    }
}

/// The open database. Cloning shares the pools.
#[derive(Debug, Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

/// Pool sizes: how many connections may read at once.
const READERS_MAX: u32 = 8;
/// How long a request may wait for a connection before it is told that the system is busy.
const ACQUIRE_SECONDS: u64 = 10;

/// After how many pages (of 4 KB) the log is carried over into the database file. The writer does it and everybody
/// waits for it; a page that changed many times meanwhile is carried over once.
const WAL_PAGES: &str = "8000";
/// How much of the database the writer keeps in memory, in units of 1 KB (SQLite wants them negative).
const WRITER_CACHE: &str = "-24000";
/// The same for each reader.
const READER_CACHE: &str = "-4000";

impl Database {
    /// Opens (and creates, for SQLite) the database at a URL: `sqlite:path` or `postgres://…`.
    ///
    /// # Errors
    /// When the file or the server cannot be opened.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        if url.starts_with("sqlite:") {
            let write = sea_orm::Database::connect(sqlite(url, 1)).await?;
            let read = sea_orm::Database::connect(sqlite(url, READERS_MAX)).await?;
            Ok(Self { read, write })
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(READERS_MAX * 2)
                .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
                .test_before_acquire(false)
                .sqlx_logging(false);
            let pool = sea_orm::Database::connect(options).await?;
            Ok(Self {
                read: pool.clone(),
                write: pool,
            })
        }
    }

    /// Opens the SQLite file of a data folder.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub async fn open_file(path: &Path) -> Result<Self, StorageError> {
        Self::open(&format!("sqlite:{}?mode=rwc", path.display())).await
    }

    /// The pool for reading.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The pool for writing operational tables (sessions, drafts, deliveries). Whatever belongs to
    /// a matter is written by the ledger alone.
    pub const fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Which engine.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Begins a transaction that will write. SQLite takes its write lock at once, because a
    /// deferred transaction that turns from reading to writing is refused without waiting.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<DatabaseTransaction, StorageError> {
        let options = TransactionOptions {
            isolation_level: match self.backend() {
                DbBackend::Postgres => Some(IsolationLevel::ReadCommitted),
                _ => None,
            },
            access_mode: match self.backend() {
                DbBackend::Postgres => Some(AccessMode::ReadWrite),
                _ => None,
            },
            sqlite_transaction_mode: match self.backend() {
                DbBackend::Sqlite => Some(SqliteTransactionMode::Immediate),
                _ => None,
            },
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Closes the pools; open transactions end first.
    ///
    /// # Errors
    /// When a pool does not close.
    pub async fn close(self) -> Result<(), StorageError> {
        self.read.close().await?;
        self.write.close().await?;
        Ok(())
    }
}

fn sqlite(url: &str, connections_max: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_pool_opts(|options| {
            // When the disk is full SQLite ends a transaction by itself, and the driver still counts
            // it as open: the next one would be a savepoint inside of nothing, whose rollback leaves
            // everything after it uncommitted. Such a connection is closed and never used again.
            options.after_release(|connection, _| {
                Box::pin(async move {
                    if connection.is_in_transaction() {
                        // A rollback may still be on its way.
                        connection.ping().await?;
                    }
                    Ok(!connection.is_in_transaction())
                })
            })
        })
        .map_sqlx_sqlite_opts(move |options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(ACQUIRE_SECONDS))
                .foreign_keys(true)
                .statement_cache_capacity(256)
                .pragma("wal_autocheckpoint", WAL_PAGES)
                .pragma(
                    "cache_size",
                    if connections_max == 1 {
                        WRITER_CACHE
                    } else {
                        READER_CACHE
                    },
                )
        });
    options
}

/// A statement from one text for both engines.
pub fn statement<C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// Runs a statement that writes.
///
/// # Errors
/// Whatever the engine reports.
pub async fn execute<C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<ExecResult, StorageError> {
    Ok(connection
        .execute_raw(statement(connection, sql, values))
        .await?)
}

/// Runs a statement that must touch exactly `expected` rows.
///
/// # Errors
/// When it touches another number, or whatever the engine reports.
pub async fn execute_exactly<C: ConnectionTrait>(
    connection: &C,
    name: &'static str,
    expected: u64,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), StorageError> {
    let found = execute(connection, sql, values).await?.rows_affected();
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
pub async fn find<T: FromQueryResult, C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, StorageError> {
    match connection
        .query_one_raw(statement(connection, sql, values))
        .await?
    {
        Some(row) => Ok(Some(T::from_query_result(&row, "")?)),
        None => Ok(None),
    }
}

/// Reads all rows that a statement gives; the statement itself must carry a limit.
///
/// # Errors
/// Whatever the engine reports, or a row that does not read.
pub async fn list<T: FromQueryResult, C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, StorageError> {
    connection
        .query_all_raw(statement(connection, sql, values))
        .await?
        .iter()
        .map(|row| T::from_query_result(row, "").map_err(StorageError::from))
        .collect()
}

/// The text `($1, $2), ($3, $4), …` for an insert of several rows at once.
pub fn rows_placeholder(rows: usize, columns: usize) -> String {
    rows_placeholder_from(1, rows, columns)
}

/// The same with places from one on, for a part of a statement.
pub(crate) fn rows_placeholder_from(from: usize, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column + from).to_string());
        }
        text.push(')');
    }
    text
}

/// The text `$from, $from+1, …` for an `IN` list.
pub fn list_placeholder(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|number| format!("${number}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_machine_are_told_apart_by_their_codes() {
        for (code, expected) in [
            ("53100", "full"),
            ("53300", "unreachable"),
            ("08006", "unreachable"),
            ("57P01", "unreachable"),
            ("23505", "neither"),
            ("13", "full"),
            ("778", "full"),
            ("5", "unreachable"),
            ("517", "unreachable"),
            ("14", "unreachable"),
            ("2067", "neither"),
            ("", "neither"),
        ] {
            let found = match Outage::of_code(code) {
                Some(Outage::Full) => "full",
                Some(Outage::Unreachable) => "unreachable",
                None => "neither",
            };
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn placeholders_count_through_all_rows() {
        assert_eq!(rows_placeholder(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(list_placeholder(3, 2), "$3, $4");
    }
}
