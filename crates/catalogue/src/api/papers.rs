//! What is printed from the catalogue, for programs that pass it on: the one-time notice of an item and the booklets of the
//! handbook, as the pages give them.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::lists::organisation;
use crate::{
    model::rules::CompiledRules,
    public::{AGAIN_SECONDS, Booklet, booklet_of, notice_for, notice_of, published},
    rooms::Rooms,
};

/// 一次性告知单 of an item in force, as PDF.
#[utoipa::path(get, path = "/api/v1/items/{item}/notice", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, description = "The notice.", content_type = "application/pdf", body = String), (status = 404, description = "No item of this identifier is in force.")))]
pub(super) async fn item_notice(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    notice_of(&rooms, &caller, &item).await
}

/// A situation (情形) of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeInput {
    /// The inputs of the item's decision about situations, by their names.
    #[schema(value_type = Object)]
    inputs: Map<String, Value>,
}

/// 一次性告知单 for one situation: with the materials that the item's rules ask for in it. Nothing of it is kept.
#[utoipa::path(post, path = "/api/v1/items/{item}/notice", tag = "items", request_body = NoticeInput,
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, description = "The notice.", content_type = "application/pdf", body = String),
        (status = 404, description = "No item of this identifier is in force, or its rules know no situations.")))]
pub(super) async fn item_situation_notice(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<NoticeInput>,
) -> Result<Response, Failure> {
    let version = published(&rooms, &item)?;
    let compiled = CompiledRules::of(&version.content).ok().flatten();
    let compiled = compiled.filter(|_| !version.content.rules.situation.is_empty());
    let compiled = compiled.ok_or_else(Failure::not_found)?;
    let inputs = compiled.inputs(&|_| Value::Null, &Map::new(), &input.inputs);
    notice_for(&rooms, &caller, &version, (&compiled, inputs)).await
}

/// Which booklet.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct HandbookQuery {
    /// Only the items of this organisation.
    organisation: Option<String>,
    /// Which booklet, counted from 1; the first when absent.
    #[param(minimum = 1, example = 1)]
    part: Option<usize>,
}

/// A booklet of the handbook (便民服务手册) as PDF. One that is asked for the first time is set first: 202 says so, and
/// `Retry-After` when to ask again.
#[utoipa::path(get, path = "/api/v1/handbook", tag = "lists", params(HandbookQuery),
    responses((status = 200, description = "The booklet.", content_type = "application/pdf", body = String),
        (status = 202, description = "It is being set; ask again after `Retry-After` seconds."),
        (status = 404, description = "There is no such booklet."), (status = 422, description = "The organisation does not read.")))]
pub(super) async fn handbook(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<HandbookQuery>,
) -> Result<Response, Failure> {
    let of = organisation(query.organisation.as_deref())?;
    match booklet_of(&rooms, &caller, of, query.part.unwrap_or(1)).await? {
        Booklet::Set(file) => Ok(file),
        Booklet::BeingSet { .. } => {
            let head = [(header::RETRY_AFTER, HeaderValue::from_static(AGAIN_SECONDS))];
            Ok((StatusCode::ACCEPTED, head).into_response())
        }
    }
}
