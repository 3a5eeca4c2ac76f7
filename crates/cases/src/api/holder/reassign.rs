//! A case goes into another hand, also out of a colleague's who is away.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{colleagues::colleague, model::CaseCommand, rooms::CaseRooms};

use super::super::{
    body::{Body, case_id},
    deed::{Done, about, act},
};

/// 重新分派.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ReassignInput {
    /// Who holds the case from now on: an active member of staff of its organisation, or the caller.
    #[schema(example = "0192f0c2a4b17c3e9d5566778899aabb")]
    person: String,
    /// Why; at most 2,000 characters.
    #[schema(example = "同事休假，由我接手。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 重新分派: whoever decides in the organisation takes the case or gives it to a colleague.
#[utoipa::path(post, path = "/api/v1/cases/{case}/reassign", tag = "cases", request_body = ReassignInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Not one of the organisation's staff, the same hand, no reason, or the case is over.")))]
pub(in crate::api) async fn case_reassign(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ReassignInput>,
) -> Result<Json<Done>, Failure> {
    let order = caller.order(None, Expected::Existing);
    let before = rooms
        .case_for_deed(&caller, case_id(&case)?, "case_reassign", &order)
        .await?;
    let to = colleague(&rooms, &caller, &before, &input.person).await?;
    act(
        &rooms,
        &caller,
        &case,
        "case_reassign",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Reassign {
                to,
                reason: about(case, input.reason),
            })
        },
    )
    .await
}
