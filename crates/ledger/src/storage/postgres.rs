//! A PostgreSQL server, through a pool of connections for readers and writers alike.

use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Executor, PgPool, Postgres as Server, Row as _,
    TypeInfo, ValueRef,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};
use tokio::sync::Mutex;

use super::{ACQUIRE, EngineError, Row, Value, row::Cell};

/// How many connections at most.
const CONNECTIONS_MAX: u32 = 16;

/// The pool. Cloning shares it.
#[derive(Debug, Clone)]
pub(super) struct Postgres(PgPool);

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self, EngineError> {
        let options: PgConnectOptions = url.parse().map_err(EngineError::Postgres)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .connect_with(options.disable_statement_logging())
            .await?;
        Ok(Self(pool))
    }

    pub(super) async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        rows(&self.0, sql, values, rows_max).await
    }

    pub(super) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, EngineError> {
        Ok(query(sql, values).execute(&self.0).await?.rows_affected())
    }

    pub(super) async fn run_text(&self, sql: &str) -> Result<(), EngineError> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        self.0.execute(text).await?;
        Ok(())
    }

    pub(super) async fn begin(&self) -> Result<PostgresTransaction, EngineError> {
        let transaction = self
            .0
            .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            .await?;
        Ok(PostgresTransaction(Mutex::new(transaction)))
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }
}

/// A transaction; its statements wait for each other.
#[derive(Debug)]
pub(super) struct PostgresTransaction(Mutex<sqlx::Transaction<'static, Server>>);

impl PostgresTransaction {
    pub(super) async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        let mut transaction = self.0.lock().await;
        rows(&mut **transaction, sql, values, rows_max).await
    }

    pub(super) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, EngineError> {
        let mut transaction = self.0.lock().await;
        let done = query(sql, values).execute(&mut **transaction).await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn run_text(&self, sql: &str) -> Result<(), EngineError> {
        let mut transaction = self.0.lock().await;
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        transaction.execute(text).await?;
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<(), EngineError> {
        Ok(self.0.into_inner().commit().await?)
    }

    pub(super) async fn rollback(self) -> Result<(), EngineError> {
        Ok(self.0.into_inner().rollback().await?)
    }
}

// The texts of statements are the program's own; whatever people typed travels as a value.
fn query(sql: &str, values: Vec<Value>) -> Query<'static, Server, PgArguments> {
    values.into_iter().fold(
        sqlx::query(AssertSqlSafe(sql.to_owned())),
        |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Integer(number) => query.bind(number),
            Value::Boolean(truth) => query.bind(truth),
        },
    )
}

async fn rows<'c, E: Executor<'c, Database = Server>>(
    executor: E,
    sql: &str,
    values: Vec<Value>,
    rows_max: usize,
) -> Result<Vec<Row>, EngineError> {
    let found = match rows_max {
        1 => Vec::from_iter(query(sql, values).fetch_optional(executor).await?),
        _ => query(sql, values).fetch_all(executor).await?,
    };
    let Some(first) = found.first() else {
        return Ok(Vec::new());
    };
    let columns: std::sync::Arc<[Box<str>]> = first
        .columns()
        .iter()
        .map(|column| Box::from(column.name()))
        .collect();
    found
        .iter()
        .take(rows_max)
        .map(|row| {
            let cells = (0..columns.len()).map(|place| cell(row, place));
            Ok(Row {
                columns: columns.clone(),
                cells: cells.collect::<Result<_, EngineError>>()?,
            })
        })
        .collect()
}

fn cell(row: &PgRow, place: usize) -> Result<Cell, EngineError> {
    let raw = row.try_get_raw(place)?;
    if raw.is_null() {
        return Ok(Cell::Missing);
    }
    let kind = raw.type_info();
    Ok(match kind.name() {
        "INT8" => Cell::Integer(row.try_get(place)?),
        "INT4" => Cell::Integer(row.try_get::<i32, _>(place)?.into()),
        "INT2" => Cell::Integer(row.try_get::<i16, _>(place)?.into()),
        "BOOL" => Cell::Boolean(row.try_get(place)?),
        "TEXT" | "VARCHAR" | "NAME" => Cell::Text(row.try_get(place)?),
        other => {
            return Err(EngineError::Kind {
                column: row.columns()[place].name().to_owned(),
                kind: other.to_owned(),
            });
        }
    })
}
