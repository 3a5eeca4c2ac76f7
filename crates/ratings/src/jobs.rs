//! A rating is told to its case, so that nobody is asked twice.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_cases::model::{CaseCommand, CaseStream};
use wuchuang_kernel::{Actor, CaseId, Channel};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, NewJob, Order, Reaction, Recorded, Stream,
};

use crate::model::{RatingEvent, RatingStream};

/// Tells a case that it was rated.
const RATING_RECORD: &str = "rating_record";

#[derive(Debug, Serialize, Deserialize)]
struct RatedInput {
    case: CaseId,
}

/// Asks for the job when a rating comes in.
pub(crate) struct AfterRating;

impl Reaction for AfterRating {
    fn kinds(&self) -> &'static [&'static str] {
        &[RatingStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        match recorded.event::<RatingStream>() {
            Some(RatingEvent::Rated(rate)) => {
                let input = RatedInput {
                    case: rate.service.case,
                };
                vec![NewJob::now(RATING_RECORD, &input)]
            }
            Some(RatingEvent::Opened { .. }) | None => Vec::new(),
        }
    }
}

/// Sends the command to the case as the system: the case must not learn who rated.
pub(crate) struct RecordRating;

#[async_trait]
impl Job for RecordRating {
    fn name(&self) -> &'static str {
        RATING_RECORD
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: RatedInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let order = Order {
            region: context.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: context.command_id("record"),
            expected: Expected::Existing,
        };
        let sent = context
            .ledger
            .execute::<CaseStream>(input.case.into(), CaseCommand::RecordRating, order)
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(ExecuteError::Rejected(rejection)) if rejection.code == "rated_before" => Ok(()),
            Err(ExecuteError::Rejected(rejection)) => {
                Err(JobFailure::Never(rejection.code.into_owned()))
            }
            Err(error) => Err(JobFailure::Later(error.to_string())),
        }
    }
}
