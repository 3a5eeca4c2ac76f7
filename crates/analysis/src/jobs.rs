//! The job of a count, and when the house starts one: once a day, soon after midnight. Cut off, it runs again and writes
//! the same.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::{Actor, Channel, CommandId, StreamId, china_date};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, NewJob, Order, Reaction, Recorded, Stream,
};

use crate::{
    model::count::{CountCommand, CountEvent, CountStream},
    service::Analysis,
};

/// Counts.
const COUNT: &str = "demand_count";

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    count: StreamId,
}

/// Asks for the job.
pub(crate) struct AfterStart;

impl Reaction for AfterStart {
    fn kinds(&self) -> &'static [&'static str] {
        &[CountStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let input = Input {
            count: recorded.stream_id,
        };
        match recorded.event::<CountStream>() {
            // Nobody waits for it: it stands behind what people are waiting for.
            Some(CountEvent::Started {}) => vec![NewJob::now(COUNT, &input).paper()],
            _ => Vec::new(),
        }
    }
}

/// Counts.
pub(crate) struct Count(pub(crate) Analysis);

#[async_trait]
impl Job for Count {
    fn name(&self) -> &'static str {
        COUNT
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let key = |purpose: &str| context.command_id(purpose);
        let counted = self
            .0
            .count(context.region, &key)
            .await
            .map_err(|failure| {
                let reason = failure
                    .internal
                    .unwrap_or_else(|| failure.code.into_owned());
                JobFailure::Later(reason)
            })?;
        let order = Order {
            region: context.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: context.command_id("finish"),
            expected: Expected::Existing,
        };
        let sent = context
            .ledger
            .execute::<CountStream>(input.count, CountCommand::Finish(counted), order)
            .await;
        match sent {
            Ok(_) | Err(ExecuteError::KeyReused) => Ok(()),
            Err(ExecuteError::Rejected(refusal)) if refusal.code == "count_finished" => Ok(()),
            Err(ExecuteError::Rejected(refusal)) => {
                Err(JobFailure::Never(refusal.code.into_owned()))
            }
            Err(error) => Err(JobFailure::Later(error.to_string())),
        }
    }
}

impl Analysis {
    /// Starts the count of the day, unless it was; the house asks every minute.
    ///
    /// # Errors
    /// Whatever the ledger reports.
    pub async fn plan(&self) -> Result<(), ExecuteError> {
        let region = self.catalogue.region();
        let count = Self::count_of(region, china_date(self.ledger().now()));
        let known = self.ledger().load::<CountStream>(region, count).await?;
        if known.is_some() {
            return Ok(());
        }
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(!count.uuid().as_u128()),
            expected: Expected::Any,
        };
        let sent = self
            .ledger()
            .execute::<CountStream>(count, CountCommand::Start, order)
            .await;
        match sent {
            Err(ExecuteError::Rejected(_)) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
