//! A holder's own licences, unmasked: they are theirs.

use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::{
    LIMIT_MAX, LIMIT_USUAL, LicenceItem, LicenceList, cursor_of, item, listed,
    one::{LicenceBody, LicenceDone, Sight, body},
};
use crate::{
    Rooms,
    deeds::{OWN_READ, annotate, copied, id_of, readable, signed},
    store::{LicenceSummary, ListFilter},
};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<i64>,
}

fn own_item(found: LicenceSummary, today: Date) -> LicenceItem {
    let holder = found.holder_name.clone();
    LicenceItem {
        holder,
        ..item(found, today)
    }
}

/// The caller's own licences, also those of organisations for which they applied; the newest first.
#[utoipa::path(get, path = "/api/v1/my/licences", tag = "my", params(OwnQuery),
    responses((status = 200, body = LicenceList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn own_licence_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<OwnQuery>,
) -> Result<Json<LicenceList>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let filter = ListFilter {
        organisation: None,
        person: Some(person),
        before: query.cursor.as_deref().map(cursor_of).transpose()?,
    };
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    listed(&rooms, &caller, &filter, limit, own_item).await
}

/// One of the caller's own licences.
#[utoipa::path(get, path = "/api/v1/my/licences/{licence}", tag = "my",
    params(("licence" = String, Path, description = "The licence.")),
    responses((status = 200, body = LicenceBody), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn own_licence_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Json<LicenceBody>, Failure> {
    let id = id_of(&licence)?;
    let licence = readable(&rooms, &caller, id, OWN_READ).await?;
    Ok(Json(body(&caller, id, &licence, Sight::Full)))
}

/// The signed certificate of one of the caller's own licences, as PDF.
#[utoipa::path(get, path = "/api/v1/my/licences/{licence}/document", tag = "my",
    params(("licence" = String, Path, description = "The licence.")),
    responses((status = 200, description = "The certificate.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its holder's data.")))]
pub(super) async fn own_licence_document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Response, Failure> {
    signed(&rooms, &caller, id_of(&licence)?, OWN_READ).await
}

/// A copy for one purpose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyInput {
    /// What it may be used for.
    #[schema(example = "办理银行开户")]
    purpose: String,
    /// The last day on which it may be used.
    #[schema(value_type = String, format = Date, example = "2026-12-31")]
    expires: Date,
}

/// 加注件: makes a copy for one purpose, which says so and until when.
#[utoipa::path(post, path = "/api/v1/my/licences/{licence}/copies", tag = "my", request_body = CopyInput,
    params(("licence" = String, Path, description = "The licence."), ("Idempotency-Key" = Option<String>, Header, description = "The same key makes one copy.")),
    responses((status = 200, description = "It stands last among the licence's copies.", body = LicenceDone), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The purpose is missing, the day is over, or the licence is not in force.")))]
pub(super) async fn own_licence_copy_make(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Body(input): Body<CopyInput>,
) -> Result<Json<LicenceDone>, Failure> {
    let order = caller.order(None, Expected::Existing);
    let wish = (input.purpose.as_str(), input.expires);
    let receipt = annotate(&rooms, &caller, id_of(&licence)?, wish, order).await??;
    Ok(Json(receipt.into()))
}

/// A copy for one purpose, as signed PDF.
#[utoipa::path(get, path = "/api/v1/my/licences/{licence}/copies/{copy}", tag = "my",
    params(("licence" = String, Path, description = "The licence."), ("copy" = usize, Path, description = "Its place among the licence's copies, counted from 0.", example = 0)),
    responses((status = 200, description = "The copy.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its holder's data.")))]
pub(super) async fn own_licence_copy(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((licence, copy)): Path<(String, usize)>,
) -> Result<Response, Failure> {
    copied(&rooms, &caller, id_of(&licence)?, copy).await
}
