//! From events to notices: pure, so that the projection (the rows) and the reaction (the jobs) see the same.
//!
//! A slice that has something to tell gives a [`Source`]; the one for cases stands in `case_notices`.

use sha2::{Digest, Sha256};
use wuchuang_kernel::{CaseId, MessageId, PersonId};
use wuchuang_ledger::Recorded;

use crate::model::{MessageChannel, Parameters, TemplateName};

/// Something that a person is told because of an event.
#[derive(Clone)]
pub struct Notice {
    /// On which occasion.
    pub template: TemplateName,
    /// Whom it concerns: whose inbox it comes into.
    pub recipient: PersonId,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Their phone number; empty when none is known or the person was forgotten.
    pub phone: String,
    /// Their e-mail address; empty likewise.
    pub email: String,
    /// Whether it goes to the phone of whoever acts for the person, beside the person's own: the inbox stays the person's.
    pub is_for_agent: bool,
    /// What the text names.
    pub parameters: Parameters,
}

/// Where notices come from: kinds of streams, and what their events tell whom.
#[derive(Clone, Copy)]
pub struct Source {
    /// The kinds of streams.
    pub kinds: &'static [&'static str],
    /// Pure: what follows from one event.
    pub notices: fn(&Recorded) -> Vec<Notice>,
}

/// One row of the table `message`: a notice on one channel.
pub(crate) struct Planned {
    pub(crate) id: MessageId,
    pub(crate) channel: MessageChannel,
    pub(crate) address: String,
    pub(crate) notice: Notice,
}

impl Source {
    /// The messages that follow from an event. Their identifiers follow from the event as well, so that a replay, the
    /// job and a mail server that gets one twice all mean the same message.
    pub(crate) fn planned(&self, recorded: &Recorded) -> Vec<Planned> {
        let mut planned = Vec::new();
        for notice in (self.notices)(recorded) {
            for channel in notice.template.channels() {
                if notice.is_for_agent && *channel != MessageChannel::Sms {
                    continue;
                }
                let address = match channel {
                    MessageChannel::Inbox => String::new(),
                    MessageChannel::Sms => notice.phone.clone(),
                    MessageChannel::Email => notice.email.clone(),
                };
                if *channel != MessageChannel::Inbox && address.is_empty() {
                    continue;
                }
                planned.push(Planned {
                    id: message_id(recorded, &notice, *channel),
                    channel: *channel,
                    address,
                    notice: notice.clone(),
                });
            }
        }
        planned
    }
}

fn message_id(recorded: &Recorded, notice: &Notice, channel: MessageChannel) -> MessageId {
    let purpose = if notice.is_for_agent {
        "message-agent"
    } else {
        "message"
    };
    let digest = Sha256::digest(format!(
        "{purpose}/{}/{}/{}/{}/{}",
        recorded.region,
        recorded.seq,
        notice.template.code(),
        notice.recipient,
        channel.code()
    ));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    MessageId::from_u128(u128::from_be_bytes(bytes))
}
