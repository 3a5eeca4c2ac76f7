//! A write beside the ledger that rides in the transaction of the commands: operational tables (jobs, deliveries) are
//! durable as well, but a flush of their own would cost far more than the write.

use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::{mpsc, oneshot};
use wuchuang_kernel::Region;

use crate::{
    ledger::{ExecuteError, Ledger},
    storage::{Connection, Row, StorageError, Transaction, Value},
};

use super::Work;

/// A statement that waits for a transaction.
pub(crate) struct Aside {
    sql: Cow<'static, str>,
    values: Vec<Value>,
    answer: oneshot::Sender<Result<Written, ExecuteError>>,
}

/// What a statement did.
#[derive(Default)]
pub(crate) struct Written {
    rows: Vec<Row>,
}

impl Aside {
    pub(super) async fn write(&self, transaction: &Transaction) -> Result<Written, StorageError> {
        let rows = transaction.rows(&self.sql, self.values.clone(), usize::MAX);
        Ok(Written { rows: rows.await? })
    }

    pub(super) fn answer(self, written: Result<Written, ExecuteError>) {
        let _gone = self.answer.send(written);
    }
}

impl Ledger {
    /// Writes to an operational table in the next transaction of a region's writer, and answers when it is durable:
    /// the same as a write of one's own, without a flush of one's own. With `RETURNING` it gives the rows.
    ///
    /// # Errors
    /// Whatever the engine reports; nothing of the statement is written then.
    pub async fn write_along<T: DeserializeOwned>(
        &self,
        region: Region,
        sql: impl Into<Cow<'static, str>>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, StorageError> {
        let (answer, answered) = oneshot::channel();
        let aside = Aside {
            sql: sql.into(),
            values: values.into_iter().collect(),
            answer,
        };
        if let Err(
            mpsc::error::TrySendError::Full(Work::Aside(aside))
            | mpsc::error::TrySendError::Closed(Work::Aside(aside)),
        ) = self.writer(region).try_send(Work::Aside(aside))
        {
            return self.write_alone(&aside).await;
        }
        match answered.await {
            Ok(Ok(written)) => read(written.rows),
            Ok(Err(ExecuteError::Storage(error))) => Err(error),
            Ok(Err(_)) | Err(_) => Err(StorageError::Inconsistent {
                table: "operational",
                column: "all",
                id: String::new(),
                reason: "the ledger is closing".into(),
            }),
        }
    }

    /// When the writer has too much to do, or has ended.
    async fn write_alone<T: DeserializeOwned>(
        &self,
        aside: &Aside,
    ) -> Result<Vec<T>, StorageError> {
        let connection = self.database().write();
        let rows = connection.rows(&aside.sql, aside.values.clone(), usize::MAX);
        read(rows.await?)
    }
}

fn read<T: DeserializeOwned>(rows: Vec<Row>) -> Result<Vec<T>, StorageError> {
    rows.into_iter().map(Row::read).collect()
}

/// The rows of a statement that gives none.
#[derive(Debug, Deserialize)]
pub struct NoRow {}
