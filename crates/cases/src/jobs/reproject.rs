//! Computes the stored due dates anew after a yearly notice was imported. Nothing is recorded on the
//! ledger: dates follow from events and calendar, and why one moved is explained where it is shown.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{DatabaseTransaction, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, LoadError, StorageError, storage::list};

use crate::{model::CaseStream, store::write_row};

/// The job's name; the calendar's import asks for it.
pub const DEADLINES_REPROJECT: &str = "deadlines_reproject";
/// How many cases are rewritten in one transaction: commands of the region wait for it.
const CASES_A_TRANSACTION: i64 = 200;

/// The year whose notice was imported.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Input {
    year: i16,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
}

#[derive(Debug, thiserror::Error)]
enum ReprojectError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Rewrites the due dates that a yearly notice can move.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReprojectJob;

#[async_trait]
impl Job for ReprojectJob {
    fn name(&self) -> &'static str {
        DEADLINES_REPROJECT
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let calendar = context.ledger.calendar();
        let mut after = String::new();
        let mut count = 0_usize;
        loop {
            let ids = rewrite(context, input.year, &after, &calendar)
                .await
                .map_err(|error| JobFailure::Later(error.to_string()))?;
            let Some(last) = ids.last() else { break };
            count += ids.len();
            after.clone_from(last);
        }
        tracing::info!(year = input.year, count, "due dates were computed anew");
        Ok(())
    }
}

/// Rewrites the next cases after one and returns which.
async fn rewrite(
    context: &JobContext,
    year: i16,
    after: &str,
    calendar: &Arc<Calendar>,
) -> Result<Vec<String>, ReprojectError> {
    // The chain stands still, so that no newer state is overwritten with an older one.
    let transaction = context.ledger.begin_still(context.region).await?;
    let ids = next(context, &transaction, year, after).await?;
    for id in &ids {
        let case: CaseId = id.parse().map_err(|_| StorageError::Inconsistent {
            table: "case_file",
            column: "id",
            id: id.clone(),
            reason: "no identifier".into(),
        })?;
        let loaded = context
            .ledger
            .load::<CaseStream>(context.region, case.into())
            .await?;
        if let Some(state) = loaded.and_then(|(_, state)| state.0.clone()) {
            write_row(&transaction, context.region, case, &state, calendar, None).await?;
        }
    }
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(ids)
}

/// All that are open, and those that are over whose dates lie in the year or just before it: the
/// notice of a year may also name the last days of December. Rebuilding the tables from the ledger
/// computes those by the present calendar too, and must find the same.
async fn next(
    context: &JobContext,
    transaction: &DatabaseTransaction,
    year: i16,
    after: &str,
) -> Result<Vec<String>, StorageError> {
    let rows: Vec<Row> = list(
        transaction,
        "SELECT id FROM case_file WHERE region = $1 AND id > $2
           AND (is_open = TRUE OR (due_on >= $3 AND due_on < '9999') OR (statutory_due_on >= $3 AND statutory_due_on < '9999'))
         ORDER BY id LIMIT $4",
        [
            context.region.to_string().into(),
            after.into(),
            format!("{:04}-12-01", year - 1).into(),
            CASES_A_TRANSACTION.into(),
        ],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
