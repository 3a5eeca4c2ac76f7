//! Earlier years of the demonstration county: figures that are made up, brought by the same command as a county's own and
//! marked 演示. Run twice it changes nothing the second time.

use wuchuang_kernel::{Actor, Channel, CommandId, ItemId, china_date};
use wuchuang_ledger::{ExecuteError, Expected, LoadError, Order};

use crate::{
    model::{
        stream_of,
        year::{
            EarlierItem, EarlierMonth, EarlierYear, EarlierYearStream, YearCommand, year_stream,
        },
    },
    service::Analysis,
};

/// From where the figures are: nowhere.
const MADE_UP: &str = "演示：编造的往年件数，不是真实数据";
/// How many earlier years there are, beside this year up to the month before.
const YEARS: i16 = 3;

/// Why it could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The ledger refused.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// A stream could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Brings the years that were not brought yet, and tells how many.
///
/// # Errors
/// When the ledger refuses or storage fails.
pub async fn seed(analysis: &Analysis) -> Result<usize, DemoError> {
    let region = analysis.catalogue.region();
    let today = china_date(analysis.ledger().now());
    let items: Vec<(ItemId, bool)> = analysis
        .catalogue
        .all()
        .iter()
        .map(|version| (version.id, version.content.is_online()))
        .collect();
    let mut count = 0;
    for year in (0..=YEARS).rev().map(|ago| today.year() - ago) {
        let last = if year == today.year() {
            today.month() - 1
        } else {
            12
        };
        let year = i32::from(year);
        let stream = year_stream(year);
        let known = analysis.ledger().load::<EarlierYearStream>(region, stream);
        if known.await?.is_some() || items.is_empty() || last == 0 {
            continue;
        }
        let brought = EarlierYear {
            year,
            items: items
                .iter()
                .filter_map(|(item, is_online)| made_up(*item, *is_online, (year, last)))
                .collect(),
            reason: MADE_UP.to_owned(),
        };
        let order = Order {
            region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(stream_of(&format!("demo/{year}")).uuid().as_u128()),
            expected: Expected::Any,
        };
        let command = YearCommand::Import(brought);
        analysis
            .ledger()
            .execute::<EarlierYearStream>(stream, command, order)
            .await?;
        count += 1;
    }
    Ok(count)
}

/// A year of an item: more in spring and before new year, more online each year; a few items that nobody asks for. The
/// same on every machine.
fn made_up(item: ItemId, is_online: bool, (year, last): (i32, i8)) -> Option<EarlierItem> {
    let seed = item.uuid().as_u128();
    let size = u32::try_from(seed % 40).unwrap_or_default();
    if size < 3 {
        return None;
    }
    let later = u32::try_from((year - 2020).clamp(0, 12)).unwrap_or_default();
    // How many percent go online differs from item to item, so that not all of them are suggested for it.
    let share = 15 + u32::try_from(seed / 40 % 70).unwrap_or_default();
    let mut months = Vec::new();
    for month in 1..=u8::try_from(last).unwrap_or_default() {
        let season = match month {
            3 | 4 => 16,
            9 => 13,
            1 | 2 => 6,
            _ => 10,
        };
        let all = size * season * (20 + later) / 240 + u32::from(month) % 3;
        let online = if is_online {
            all * (share + later) / 100
        } else {
            0
        };
        for (channel, applied) in [(Channel::Counter, all - online), (Channel::Portal, online)] {
            if applied > 0 {
                let refused = applied * (size % 5) / 60;
                let line = EarlierMonth(month, channel, applied, applied - refused, refused);
                months.push(line);
            }
        }
    }
    Some(EarlierItem { item, months })
}
