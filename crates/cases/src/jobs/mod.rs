//! Timers: acceptance by law when nobody told a defect in time, the archive, and deadlines computed
//! anew after a calendar was imported, and what nobody handed in. The messages' own reminders are not here.

mod archive;
mod deem_accepted;
mod reproject;
mod sweep;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wuchuang_kernel::{Actor, Channel};
use wuchuang_ledger::{ExecuteError, Expected, Job, JobContext, JobFailure, LedgerBuilder, Order};

pub use archive::{ArchiveJob, ArchiveReaction};
pub use deem_accepted::{DeemAcceptedJob, DeemAcceptedReaction};
pub use reproject::{DEADLINES_REPROJECT, ReprojectJob};
pub use sweep::SweepJob;
pub(crate) use sweep::plan as plan_sweep;

use crate::{
    notices::{NoticeJob, NoticeMaker, NoticeReaction},
    service::Cases,
};

/// Registers what asks for the jobs of this slice, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .reaction(NoticeReaction)
        .reaction(DeemAcceptedReaction)
        .reaction(ArchiveReaction)
}

/// The handlers of the jobs of this slice.
pub fn jobs(maker: NoticeMaker, cases: Cases) -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(NoticeJob::new(maker)),
        Arc::new(DeemAcceptedJob),
        Arc::new(ArchiveJob),
        Arc::new(ReprojectJob),
        Arc::new(SweepJob::new(cases)),
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
