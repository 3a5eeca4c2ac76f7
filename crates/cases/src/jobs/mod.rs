//! Timers: acceptance by law when nobody told a defect in time, those of drawn processes, what rules decide, reminders of what the applicant has to bring, the archive,
//! deadlines computed anew after a calendar was imported, what nobody handed in, the files of forgotten people, and the cases
//! of accounts that were closed.

mod adopt;
mod archive;
mod by_rules;
mod deem_accepted;
mod forgotten;
mod process;
mod release;
mod remind;
mod reproject;
mod sweep;
#[cfg(test)]
mod tests;
mod timer;

use std::sync::Arc;

use serde::Deserialize;
use wuchuang_kernel::{Actor, Channel, JobId, Region};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, Ledger, LedgerBuilder, NewJob, Order,
    StorageError, storage::find,
};

pub use adopt::AdoptJob;
pub(crate) use adopt::plan as plan_adoption;
pub use archive::{ArchiveJob, ArchiveReaction};
pub use forgotten::{ForgottenJob, ForgottenReaction};
pub use release::{ReleaseJob, ReleaseReaction};
pub use reproject::{DEADLINES_REPROJECT, ReprojectJob};
pub use sweep::SweepJob;
pub(crate) use sweep::plan as plan_sweep;

use by_rules::ByRules;
use deem_accepted::DeemAccepted;
use process::ProcessTimer;
use remind::Remind;
use timer::{TimerJob, TimerReaction};

use crate::{
    notices::{NoticeJob, NoticeMaker, NoticeReaction},
    service::Cases,
};

/// Registers what asks for the jobs of this slice, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .reaction(NoticeReaction)
        .reaction(TimerReaction::<DeemAccepted>::new())
        .reaction(TimerReaction::<Remind>::new())
        .reaction(TimerReaction::<ProcessTimer>::new())
        .reaction(TimerReaction::<ByRules>::new())
        .reaction(ArchiveReaction)
        .reaction(ForgottenReaction)
        .reaction(ReleaseReaction)
}

/// The handlers of the jobs of this slice.
pub fn jobs(maker: NoticeMaker, cases: Cases) -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(NoticeJob::new(maker)),
        Arc::new(TimerJob::<DeemAccepted>::new(cases.clone())),
        Arc::new(TimerJob::<Remind>::new(cases.clone())),
        Arc::new(TimerJob::<ProcessTimer>::new(cases.clone())),
        Arc::new(TimerJob::<ByRules>::new(cases.clone())),
        Arc::new(ArchiveJob),
        Arc::new(ReleaseJob),
        Arc::new(ReprojectJob),
        Arc::new(SweepJob::new(cases.clone())),
        Arc::new(AdoptJob::new(cases.clone())),
        Arc::new(ForgottenJob::new(cases)),
    ]
}

/// The order of a command that a timer sends: the same each time the job runs.
fn order(context: &JobContext, purpose: &str) -> Order {
    Order {
        region: context.region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: context.command_id(purpose),
        expected: Expected::Existing,
    }
}

/// A timer that finds its work done by somebody else has nothing to do.
fn settled<T>(outcome: Result<T, ExecuteError>) -> Result<(), JobFailure> {
    match outcome {
        Ok(_) | Err(ExecuteError::Rejected(_) | ExecuteError::UnknownStream { .. }) => Ok(()),
        Err(error) => Err(JobFailure::Later(error.to_string())),
    }
}

#[derive(Deserialize)]
struct Planned {
    #[expect(dead_code, reason = "only whether there is a row is asked")]
    id: String,
}

/// Whether the same job is planned besides the one that asks; one that gave up counts, because an administrator tries
/// it again.
async fn is_planned(
    ledger: &Ledger,
    region: Region,
    job: &NewJob,
    besides: Option<JobId>,
) -> Result<bool, StorageError> {
    let row: Option<Planned> = find(
        ledger.database().read(),
        "SELECT id FROM job WHERE region = $1 AND name = $2 AND input = $3 AND id <> $4 LIMIT 1",
        [
            region.to_string().into(),
            job.name.into(),
            job.input.to_string().into(),
            besides.map(|id| id.to_string()).unwrap_or_default().into(),
        ],
    )
    .await?;
    Ok(row.is_some())
}
