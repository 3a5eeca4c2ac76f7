//! What was asked for.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_kernel::{Channel, ItemId};
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    deeds::{self, AskedView, behind, lines_behind},
    figures::Figures,
    pages::{departments, item, pairs},
    service::{Analysis, ItemLine},
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(super) fn routes() -> Routes<Analysis> {
    let read = Rule::Act("demand_read");
    Routes::new()
        .api(read, routes!(demand_items))
        .api(read, routes!(demand_item))
        .api(read, routes!(demand_departments))
        .api(read, routes!(demand_pairs))
        .api(Rule::Act("demand_count"), routes!(demand_count))
}

/// Which figures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DemandQuery {
    /// Only items of a department.
    #[serde(default)]
    department: String,
    /// Only a year; the last three years when nothing is said.
    #[serde(default)]
    year: String,
    /// Only what came through a channel: `counter`, `portal`, `kiosk`, `hotline`, `station`, `api`.
    #[serde(default)]
    channel: String,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// An item with its figures.
#[derive(Debug, Serialize, ToSchema)]
struct DemandItem {
    /// The item.
    item: String,
    /// Its name.
    name: String,
    /// Its department.
    department: String,
    /// That department's name.
    department_name: String,
    /// Whether it is in force today.
    is_published: bool,
    /// Whether one can apply for it without coming.
    is_online: bool,
    /// The figures of the period.
    figures: Figures,
    /// How many applied in the last twelve months of the period.
    last_year: i64,
    /// How many applied in the same months a year before.
    year_before: i64,
}

impl From<ItemLine> for DemandItem {
    fn from(line: ItemLine) -> Self {
        Self {
            item: line.item.id.to_string(),
            name: line.item.name,
            department: line.item.department.to_string(),
            department_name: line.item.department_name,
            is_published: line.item.is_published,
            is_online: line.item.is_online,
            figures: line.figures,
            last_year: line.now,
            year_before: line.before,
        }
    }
}

/// One page of items.
#[derive(Debug, Serialize, ToSchema)]
struct DemandItemList {
    /// The items, most asked for first.
    items: Vec<DemandItem>,
    /// The first month.
    #[schema(example = "2023-12")]
    first_month: String,
    /// The last month.
    #[schema(example = "2026-11")]
    last_month: String,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// 需求分析: the items with their figures; those in force that nobody asked for stand at the end.
#[utoipa::path(get, path = "/api/v1/demand/items", tag = "demand", params(DemandQuery),
    responses((status = 200, body = DemandItemList), (status = 401), (status = 403), (status = 422, description = "A value does not read.")))]
async fn demand_items(
    State(analysis): State<Analysis>,
    caller: Caller,
    Query(query): Query<DemandQuery>,
) -> Result<Json<DemandItemList>, Failure> {
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX) as usize;
    let asked = AskedView {
        department: query.department,
        year: query.year,
        channel: query.channel,
    };
    let view = asked.read(&caller)?;
    let lines = analysis.lines(caller.region, &view).await?;
    let mut lines = lines_behind(lines, query.cursor.as_deref())?;
    let has_more = lines.len() > shown;
    lines.truncate(shown);
    Ok(Json(DemandItemList {
        next_cursor: lines.last().filter(|_| has_more).map(behind),
        items: lines.into_iter().map(DemandItem::from).collect(),
        first_month: view.period.first.to_string(),
        last_month: view.period.last.to_string(),
    }))
}

/// Figures of a part of the applications.
#[derive(Debug, Serialize, ToSchema)]
struct DemandPart {
    /// The month, the channel's code, or the name of the organisation that took in.
    #[schema(example = "2026-11")]
    name: String,
    /// The figures.
    figures: Figures,
}

/// How many applications came from the people of a town.
#[derive(Debug, Serialize, ToSchema)]
struct DemandTown {
    /// The town's name.
    #[schema(example = "城关镇")]
    name: String,
    /// How many, at least 5.
    #[schema(minimum = 5)]
    applied: i64,
}

/// All about an item.
#[derive(Debug, Serialize, ToSchema)]
struct DemandItemStory {
    /// The item.
    item: String,
    /// Its name.
    name: String,
    /// The figures of the last three years.
    figures: Figures,
    /// By month, the newest first; months without an application are left out.
    months: Vec<DemandPart>,
    /// By channel.
    channels: Vec<DemandPart>,
    /// By the organisation that took in.
    takers: Vec<DemandPart>,
    /// By the town of the applicant where it is known; towns with fewer than five are left out.
    towns: Vec<DemandTown>,
    /// The months with peaks.
    peaks: Vec<String>,
}

