//! What is done with several findings at once.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::FindingId;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds::{
        TypedDecision,
        many::{Deed, many},
    },
    model::finding::{FindingMeasure, FindingVerdict},
    service::Oversight,
};

pub(super) fn routes() -> Routes<Oversight> {
    Routes::new().api(Rule::Act("finding_decide"), routes!(findings_many))
}

/// What is done with all of them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "deed", deny_unknown_fields)]
enum FindingsDeed {
    /// 交办.
    Notify {
        /// Within how many working days; 5 when nothing is said.
        #[schema(minimum = 1, maximum = 30)]
        days: Option<u16>,
    },
    /// 认定.
    Decide {
        /// What.
        verdict: FindingVerdict,
        /// How it is handled; with `founded` and `mitigated`.
        measure: Option<FindingMeasure>,
        /// 限期整改: the last day.
        #[schema(example = "2026-12-10")]
        rectify_by: Option<String>,
        /// Why, at most 1,000 characters.
        #[schema(max_length = 1000)]
        reason: String,
    },
}

/// Several findings and what is done with them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingsManyInput {
    /// Which, at most 100.
    #[schema(value_type = Vec<String>, max_items = 100, example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    findings: Vec<FindingId>,
    /// What is done with each.
    act: FindingsDeed,
}

/// What became of one.
#[derive(Serialize, ToSchema)]
struct FindingOutcome {
    /// The finding.
    finding: String,
    /// Why it was refused; null when it was done.
    refused: Option<String>,
}

/// What became of each.
#[derive(Serialize, ToSchema)]
struct FindingOutcomes {
    /// In the order in which they were named.
    items: Vec<FindingOutcome>,
}

/// 一起办理: each finding by a command of its own; a refusal of one holds no other.
#[utoipa::path(post, path = "/api/v1/oversight/many", tag = "oversight", request_body = FindingsManyInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once for each finding.")),
    responses((status = 200, body = FindingOutcomes), (status = 401), (status = 403),
              (status = 422, description = "None is named, too many are, or something is missing that all need.")))]
async fn findings_many(
    State(oversight): State<Oversight>,
    caller: Caller,
    Body(input): Body<FindingsManyInput>,
) -> Result<Json<FindingOutcomes>, Failure> {
    let days;
    let deed = match &input.act {
        FindingsDeed::Notify { days: given } => {
            days = given.map(|days| days.to_string()).unwrap_or_default();
            Deed::Notify(&days)
        }
        FindingsDeed::Decide {
            verdict,
            measure,
            rectify_by,
            reason,
        } => Deed::Decide(TypedDecision {
            verdict: verdict.code(),
            measure: measure.map_or("", FindingMeasure::code),
            rectify_by: rectify_by.as_deref().unwrap_or_default(),
            reason,
        }),
    };
    let outcomes = many(&oversight, &caller, &input.findings, &deed, None).await?;
    let items = outcomes.into_iter().map(|one| FindingOutcome {
        finding: one.finding.to_string(),
        refused: one.refused,
    });
    Ok(Json(FindingOutcomes {
        items: items.collect(),
    }))
}
