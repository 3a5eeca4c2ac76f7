//! A PostgreSQL server, through connections for single statements and others for transactions. The region's writer is
//! nearly always alone among the latter, so it keeps meeting the connection that has its statements prepared.

use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Executor, PgPool, Postgres as Server, Row as _,
    TypeInfo, ValueRef,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};
use tokio::sync::Mutex;

use super::{ACQUIRE, Column as ColumnOfValues, EngineError, Row, Value, row::Cell};

/// How many connections for single statements at most.
const CONNECTIONS_MAX: u32 = 12;
/// How many transactions at once at most.
const TRANSACTIONS_MAX: u32 = 8;
/// How many statements a connection keeps prepared: more than the program has.
const STATEMENTS_MAX: usize = 500;
/// How the server plans. A plan is made once for each statement and connection; it does not depend on the values, nor on
/// a table having been small when it was made: whatever is read here is read by an index.
const PLANNING: [(&str, &str); 3] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    // A table without an index for a question is read whole, at a price that would call the compiler.
    ("jit", "off"),
];

/// The connections. Cloning shares them.
#[derive(Debug, Clone)]
pub(super) struct Postgres {
    statements: PgPool,
    transactions: PgPool,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self, EngineError> {
        let options: PgConnectOptions = url.parse().map_err(EngineError::Postgres)?;
        let options = options
            .disable_statement_logging()
            .statement_cache_capacity(STATEMENTS_MAX)
            .options(PLANNING);
        let pool = |connections_max| {
            PgPoolOptions::new()
                .max_connections(connections_max)
                .acquire_timeout(ACQUIRE)
                .test_before_acquire(false)
        };
        Ok(Self {
            statements: pool(CONNECTIONS_MAX).connect_with(options.clone()).await?,
            transactions: pool(TRANSACTIONS_MAX).connect_lazy_with(options),
        })
    }

    pub(super) async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
        rows_max: usize,
    ) -> Result<Vec<Row>, EngineError> {
        rows(&self.statements, sql, values, rows_max).await
    }

    pub(super) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, EngineError> {
        Ok(query(sql, values)
            .execute(&self.statements)
            .await?
            .rows_affected())
    }

    pub(super) async fn run_text(&self, sql: &str) -> Result<(), EngineError> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        self.statements.execute(text).await?;
        Ok(())
    }

    pub(super) async fn begin(&self) -> Result<PostgresTransaction, EngineError> {
        let transaction = self
            .transactions
            .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            .await?;
        Ok(PostgresTransaction(Mutex::new(transaction)))
    }

    pub(super) async fn close(&self) {
        self.transactions.close().await;
        self.statements.close().await;
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
            Value::Column(ColumnOfValues::Texts(texts)) => query.bind(texts),
            Value::Column(ColumnOfValues::Integers(numbers)) => query.bind(numbers),
            Value::Column(ColumnOfValues::Booleans(truths)) => query.bind(truths),
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
