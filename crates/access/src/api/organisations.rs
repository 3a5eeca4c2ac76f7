//! Organisations: entered, changed, closed and opened again, by the rules of the administrators' pages.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::OrganisationId;
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, request::Body};

use super::people::Seen;
use crate::{
    admin::{
        organisation_form::Typed,
        organisations::{keep, order, read_id},
    },
    model::organisation::OrganisationCommand,
    rooms::Rooms,
};

/// An organisation as it is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationInput {
    /// The name, as on its sign.
    #[schema(example = "民政局", max_length = 200)]
    name: String,
    /// Four capital letters or digits that stand in case numbers.
    #[schema(example = "MZJX")]
    short_code: String,
    /// `department`, `town`, `village`, `centre` or `hall`.
    #[schema(example = "department")]
    kind: String,
    /// 统一社会信用代码 (GB 32100); may be empty.
    #[serde(default)]
    credit_code: String,
    /// The code of the region that it serves; the county's when absent.
    #[schema(example = "610924")]
    place: Option<String>,
    /// The organisation above it.
    parent: Option<String>,
    /// Its public telephone.
    #[serde(default)]
    #[schema(example = "0915-4420000")]
    phone: String,
    /// Its public address.
    #[serde(default)]
    address: String,
    /// The version that was seen; another one is refused with 409. Not for a new one.
    expected_version: Option<i64>,
}

impl OrganisationInput {
    /// As the form types it.
    ///
    /// # Errors
    /// 422 for a parent that is no identifier: the form cannot send one, and it must not become none.
    fn typed(self, caller: &Caller) -> Result<Typed, Failure> {
        let parent = self.parent.unwrap_or_default();
        if !parent.is_empty() && parent.parse::<OrganisationId>().is_err() {
            return Err(Failure::invalid("这不是机构标识。请使用系统给出的标识。").at("parent"));
        }
        Ok(Typed {
            title: self.name,
            short_code: self.short_code,
            kind: self.kind,
            credit_code: self.credit_code,
            place: self.place.unwrap_or_else(|| caller.region.to_string()),
            parent,
            phone: self.phone,
            address: self.address,
        }
        .cut())
    }
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganisationDone {
    /// The organisation.
    organisation: String,
    /// Its version after the deed.
    #[schema(example = 2)]
    version: i64,
    /// The record's place in the region's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// When it was recorded (RFC 3339).
    recorded_at: String,
}

impl OrganisationDone {
    fn of(id: OrganisationId, receipt: &Receipt) -> Self {
        Self {
            organisation: id.to_string(),
            version: receipt.version,
            seq: receipt.last_seq,
            recorded_at: receipt.recorded_at.to_string(),
        }
    }
}

fn refused(errors: &FieldErrors) -> Failure {
    errors.iter().next().map_or_else(
        || Failure::internal("an organisation was refused without a reason"),
        |error| Failure::invalid(error.message.clone()).at(error.field.clone()),
    )
}

/// Enters an organisation.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "access", request_body = OrganisationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key enters one organisation.")),
    responses((status = 201, body = OrganisationDone), (status = 401), (status = 403),
        (status = 422, description = "A field is wrong, or name or short code are another's.")))]
pub(super) async fn organisation_found(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<OrganisationInput>,
) -> Result<(StatusCode, Json<OrganisationDone>), Failure> {
    let sent = caller.order(None, Expected::Any);
    let typed = input.typed(&caller)?;
    let kept = keep(&rooms, None, &typed, sent).await?;
    let (id, receipt) = kept.map_err(|errors| refused(&errors))?;
    Ok((
        StatusCode::CREATED,
        Json(OrganisationDone::of(id, &receipt)),
    ))
}

/// Changes an organisation.
#[utoipa::path(put, path = "/api/v1/organisations/{organisation}", tag = "access", request_body = OrganisationInput,
    params(("organisation" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = OrganisationDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "A field is wrong, name or short code are another's, or it would stand above itself.")))]
pub(super) async fn organisation_change(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(organisation): Path<String>,
    Body(input): Body<OrganisationInput>,
) -> Result<Json<OrganisationDone>, Failure> {
    let id = read_id(&organisation)?;
    let expected = input
        .expected_version
        .map_or(Expected::Existing, Expected::Version);
    let sent = caller.order(None, expected);
    let typed = input.typed(&caller)?;
    let kept = keep(&rooms, Some(id), &typed, sent).await?;
    let (id, receipt) = kept.map_err(|errors| refused(&errors))?;
    Ok(Json(OrganisationDone::of(id, &receipt)))
}

/// Why an organisation is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseInput {
    /// Why, for the record.
    #[schema(example = "机构改革，职责划入民政局")]
    reason: String,
    /// The version that was seen; another one is refused with 409.
    expected_version: Option<i64>,
}

async fn send(
    rooms: &Rooms,
    caller: &Caller,
    organisation: &str,
    command: OrganisationCommand,
    expected_version: Option<i64>,
) -> Result<Json<OrganisationDone>, Failure> {
    let id = read_id(organisation)?;
    let expected = expected_version.map_or(Expected::Existing, Expected::Version);
    let sent = caller.order(None, expected);
    let receipt = order(rooms, id, command, sent).await?;
    Ok(Json(OrganisationDone::of(id, &receipt)))
}

/// Closes an organisation: no new posts, no new matters.
#[utoipa::path(post, path = "/api/v1/organisations/{organisation}/close", tag = "access", request_body = CloseInput,
    params(("organisation" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = OrganisationDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The reason is missing, or it is closed already.")))]
pub(super) async fn organisation_close(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(organisation): Path<String>,
    Body(input): Body<CloseInput>,
) -> Result<Json<OrganisationDone>, Failure> {
    let command = OrganisationCommand::Close {
        reason: input.reason.trim().to_owned(),
    };
    send(
        &rooms,
        &caller,
        &organisation,
        command,
        input.expected_version,
    )
    .await
}

/// Opens a closed organisation again.
#[utoipa::path(post, path = "/api/v1/organisations/{organisation}/reopen", tag = "access", request_body = Seen,
    params(("organisation" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = OrganisationDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "It is open.")))]
pub(super) async fn organisation_reopen(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(organisation): Path<String>,
    Body(input): Body<Seen>,
) -> Result<Json<OrganisationDone>, Failure> {
    let version = input.expected_version;
    let command = OrganisationCommand::Reopen;
    send(&rooms, &caller, &organisation, command, version).await
}
