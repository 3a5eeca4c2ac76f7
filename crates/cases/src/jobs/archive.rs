//! 归档: thirty days after a case ended it goes to the archive.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::model::{CaseCommand, CaseEvent, CaseStream};

use super::{order, settled};

/// The job's name.
const NAME: &str = "case_archive";
/// How long a case stays at hand after its end; ratings and corrections of delivery come within it.
const STAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    case: CaseId,
}

/// Sets the timer when a case ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArchiveReaction;

impl Reaction for ArchiveReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let ends = recorded
            .event::<CaseStream>()
            .is_some_and(CaseEvent::ends_case);
        if !ends {
            return Vec::new();
        }
        let input = Input {
            case: recorded.stream_id.into(),
        };
        vec![NewJob::now(NAME, &input).after(STAYS)]
    }
}

/// Archives a case.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArchiveJob;

#[async_trait]
impl Job for ArchiveJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let done = context
            .ledger
            .execute::<CaseStream>(
                input.case.into(),
                CaseCommand::Archive,
                order(context, "archive"),
            )
            .await;
        settled(done)
    }
}