/// One item over three years.
#[utoipa::path(get, path = "/api/v1/demand/items/{item}", tag = "demand",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = DemandItemStory), (status = 401), (status = 403), (status = 404)))]
async fn demand_item(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<DemandItemStory>, Failure> {
    let item: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let story = item::story(&analysis, &caller, item).await?;
    let part = |name: String, figures: Figures| DemandPart { name, figures };
    let peaks = story.series.peaks();
    Ok(Json(DemandItemStory {
        item: item.to_string(),
        name: story.item.name,
        figures: story.total,
        months: story
            .months
            .into_iter()
            .map(|(month, figures)| part(month.to_string(), figures))
            .collect(),
        channels: story
            .channels
            .into_iter()
            .map(|(channel, figures)| part(channel.map_or("", Channel::code).to_owned(), figures))
            .collect(),
        takers: story
            .takers
            .into_iter()
            .map(|(name, figures)| part(name, figures))
            .collect(),
        towns: story
            .towns
            .into_iter()
            .map(|(name, applied)| DemandTown { name, applied })
            .collect(),
        peaks: peaks.iter().map(|(month, _)| month.to_string()).collect(),
    }))
}

/// What a department was asked for in a year.
#[derive(Debug, Serialize, ToSchema)]
struct DemandYear {
    /// The year.
    #[schema(example = 2026)]
    year: i32,
    /// The figures.
    figures: Figures,
}

/// What a department was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct DemandDepartment {
    /// The department.
    department: String,
    /// Its name.
    name: String,
    /// By year, the earliest first.
    years: Vec<DemandYear>,
    /// How many applied in the last twelve months.
    last_year: i64,
    /// How many applied in the same months a year before.
    year_before: i64,
}

/// The departments.
#[derive(Debug, Serialize, ToSchema)]
struct DemandDepartmentList {
    /// The departments by name.
    items: Vec<DemandDepartment>,
}

/// What each department was asked for in each year.
#[utoipa::path(get, path = "/api/v1/demand/departments", tag = "demand",
    responses((status = 200, body = DemandDepartmentList), (status = 401), (status = 403)))]
async fn demand_departments(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Json<DemandDepartmentList>, Failure> {
    let (_, lines) = departments::lines(&analysis, &caller).await?;
    let items = lines.into_iter().map(|line| DemandDepartment {
        department: line.id.to_string(),
        years: line
            .years
            .iter()
            .map(|(year, figures)| DemandYear {
                year: *year,
                figures: *figures,
            })
            .collect(),
        name: line.name,
        last_year: line.now,
        year_before: line.before,
    });
    Ok(Json(DemandDepartmentList {
        items: items.collect(),
    }))
}

/// Two items that the same applicants ask for.
#[derive(Debug, Serialize, ToSchema)]
struct DemandPair {
    /// One item.
    one: String,
    /// Its name.
    one_name: String,
    /// The other.
    other: String,
    /// Its name.
    other_name: String,
    /// How many applicants asked for both within ninety days, at least 5.
    #[schema(minimum = 5)]
    applicants: i64,
    /// Whether both are in one bundle in force.
    is_joined: bool,
}

/// The pairs.
#[derive(Debug, Serialize, ToSchema)]
struct DemandPairList {
    /// The pairs, those of most applicants first, at most 500.
    items: Vec<DemandPair>,
}

/// 常一起办的事项: those that at least five applicants asked for within ninety days of each other.
#[utoipa::path(get, path = "/api/v1/demand/pairs", tag = "demand",
    responses((status = 200, body = DemandPairList), (status = 401), (status = 403)))]
async fn demand_pairs(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Json<DemandPairList>, Failure> {
    let lines = pairs::lines(&analysis, &caller, None).await?;
    let items = lines.into_iter().map(|line| DemandPair {
        one: line.one.to_string(),
        one_name: line.one_name,
        other: line.other.to_string(),
        other_name: line.other_name,
        applicants: line.applicants,
        is_joined: line.is_joined,
    });
    Ok(Json(DemandPairList {
        items: items.collect(),
    }))
}

/// A count that was started.
#[derive(Debug, Serialize, ToSchema)]
struct DemandCount {
    /// The count.
    count: String,
}

/// 现在统计: the figures are counted now and not only once a day.
#[utoipa::path(post, path = "/api/v1/demand/counts", tag = "demand",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 202, body = DemandCount), (status = 401), (status = 403)))]
async fn demand_count(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<(StatusCode, Json<DemandCount>), Failure> {
    let (id, _) = deeds::count(&analysis, &caller, None).await?;
    let count = id.to_string();
    Ok((StatusCode::ACCEPTED, Json(DemandCount { count })))
}
