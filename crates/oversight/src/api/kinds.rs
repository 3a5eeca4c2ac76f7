//! The table of violations for programs.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds::kinds::{TypedKind, change},
    service::Oversight,
};

pub(super) fn routes() -> Routes<Oversight> {
    Routes::new()
        .api(Rule::Act("finding_read"), routes!(finding_kinds))
        .api(
            Rule::Act("finding_kinds_edit"),
            routes!(finding_kind_change),
        )
}

/// A kind of violation.
#[derive(Debug, Serialize, ToSchema)]
struct FindingKind {
    /// Its number.
    number: u8,
    /// Who violates.
    #[schema(example = "审批部门")]
    layer: &'static str,
    /// What, in the words of the county.
    #[schema(example = "体外审批")]
    name: String,
    /// Whether it is used.
    is_used: bool,
}

/// The table of violations: the product's own proposal, where the county has no other words.
#[derive(Debug, Serialize, ToSchema)]
struct FindingKinds {
    /// The kinds, by number.
    kinds: Vec<FindingKind>,
}

/// 问题种类: the table of violations, four layers with eight kinds each.
#[utoipa::path(get, path = "/api/v1/oversight/kinds", tag = "oversight",
    responses((status = 200, body = FindingKinds), (status = 401), (status = 403)))]
async fn finding_kinds(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Json<FindingKinds>, Failure> {
    let kinds = oversight.kinds(caller.region).await?;
    let kinds = kinds.all().map(|kind| FindingKind {
        number: kind.number,
        layer: kind.layer.name(),
        name: kind.name,
        is_used: kind.is_used,
    });
    Ok(Json(FindingKinds {
        kinds: kinds.collect(),
    }))
}

/// What a kind is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingKindInput {
    /// What it is called, at most 20 characters; absent: as before.
    #[schema(max_length = 20)]
    name: Option<String>,
    /// Whether it is used: a finding can be entered as one, and the rules look for it; absent: as before.
    is_used: Option<bool>,
    /// Why, and by which document; at most 200 characters.
    #[schema(max_length = 200)]
    reason: String,
}

/// 修改问题种类: findings that are there keep the words under which they were found.
#[utoipa::path(post, path = "/api/v1/oversight/kinds/{number}", tag = "oversight", request_body = FindingKindInput,
    params(("number" = u8, Path, description = "The kind, 1 to 32."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403),
              (status = 422, description = "Another kind has the name, nothing changes, or something is missing.")))]
async fn finding_kind_change(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(number): Path<String>,
    Body(input): Body<FindingKindInput>,
) -> Result<StatusCode, Failure> {
    let typed = TypedKind {
        number: &number,
        name: input.name.as_deref().unwrap_or_default(),
        is_used: input.is_used,
        reason: &input.reason,
    };
    change(&oversight, &caller, &typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
