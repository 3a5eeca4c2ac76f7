//! Timers of cases: an event sets one, its job looks at the case when the time has come, and sends the command of the hour
//! if the case still wants it. Which event, which instant and which command, each timer says itself.

use std::marker::PhantomData;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use super::{order, settled};
use crate::{
    model::{Case, CaseCommand, CaseEvent, CaseStream},
    service::Cases,
};

/// A timer.
pub(super) trait Timer: Send + Sync + 'static {
    /// The job's name.
    const NAME: &'static str;
    /// By which the command's key is told from that of another timer.
    const PURPOSE: &'static str;

    /// Whether an event sets it, with the case as the event left it.
    fn is_set_by(event: &CaseEvent, case: &Case) -> bool;

    /// What is to be done now; `None` when it is too early, or nothing is to be done any more.
    fn due(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<CaseCommand>;

    /// How long from now until something is to be done; `None` when nothing is.
    fn wait(case: &Case, calendar: &Calendar, now: Timestamp) -> Option<SignedDuration>;
}

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    case: CaseId,
}

/// Sets a timer.
pub(super) struct TimerReaction<T>(PhantomData<T>);

/// Does what a timer was set for.
pub(super) struct TimerJob<T> {
    cases: Cases,
    timer: PhantomData<T>,
}

impl<T> TimerReaction<T> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> TimerJob<T> {
    pub(super) const fn new(cases: Cases) -> Self {
        Self {
            cases,
            timer: PhantomData,
        }
    }
}

impl<T: Timer> Reaction for TimerReaction<T> {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let case = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_deref());
        let (Some(event), Some(case)) = (recorded.event::<CaseStream>(), case) else {
            return Vec::new();
        };
        if !T::is_set_by(event, case) {
            return Vec::new();
        }
        let input = Input {
            case: recorded.stream_id.into(),
        };
        T::wait(case, &recorded.calendar, recorded.recorded_at)
            .map(|wait| NewJob::now(T::NAME, &input).after(wait))
            .into_iter()
            .collect()
    }
}

#[async_trait]
impl<T: Timer> Job for TimerJob<T> {
    fn name(&self) -> &'static str {
        T::NAME
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
        if let Some(command) = T::due(&case, &calendar, now) {
            let order = order(context, T::PURPOSE);
            let command = self
                .cases
                .on_process(context.region, &case, command)
                .await
                .map_err(|failure| JobFailure::Later(failure.public.into_owned()))?;
            let done = ledger.execute::<CaseStream>(input.case.into(), command, order);
            return settled(done.await);
        }
        // The instant was moved by a calendar that was imported meanwhile, or another one was set, which has its own timer;
        // a second timer for it does no harm.
        if let Some(wait) = T::wait(&case, &calendar, now) {
            let again = NewJob::now(T::NAME, &input).after(wait);
            ledger.job_add(context.region, again).await?;
        }
        Ok(())
    }
}
