//! The same for programs: a person's messages, the outbox, the texts, the jobs that gave up.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_codes::mask_contact;
use wuchuang_kernel::PersonId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Resource, Routes, Rule};

use crate::{
    model::{
        DeliveryState, MessageChannel, TemplateCommand, TemplateName, TemplateStream, TemplateText,
        stream_of,
    },
    pages::{JOBS_SHOWN_MAX, send_again, try_again},
    rooms::Rooms,
    store::{OutboxFilter, OutboxRow, Place, Shelf, inbox_page, mark_read, outbox_page},
};

const PAGE_LENGTH: u32 = 20;
const PAGE_LENGTH_MAX: u32 = 100;

pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Act("message_inbox"), routes!(my_messages))
        .api(Rule::Act("message_inbox"), routes!(my_message_read))
        .api(Rule::Act("outbox_read"), routes!(outbox))
        .api(Rule::Act("outbox_resend"), routes!(outbox_resend))
        .api(Rule::Act("template_read"), routes!(templates))
        .api(Rule::Act("template_edit"), routes!(template_edit))
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

/// A message in the signed-in person's inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyMessage {
    /// The message.
    id: String,
    /// The occasion.
    template: TemplateName,
    /// The case that it is about.
    case: Option<String>,
    /// The title.
    #[schema(example = "已受理：失业登记")]
    subject: String,
    /// The text.
    text: String,
    /// When it came.
    created_at: String,
    /// Whether the person marked it as read.
    is_read: bool,
}

/// A page of the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyMessages {
    /// The messages, newest first.
    items: Vec<MyMessage>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The person whose inbox is asked for: always the one who asks.
fn owner(caller: &Caller) -> Result<PersonId, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let resource = Resource {
        kind: "message_inbox",
        owner: Some(person),
        ..Resource::default()
    };
    caller.require("message_inbox", &resource)?;
    Ok(person)
}

/// The messages of the signed-in person.
#[utoipa::path(get, path = "/api/v1/my/messages", tag = "messages", params(ListQuery),
    responses((status = 200, body = MyMessages)))]
pub(crate) async fn my_messages(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<MyMessages>, Failure> {
    let person = owner(&caller)?;
    let length = query.length();
    let mut messages = inbox_page(
        &rooms.ledger,
        caller.region,
        person,
        &rooms.surrounding,
        (&query.place(), length + 1),
    )
    .await?;
    let has_more = messages.len() > length as usize;
    messages.truncate(length as usize);
    Ok(Json(MyMessages {
        next_cursor: messages
            .last()
            .filter(|_| has_more)
            .map(|last| last.place.cursor()),
        items: messages
            .into_iter()
            .map(|message| MyMessage {
                id: message.id.to_string(),
                template: message.template,
                case: message.case.map(|case| case.to_string()),
                subject: message.filled.subject,
                text: message.filled.text,
                created_at: message.created_at.to_string(),
                is_read: message.is_read,
            })
            .collect(),
    }))
}

/// Marks one of the signed-in person's messages as read.
#[utoipa::path(post, path = "/api/v1/my/messages/{message}/read", tag = "messages",
    params(("message" = String, Path, description = "The message")),
    responses((status = 204), (status = 404, description = "No such message in this inbox")))]
pub(crate) async fn my_message_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<StatusCode, Failure> {
    let person = owner(&caller)?;
    let message = message.parse().map_err(|_| Failure::not_found())?;
    if mark_read(&rooms.ledger, caller.region, person, message).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::not_found())
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

/// The text of one message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Template {
    /// The occasion.
    name: TemplateName,
    /// The text's version; 0 for the one delivered with the product.
    version: i64,
    /// The text.
    text: TemplateText,
    /// What the text may name.
    parameters: Vec<&'static str>,
}

/// The texts of all messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Templates {
    /// The texts, in the order of a case's life.
    items: Vec<Template>,
}

/// The texts of all messages.
#[utoipa::path(get, path = "/api/v1/message-templates", tag = "messages",
    responses((status = 200, body = Templates)))]
pub(crate) async fn templates(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<Templates>, Failure> {
    let shelf = Shelf::load(rooms.ledger.database(), caller.region).await?;
    let items = TemplateName::ALL
        .into_iter()
        .map(|name| Template {
            name,
            version: shelf.versions(name).first().map_or(0, |row| row.version),
            text: shelf.text_now(name),
            parameters: name
                .parameters()
                .iter()
                .map(|parameter| parameter.code())
                .collect(),
        })
        .collect();
    Ok(Json(Templates { items }))
}

/// Puts another text in force.
#[utoipa::path(put, path = "/api/v1/message-templates/{name}", tag = "messages",
    params(("name" = String, Path, description = "The occasion, such as case_accepted")),
    request_body = TemplateText,
    responses((status = 204), (status = 422, description = "The text names something that the message does not have")))]
pub(crate) async fn template_edit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(name): Path<String>,
    Json(text): Json<TemplateText>,
) -> Result<StatusCode, Failure> {
    let name = TemplateName::from_code(&name).ok_or_else(Failure::not_found)?;
    let order = caller.order(None, Expected::Any);
    rooms
        .ledger
        .execute::<TemplateStream>(stream_of(name), TemplateCommand::Edit { name, text }, order)
        .await?;
    Ok(StatusCode::NO_CONTENT)
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
