//! A round of checks: the rules asked over what happened since the last one, or a department's own register compared with
//! the ledger. One stream a round: started, then done.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{ItemId, OrganisationId, Rejection};
use wuchuang_ledger::{Context, Stream};

/// How many lines a register has at most: what is not on the ledger is kept with the round.
pub const LINES_MAX: usize = 500;

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct RoundStream;

/// A line of a department's register that is not on the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingLine {
    /// Its row in the sheet, from 2.
    pub row: u32,
    /// The number of the department's own document.
    pub document: String,
    /// The item.
    pub item: ItemId,
    /// When it was decided.
    pub on: Date,
    /// A keyed digest of the applicant's number, where one was given.
    pub applicant: Option<String>,
}

/// A register that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Whose register.
    pub department: OrganisationId,
    /// Its name.
    pub department_name: String,
    /// How many lines it has.
    pub lines: u32,
    /// How many of them are on the ledger.
    pub matched: u32,
    /// The others.
    pub missing: Vec<MissingLine>,
}

/// What the rules looked at and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Up to which place of the region's chain.
    pub through_seq: i64,
    /// How many acceptances and decisions were looked at.
    pub deeds: u32,
    /// How many items.
    pub items: u32,
    /// How many findings are new.
    pub found: u32,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum RoundCommand {
    /// 开始核对: the rules are asked.
    Start,
    /// A register is compared; done at once, the findings follow by a job.
    Compare(Comparison),
    /// The rules were asked; sent by the job.
    Finish(Looked),
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundEvent {
    /// 开始核对.
    Started {},
    /// A register was compared.
    Compared(Comparison),
    /// The rules were asked.
    Finished(Looked),
}

/// A round.
#[derive(Debug, Clone, Default)]
pub struct RoundState {
    /// When it began; `None` before.
    pub started_at: Option<Timestamp>,
    /// The register.
    pub comparison: Option<Comparison>,
    /// What the rules found; `None` while they are asked.
    pub looked: Option<Looked>,
}

impl Stream for RoundStream {
    const KIND: &'static str = "oversight_round";
    type State = RoundState;
    type Command = RoundCommand;
    type Event = RoundEvent;

    fn decide(
        state: &RoundState,
        command: &RoundCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<RoundEvent>, Rejection> {
        let is_new = state.started_at.is_none();
        let event = match command {
            RoundCommand::Start if is_new => RoundEvent::Started {},
            RoundCommand::Compare(comparison) if is_new => {
                if comparison.lines == 0 || comparison.missing.len() > LINES_MAX {
                    return Err(Rejection::new(
                        "lines_out_of_range",
                        "台账要有1至500行，请分成几个文件上传。",
                    )
                    .at("sheet"));
                }
                RoundEvent::Compared(comparison.clone())
            }
            RoundCommand::Start | RoundCommand::Compare(_) => {
                return Err(Rejection::new("round_exists", "这一次核对已经开始。"));
            }
            RoundCommand::Finish(looked) => {
                if is_new || state.comparison.is_some() {
                    return Err(Rejection::new("round_unknown", "没有这一次核对。"));
                }
                if state.looked.is_some() {
                    return Err(Rejection::new("round_finished", "这一次核对已经完成。"));
                }
                RoundEvent::Finished(*looked)
            }
        };
        Ok(vec![event])
    }

    fn apply(state: &mut RoundState, event: &RoundEvent, at: Timestamp) {
        match event {
            RoundEvent::Started {} => state.started_at = Some(at),
            RoundEvent::Compared(comparison) => {
                state.started_at = Some(at);
                state.comparison = Some(comparison.clone());
            }
            RoundEvent::Finished(looked) => state.looked = Some(*looked),
        }
    }
}
