//! The embedded engine. It knows one writer at a time, so one connection writes, behind a lock whose queue is fair;
//! readers have connections of their own and never wait for the writer (write-ahead log).
//!
//! Statements run where the caller stands. What may wait for the disk (a write that is a transaction of its own) goes to
//! a thread that may wait; the ledger's writer has a thread of its own and commits there.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::{CachedStatement, Connection, OpenFlags, config::DbConfig, types::ValueRef};
use tokio::sync::OwnedMutexGuard;

use super::{ACQUIRE, EngineError, Row, Value, carrier::Carrier, row::Cell};

/// After how many pages (of 4 KB) the writer carries the log over into the database file by itself: only when the carrier
/// did not get through for long.
const WAL_PAGES: i64 = 40_000;
/// How much of the database the writer keeps in memory, in units of 1 KB (SQLite wants them negative).
const WRITER_CACHE: i64 = -24_000;
/// The same for each reader.
const READER_CACHE: i64 = -4_000;
/// How many connections for reading are kept for the next reader.
const READERS_IDLE_MAX: usize = 8;
/// How many prepared statements a connection keeps.
const STATEMENTS_MAX: usize = 256;

/// The writing connection. It is absent once the database was closed, or while it must be opened anew.
type Writer = Option<Connection>;

/// The database file.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    flags: OpenFlags,
    writer: Arc<tokio::sync::Mutex<Writer>>,
    readers: Mutex<Vec<Connection>>,
    carrier: Arc<Mutex<Option<Carrier>>>,
    is_closed: AtomicBool,
}

impl Sqlite {
    /// Opens the file of an address without its scheme: `path?mode=rwc`, `//path`.
    pub(super) fn open(address: &str) -> Result<Self, EngineError> {
        let (path, query) = address.rsplit_once('?').unwrap_or((address, ""));
        let path = path.strip_prefix("//").unwrap_or(path);
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if query.split('&').any(|pair| pair == "mode=rwc") {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let path = PathBuf::from(path);
        let writer = open_writer(&path, flags)?;
        let carrier = Carrier::start(&path, flags)
            .map_err(|error| EngineError::GivenUp(error.to_string()))?;
        Ok(Self {
            path,
            flags,
            writer: Arc::new(tokio::sync::Mutex::new(Some(writer))),
            readers: Mutex::default(),
            carrier: Arc::new(Mutex::new(Some(carrier))),
            is_closed: AtomicBool::new(false),
        })
    }

    /// Reads rows where the caller stands.
    pub(super) fn read_rows(
        &self,
        sql: &str,
        values: &[Value],
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        self.on_reader(|reader| query(reader, sql, values, rows_max))
    }

    /// Runs a statement that reads, whatever it gives.
    pub(super) fn read(&self, sql: &str, values: &[Value]) -> Result<u64, EngineError> {
        self.on_reader(|reader| run(reader, sql, values))
    }

    /// Runs a text without values that reads.
    pub(super) fn read_text(&self, sql: &str) -> Result<(), EngineError> {
        self.on_reader(|reader| reader.execute_batch(sql))
    }

    fn on_reader<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, EngineError> {
        let reader = self.reader()?;
        let found = work(&reader);
        let mut readers = self.readers();
        if readers.len() < READERS_IDLE_MAX && !self.is_closed.load(Ordering::Acquire) {
            readers.push(reader);
        }
        Ok(found?)
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> Result<Connection, EngineError> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(EngineError::Closed);
        }
        let idle = self.readers().pop();
        match idle {
            Some(reader) => Ok(reader),
            None => Ok(open_reader(&self.path, self.flags)?),
        }
    }

    async fn writer(&self) -> Result<OwnedMutexGuard<Writer>, EngineError> {
        let lock = Arc::clone(&self.writer).lock_owned();
        let mut writer = tokio::time::timeout(ACQUIRE, lock)
            .await
            .map_err(|_| EngineError::TimedOut)?;
        if self.is_closed.load(Ordering::Acquire) {
            return Err(EngineError::Closed);
        }
        if writer.is_none() {
            *writer = Some(open_writer(&self.path, self.flags)?);
        }
        Ok(writer)
    }

