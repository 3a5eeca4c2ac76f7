//! Earlier years, which the county's other systems knew.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds,
    model::year::{EarlierYear, LINES_MAX},
    service::Analysis,
    sheet::Row,
    store::years::years,
};

pub(super) fn routes() -> Routes<Analysis> {
    let count = Rule::Act("demand_count");
    Routes::new()
        .api(count, routes!(demand_years))
        .api(count, routes!(demand_year_import))
}

/// A year that was brought.
#[derive(Debug, Serialize, ToSchema)]
struct DemandEarlierYear {
    /// The year.
    #[schema(example = 2024)]
    year: i64,
    /// How often it was brought; only the last time counts.
    revision: i64,
    /// How many lines it has.
    lines: i64,
    /// From where the figures are, or why they were brought again.
    reason: String,
    /// When (RFC 3339).
    imported_at: String,
}

/// The years that were brought.
#[derive(Debug, Serialize, ToSchema)]
struct DemandEarlierYearList {
    /// The years, the newest first.
    items: Vec<DemandEarlierYear>,
}

/// The earlier years that were brought.
#[utoipa::path(get, path = "/api/v1/demand/years", tag = "demand",
    responses((status = 200, body = DemandEarlierYearList), (status = 401), (status = 403)))]
async fn demand_years(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Json<DemandEarlierYearList>, Failure> {
    let rows = years(analysis.database(), caller.region).await?;
    let items = rows.into_iter().map(|row| DemandEarlierYear {
        year: row.year,
        revision: row.revision,
        lines: row.line_count,
        imported_at: row.at().to_string(),
        reason: row.reason,
    });
    Ok(Json(DemandEarlierYearList {
        items: items.collect(),
    }))
}

/// What one month of an item brought through one channel.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DemandYearLine {
    /// The item's code or name.
    item: String,
    /// The month.
    #[schema(example = "2024-03")]
    month: String,
    /// The channel's code or name.
    #[schema(example = "counter")]
    channel: String,
    /// How many applied.
    #[schema(maximum = 99999)]
    applied: u32,
    /// How many of them were accepted.
    accepted: u32,
    /// How many of them were not accepted or refused.
    refused: u32,
}

/// An earlier year.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DemandYearInput {
    /// The year.
    #[schema(example = 2024)]
    year: i32,
    /// From where the figures are, or why they are brought again, 1 to 500 characters.
    #[schema(max_length = 500)]
    reason: String,
    /// Its lines, 1 to 5,000.
    #[schema(max_items = 5000)]
    lines: Vec<DemandYearLine>,
}

/// 导入往年数据: the whole year, in the place of what was brought before.
#[utoipa::path(post, path = "/api/v1/demand/years", tag = "demand", request_body = DemandYearInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 422, description = "A line is wrong: nothing was brought.")))]
async fn demand_year_import(
    State(analysis): State<Analysis>,
    caller: Caller,
    Body(input): Body<DemandYearInput>,
) -> Result<StatusCode, Failure> {
    if input.lines.len() > LINES_MAX {
        return Err(Failure::invalid("一年最多5000行，请合并同一事项同月同渠道的行。").at("lines"));
    }
    let rows: Vec<Row> = (1u32..)
        .zip(&input.lines)
        .map(|(number, line)| Row {
            number,
            cells: [
                line.item.trim().to_owned(),
                line.month.trim().to_owned(),
                line.channel.trim().to_owned(),
                line.applied.to_string(),
                line.accepted.to_string(),
                line.refused.to_string(),
            ],
        })
        .collect();
    let items = deeds::read_year((&analysis, &caller), &rows, input.year).map_err(|problems| {
        let told = problems.first().map_or_else(String::new, |problem| {
            format!("{}：{}", problem.place, problem.sentence)
        });
        Failure::invalid(told).at("lines")
    })?;
    let year = EarlierYear {
        year: input.year,
        items,
        reason: input.reason.trim().to_owned(),
    };
    deeds::import(&analysis, &caller, year, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
