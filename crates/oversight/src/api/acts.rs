//! What is done with a finding.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    deeds::{self, TypedDecision, TypedLeniency, id_of},
    model::finding::{FindingMeasure, FindingVerdict, LeniencyCondition},
    service::Oversight,
};

pub(super) fn routes() -> Routes<Oversight> {
    let decide = Rule::Act("finding_decide");
    let answer = Rule::Act("finding_answer");
    Routes::new()
        .api(decide, routes!(finding_notify))
        .api(answer, routes!(finding_answer))
        .api(decide, routes!(finding_decide))
        .api(answer, routes!(finding_rectify))
        .api(decide, routes!(finding_confirm))
        .api(decide, routes!(finding_return))
}

/// How long an organisation has for its answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingNotifyInput {
    /// Within how many working days; 5 when nothing is said.
    #[schema(minimum = 1, maximum = 30)]
    days: Option<u16>,
}

/// 交办: the organisation must answer.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/notify", tag = "oversight", request_body = FindingNotifyInput,
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Notified before, or about the caller.")))]
async fn finding_notify(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Body(input): Body<FindingNotifyInput>,
) -> Result<StatusCode, Failure> {
    let days = input.days.map(|days| days.to_string()).unwrap_or_default();
    deeds::notify(&oversight, &caller, id_of(&finding)?, &days, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 容错 that is applied for: all conditions must be met.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingLeniencyInput {
    /// The conditions that are met.
    conditions: Vec<LeniencyCondition>,
    /// Why they are, at most 1,000 characters.
    #[schema(max_length = 1000)]
    reason: String,
}

/// What was read of it, for the deeds.
pub(super) struct ReadLeniency {
    codes: Vec<String>,
    input: Option<FindingLeniencyInput>,
}

impl ReadLeniency {
    pub(super) fn of(input: Option<FindingLeniencyInput>) -> Self {
        let codes = input.as_ref().map_or_else(Vec::new, |input| {
            let conditions = input.conditions.iter();
            conditions.map(|one| one.code().to_owned()).collect()
        });
        Self { codes, input }
    }

    pub(super) fn typed(&self) -> TypedLeniency<'_> {
        TypedLeniency {
            is_asked: self.input.is_some(),
            conditions: &self.codes,
            reason: self.input.as_ref().map_or("", |input| &input.reason),
        }
    }
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingAnswerInput {
    /// What happened and why, at most 1,000 characters.
    #[schema(max_length = 1000)]
    text: String,
    /// 容错; absent when it is not applied for.
    leniency: Option<FindingLeniencyInput>,
}

/// 说明: the organisation or the person explains, and may apply for 容错.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/answer", tag = "oversight", request_body = FindingAnswerInput,
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404),
              (status = 422, description = "Nothing is asked, the text is missing, or not every condition is met.")))]
async fn finding_answer(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Body(input): Body<FindingAnswerInput>,
) -> Result<StatusCode, Failure> {
    let leniency = ReadLeniency::of(input.leniency);
    let typed = (input.text.as_str(), &leniency.typed());
    deeds::answer(&oversight, &caller, id_of(&finding)?, typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingDecideInput {
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
}

/// 认定: what was found is so or not, excused or not, and what follows. Nobody decides about themselves.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/decide", tag = "oversight", request_body = FindingDecideInput,
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404),
              (status = 422, description = "Not answered yet, about the caller, or something is missing.")))]
async fn finding_decide(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Body(input): Body<FindingDecideInput>,
) -> Result<StatusCode, Failure> {
    let typed = TypedDecision {
        verdict: input.verdict.code(),
        measure: input.measure.map_or("", FindingMeasure::code),
        rectify_by: input.rectify_by.as_deref().unwrap_or_default(),
        reason: &input.reason,
    };
    deeds::decide(&oversight, &caller, id_of(&finding)?, &typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was mended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingRectifyInput {
    /// What was done, at most 1,000 characters.
    #[schema(max_length = 1000)]
    report: String,
}

/// 报告整改.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/rectify", tag = "oversight", request_body = FindingRectifyInput,
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Nothing is to be mended, or the report is missing.")))]
async fn finding_rectify(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Body(input): Body<FindingRectifyInput>,
) -> Result<StatusCode, Failure> {
    deeds::rectify(&oversight, &caller, id_of(&finding)?, &input.report, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 确认整改: the finding is closed.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/confirm", tag = "oversight",
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Nothing was reported.")))]
async fn finding_confirm(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
) -> Result<StatusCode, Failure> {
    deeds::confirm(&oversight, &caller, id_of(&finding)?, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is still to be mended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingReturnInput {
    /// What is still to be done, at most 1,000 characters.
    #[schema(max_length = 1000)]
    reason: String,
    /// Until when.
    #[schema(example = "2026-12-10")]
    until: String,
}

/// 退回整改.
#[utoipa::path(post, path = "/api/v1/oversight/findings/{finding}/return", tag = "oversight", request_body = FindingReturnInput,
    params(("finding" = String, Path, description = "The finding."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Nothing was reported, or something is missing.")))]
async fn finding_return(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Body(input): Body<FindingReturnInput>,
) -> Result<StatusCode, Failure> {
    let typed = (input.reason.as_str(), input.until.as_str());
    deeds::send_back(&oversight, &caller, id_of(&finding)?, typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