    /// Does something with the writing connection on a thread that may wait for the disk.
    async fn on_writer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let writer = self.writer().await?;
        let carrier = Arc::clone(&self.carrier);
        tokio::task::spawn_blocking(move || {
            let connection = writer.as_ref().ok_or(EngineError::Closed)?;
            let done = work(connection)?;
            tell(&carrier, connection);
            Ok(done)
        })
        .await
        .map_err(|error| EngineError::GivenUp(error.to_string()))?
    }

    /// Writes in a transaction of its own.
    pub(super) async fn write(&self, sql: &str, values: Vec<Value>) -> Result<u64, EngineError> {
        let sql = sql.to_owned();
        self.on_writer(move |connection| run(connection, &sql, &values))
            .await
    }

    /// Writes in a transaction of its own and gives the rows.
    pub(super) async fn write_rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        let sql = sql.to_owned();
        self.on_writer(move |connection| query(connection, &sql, &values, rows_max))
            .await
    }

    /// Runs a text without values.
    pub(super) async fn write_text(&self, sql: &str) -> Result<(), EngineError> {
        let sql = sql.to_owned();
        self.on_writer(move |connection| connection.execute_batch(&sql))
            .await
    }

    /// Begins a transaction that will write.
    pub(super) async fn begin(&self) -> Result<SqliteTransaction, EngineError> {
        let mut writer = self.writer().await?;
        let connection = writer.as_ref().ok_or(EngineError::Closed)?;
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            // What is left of another transaction cannot be taken back: that connection is given up.
            *writer = Some(open_writer(&self.path, self.flags)?);
        }
        writer
            .as_ref()
            .ok_or(EngineError::Closed)?
            .execute_batch("BEGIN IMMEDIATE")?;
        Ok(SqliteTransaction {
            writer: Mutex::new(writer),
            carrier: Arc::clone(&self.carrier),
        })
    }

    /// Closes all connections.
    pub(super) async fn close(&self) -> Result<(), EngineError> {
        let mut writer = self.writer().await?;
        self.is_closed.store(true, Ordering::Release);
        self.readers().clear();
        if let Some(carrier) = carrier_of(&self.carrier).take() {
            carrier.end();
        }
        match writer.take().map(Connection::close) {
            None | Some(Ok(())) => Ok(()),
            Some(Err((_connection, error))) => Err(error.into()),
        }
    }
}

/// A transaction: it holds the writing connection until it ends.
#[derive(Debug)]
pub(super) struct SqliteTransaction {
    writer: Mutex<OwnedMutexGuard<Writer>>,
    carrier: Arc<Mutex<Option<Carrier>>>,
}

impl SqliteTransaction {
    fn on_connection<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, EngineError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(work(writer.as_ref().ok_or(EngineError::Closed)?)?)
    }

    pub(super) fn rows(
        &self,
        sql: &str,
        values: &[Value],
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        self.on_connection(|connection| query(connection, sql, values, rows_max))
    }

    pub(super) fn run(&self, sql: &str, values: &[Value]) -> Result<u64, EngineError> {
        self.on_connection(|connection| run(connection, sql, values))
    }

    pub(super) fn run_text(&self, sql: &str) -> Result<(), EngineError> {
        self.on_connection(|connection| connection.execute_batch(sql))
    }

    pub(super) fn commit(self) -> Result<(), EngineError> {
        self.on_connection(|connection| {
            connection.execute_batch("COMMIT")?;
            tell(&self.carrier, connection);
            Ok(())
        })
    }

    pub(super) fn rollback(self) -> Result<(), EngineError> {
        self.on_connection(take_back)
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        // After a commit there is nothing to take back. A connection that cannot take back is given up by the next begin.
        if let Err(error) = self.on_connection(take_back) {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}

fn carrier_of(carrier: &Mutex<Option<Carrier>>) -> MutexGuard<'_, Option<Carrier>> {
    carrier.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(carrier: &Mutex<Option<Carrier>>, connection: &Connection) {
    if let Some(carrier) = carrier_of(carrier).as_ref() {
        carrier.tell(connection.total_changes());
    }
}

/// Rolls back what is open. When the disk is full SQLite has ended the transaction by itself.
fn take_back(connection: &Connection) -> rusqlite::Result<()> {
    if connection.is_autocommit() {
        return Ok(());
    }
    connection.execute_batch("ROLLBACK")
}

fn open_writer(path: &PathBuf, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = open(path, flags, WRITER_CACHE)?;
    let _mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
        row.get("journal_mode")
    })?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    Ok(connection)
}

