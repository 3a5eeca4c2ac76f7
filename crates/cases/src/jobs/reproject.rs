//! Computes the stored due dates anew after a yearly notice was imported. The dates themselves are not on the ledger: they
//! follow from events and calendar. That the applicant was told another day is recorded, once a case and a change.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::{Calendar, DueChange};
use wuchuang_kernel::CaseId;
use wuchuang_ledger::storage::Transaction;
use wuchuang_ledger::{Job, JobContext, JobFailure, LoadError, Sheet, StorageError, storage::list};

use super::{order, settled};
use crate::{
    model::{CaseCommand, CaseStream, RunningLimit},
    store::put_case,
};

/// The job's name; the calendar's import asks for it.
pub const DEADLINES_REPROJECT: &str = "deadlines_reproject";
/// How many cases are rewritten in one transaction: commands of the region wait for it.
const CASES_A_TRANSACTION: i64 = 200;

/// The year whose notice was imported.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Input {
    year: i16,
}

#[derive(Deserialize)]
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
            for case in ids.iter().filter_map(|id| id.parse().ok()) {
                tell(context, case, &calendar).await?;
            }
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
    let mut sheet = Sheet::new();
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
            put_case(&mut sheet, context.region, case, &state, calendar);
        }
    }
    sheet.write(&transaction).await?;
    transaction.commit().await?;
    Ok(ids)
}

/// Has the applicant told when the day that they were told last is not the day any more. Done again it finds nothing to
/// tell, because what was told is known by then.
async fn tell(context: &JobContext, case: CaseId, calendar: &Calendar) -> Result<(), JobFailure> {
    let ledger = &context.ledger;
    let loaded = ledger
        .load::<CaseStream>(context.region, case.into())
        .await
        .map_err(|error| JobFailure::Later(error.to_string()))?;
    let Some(state) = loaded.and_then(|(_, state)| state.0.clone()) else {
        return Ok(());
    };
    let (RunningLimit::Decision(clock), Some(told_at)) =
        (state.running_limit(), state.deadline_told_at)
    else {
        return Ok(());
    };
    let told = ledger.calendar_known_at(told_at);
    let Some(change) = clock.explain_change(&told, calendar, ledger.now()) else {
        return Ok(());
    };
    let before = change.before.binding().date;
    if before == change.after.binding().date {
        return Ok(());
    }
    let note = CaseCommand::NoteDeadline {
        before,
        reason: reason(&change),
    };
    let order = order(context, &format!("note_deadline/{case}"));
    settled(ledger.execute::<CaseStream>(case.into(), note, order).await)
}

/// Which days moved it, short enough for an SMS.
fn reason(change: &DueChange) -> String {
    let Some(day) = change.days.first() else {
        return "办公时间调整".to_owned();
    };
    let more = match change.days.len() {
        1 => String::new(),
        count => format!("等{count}天"),
    };
    let now = if day.after.is_working() {
        "改为上班"
    } else {
        "改为放假"
    };
    format!(
        "工作日历更新（{}月{}日{more}{now}）",
        day.date.month(),
        day.date.day()
    )
}

/// All that are open, and those that are over whose dates lie in the year or just before it: the
/// notice of a year may also name the last days of December. Rebuilding the tables from the ledger
/// computes those by the present calendar too, and must find the same.
async fn next(
    context: &JobContext,
    transaction: &Transaction,
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
