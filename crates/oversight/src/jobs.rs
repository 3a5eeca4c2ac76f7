//! A round that was started asks the rules; a register that was compared opens its findings. Both can be cut off and run
//! again: what was opened stays, and is not opened twice.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::{Actor, Channel, RoundId, china_date};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, NewJob, Order, Reaction, Recorded, Stream,
};

use crate::{
    model::round::{RoundCommand, RoundEvent, RoundStream},
    service::Oversight,
};

/// Asks the rules.
const LOOK: &str = "oversight_look";
/// Opens what a register holds and the ledger does not.
const OPEN: &str = "oversight_open";

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    round: RoundId,
}

/// Asks for the jobs.
pub(crate) struct AfterRound;

impl Reaction for AfterRound {
    fn kinds(&self) -> &'static [&'static str] {
        &[RoundStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let input = Input {
            round: recorded.stream_id.into(),
        };
        match recorded.event::<RoundStream>() {
            Some(RoundEvent::Started {}) => vec![NewJob::now(LOOK, &input)],
            Some(RoundEvent::Compared(_)) => vec![NewJob::now(OPEN, &input)],
            _ => Vec::new(),
        }
    }
}

fn read(input: Value) -> Result<RoundId, JobFailure> {
    let input: Input =
        serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
    Ok(input.round)
}

fn later(failure: wuchuang_webkit::Failure) -> JobFailure {
    let reason = failure
        .internal
        .unwrap_or_else(|| failure.code.into_owned());
    JobFailure::Later(reason)
}

/// Asks the rules.
pub(crate) struct Look(pub(crate) Oversight);

#[async_trait]
impl Job for Look {
    fn name(&self) -> &'static str {
        LOOK
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let round = read(input)?;
        let key = |purpose: &str| context.command_id(purpose);
        let looked = self.0.look(context.region, &key).await.map_err(later)?;
        let order = Order {
            region: context.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: context.command_id("finish"),
            expected: Expected::Existing,
        };
        let sent = context
            .ledger
            .execute::<RoundStream>(round.into(), RoundCommand::Finish(looked), order)
            .await;
        match sent {
            Ok(_) | Err(ExecuteError::KeyReused) => Ok(()),
            Err(ExecuteError::Rejected(refusal)) if refusal.code == "round_finished" => Ok(()),
            Err(ExecuteError::Rejected(refusal)) => {
                Err(JobFailure::Never(refusal.code.into_owned()))
            }
            Err(error) => Err(JobFailure::Later(error.to_string())),
        }
    }
}

/// Opens what a register holds and the ledger does not.
pub(crate) struct OpenMissing(pub(crate) Oversight);

#[async_trait]
impl Job for OpenMissing {
    fn name(&self) -> &'static str {
        OPEN
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let round = read(input)?;
        let loaded = context
            .ledger
            .load::<RoundStream>(context.region, round.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        let comparison = loaded.and_then(|(_, state)| state.comparison.clone());
        let comparison =
            comparison.ok_or_else(|| JobFailure::Never("there is no such register".into()))?;
        let found = self.0.missing_on_ledger(&comparison);
        let key = |purpose: &str| context.command_id(purpose);
        self.0
            .open_all(context.region, found, &key)
            .await
            .map_err(later)?;
        Ok(())
    }
}

impl Oversight {
    /// Starts the round of the day, unless it was; the house asks every minute.
    ///
    /// # Errors
    /// Whatever the ledger reports.
    pub async fn plan(&self) -> Result<(), ExecuteError> {
        let region = self.catalogue.region();
        let day = china_date(self.ledger().now());
        let round = Self::round_of(region, day);
        if self
            .ledger()
            .load::<RoundStream>(region, round.into())
            .await?
            .is_some()
        {
            return Ok(());
        }
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: wuchuang_kernel::CommandId::from_u128(!round.uuid().as_u128()),
            expected: Expected::Any,
        };
        let sent = self
            .ledger()
            .execute::<RoundStream>(round.into(), RoundCommand::Start, order)
            .await;
        match sent {
            Err(ExecuteError::Rejected(_)) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
