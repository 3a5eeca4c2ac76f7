//! A person's messages, as the pages 我的消息 (citizens) and 消息 (staff) show them.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use super::ListQuery;
use crate::{
    model::TemplateName,
    pages::{Inbox, owner},
    rooms::Rooms,
    store::{inbox_page, mark_all_read, mark_read},
};

/// A message in the signed-in person's inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyMessage {
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
pub(super) struct MyMessages {
    /// The messages, newest first.
    items: Vec<MyMessage>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

async fn messages_of(
    rooms: &Rooms,
    caller: &Caller,
    inbox: Inbox,
    query: &ListQuery,
) -> Result<Json<MyMessages>, Failure> {
    let person = owner(caller, inbox)?;
    let length = query.length();
    let mut messages = inbox_page(
        &rooms.ledger,
        caller.region,
        person,
        (&rooms.surrounding, &caller.page.translator),
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

async fn mark(
    rooms: &Rooms,
    caller: &Caller,
    inbox: Inbox,
    message: &str,
) -> Result<StatusCode, Failure> {
    let person = owner(caller, inbox)?;
    let message = message.parse().map_err(|_| Failure::not_found())?;
    if mark_read(&rooms.ledger, caller.region, person, message).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::not_found())
    }
}

async fn mark_all(rooms: &Rooms, caller: &Caller, inbox: Inbox) -> Result<StatusCode, Failure> {
    let person = owner(caller, inbox)?;
    mark_all_read(&rooms.ledger, caller.region, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The messages of the signed-in citizen.
#[utoipa::path(get, path = "/api/v1/my/messages", tag = "messages", params(ListQuery),
    responses((status = 200, body = MyMessages)))]
pub(super) async fn my_messages(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<MyMessages>, Failure> {
    messages_of(&rooms, &caller, Inbox::Citizen, &query).await
}

/// Marks one of the messages of the signed-in citizen as read.
#[utoipa::path(post, path = "/api/v1/my/messages/{message}/read", tag = "messages",
    params(("message" = String, Path, description = "The message")),
    responses((status = 204), (status = 404, description = "No such message in this inbox")))]
pub(super) async fn my_message_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<StatusCode, Failure> {
    mark(&rooms, &caller, Inbox::Citizen, &message).await
}

/// Marks all messages of the signed-in citizen as read. Those that are read already stay so.
#[utoipa::path(post, path = "/api/v1/my/messages/read", tag = "messages",
    responses((status = 204), (status = 401), (status = 403)))]
pub(super) async fn my_messages_read(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<StatusCode, Failure> {
    mark_all(&rooms, &caller, Inbox::Citizen).await
}

/// The messages of the signed-in member of staff.
#[utoipa::path(get, path = "/api/v1/desk/messages", tag = "messages", params(ListQuery),
    responses((status = 200, body = MyMessages)))]
pub(super) async fn staff_messages(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<MyMessages>, Failure> {
    messages_of(&rooms, &caller, Inbox::Staff, &query).await
}

/// Marks one of the messages of the signed-in member of staff as read.
#[utoipa::path(post, path = "/api/v1/desk/messages/{message}/read", tag = "messages",
    params(("message" = String, Path, description = "The message")),
    responses((status = 204), (status = 404, description = "No such message in this inbox")))]
pub(super) async fn staff_message_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<StatusCode, Failure> {
    mark(&rooms, &caller, Inbox::Staff, &message).await
}

/// Marks all messages of the signed-in member of staff as read. Those that are read already stay so.
#[utoipa::path(post, path = "/api/v1/desk/messages/read", tag = "messages",
    responses((status = 204), (status = 401), (status = 403)))]
pub(super) async fn staff_messages_read(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<StatusCode, Failure> {
    mark_all(&rooms, &caller, Inbox::Staff).await
}
