//! 秒批 for programs: what the rules said in a case, and the look that a person takes at a share of it.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{ByRules, CaseCommand},
    rooms::CaseRooms,
};

use super::{
    body::case_id,
    deed::{Done, about, act},
};

/// A row of a table that decided.
#[derive(Serialize, ToSchema)]
struct RuleRowView {
    /// The decision that the table belongs to.
    #[schema(example = "审批")]
    decision: String,
    /// The row, from 1.
    #[schema(example = 2)]
    number: usize,
}

/// What the item's rules said in a case.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseRulesView {
    /// The decision that was asked.
    #[schema(example = "审批")]
    decision: String,
    /// SHA-256 of the DMN file, in hexadecimal.
    sha256: String,
    /// Whether the rules granted the case; if not, a person decides.
    is_granted: bool,
    /// The rows that decided.
    rows: Vec<RuleRowView>,
    /// The result; null where nothing came out.
    #[schema(value_type = Object)]
    result: Value,
    /// Why, as the applicant is told.
    reason: String,
    /// 因为…所以…, line by line.
    explanation: Vec<String>,
    /// When (RFC 3339).
    at: String,
    /// Whether it was drawn for a person to look at and nobody has yet.
    needs_review: bool,
    /// What the person found: whether it was right; null before.
    is_right: Option<bool>,
}

fn view(by_rules: &ByRules) -> CaseRulesView {
    let evaluation = &by_rules.evaluation;
    let rows = evaluation.rows.iter().map(|row| RuleRowView {
        decision: row.decision.clone(),
        number: row.number,
    });
    CaseRulesView {
        decision: evaluation.decision.clone(),
        sha256: evaluation.sha256.clone(),
        is_granted: by_rules.is_granted,
        rows: rows.collect(),
        result: evaluation
            .record
            .get()
            .map_or(Value::Null, |record| record.result.clone()),
        reason: by_rules.reason().to_owned(),
        explanation: by_rules.explanation().map(str::to_owned).collect(),
        at: by_rules.at.to_string(),
        needs_review: by_rules.needs_review,
        is_right: by_rules.review.as_ref().map(|(is_right, _)| *is_right),
    }
}

/// What the item's rules said in a case (秒批). The reason may speak of the applicant: it is for whoever may open the case and for
/// the applicant.
#[utoipa::path(get, path = "/api/v1/cases/{case}/rules", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = CaseRulesView), (status = 403), (status = 404, description = "No such case, or no rules were asked in it.")))]
pub(super) async fn case_rules_read(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<CaseRulesView>, Failure> {
    let id = case_id(&case)?;
    let action = if caller.visitor.citizen().is_some() {
        "case_read"
    } else {
        "case_open"
    };
    let case = rooms.case_for(&caller, id, action).await?;
    let by_rules = case.by_rules.as_ref().ok_or_else(Failure::not_found)?;
    Ok(Json(view(by_rules)))
}

/// What a person found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesReviewInput {
    /// Whether the rules decided rightly.
    is_right: bool,
    /// Why; needed when they did not. At most 2,000 characters.
    #[schema(example = "年龄按申请日计算，规则按决定日计算了。")]
    reason: Option<String>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 秒批复核: a person looked at what the rules decided.
#[utoipa::path(post, path = "/api/v1/cases/{case}/review-rules", tag = "cases", request_body = RulesReviewInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The case was not decided by rules, or somebody looked at it before.")))]
pub(super) async fn case_review_rules(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<RulesReviewInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_decide",
        input.expected_version,
        |case| {
            Ok(CaseCommand::ReviewRules {
                is_right: input.is_right,
                reason: about(case, input.reason.unwrap_or_default()),
            })
        },
    )
    .await
}
