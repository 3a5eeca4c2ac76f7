//! Rows and jobs that follow from events, written in the transaction of the events: a message cannot be lost.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{MessageId, PersonId, Region};
use wuchuang_ledger::storage::Transaction;
use wuchuang_ledger::{
    Existing, NewJob, Projection, Reaction, Recorded, Sheet, StorageError, Stream, Table,
    storage::execute,
};

use crate::{
    model::{MessageChannel, TemplateEvent, TemplateStream},
    notices::Source,
};

/// The name of the job that sends one message.
pub const SEND: &str = "message_send";

/// What that job is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendInput {
    /// The message.
    pub message: MessageId,
    /// The gateway that reported that it could not deliver; the ones behind it are tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The table `message`.
pub struct MessageProjection(pub Source);

const MESSAGES: Table = Table {
    name: "message",
    columns: &[
        "region",
        "id",
        "seq",
        "recipient",
        "channel",
        "template",
        "case_id",
        "address",
        "parameters",
        "created_at_us",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

#[async_trait]
impl Projection for MessageProjection {
    fn name(&self) -> &'static str {
        "message"
    }

    fn kinds(&self) -> &'static [&'static str] {
        self.0.kinds
    }

    fn tables(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        for message in self.0.planned(recorded) {
            let notice = message.notice;
            let parameters = serde_json::to_string(&notice.parameters)
                .map_err(|error| super::unreadable("parameters", &message.id.to_string(), error))?;
            let case = notice.case.map(|case| case.to_string());
            sheet.put(
                &MESSAGES,
                [
                    recorded.region.to_string().into(),
                    message.id.to_string().into(),
                    recorded.seq.into(),
                    notice.recipient.to_string().into(),
                    message.channel.code().into(),
                    notice.template.code().into(),
                    case.unwrap_or_default().into(),
                    message.address.into(),
                    parameters.into(),
                    recorded.recorded_at.as_microsecond().into(),
                ],
            );
        }
        Ok(())
    }

    // A replay without the person's key finds no address and so makes no row for it; the inbox rows hold nothing
    // personal and stay.
    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
    ) -> Result<(), StorageError> {
        let key = || [region.to_string().into(), person.to_string().into()];
        execute(
            transaction,
            "DELETE FROM message_delivery WHERE region = $1 AND message IN (SELECT id FROM message WHERE region = $1 AND recipient = $2)",
            key(),
        )
        .await?;
        execute(
            transaction,
            "DELETE FROM message WHERE region = $1 AND recipient = $2 AND address <> ''",
            key(),
        )
        .await?;
        Ok(())
    }
}

/// Asks for one job per message that leaves the house.
pub struct Mailing(pub Source);

impl Reaction for Mailing {
    fn kinds(&self) -> &'static [&'static str] {
        self.0.kinds
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        self.0
            .planned(recorded)
            .into_iter()
            .filter(|planned| planned.channel != MessageChannel::Inbox)
            .map(|planned| {
                let input = SendInput {
                    message: planned.id,
                    after: None,
                };
                NewJob::now(SEND, &input)
            })
            .collect()
    }
}

/// The table `message_template`.
pub struct TemplateProjection;

const TEMPLATES: Table = Table {
    name: "message_template",
    columns: &[
        "region",
        "name",
        "version",
        "from_seq",
        "subject",
        "body",
        "sms",
        "edited_by",
        "edited_at_us",
    ],
    key_columns: 3,
    existing: Existing::Impossible,
};

impl Projection for TemplateProjection {
    fn name(&self) -> &'static str {
        "message_template"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[TemplateStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["message_template"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(TemplateEvent::Edited { name, text } | TemplateEvent::Restored { name, text }) =
            recorded.event::<TemplateStream>()
        else {
            return Ok(());
        };
        let editor = recorded.actor.person.map(|person| person.to_string());
        sheet.put(
            &TEMPLATES,
            [
                recorded.region.to_string().into(),
                name.code().into(),
                recorded.version.into(),
                recorded.seq.into(),
                text.subject.clone().into(),
                text.body.clone().into(),
                text.sms.clone().into(),
                editor.unwrap_or_default().into(),
                recorded.recorded_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}
