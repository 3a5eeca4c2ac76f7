//! A count: started once a day or by hand, then done. One stream a count.
//!
//! The figures themselves are no events: they follow from the cases and can be counted again at any time. The ledger
//! keeps that somebody counted, how far along the chain, and what came of it, so that the next count goes on there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{Context, Stream};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct CountStream;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Up to which place of the region's chain.
    pub through_seq: i64,
    /// How many months were counted again.
    pub months: u32,
    /// How many cases they have.
    pub cases: u32,
    /// How many suggestions are new or came back.
    pub raised: u32,
    /// How many do not follow from the figures any more.
    pub lapsed: u32,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum CountCommand {
    /// 开始统计.
    Start,
    /// 统计完成; sent by the job.
    Finish(Counted),
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountEvent {
    /// 开始统计.
    Started {},
    /// 统计完成.
    Finished(Counted),
}

/// A count.
#[derive(Debug, Clone, Default)]
pub struct CountState {
    /// When it began; `None` before.
    pub started_at: Option<Timestamp>,
    /// What was counted; `None` while it is counted.
    pub counted: Option<Counted>,
}

impl Stream for CountStream {
    const KIND: &'static str = "demand_count";
    type State = CountState;
    type Command = CountCommand;
    type Event = CountEvent;

    fn decide(
        state: &CountState,
        command: &CountCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<CountEvent>, Rejection> {
        let event = match (command, state.started_at, state.counted) {
            (CountCommand::Start, None, _) => CountEvent::Started {},
            (CountCommand::Start, Some(_), _) => {
                return Err(Rejection::new("count_exists", "这一次统计已经开始。"));
            }
            (CountCommand::Finish(_), None, _) => {
                return Err(Rejection::new("count_unknown", "没有这一次统计。"));
            }
            (CountCommand::Finish(_), Some(_), Some(_)) => {
                return Err(Rejection::new("count_finished", "这一次统计已经完成。"));
            }
            (CountCommand::Finish(counted), Some(_), None) => CountEvent::Finished(*counted),
        };
        Ok(vec![event])
    }

    fn apply(state: &mut CountState, event: &CountEvent, at: Timestamp) {
        match event {
            CountEvent::Started {} => state.started_at = Some(at),
            CountEvent::Finished(counted) => state.counted = Some(*counted),
        }
    }
}
