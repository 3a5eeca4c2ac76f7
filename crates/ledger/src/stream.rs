//! What a slice writes to live on the ledger: a kind of stream with its commands, events and state,
//! and two pure functions. `decide` may refuse but not change; `apply` may change but not refuse.

use std::fmt::Debug;

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, Region, Rejection, StreamId};

/// What a decision needs to know besides the state: passed in, never fetched inside.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The region (county) whose ledger this is.
    pub region: Region,
    /// The stream that the command is for.
    pub stream: StreamId,
    /// The instant at which the command is decided; also the events' recorded time.
    pub now: Timestamp,
    /// Who sends the command.
    pub actor: &'a Actor,
    /// Through which window.
    pub channel: Channel,
    /// The working days.
    pub calendar: &'a Calendar,
    /// The next number of the sequence that the command asked for (starting at 1).
    pub number: Option<u64>,
}

/// A kind of stream.
///
/// A released event is never edited: a new meaning is a new variant with the suffix `V2` beside it.
pub trait Stream: Send + Sync + 'static {
    /// The kind's name in the ledger: `case`, `service_item`.
    const KIND: &'static str;
    /// The state that the events add up to; `Default` is the stream before its first event.
    type State: Default + Clone + Debug + Send + Sync + 'static;
    /// What may be asked of the stream.
    type Command: Serialize + Send + Sync + 'static;
    /// What happened: an externally tagged enum with one variant per event type, in snake case.
    type Event: Serialize + DeserializeOwned + Debug + Send + Sync + 'static;

    /// Decides a command: the events that follow from it, or a refusal.
    ///
    /// # Errors
    /// The rule that forbids the command.
    fn decide(
        state: &Self::State,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Vec<Self::Event>, Rejection>;

    /// Applies an event. It cannot fail, refuse or read a clock.
    fn apply(state: &mut Self::State, event: &Self::Event, recorded_at: Timestamp);

    /// The sequence from which the command needs a number, such as `case:20261122`. The number is
    /// used up only when the command is accepted.
    fn sequence(_command: &Self::Command, _now: Timestamp) -> Option<String> {
        None
    }

    /// What the sender of a command sent, by which a repetition is told from another command under the same key;
    /// `None`: the whole command. A stream whose commands carry what the house added itself, such as the terms of the
    /// item in force, leaves that out: it may have changed between the two.
    fn sent(_command: &Self::Command) -> Option<Value> {
        None
    }
}

/// An event's type and version from the tag of its variant: `received_v2` is version 2 of
/// `received`.
pub(crate) fn split_tag(tag: &str) -> (&str, i64) {
    match tag.rsplit_once("_v") {
        Some((name, version)) if !name.is_empty() => match version.parse() {
            Ok(version) if version > 1 => (name, version),
            _ => (tag, 1),
        },
        _ => (tag, 1),
    }
}

/// The tag of a variant from an event's type and version.
pub(crate) fn join_tag(event_type: &str, version: i64) -> String {
    if version > 1 {
        format!("{event_type}_v{version}")
    } else {
        event_type.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_carry_versions() {
        assert_eq!(split_tag("received"), ("received", 1));
        assert_eq!(split_tag("received_v2"), ("received", 2));
        assert_eq!(split_tag("proof_verified"), ("proof_verified", 1));
        assert_eq!(join_tag("received", 2), "received_v2");
        assert_eq!(join_tag("received", 1), "received");
    }
}
