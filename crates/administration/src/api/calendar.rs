//! The working calendar for programs.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_calendar::DayKind;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    Rooms,
    calendar::calendar_put_in_force,
    model::{CALENDAR_STREAM, CalendarCommand, WorkingCalendar},
};

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
pub(super) struct CalendarYear {
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
pub(super) async fn calendar_year(
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
pub(super) struct NoticeInput {
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
pub(super) async fn notice_import(
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