fn open_reader(path: &PathBuf, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = open(path, flags, READER_CACHE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(path: &PathBuf, flags: OpenFlags, cache: i64) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(ACQUIRE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "cache_size", cache)?;
    // A statement's plan does not depend on its values: otherwise each one with a `LIMIT $n` would be planned anew each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// A prepared statement with its values. SQLite takes `$7` for a name, and the same name twice for one value.
fn prepare<'a>(
    connection: &'a Connection,
    sql: &str,
    values: &[Value],
) -> rusqlite::Result<CachedStatement<'a>> {
    let mut statement = connection.prepare_cached(sql)?;
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place).unwrap_or_default();
        let value = name
            .strip_prefix('$')
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|number| values.get(number.checked_sub(1)?));
        match value {
            Some(Value::Text(text)) => statement.raw_bind_parameter(place, text.as_deref())?,
            Some(Value::Integer(number)) => statement.raw_bind_parameter(place, number)?,
            Some(Value::Boolean(truth)) => statement.raw_bind_parameter(place, truth)?,
            Some(Value::Column(_)) | None => {
                return Err(rusqlite::Error::InvalidParameterName(name.to_owned()));
            }
        }
    }
    Ok(statement)
}

fn run(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = prepare(connection, sql, values)?;
    if statement.column_count() == 0 {
        return Ok(u64::try_from(statement.raw_execute()?).unwrap_or(u64::MAX));
    }
    // With RETURNING it gives rows that nobody asked for.
    let mut rows = statement.raw_query();
    let mut touched = 0;
    while rows.next()?.is_some() {
        touched += 1;
    }
    Ok(touched)
}

fn query(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    rows_max: usize,
) -> rusqlite::Result<Vec<Row>> {
    let mut statement = prepare(connection, sql, values)?;
    let columns: Arc<[Box<str>]> = statement
        .column_names()
        .into_iter()
        .map(Box::from)
        .collect();
    let is_reading = statement.readonly();
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    // A statement that writes is always followed to its end.
    while !is_reading || found.len() < rows_max {
        let Some(row) = rows.next()? else { break };
        if found.len() < rows_max {
            let cells = (0..columns.len()).map(|place| cell(row, place));
            found.push(Row {
                columns: Arc::clone(&columns),
                cells: cells.collect::<rusqlite::Result<_>>()?,
            });
        }
    }
    Ok(found)
}

fn cell(row: &rusqlite::Row<'_>, place: usize) -> rusqlite::Result<Cell> {
    Ok(match row.get_ref(place)? {
        ValueRef::Null => Cell::Missing,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(text) => {
            let text =
                str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(place, error))?;
            Cell::Text(text.to_owned())
        }
        other @ (ValueRef::Real(_) | ValueRef::Blob(_)) => {
            let name = row.as_ref().column_name(place).unwrap_or("?").to_owned();
            return Err(rusqlite::Error::InvalidColumnType(
                place,
                name,
                other.data_type(),
            ));
        }
    })
}
