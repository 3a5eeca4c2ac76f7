//! Reminds the applicant two working days before the day by which they must answer a correction notice or bring what is
//! owed after conditional acceptance: once, and not when they have answered. What goes out is a message like any other.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use super::{order, settled};
use crate::model::{Case, CaseCommand, CaseEvent, CaseStream};

/// The job's name.
const NAME: &str = "case_remind";

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    case: CaseId,
}

/// How long from now until the applicant is reminded; `None` when they are not, or when that moment is behind: whoever was
/// told a short time today needs no reminder of it.
fn until_reminder(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
    let wait = case.reminder(calendar)?.from.duration_since(now);
    wait.is_positive().then_some(wait)
}

/// Sets the timer when the applicant is asked for something until a day.
#[derive(Debug, Clone, Copy, Default)]
pub struct RemindReaction;

impl Reaction for RemindReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let asks = matches!(
            recorded.event::<CaseStream>(),
            Some(
                CaseEvent::CorrectionNotified { .. }
                    | CaseEvent::Accepted {
                        conditional: Some(_),
                        ..
                    }
            )
        );
        let case = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_ref());
        let (true, Some(case)) = (asks, case) else {
            return Vec::new();
        };
        let input = Input {
            case: recorded.stream_id.into(),
        };
        until_reminder(case, &recorded.calendar, recorded.recorded_at)
            .map(|wait| NewJob::now(NAME, &input).after(wait))
            .into_iter()
            .collect()
    }
}

/// Reminds, when there is still something to bring.
#[derive(Debug, Clone, Copy, Default)]
pub struct RemindJob;

#[async_trait]
impl Job for RemindJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let ledger = &context.ledger;
        let loaded = ledger
            .load::<CaseStream>(context.region, input.case.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        let Some(case) = loaded.and_then(|(_, state)| state.0.clone()) else {
            return Ok(());
        };
        // The day was moved by a calendar that was imported meanwhile, or another day was set, which has its own timer; a
        // second timer for it does no harm.
        if let Some(wait) = until_reminder(&case, &ledger.calendar(), ledger.now()) {
            let again = NewJob::now(NAME, &input).after(wait);
            ledger.job_add(context.region, again).await?;
            return Ok(());
        }
        if case.reminder(&ledger.calendar()).is_none() {
            return Ok(());
        }
        let done = ledger
            .execute::<CaseStream>(
                input.case.into(),
                CaseCommand::Remind,
                order(context, "remind"),
            )
            .await;
        settled(done)
    }
}
