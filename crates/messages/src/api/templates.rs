//! The texts of messages, as the page 消息模板 keeps them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{TemplateCommand, TemplateName, TemplateStream, TemplateText, stream_of},
    rooms::Rooms,
    store::Shelf,
};

/// The text of one message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Template {
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
pub(super) struct Templates {
    /// The texts, in the order of a case's life.
    items: Vec<Template>,
}

/// The texts of all messages.
#[utoipa::path(get, path = "/api/v1/message-templates", tag = "messages",
    responses((status = 200, body = Templates)))]
pub(super) async fn templates(
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
pub(super) async fn template_edit(
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

/// What the sender saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RestoreInput {
    /// The text's version that was seen; absent for any.
    expected_version: Option<i64>,
}

/// Puts the text in force again that is delivered with the product.
#[utoipa::path(post, path = "/api/v1/message-templates/{name}/restore", tag = "messages", request_body = RestoreInput,
    params(("name" = String, Path, description = "The occasion, such as case_accepted", example = "case_accepted"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404, description = "No such occasion."),
        (status = 409, description = "Somebody else was faster."), (status = 422, description = "The delivered text is in force already.")))]
pub(super) async fn template_restore(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(name): Path<String>,
    Body(input): Body<RestoreInput>,
) -> Result<StatusCode, Failure> {
    let name = TemplateName::from_code(&name).ok_or_else(Failure::not_found)?;
    let expected = input
        .expected_version
        .map_or(Expected::Any, Expected::Version);
    rooms
        .ledger
        .execute::<TemplateStream>(
            stream_of(name),
            TemplateCommand::Restore { name },
            caller.order(None, expected),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
