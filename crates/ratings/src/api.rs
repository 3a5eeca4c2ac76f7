//! Ratings for programs: the terminal in the hall, the counter's tablet, the national exchange; `own` for who is served,
//! `supervision` for who calls back.

mod own;
mod supervision;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_codes::Satisfaction;
use wuchuang_kernel::{CaseId, china_date};
use wuchuang_webkit::{Caller, Failure, Resource, Routes, Rule, request::Body};

use crate::{
    Rooms,
    intake::{self, Said},
    model::{RatingChannel, labels::labels_of},
    pages::{Period, PeriodQuery, organisation_seen},
    protected,
    store::{self, Figures, figures},
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Public, routes!(rating_submit))
        .api(Rule::Public, routes!(label_list))
        .api(Rule::Act("rating_read"), routes!(figure_list))
        .api(Rule::Act("rating_own_list"), routes!(own::own_rating_list))
        .api(Rule::Act("rating_open"), routes!(supervision::rating_list))
        .api(Rule::Act("rating_open"), routes!(supervision::rating_open))
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

impl PageQuery {
    /// How many items are shown, and how many are asked for to learn whether there are more.
    fn lengths(&self) -> (usize, i64) {
        let shown = self.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
        (shown as usize, i64::from(shown) + 1)
    }
}

/// A rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RatingInput {
    /// What the link of the closing message carries; not needed for one's own case by whoever signed in, nor by programs
    /// that may rate for the person before them.
    token: Option<String>,
    /// Stars of the national rating exchange: 5 is the best.
    #[schema(example = 5, minimum = 1, maximum = 5)]
    stars: u8,
    /// Through which channel.
    channel: RatingChannel,
    /// National labels of that grade.
    #[serde(default)]
    #[schema(example = json!([510, 517]))]
    labels: Vec<u16>,
    /// In the rater's own words, at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    text: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct RatingAnswer {
    /// When it was recorded, RFC 3339.
    recorded_at: String,
    /// Its place in the county's ledger.
    seq: i64,
}

/// Rates an ended case, once. With the token of its link anybody may; without, its applicant who signed in, or a program
/// that may do `rating_submit`.
#[utoipa::path(post, path = "/api/v1/cases/{case}/rating", tag = "ratings", request_body = RatingInput,
    params(("case" = String, Path, description = "The case."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = RatingAnswer),
              (status = 401, description = "Neither a token of the link nor an API token."),
              (status = 404, description = "No such case has ended, or the token is not its."),
              (status = 422, description = "Rated before, or a label of another grade.")))]
async fn rating_submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<RatingInput>,
) -> Result<(StatusCode, Json<RatingAnswer>), Failure> {
    let case: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let invited = store::invitation_of_case(rooms.ledger.database(), caller.region, case).await?;
    if input.token.is_none() {
        let resource = Resource {
            kind: "case",
            id: case.to_string(),
            owner: invited.as_ref().and_then(|found| found.person.parse().ok()),
            ..Resource::default()
        };
        caller.require("rating_submit", &resource)?;
    }
    let grade = Satisfaction::from_rating_exchange_stars(input.stars)
        .ok_or_else(|| Failure::invalid("满意程度应是1到5的数字，5是非常满意。").at("stars"))?;
    let invitation = invited
        .filter(|found| {
            input
                .token
                .as_ref()
                .is_none_or(|token| *token == found.token)
        })
        .ok_or_else(Failure::not_found)?;
    let said = Said {
        grade,
        channel: input.channel,
        labels: input.labels,
        text: input.text,
    };
    let receipt = intake::rate(&rooms.ledger, &caller, &invitation, said, None).await?;
    let answer = RatingAnswer {
        recorded_at: receipt.recorded_at.to_string(),
        seq: receipt.last_seq,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A label.
#[derive(Debug, Serialize, ToSchema)]
struct LabelItem {
    /// The national code (evalDetail).
    #[schema(example = 510)]
    code: u16,
    /// The words.
    #[schema(example = "一窗受理一次办结")]
    words: &'static str,
}

/// A grade with its labels.
#[derive(Debug, Serialize, ToSchema)]
struct GradeItem {
    /// Stars: 5 is the best.
    #[schema(example = 5)]
    stars: u8,
    /// The grade in words.
    #[schema(example = "非常满意")]
    words: &'static str,
    /// Its labels.
    labels: Vec<LabelItem>,
}

/// All grades.
#[derive(Debug, Serialize, ToSchema)]
struct GradeList {
    /// The grades, the best first.
    items: Vec<GradeItem>,
}

/// The five grades with their national labels.
#[utoipa::path(get, path = "/api/v1/ratings/grades", tag = "ratings", responses((status = 200, body = GradeList)))]
async fn label_list() -> Json<GradeList> {
    let items = Satisfaction::ALL
        .iter()
        .map(|grade| GradeItem {
            stars: grade.rating_exchange_stars(),
            words: grade.name(),
            labels: labels_of(*grade)
                .iter()
                .map(|label| LabelItem {
                    code: label.code,
                    words: label.words,
                })
                .collect(),
        })
        .collect();
    Json(GradeList { items })
}

/// The figures of a period.
#[derive(Debug, Serialize, ToSchema)]
struct FigureList {
    /// The first day.
    #[schema(example = "2026-11-01")]
    from: String,
    /// The last day.
    #[schema(example = "2026-11-30")]
    to: String,
    /// 评价率 of all together, in hundredths of a percent; absent when no case ended.
    #[schema(example = 9_500)]
    rating_rate: Option<i64>,
    /// 满意率 of all together (three stars and more), in hundredths of a percent; absent without ratings.
    #[schema(example = 9_998)]
    satisfaction_rate: Option<i64>,
    /// One row an organisation.
    items: Vec<Figures>,
}

/// Figures of ratings by organisation, for supervisors those of all. Others get their own organisation's over the whole
/// months that have ended; its grades are those of the items that at least five people rated, so that nobody can be found
/// out.
#[utoipa::path(get, path = "/api/v1/ratings/figures", tag = "ratings", params(PeriodQuery),
    responses((status = 200, body = FigureList), (status = 422, description = "A day does not read.")))]
async fn figure_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PeriodQuery>,
) -> Result<Json<FigureList>, Failure> {
    let today = china_date(caller.now);
    let period = Period::of(&query, today)?;
    let (database, region) = (rooms.ledger.database(), caller.region);
    let (shown, items) = match organisation_seen(&caller) {
        None => {
            let days = (period.first, period.last);
            (period, figures(database, region, None, days).await?)
        }
        Some(organisation) => match protected::ended_months(period, today) {
            None => (period, Vec::new()),
            Some(months) => {
                let items =
                    protected::grades_by_item(database, region, organisation, months).await?;
                let rows =
                    protected::figures_of(database, region, organisation, months, &items).await?;
                (months, rows)
            }
        },
    };
    let total = Figures::total(&items);
    Ok(Json(FigureList {
        from: shown.first.to_string(),
        to: shown.last.to_string(),
        rating_rate: total.rating_rate(),
        satisfaction_rate: total.satisfaction_rate(),
        items,
    }))
}
