//! An earlier year that the county's other systems knew, brought from Excel: one stream a year. Bringing it again replaces
//! it, with a reason; what was brought before stays on the ledger.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{Channel, ItemId, Rejection, StreamId, china_date};
use wuchuang_ledger::{Context, Stream};

use super::{require_reason, stream_of};

/// How many lines a year has at most: an event is at most 256 KB.
pub const LINES_MAX: usize = 5_000;
/// How many items a year has at most.
pub const ITEMS_MAX: usize = 1_000;
/// The largest figure of one line.
pub const NUMBER_MAX: u32 = 99_999;
/// The earliest year.
pub const YEAR_MIN: i32 = 1990;

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct EarlierYearStream;

/// The stream of a year.
pub fn year_stream(year: i32) -> StreamId {
    stream_of(&format!("year/{year}"))
}

/// What one month of an item brought through one channel: month (1 to 12), channel, applied, accepted, refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierMonth(pub u8, pub Channel, pub u32, pub u32, pub u32);

/// An item's months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierItem {
    /// The item.
    pub item: ItemId,
    /// Its months.
    pub months: Vec<EarlierMonth>,
}

/// A year as it is brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierYear {
    /// The year.
    pub year: i32,
    /// Its items.
    pub items: Vec<EarlierItem>,
    /// From where the figures are, or why they are brought again.
    pub reason: String,
}

impl EarlierYear {
    /// How many lines it has.
    pub fn lines(&self) -> usize {
        self.items.iter().map(|item| item.months.len()).sum()
    }
}

/// What may be asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum YearCommand {
    /// 导入.
    Import(EarlierYear),
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearEvent {
    /// 导入.
    Imported(EarlierYear),
}

/// A year: how often it was brought, and when last.
#[derive(Debug, Clone, Default)]
pub struct YearState {
    /// How often; nothing was when it is 0.
    pub revision: u32,
    /// When last.
    pub imported_at: Option<Timestamp>,
}

impl Stream for EarlierYearStream {
    const KIND: &'static str = "demand_year";
    type State = YearState;
    type Command = YearCommand;
    type Event = YearEvent;

    fn decide(
        _state: &YearState,
        command: &YearCommand,
        context: &Context<'_>,
    ) -> Result<Vec<YearEvent>, Rejection> {
        let YearCommand::Import(year) = command;
        let today = china_date(context.now);
        let this_year = i32::from(today.year());
        if !(YEAR_MIN..=this_year).contains(&year.year) || year_stream(year.year) != context.stream
        {
            let told = format!("年份请填写{YEAR_MIN}至{this_year}。");
            return Err(Rejection::new("year_out_of_range", told).at("year"));
        }
        require_reason(&year.reason, "reason")?;
        check_lines(year)?;
        let last = if year.year == this_year {
            today.month()
        } else {
            12
        };
        let mut months = year.items.iter().flat_map(|item| &item.months);
        if months.any(|EarlierMonth(month, ..)| i16::from(*month) > i16::from(last)) {
            let told = "有还没有到的月份，请删去这些行。";
            return Err(Rejection::new("month_in_future", told).at("sheet"));
        }
        Ok(vec![YearEvent::Imported(year.clone())])
    }

    fn apply(state: &mut YearState, event: &YearEvent, at: Timestamp) {
        let YearEvent::Imported(_) = event;
        state.revision += 1;
        state.imported_at = Some(at);
    }
}

/// Refuses lines that are none, too many, twice the same or against each other.
fn check_lines(year: &EarlierYear) -> Result<(), Rejection> {
    let wrong = |code: &'static str, told: &'static str| Rejection::new(code, told).at("sheet");
    if !(1..=LINES_MAX).contains(&year.lines()) || year.items.len() > ITEMS_MAX {
        return Err(wrong(
            "lines_out_of_range",
            "一年要有1至5000行、最多1000个事项，请合并同一事项同月同渠道的行。",
        ));
    }
    let mut seen = HashSet::new();
    for item in &year.items {
        for EarlierMonth(month, channel, applied, accepted, refused) in &item.months {
            if !(1..=12).contains(month) {
                return Err(wrong("month_out_of_range", "月份是1至12月。"));
            }
            if !seen.insert((item.item, *month, *channel)) {
                return Err(wrong(
                    "line_twice",
                    "同一事项同月同渠道有两行，请合并成一行。",
                ));
            }
            if *applied > NUMBER_MAX || accepted > applied || refused > applied {
                return Err(wrong(
                    "number_out_of_range",
                    "受理和不予的件数不能大于申请件数，申请件数最多99999。",
                ));
            }
        }
    }
    Ok(())
}
