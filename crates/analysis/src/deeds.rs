//! What staff ask and do, for pages and programs alike. Each rule about who may stands here once.

use std::collections::HashMap;

use wuchuang_kernel::{Channel, ItemId, OrganisationId, StreamId, china_date};
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    model::{
        count::{CountCommand, CountStream},
        month::{Month, Period},
        suggestion::{Suggestion, SuggestionCommand, SuggestionStream},
        year::{EarlierYear, EarlierYearStream, YearCommand, year_stream},
    },
    service::{Analysis, ItemLine, View},
    sheet::{self, Names, Problem, Row},
};

/// The figures that are asked for, as they stand in an address.
#[derive(Debug, Default, Clone, serde::Deserialize)]
#[serde(default)]
pub(crate) struct AskedView {
    pub(crate) department: String,
    pub(crate) year: String,
    pub(crate) channel: String,
}

impl AskedView {
    /// What it means; an empty one is all of the last three years.
    ///
    /// # Errors
    /// 422 when the year or the channel does not read.
    pub(crate) fn read(&self, caller: &Caller) -> Result<View, Failure> {
        let today = china_date(caller.now);
        let period = match self.year.as_str() {
            "" => Period::three_years(today),
            year => year
                .parse()
                .ok()
                .and_then(|year| Period::year(year, today))
                .ok_or_else(|| Failure::invalid("年份请填写到今年为止的四位数字。").at("year"))?,
        };
        let channel = match self.channel.as_str() {
            "" => None,
            code => Some(
                Channel::from_code(code)
                    .ok_or_else(|| Failure::invalid("没有这个渠道，请重新选择。").at("channel"))?,
            ),
        };
        let department = match self.department.as_str() {
            "" => None,
            id => Some(
                id.parse::<OrganisationId>()
                    .map_err(|_| Failure::invalid("没有这个部门，请重新选择。").at("department"))?,
            ),
        };
        Ok(View {
            period,
            department,
            channel,
        })
    }
}

/// Where a list of items goes on: behind this one.
pub(crate) fn behind(line: &ItemLine) -> String {
    format!("{}_{}", line.figures.applied, line.item.id)
}

/// The lines behind a place, which was at the end of another page.
///
/// # Errors
/// 422 when the place does not read.
pub(crate) fn lines_behind(
    lines: Vec<ItemLine>,
    cursor: Option<&str>,
) -> Result<Vec<ItemLine>, Failure> {
    let Some(cursor) = cursor else {
        return Ok(lines);
    };
    let read = || -> Option<(i64, ItemId)> {
        let (applied, item) = cursor.split_once('_')?;
        Some((applied.parse().ok()?, item.parse().ok()?))
    };
    let (applied, item) =
        read().ok_or_else(|| Failure::invalid("翻页位置不对，请回到第一页。").at("cursor"))?;
    let is_behind = |line: &ItemLine| {
        line.figures.applied < applied || (line.figures.applied == applied && line.item.id > item)
    };
    Ok(lines.into_iter().filter(is_behind).collect())
}

/// 现在统计.
///
/// # Errors
/// 403, or whatever the ledger reports.
pub(crate) async fn count(
    analysis: &Analysis,
    caller: &Caller,
    key: Option<&str>,
) -> Result<(StreamId, Receipt), Failure> {
    caller.require("demand_count", &Resource::default())?;
    let order = caller.order(key, Expected::Any);
    // The key of the command names the count, so that a double click starts one.
    let id = StreamId::from_u128(order.command_id.uuid().as_u128());
    let receipt = analysis
        .send::<CountStream>(id, CountCommand::Start, order)
        .await?;
    Ok((id, receipt))
}

/// The items of an earlier year, or everything that is wrong with its lines.
pub(crate) fn read_year(
    (analysis, caller): (&Analysis, &Caller),
    rows: &[Row],
    year: i32,
) -> Result<Vec<crate::model::year::EarlierItem>, Vec<Problem>> {
    let all = analysis.catalogue.all();
    let names = Names::of(all.iter().map(AsRef::as_ref));
    sheet::items(rows, &names, (year, Month::at(caller.now)))
}

/// 导入往年数据.
///
/// # Errors
/// 403, 422 naming the field, or whatever the ledger reports.
pub(crate) async fn import(
    analysis: &Analysis,
    caller: &Caller,
    year: EarlierYear,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    caller.require("demand_count", &Resource::default())?;
    let order = caller.order(key, Expected::Any);
    let stream = year_stream(year.year);
    analysis
        .send::<EarlierYearStream>(stream, YearCommand::Import(year), order)
        .await
}

/// The suggestion in an address.
pub(crate) fn id_of(text: &str) -> Result<StreamId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A suggestion.
///
/// # Errors
/// 404, or whatever storage reports.
pub(crate) async fn suggestion(
    analysis: &Analysis,
    caller: &Caller,
    id: StreamId,
) -> Result<Suggestion, Failure> {
    let state = analysis
        .state::<SuggestionStream>(caller.region, id)
        .await?;
    let known = state.and_then(|state| state.0.as_deref().cloned());
    known.ok_or_else(Failure::not_found)
}

/// 采纳 or 不采纳.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules say.
pub(crate) async fn decide(
    analysis: &Analysis,
    caller: &Caller,
    id: StreamId,
    (is_taken_up, reason): (bool, &str),
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    caller.require("demand_decide", &Resource::default())?;
    suggestion(analysis, caller, id).await?;
    let reason = reason.to_owned();
    let command = if is_taken_up {
        SuggestionCommand::TakeUp { reason }
    } else {
        SuggestionCommand::Dismiss { reason }
    };
    let order = caller.order(key, Expected::Existing);
    analysis.send::<SuggestionStream>(id, command, order).await
}

/// The names of organisations, by identifier.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn organisation_names(
    analysis: &Analysis,
    caller: &Caller,
) -> Result<HashMap<String, String>, Failure> {
    let all = analysis.directory.organisations(caller.region).await?;
    Ok(all
        .into_iter()
        .map(|one| (one.id.to_string(), one.name))
        .collect())
}
