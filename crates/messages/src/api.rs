//! The same for programs: a person's messages (`inbox`), the texts (`templates`), and here the outbox and the jobs that
//! gave up.

mod inbox;
mod templates;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_codes::mask_contact;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    model::{DeliveryState, MessageChannel},
    pages::{JOBS_SHOWN_MAX, send_again, try_again},
    rooms::Rooms,
    store::{OutboxFilter, OutboxRow, Place, outbox_page},
};

const PAGE_LENGTH: u32 = 20;
const PAGE_LENGTH_MAX: u32 = 100;

pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Act("message_inbox"), routes!(inbox::my_messages))
        .api(Rule::Act("message_inbox"), routes!(inbox::my_messages_read))
        .api(Rule::Act("message_inbox"), routes!(inbox::my_message_read))
        .api(Rule::Act("staff_inbox"), routes!(inbox::staff_messages))
        .api(
            Rule::Act("staff_inbox"),
            routes!(inbox::staff_messages_read),
        )
        .api(Rule::Act("staff_inbox"), routes!(inbox::staff_message_read))
        .api(Rule::Act("outbox_read"), routes!(outbox))
        .api(Rule::Act("outbox_resend"), routes!(outbox_resend))
        .api(Rule::Act("template_read"), routes!(templates::templates))
        .api(
            Rule::Act("template_edit"),
            routes!(templates::template_edit),
        )
        .api(
            Rule::Act("template_edit"),
            routes!(templates::template_restore),
        )
        .api(Rule::Act("job_read"), routes!(jobs))
        .api(Rule::Act("job_manage"), routes!(job_retry))
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
    /// How many, at most 100.
    #[serde(default)]
    limit: Option<u32>,
}

impl ListQuery {
    fn place(&self) -> Place {
        self.cursor
            .as_deref()
            .map_or_else(Place::start, Place::from_cursor)
    }

    fn length(&self) -> u32 {
        self.limit.unwrap_or(PAGE_LENGTH).clamp(1, PAGE_LENGTH_MAX)
    }
}

/// Which messages of the outbox.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutboxQuery {
    /// Only this state.
    #[serde(default)]
    state: Option<DeliveryState>,
    /// Only this channel.
    #[serde(default)]
    channel: Option<MessageChannel>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
    /// How many, at most 100.
    #[serde(default)]
    limit: Option<u32>,
}

/// An SMS or e-mail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutboxMessage {
    /// The message.
    id: String,
    /// SMS or e-mail.
    channel: MessageChannel,
    /// The occasion.
    #[schema(example = "case_accepted")]
    template: String,
    /// The case; absent when it is about none.
    case: Option<String>,
    /// The address, masked.
    #[schema(example = "138****8000")]
    address: String,
    /// How far it came.
    state: DeliveryState,
    /// The gateway that took it.
    gateway: Option<String>,
    /// How often it was tried.
    attempts: i64,
    /// What went wrong last.
    last_error: Option<String>,
}

impl From<OutboxRow> for OutboxMessage {
    fn from(row: OutboxRow) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            channel: row.message_channel(),
            state: row.delivery_state(),
            address: mask_contact(&row.address),
            id: row.id,
            template: row.template,
            case: some(Some(row.case_id)),
            gateway: some(row.gateway),
            attempts: row.attempts.unwrap_or(0),
            last_error: some(row.last_error),
        }
    }
}

/// A page of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutboxMessages {
    /// The messages, newest first.
    items: Vec<OutboxMessage>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The outbox.
#[utoipa::path(get, path = "/api/v1/outbox", tag = "messages", params(OutboxQuery),
    responses((status = 200, body = OutboxMessages)))]
pub(crate) async fn outbox(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<OutboxQuery>,
) -> Result<Json<OutboxMessages>, Failure> {
    let filter = OutboxFilter {
        state: query.state,
        channel: query.channel,
    };
    let part = ListQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let length = part.length();
    let database = rooms.ledger.database();
    let mut rows = outbox_page(database, caller.region, filter, &part.place(), length + 1).await?;
    let has_more = rows.len() > length as usize;
    rows.truncate(length as usize);
    Ok(Json(OutboxMessages {
        next_cursor: rows
            .last()
            .filter(|_| has_more)
            .map(|last| last.place().cursor()),
        items: rows.into_iter().map(OutboxMessage::from).collect(),
    }))
}

/// Has a message of the outbox sent again.
#[utoipa::path(post, path = "/api/v1/outbox/{message}/resend", tag = "messages",
    params(("message" = String, Path, description = "The message")),
    responses((status = 202), (status = 422, description = "It is on its way or delivered")))]
pub(crate) async fn outbox_resend(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<StatusCode, Failure> {
    let message = message.parse().map_err(|_| Failure::not_found())?;
    send_again(&rooms, &caller, message).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A job that gave up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GaveUpJob {
    /// The job.
    id: String,
    /// What it does.
    #[schema(example = "message_send")]
    name: String,
    /// How often it was tried.
    attempts: i64,
    /// What went wrong last.
    last_error: String,
}

/// The jobs that gave up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GaveUpJobs {
    /// The jobs, oldest first, at most 100.
    items: Vec<GaveUpJob>,
}

/// The jobs that gave up.
#[utoipa::path(get, path = "/api/v1/jobs/gave-up", tag = "messages",
    responses((status = 200, body = GaveUpJobs)))]
pub(crate) async fn jobs(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<GaveUpJobs>, Failure> {
    let rows = rooms
        .ledger
        .jobs_gave_up(caller.region, JOBS_SHOWN_MAX)
        .await?;
    let items = rows
        .into_iter()
        .map(|row| GaveUpJob {
            id: row.id,
            name: row.name,
            attempts: row.attempts,
            last_error: row.last_error,
        })
        .collect();
    Ok(Json(GaveUpJobs { items }))
}

/// Gives a job that gave up another life.
#[utoipa::path(post, path = "/api/v1/jobs/{job}/retry", tag = "messages",
    params(("job" = String, Path, description = "The job")),
    responses((status = 202), (status = 404, description = "No such job gave up")))]
pub(crate) async fn job_retry(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(job): Path<String>,
) -> Result<StatusCode, Failure> {
    let job = job.parse().map_err(|_| Failure::not_found())?;
    try_again(&rooms, &caller, job).await?;
    Ok(StatusCode::ACCEPTED)
}
