//! What storage can answer instead of a result. Faults of the machine are told apart by the engines' codes: their
//! sentences change with version and language.

use super::RowError;

/// What an engine reported.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL.
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    /// A row is not what its reader expects.
    #[error("a row does not read: {0}")]
    Row(RowError),
    /// A value has a type that no row here has.
    #[error("column {column} has the type {kind}, which is not read here")]
    Kind {
        /// The column.
        column: String,
        /// Its type.
        kind: String,
    },
    /// Nobody let go of the connection in time.
    #[error("no connection came free in time")]
    TimedOut,
    /// The database was closed.
    #[error("the database is closed")]
    Closed,
    /// A statement ended without an answer.
    #[error("the statement was given up: {0}")]
    GivenUp(String),
}

/// What storage can answer instead of a result.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The disk (or the database's quota) is full: reading goes on, writing does not.
    #[error("the storage is full")]
    Full(#[source] EngineError),
    /// The database cannot be reached.
    #[error("the storage cannot be reached")]
    Unreachable(#[source] EngineError),
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
    Database(#[source] EngineError),
}

impl From<EngineError> for StorageError {
    fn from(error: EngineError) -> Self {
        let outage = match &error {
            EngineError::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => {
                Outage::of_sqlite(failure.extended_code)
            }
            EngineError::Postgres(cause) => Outage::of_postgres(cause),
            EngineError::TimedOut | EngineError::Closed => Some(Outage::Unreachable),
            _ => None,
        };
        match outage {
            Some(Outage::Full) => Self::Full(error),
            Some(Outage::Unreachable) => Self::Unreachable(error),
            None => Self::Database(error),
        }
    }
}

impl StorageError {
    /// Whether the fault lies in the machine (full, unreachable) rather than in the command.
    pub const fn is_outage(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Unreachable(_))
    }
}

/// Faults of the machine.
enum Outage {
    Full,
    Unreachable,
}

impl Outage {
    /// SQLite's codes are numbers whose lowest eight bits are the kind.
    const fn of_sqlite(code: i32) -> Option<Self> {
        match code & 0xff {
            // SQLITE_IOERR and SQLITE_FULL.
            10 | 13 => Some(Self::Full),
            // SQLITE_BUSY (another program holds the file), SQLITE_READONLY, SQLITE_CANTOPEN.
            5 | 8 | 14 => Some(Self::Unreachable),
            _ => None,
        }
    }

    fn of_postgres(error: &sqlx::Error) -> Option<Self> {
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

    /// PostgreSQL's codes have five characters (appendix A of its manual).
    fn of_code(code: &str) -> Option<Self> {
        match (code, code.get(..2)?) {
            ("53100", _) => Some(Self::Full),
            // Insufficient resources, connection exceptions, the server shuts down or starts.
            (_, "53" | "08") | ("57P01" | "57P02" | "57P03", _) => Some(Self::Unreachable),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(outage: Option<Outage>) -> &'static str {
        match outage {
            Some(Outage::Full) => "full",
            Some(Outage::Unreachable) => "unreachable",
            None => "neither",
        }
    }

    #[test]
    fn faults_of_the_machine_are_told_apart_by_their_codes() {
        for (code, expected) in [
            ("53100", "full"),
            ("53300", "unreachable"),
            ("08006", "unreachable"),
            ("57P01", "unreachable"),
            ("23505", "neither"),
            ("", "neither"),
        ] {
            assert_eq!(told(Outage::of_code(code)), expected, "{code}");
        }
        for (code, expected) in [
            (13, "full"),
            (778, "full"),
            (5, "unreachable"),
            (517, "unreachable"),
            (14, "unreachable"),
            (2067, "neither"),
        ] {
            assert_eq!(told(Outage::of_sqlite(code)), expected, "{code}");
        }
    }
}
