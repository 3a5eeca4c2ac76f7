//! Several cases are taken at once, as the worklist's button 认领所选 does.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    pages::{CLAIMS_MAX, claim_several},
    rooms::CaseRooms,
};

use super::super::body::Body;

/// The cases to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ClaimsInput {
    /// The cases, 1 to 50.
    #[schema(min_items = 1, max_items = 50, example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    cases: Vec<String>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ClaimsDone {
    /// The cases that the caller holds now.
    #[schema(example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    claimed: Vec<String>,
    /// Those that were left: a colleague took them meanwhile, or they are not the caller's to handle.
    #[schema(example = json!([]))]
    left: Vec<String>,
}

/// 认领所选: takes up to 50 cases. One that cannot be taken is left and does not keep the others from being taken.
#[utoipa::path(post, path = "/api/v1/cases/claim", tag = "cases", request_body = ClaimsInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ClaimsDone), (status = 401), (status = 403),
        (status = 422, description = "No case is named, or more than 50 are.")))]
pub(in crate::api) async fn case_claim_several(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<ClaimsInput>,
) -> Result<Json<ClaimsDone>, Failure> {
    if input.cases.is_empty() || input.cases.len() > CLAIMS_MAX {
        return Err(Failure::invalid("一次可认领1到50件，请分几次认领。").at("cases"));
    }
    let cases: Vec<&str> = input.cases.iter().map(String::as_str).collect();
    let done = claim_several(&rooms, &caller, &cases).await?;
    Ok(Json(ClaimsDone {
        claimed: done.claimed,
        left: done.left,
    }))
}
