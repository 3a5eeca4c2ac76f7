//! 行政许可法 art. 32 (4): when no defect was told within five working days, the case *is* accepted
//! as of the day received. The timer only records what the law has done already.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::model::{Case, CaseCommand, CaseEvent, CaseStream};

use super::{order, settled};

/// The job's name.
const NAME: &str = "case_deem_accepted";

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    case: CaseId,
}

/// How long from now until the window of a case is over; `None` when no window runs.
fn until_over(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
    let due = case.receipt.window(calendar)?;
    // The window ends with its last instant; the timer comes a second after it.
    Some(due.ends_at.duration_since(now).max(SignedDuration::ZERO) + SignedDuration::from_secs(1))
}

/// Sets the timer whenever a window opens: at receipt and when a correction arrives.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeemAcceptedReaction;

impl Reaction for DeemAcceptedReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let opens_window = matches!(
            recorded.event::<CaseStream>(),
            Some(CaseEvent::Received(_) | CaseEvent::CorrectionSupplied { .. })
        );
        let case = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_ref());
        let (true, Some(case)) = (opens_window, case) else {
            return Vec::new();
        };
        let input = Input {
            case: recorded.stream_id.into(),
        };
        until_over(case, &recorded.calendar, recorded.recorded_at)
            .map(|delay| NewJob::now(NAME, &input).after(delay))
            .into_iter()
            .collect()
    }
}

/// Accepts a case whose window is over.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeemAcceptedJob;

#[async_trait]
impl Job for DeemAcceptedJob {
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
        let (calendar, now) = (ledger.calendar(), ledger.now());
        if case.receipt.deemed_acceptance(now, &calendar).is_some() {
            let done = ledger
                .execute::<CaseStream>(
                    input.case.into(),
                    CaseCommand::DeemAccepted,
                    order(context, "deem_accepted"),
                )
                .await;
            return settled(done);
        }
        // The window was moved by a calendar that was imported meanwhile, or another one runs, which
        // has its own timer; a second timer for it does no harm.
        if let Some(delay) = until_over(&case, &calendar, now) {
            let again = NewJob::now(NAME, &input).after(delay);
            ledger.job_add(context.region, again).await?;
        }
        Ok(())
    }
}
