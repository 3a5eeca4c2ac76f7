//! Forgetting and holding a person's data as an act of somebody, from the page and from the command line: ordered, done, and
//! kept in a list that the audit administrator reads.

use serde::Deserialize;
use wuchuang_kernel::{Actor, CommandId, PersonId, Region};
use wuchuang_ledger::{
    ExecuteError, Existing, Expected, ForgetError, HoldError, Order, Projection, Recorded, Sheet,
    StorageError, Stream, Table, storage::list,
};

use crate::{
    model::privacy::{PrivacyAct, PrivacyCommand, PrivacyEvent, PrivacyStream},
    store::Directory,
};

/// How many acts the list shows.
const ACTS_MAX: i64 = 200;

/// Why an act was not done. That it was ordered is kept all the same.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// The order was refused, or the ledger failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The person was not forgotten.
    #[error(transparent)]
    Forget(#[from] ForgetError),
    /// The hold was not written.
    #[error(transparent)]
    Hold(#[from] HoldError),
}

/// One noted act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ActRow {
    pub(crate) seq: i64,
    pub(crate) person: String,
    pub(crate) act: String,
    /// `ordered`, `done` or `refused`.
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) actor: String,
    pub(crate) at_us: i64,
}

impl Directory {
    /// Does an act with a person's data, and notes before and after it who did it and why.
    ///
    /// # Errors
    /// When the reason is refused, the person is unknown or held, or the ledger fails.
    pub async fn privacy_act(
        &self,
        person: PersonId,
        act: PrivacyAct,
        reason: &str,
        order: Order,
    ) -> Result<(), PrivacyError> {
        let region = order.region;
        let (actor, channel) = (order.actor, order.channel);
        let command = PrivacyCommand::Order {
            act,
            reason: reason.to_owned(),
        };
        self.ledger()
            .execute::<PrivacyStream>(person.into(), command, order)
            .await?;
        let done = match act {
            PrivacyAct::Forget => self
                .ledger()
                .forget(region, person)
                .await
                .map_err(Into::into),
            PrivacyAct::Hold | PrivacyAct::Lift => {
                let held = (act == PrivacyAct::Hold).then(|| reason.trim().to_owned());
                self.ledger()
                    .hold(region, person, held)
                    .await
                    .map_err(Into::into)
            }
        };
        let note = if done.is_ok() {
            PrivacyCommand::NoteDone(act)
        } else {
            PrivacyCommand::NoteRefused(act)
        };
        let order = Order {
            region,
            actor,
            channel,
            command_id: self.ledger().command_id(),
            expected: Expected::Any,
        };
        self.ledger()
            .execute::<PrivacyStream>(person.into(), note, order)
            .await?;
        done
    }

    /// The acts of a county, the newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn privacy_acts(&self, region: Region) -> Result<Vec<ActRow>, StorageError> {
        list(
            self.ledger().database().read(),
            "SELECT seq, person, act, outcome, reason, actor, at_us FROM privacy_act WHERE region = $1 ORDER BY seq DESC LIMIT $2",
            [region.to_string().into(), ACTS_MAX.into()],
        )
        .await
    }
}

/// The order of an act from the command line.
pub fn order_of_keeper(region: Region, command_id: CommandId) -> Order {
    Order {
        region,
        actor: Actor::SYSTEM,
        channel: wuchuang_kernel::Channel::System,
        command_id,
        expected: Expected::Any,
    }
}

/// Writes the acts.
pub(crate) struct PrivacyProjection;

const ACTS: Table = Table {
    name: "privacy_act",
    columns: &[
        "region", "seq", "person", "act", "outcome", "reason", "actor", "at_us",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

impl Projection for PrivacyProjection {
    fn name(&self) -> &'static str {
        "privacy_act"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[PrivacyStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["privacy_act"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let (act, outcome, reason) = match recorded.event::<PrivacyStream>() {
            Some(PrivacyEvent::Ordered { act, reason }) => (act, "ordered", reason.as_str()),
            Some(PrivacyEvent::Done { act }) => (act, "done", ""),
            Some(PrivacyEvent::Refused { act }) => (act, "refused", ""),
            None => return Ok(()),
        };
        let actor = recorded.actor.person.map(|person| person.to_string());
        sheet.put(
            &ACTS,
            [
                recorded.region.to_string().into(),
                recorded.seq.into(),
                recorded.stream_id.to_string().into(),
                act.code().into(),
                outcome.into(),
                reason.into(),
                actor.unwrap_or_default().into(),
                recorded.recorded_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}
