//! The same for programs: the calendar, the ledger's proofs, refused commands.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_calendar::DayKind;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    Rooms,
    calendar::calendar_put_in_force,
    model::{CALENDAR_STREAM, CalendarCommand, WorkingCalendar},
    pages::{Cursor, Refusal, refusals_of},
    store,
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u16 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u16 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("ledger_read");
    Routes::new()
        .api(Rule::Public, routes!(calendar_year))
        .api(Rule::Act("calendar_import"), routes!(notice_import))
        .api(Rule::Public, routes!(public_key))
        .api(read, routes!(checkpoint_list))
        .api(read, routes!(proof_read))
        .api(read, routes!(refusal_list))
}

/// One day that is not what its weekday says.
#[derive(Debug, Serialize, ToSchema)]
struct SpecialDay {
    /// The civil date in China.
    #[schema(example = "2026-10-01")]
    date: String,
    /// `holiday` or `make_up`.
    #[schema(example = "holiday")]
    kind: &'static str,
    /// The festival.
    #[schema(example = "国庆节")]
    name: String,
}

/// A year of the working calendar.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarYear {
    /// The year.
    #[schema(example = 2026)]
    year: i16,
    /// Whether the year's notice is known; otherwise only weekends are.
    is_known: bool,
    /// How many days offices work.
    #[schema(example = 248)]
    working_days: i64,
    /// The days that are not what their weekday says, in order.
    days: Vec<SpecialDay>,
}

/// A year of the working calendar.
#[utoipa::path(get, path = "/api/v1/calendar/{year}", tag = "calendar",
    params(("year" = i16, Path, description = "The year, 2000 to 2099.", example = 2026)),
    responses((status = 200, body = CalendarYear), (status = 404, description = "The year is not between 2000 and 2099.")))]
async fn calendar_year(
    State(rooms): State<Rooms>,
    Path(year): Path<i16>,
) -> Result<Json<CalendarYear>, Failure> {
    let (Ok(first), Ok(last)) = (
        jiff::civil::Date::new(year, 1, 1),
        jiff::civil::Date::new(year, 12, 31),
    ) else {
        return Err(Failure::not_found());
    };
    if !(2000..=2099).contains(&year) {
        return Err(Failure::not_found());
    }
    let calendar = rooms.ledger.calendar();
    let days = first
        .series(jiff::Span::new().days(1))
        .take_while(|date| *date <= last)
        .filter_map(|date| {
            let (kind, name) = match calendar.day(date).kind {
                DayKind::Holiday { name } => ("holiday", name),
                DayKind::MakeUp { name } => ("make_up", name),
                DayKind::Workday | DayKind::Weekend => return None,
            };
            Some(SpecialDay {
                date: date.to_string(),
                kind,
                name: name.to_string(),
            })
        })
        .collect();
    let before = first.yesterday().map_err(|_| Failure::not_found())?;
    Ok(Json(CalendarYear {
        year,
        is_known: calendar.notice(year).is_some(),
        working_days: calendar.working_days_between(before, last),
        days,
    }))
}

/// A yearly notice to import.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeInput {
    /// The year it is for.
    #[schema(example = 2027)]
    year: i16,
    /// A line a day or span, or the text of the notice itself.
    #[schema(example = "2027-01-01~2027-01-03 休 元旦")]
    lines: String,
}

/// Imports a yearly notice; open deadlines are computed anew.
#[utoipa::path(post, path = "/api/v1/calendar/notices", tag = "calendar", request_body = NoticeInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, description = "Imported."), (status = 422, description = "A line does not read; the detail names every one.")))]
async fn notice_import(
    State(rooms): State<Rooms>,
    caller: Caller,
    Json(input): Json<NoticeInput>,
) -> Result<StatusCode, Failure> {
    let command = CalendarCommand::ImportNotice {
        year: input.year,
        lines: input.lines,
    };
    let order = caller.order(None, Expected::Any);
    rooms
        .ledger
        .execute::<WorkingCalendar>(CALENDAR_STREAM, command, order)
        .await?;
    calendar_put_in_force(&rooms.ledger, caller.region).await?;
    Ok(StatusCode::CREATED)
}

/// The public key under which checkpoints are signed, as PEM.
#[utoipa::path(get, path = "/api/v1/ledger/public-key", tag = "ledger",
    responses((status = 200, body = String, content_type = "application/x-pem-file")))]
async fn public_key(State(rooms): State<Rooms>) -> Result<impl IntoResponse, Failure> {
    let pem = rooms.ledger.public_key_pem()?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem))
}

/// Where a list goes on, and how long a page is.
#[derive(Debug, Deserialize, IntoParams)]
struct PageQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u16>,
}

impl PageQuery {
    fn limit(&self) -> u16 {
        self.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX)
    }
}

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointItem {
    /// Its number, from 1.
    number: i64,
    /// The first record under it.
    first_seq: i64,
    /// The last record under it.
    last_seq: i64,
    /// The Merkle root over the records' hashes.
    root: String,
    /// When it was signed, in microseconds since 1970 UTC.
    signed_at_us: i64,
    /// The signature, in hexadecimal.
    signature: String,
}

/// One page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointList {
    /// The checkpoints, the newest first.
    items: Vec<CheckpointItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Checkpoints, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger/checkpoints", tag = "ledger", params(PageQuery),
    responses((status = 200, body = CheckpointList)))]
async fn checkpoint_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<CheckpointList>, Failure> {
    let before = match &query.cursor {
        None => i64::MAX,
        Some(text) => text
            .parse()
            .map_err(|_| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor"))?,
    };
    let limit = i64::from(query.limit());
    let found = store::checkpoints(rooms.ledger.database(), caller.region, before, limit).await?;
    let next_cursor = found
        .last()
        .filter(|last| last.number > 1)
        .map(|last| last.number.to_string());
    let items = found
        .into_iter()
        .map(|checkpoint| CheckpointItem {
            number: checkpoint.number,
            first_seq: checkpoint.first_seq,
            last_seq: checkpoint.last_seq,
            root: checkpoint.root,
            signed_at_us: checkpoint.signed_at_us,
            signature: checkpoint.signature,
        })
        .collect();
    Ok(Json(CheckpointList { items, next_cursor }))
}

/// The proof that a record is under a signed checkpoint.
#[utoipa::path(get, path = "/api/v1/ledger/proofs/{seq}", tag = "ledger",
    params(("seq" = i64, Path, description = "The record's place in the chain.")),
    responses((status = 200, description = "The proof: `seq`, `hash`, `path` and `checkpoint`."), (status = 404, description = "No such record, or no checkpoint covers it yet.")))]
async fn proof_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(seq): Path<i64>,
) -> Result<impl IntoResponse, Failure> {
    let proof = rooms
        .ledger
        .proof(caller.region, seq)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(Json(proof))
}

/// One page of refused commands.
#[derive(Debug, Serialize, ToSchema)]
struct RefusalList {
    /// The refusals, the newest first.
    items: Vec<Refusal>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Commands that the rules refused, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger/refusals", tag = "ledger", params(PageQuery),
    responses((status = 200, body = RefusalList)))]
async fn refusal_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<RefusalList>, Failure> {
    let cursor: Cursor = query
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()?
        .unwrap_or_default();
    let limit = usize::from(query.limit());
    let (items, next_cursor) =
        refusals_of(rooms.ledger.database(), caller.region, &cursor, limit).await?;
    Ok(Json(RefusalList { items, next_cursor }))
}
