//! Who may see a case without masks: its applicant, and staff who gave a reason.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure, throttle::Address};

use crate::{model::Case, reveal::reveal, rooms::CaseRooms};

use super::{
    body::{Body, case_id},
    views::{CaseView, Sight, case_view},
};

/// Whether the visitor reads their own case: nothing of it is masked for them.
pub(super) fn is_own(caller: &Caller, case: &Case) -> bool {
    caller
        .visitor
        .citizen()
        .is_some_and(|citizen| citizen.person == case.applicant.person)
}

/// Why masked values must be seen. It is sent in the body, because addresses are logged and a reason may name somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealInput {
    /// Why (1 to 200 characters); it is kept with who asked.
    #[schema(example = "电话核实材料原件", max_length = 200)]
    reason: String,
}

/// A case without masks, for a reason about the work that is kept. Every question of a program is a look of its own.
#[utoipa::path(post, path = "/api/v1/cases/{case}/reveal", tag = "cases", request_body = RevealInput,
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = CaseView), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The reason is missing or too long.")))]
pub(super) async fn case_reveal(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    from: Address,
    Path(case): Path<String>,
    Body(input): Body<RevealInput>,
) -> Result<Json<CaseView>, Failure> {
    let id = case_id(&case)?;
    let case = rooms.case_for(&caller, id, "case_read").await?;
    let key = rooms.cases.ledger().command_id();
    reveal(&rooms, &caller, id, &case, key, (&input.reason, &from)).await?;
    Ok(Json(case_view(id, &case, Sight::Full, false)))
}
