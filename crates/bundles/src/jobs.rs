//! What a crash left of an application: the cases of its parts that were not opened. The job is written in the transaction of
//! the submission; usually everything is done when it runs.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::JointId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::{
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
            .map_err(|failure| {
                let reason = failure
                    .internal
                    .unwrap_or_else(|| failure.code.into_owned());
                JobFailure::Later(reason)
            })
    }
}
