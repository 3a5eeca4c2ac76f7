//! Applicants before a counter: found by their number, and their record mended before the identity card (个人信息保护法
//! art. 46). It stands with the cases, because whoever receives applications does it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_access::model::citizen::CitizenCorrection;
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{PersonId, mask_name};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use super::body::Body;
use crate::rooms::CaseRooms;

/// Who is looked for. The number is sent in the body, because addresses are logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicantSearch {
    /// The citizen number.
    #[schema(example = "610924199001011233", max_length = 18)]
    number: String,
}

/// A registered applicant, masked.
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicantFound {
    /// The identifier.
    person: String,
    /// The name, masked.
    #[schema(example = "王*明")]
    name: String,
    /// The phone, masked.
    #[schema(example = "138****8888")]
    phone: String,
    /// Whether a code proved that phone.
    phone_is_proved: bool,
}

/// Finds a registered applicant.
#[utoipa::path(post, path = "/api/v1/applicants/search", tag = "cases", request_body = ApplicantSearch,
    responses((status = 200, body = ApplicantFound), (status = 401), (status = 403), (status = 404, description = "Nobody is registered with this number."),
        (status = 422, description = "The number does not read.")))]
pub(super) async fn applicant_search(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<ApplicantSearch>,
) -> Result<Json<ApplicantFound>, Failure> {
    let number = CitizenNumber::parse(&input.number)
        .map_err(|error| Failure::invalid(error.explain()).at("number"))?;
    let found = rooms
        .directory
        .citizen_find_by_number(caller.region, &number)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(Json(ApplicantFound {
        person: found.person.to_string(),
        name: mask_name(&found.name),
        phone: PhoneNumber::parse(&found.phone)
            .map(|phone| phone.masked())
            .unwrap_or_default(),
        phone_is_proved: found.phone_is_proved,
    }))
}

/// A record as it is to be from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicantCorrection {
    /// The name, as on the identity card.
    #[schema(example = "王小明")]
    name: String,
    /// The citizen number; absent when it stays.
    #[serde(default)]
    #[schema(example = "610924199001011233", max_length = 18)]
    number: String,
    /// The phone number to reach them; may be empty.
    #[serde(default)]
    #[schema(example = "13891500000")]
    phone: String,
    /// Why; it stays on the ledger.
    #[schema(example = "核对身份证原件，更正姓名")]
    reason: String,
}

/// Mends an applicant's record. Whoever signed in with a phone that is no longer theirs is signed out.
#[utoipa::path(post, path = "/api/v1/applicants/{person}/correct", tag = "cases", request_body = ApplicantCorrection,
    params(("person" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key mends once.")),
    responses((status = 204, description = "It is mended."), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "A field is wrong, the reason is missing, or the number is another's.")))]
pub(super) async fn applicant_correct(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<ApplicantCorrection>,
) -> Result<StatusCode, Failure> {
    let person: PersonId = person.parse().map_err(|_| Failure::not_found())?;
    rooms
        .directory
        .citizen(caller.region, person)
        .await?
        .ok_or_else(Failure::not_found)?;
    let correction = CitizenCorrection {
        name: input.name.trim().to_owned(),
        number: input.number.trim().to_owned(),
        phone: input.phone.trim().to_owned(),
        reason: input.reason.trim().to_owned(),
    };
    let order = caller.order(None, Expected::Existing);
    rooms
        .directory
        .citizen_correct(person, correction, order)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
