//! Ratings before supervision: the list without who gave them, and a bad one opened to call back, for a reason that
//! stays on the ledger.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::PageQuery;
use crate::{
    Rooms,
    model::RatingChannel,
    opening::{Opened, id_of, open},
    store::{self, RatingFilter, RatingPlace, RatingRow},
};

/// Which ratings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingQuery {
    /// Only bad ones.
    #[serde(default)]
    bad: bool,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
    /// Only those of this day or later.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
    from: Option<Date>,
    /// Only those of this day or earlier.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
    to: Option<Date>,
}

/// A rating without who gave it.
#[derive(Debug, Serialize, ToSchema)]
struct RatingItem {
    /// By which it is opened; only bad ratings have one.
    id: Option<String>,
    /// Stars: 5 is the best.
    #[schema(example = 2)]
    stars: i64,
    /// The national labels that were ticked.
    #[schema(example = json!([207]))]
    labels: Vec<u16>,
    /// Through which channel it came; absent for one that this version does not know.
    channel: Option<RatingChannel>,
    /// The item's name.
    #[schema(example = "失业登记")]
    item_name: String,
    /// The organisation that served.
    organisation_name: String,
    /// How often supervision opened it.
    #[schema(example = 0)]
    openings: i64,
    /// When it was given (RFC 3339).
    rated_at: String,
}

fn instant(at_us: i64) -> String {
    Timestamp::from_microsecond(at_us).map_or_else(|_| String::new(), |at| at.to_string())
}

impl From<RatingRow> for RatingItem {
    fn from(row: RatingRow) -> Self {
        let code = row.channel;
        Self {
            // The identifier is the case's: whose service was good is told to nobody.
            id: row.is_bad().then_some(row.id),
            stars: row.stars,
            labels: row
                .labels
                .split(',')
                .filter_map(|label| label.parse().ok())
                .collect(),
            channel: RatingChannel::ALL
                .into_iter()
                .find(|channel| channel.code() == code),
            item_name: row.item_name,
            organisation_name: row.organisation_name,
            openings: row.openings,
            rated_at: instant(row.rated_at_us),
        }
    }
}

/// One page of ratings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RatingList {
    /// The ratings, the newest first.
    items: Vec<RatingItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Ratings of all organisations for supervision, without who gave them.
#[utoipa::path(get, path = "/api/v1/ratings", tag = "ratings", params(RatingQuery),
    responses((status = 200, body = RatingList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn rating_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<RatingQuery>,
) -> Result<Json<RatingList>, Failure> {
    let part = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let filter = RatingFilter {
        organisation: None,
        is_bad: query.bad,
        days: Some((
            query.from.unwrap_or(Date::MIN),
            query.to.unwrap_or(Date::MAX),
        )),
        from: part.cursor.as_deref().map(str::parse).transpose()?,
    };
    let (shown, asked) = part.lengths();
    let mut found = store::ratings(rooms.ledger.database(), caller.region, &filter, asked).await?;
    let has_more = found.len() > shown;
    found.truncate(shown);
    let next_cursor = RatingPlace::behind(&found, filter.from)
        .filter(|_| has_more)
        .map(|place| place.to_string());
    Ok(Json(RatingList {
        items: found.into_iter().map(RatingItem::from).collect(),
        next_cursor,
    }))
}

/// Why a bad rating is opened. It is sent in the body, because it may name somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenInput {
    /// Why (1 to 200 characters); it stays on the ledger with who asked.
    #[schema(example = "按投诉回访当事人", max_length = 200)]
    reason: String,
}

/// A bad rating that was opened.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenedRating {
    /// The case that it is about.
    case: String,
    /// The case's number.
    number: String,
    /// The item's name.
    #[schema(example = "失业登记")]
    item_name: String,
    /// The organisation that served.
    organisation_name: String,
    /// The day on which the case ended.
    #[schema(example = "2026-11-20")]
    ended_on: String,
    /// Stars: 1 or 2.
    #[schema(example = 2)]
    stars: u8,
    /// The national labels that were ticked.
    #[schema(example = json!([207]))]
    labels: Vec<u16>,
    /// What was said in the rater's own words; empty when nothing was, or when they were forgotten.
    text: String,
    /// Through which channel it came.
    channel: RatingChannel,
    /// When it was given (RFC 3339).
    rated_at: String,
}

impl From<Opened> for OpenedRating {
    fn from(opened: Opened) -> Self {
        let rate = opened.rating.rate;
        Self {
            case: opened.case.to_string(),
            number: opened.number,
            item_name: rate.service.item_name,
            organisation_name: rate.service.organisation_name,
            ended_on: rate.service.ended_on.to_string(),
            stars: rate.grade.rating_exchange_stars(),
            labels: rate.labels,
            text: rate
                .text
                .map(|text| text.text().to_owned())
                .unwrap_or_default(),
            channel: rate.channel,
            rated_at: opened.rating.rated_at.to_string(),
        }
    }
}

/// 差评回访: opens a bad rating to call back. That it was opened, by whom and why stays on the ledger.
#[utoipa::path(post, path = "/api/v1/ratings/{rating}/open", tag = "ratings", request_body = OpenInput,
    params(("rating" = String, Path, description = "The rating."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts as one opening.")),
    responses((status = 200, body = OpenedRating), (status = 401), (status = 403),
              (status = 404, description = "No such bad rating."), (status = 422, description = "The reason is missing or too long.")))]
pub(super) async fn rating_open(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(rating): Path<String>,
    Body(input): Body<OpenInput>,
) -> Result<Json<OpenedRating>, Failure> {
    let opened = open(&rooms, &caller, id_of(&rating)?, &input.reason, None).await?;
    Ok(Json(opened.into()))
}
