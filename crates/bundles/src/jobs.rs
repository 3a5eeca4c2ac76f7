//! What a crash left of an application: the cases of its parts that were not opened. The job is written in the transaction of
//! the submission; usually everything is done when it runs. And what follows in an application when a part is decided for which
//! others wait.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_cases::model::{CaseEvent, CaseStream};
use wuchuang_kernel::{CaseId, JointId};
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};
use wuchuang_webkit::Failure;

use crate::{
    identity::may_be_awaited,
    model::{JointEvent, JointStream},
    service::Bundles,
};

/// Opens the cases that are still to be opened.
const JOINT_COMPLETE: &str = "joint_complete";
/// How long the handler of the submission has before the job looks after it.
const HANDLER_TIME: SignedDuration = SignedDuration::from_secs(2);

#[derive(Debug, Serialize, Deserialize)]
struct JointInput {
    joint: JointId,
}

/// Asks for the job when an application comes in.
pub(crate) struct AfterSubmission;

impl Reaction for AfterSubmission {
    fn kinds(&self) -> &'static [&'static str] {
        &[JointStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        match recorded.event::<JointStream>() {
            Some(JointEvent::Received { .. }) => {
                let input = JointInput {
                    joint: recorded.stream_id.into(),
                };
                vec![NewJob::now(JOINT_COMPLETE, &input).after(HANDLER_TIME)]
            }
            _ => Vec::new(),
        }
    }
}

/// Looks after the parts that wait for a case that was decided.
const JOINT_FOLLOW: &str = "joint_follow";

#[derive(Debug, Serialize, Deserialize)]
struct CaseInput {
    case: CaseId,
}

/// Asks for the job when a case ends for which others may wait.
pub(crate) struct AfterDecision;

impl Reaction for AfterDecision {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let case = recorded.stream_id.into();
        let ends = matches!(
            recorded.event::<CaseStream>(),
            Some(
                CaseEvent::Decided { .. }
                    | CaseEvent::NotAccepted { .. }
                    | CaseEvent::Terminated { .. }
                    | CaseEvent::TerminatedV2 { .. }
                    | CaseEvent::Withdrawn { .. }
                    | CaseEvent::WithdrawnV2 { .. }
            )
        );
        if ends && may_be_awaited(case) {
            vec![NewJob::now(JOINT_FOLLOW, &CaseInput { case })]
        } else {
            Vec::new()
        }
    }
}

/// The job: opens what waited, or ends it.
pub(crate) struct Follow(pub(crate) Bundles);

#[async_trait]
impl Job for Follow {
    fn name(&self) -> &'static str {
        JOINT_FOLLOW
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: CaseInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let row = self.0.of_case(context.region, input.case).await;
        let row = row.map_err(|error| JobFailure::Later(error.to_string()))?;
        let Some(joint) = row.and_then(|row| row.id()) else {
            return Ok(());
        };
        let done = self.0.complete(context.region, joint).await;
        done.map_err(later)
    }
}

fn later(failure: Failure) -> JobFailure {
    let reason = failure
        .internal
        .unwrap_or_else(|| failure.code.into_owned());
    JobFailure::Later(reason)
}

/// The job.
pub(crate) struct Complete(pub(crate) Bundles);

#[async_trait]
impl Job for Complete {
    fn name(&self) -> &'static str {
        JOINT_COMPLETE
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: JointInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        self.0
            .complete(context.region, input.joint)
            .await
            .map_err(later)
    }
}
