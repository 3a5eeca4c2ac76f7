//! Asks for the document of each notice when its event is recorded, and makes it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::model::CaseStream;

use super::maker::{NoticeError, NoticeMaker};

/// The job's name.
const NAME: &str = "case_notice";

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    case: CaseId,
    version: i64,
}

/// Asks for a document after each event that gave a notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoticeReaction;

impl Reaction for NoticeReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let gave_notice = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_ref())
            .and_then(|case| case.notices.last())
            .is_some_and(|notice| notice.version == recorded.version);
        if !gave_notice {
            return Vec::new();
        }
        let input = Input {
            case: recorded.stream_id.into(),
            version: recorded.version,
        };
        vec![NewJob::now(NAME, &input).paper()]
    }
}

/// Makes the document of one notice.
pub struct NoticeJob(NoticeMaker);

impl NoticeJob {
    /// The job with its maker.
    pub const fn new(maker: NoticeMaker) -> Self {
        Self(maker.when_idle())
    }
}

#[async_trait]
impl Job for NoticeJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        match self
            .0
            .ensure(context.region, input.case, input.version)
            .await
        {
            Ok(_) | Err(NoticeError::Forgotten) => Ok(()),
            Err(
                error @ (NoticeError::Load(_)
                | NoticeError::Storage(_)
                | NoticeError::File(_)
                | NoticeError::SealEnded(_)
                | NoticeError::Interrupted),
            ) => Err(JobFailure::Later(error.to_string())),
            // A wrong template or a character without a font waits for an administrator, who tries
            // the job again when it is mended; more attempts alone would change nothing.
            Err(
                error @ (NoticeError::Unknown(_)
                | NoticeError::Unfit(_)
                | NoticeError::Document(_)
                | NoticeError::Sign(_)),
            ) => Err(JobFailure::Never(error.to_string())),
        }
    }
}
