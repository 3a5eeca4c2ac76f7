//! One record of the ledger and the hash that chains it to the one before.

use std::{any::Any, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, CommandId, Region, StreamId};

use crate::proof::merkle::Hash;

/// The hash before the first record of a chain.
pub(crate) const FIRST: Hash = [0; 32];

/// The record as it is stored: payload sealed, in the exact bytes that are hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The region whose chain it belongs to.
    pub region: String,
    /// Its place in the chain, from 1, without gaps.
    pub seq: i64,
    /// The stream's kind.
    pub stream_kind: String,
    /// The stream.
    pub stream_id: String,
    /// Its place in the stream, from 1, without gaps.
    pub version: i64,
    /// What happened.
    pub event_type: String,
    /// Which version of that event's form.
    pub event_version: i64,
    /// The sealed payload.
    pub payload: String,
    /// Who acted.
    pub actor: String,
    /// Through which window.
    pub channel: String,
    /// By which command.
    pub command_id: String,
    /// When, in microseconds since 1970 UTC.
    pub recorded_at_us: i64,
    /// The hash of the record before.
    pub prev_hash: String,
    /// The hash of this record.
    pub hash: String,
}

impl Record {
    /// The hash over the whole record and the hash before it. Each field is preceded by its length,
    /// so that no two different records have the same bytes.
    pub fn compute_hash(&self) -> Hash {
        let mut hasher = Sha256::new();
        let numbers = [
            self.seq,
            self.version,
            self.event_version,
            self.recorded_at_us,
        ];
        for number in numbers {
            hasher.update(number.to_be_bytes());
        }
        let texts = [
            &self.region,
            &self.stream_kind,
            &self.stream_id,
            &self.event_type,
            &self.payload,
            &self.actor,
            &self.channel,
            &self.command_id,
            &self.prev_hash,
        ];
        for text in texts {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().into()
    }
}

/// An event as projections and reactions see it: opened, with the stream's state after it.
#[derive(Clone)]
pub struct Recorded {
    /// The region.
    pub region: Region,
    /// Its place in the region's chain.
    pub seq: i64,
    /// The stream's kind.
    pub stream_kind: &'static str,
    /// The stream.
    pub stream_id: StreamId,
    /// Its place in the stream.
    pub version: i64,
    /// What happened, such as `accepted`.
    pub event_type: String,
    /// The payload, opened.
    pub payload: Arc<Value>,
    /// Who acted.
    pub actor: Actor,
    /// Through which window.
    pub channel: Channel,
    /// By which command.
    pub command_id: CommandId,
    /// When.
    pub recorded_at: Timestamp,
    /// The working days as known now: due dates are projected by the calendar in force, not by the
    /// one of the day of the event.
    pub calendar: Arc<Calendar>,
    pub(crate) event: Arc<dyn Any + Send + Sync>,
    pub(crate) state: Arc<dyn Any + Send + Sync>,
}

impl Recorded {
    /// The typed event, when the stream is of kind `S`.
    pub fn event<S: crate::Stream>(&self) -> Option<&S::Event> {
        (self.stream_kind == S::KIND)
            .then(|| self.event.downcast_ref())
            .flatten()
    }

    /// The typed state after the event, when the stream is of kind `S`.
    pub fn state<S: crate::Stream>(&self) -> Option<&S::State> {
        (self.stream_kind == S::KIND)
            .then(|| self.state.downcast_ref())
            .flatten()
    }
}

impl std::fmt::Debug for Recorded {
    // The payload holds personal values, so it is left out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Recorded")
            .field("seq", &self.seq)
            .field("stream_kind", &self.stream_kind)
            .field("stream_id", &self.stream_id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            region: "610924".into(),
            seq: 1,
            stream_kind: "case".into(),
            stream_id: "a".into(),
            version: 1,
            event_type: "received".into(),
            event_version: 1,
            payload: "{}".into(),
            actor: "{}".into(),
            channel: "portal".into(),
            command_id: "c".into(),
            recorded_at_us: 5,
            prev_hash: hex::encode(FIRST),
            hash: String::new(),
        }
    }

    #[test]
    fn every_field_is_part_of_the_hash() {
        let base = record().compute_hash();
        let alterations: [fn(&mut Record); 13] = [
            |record| record.region.push('1'),
            |record| record.seq += 1,
            |record| record.stream_kind.push('x'),
            |record| record.stream_id.push('x'),
            |record| record.version += 1,
            |record| record.event_type.push('x'),
            |record| record.event_version += 1,
            |record| record.payload.push(' '),
            |record| record.actor.push('x'),
            |record| record.channel.push('x'),
            |record| record.command_id.push('x'),
            |record| record.recorded_at_us += 1,
            |record| record.prev_hash.push('0'),
        ];
        for alter in alterations {
            let mut other = record();
            alter(&mut other);
            assert_ne!(other.compute_hash(), base);
        }
    }

    #[test]
    fn text_cannot_move_between_fields_unnoticed() {
        let mut one = record();
        one.stream_kind = "ab".into();
        one.stream_id = "c".into();
        let mut two = record();
        two.stream_kind = "a".into();
        two.stream_id = "bc".into();
        assert_ne!(one.compute_hash(), two.compute_hash());
    }
}
