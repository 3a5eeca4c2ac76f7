//! Deeds from receipt to acceptance.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_kernel::{OrganisationId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{CaseCommand, Conditional, Defect, NotAcceptedGround},
    pages::require_claim,
    rooms::CaseRooms,
};

use super::{
    body::{Body, case_id},
    deed::{Done, Plain, about, act},
    materials::{MaterialInput, supplied},
};

/// 认领: takes the case.
#[utoipa::path(post, path = "/api/v1/cases/{case}/claim", tag = "cases", request_body = Plain,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "A rule refuses it; the problem names it.")))]
pub(super) async fn case_claim(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<Plain>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_claim",
        input.expected_version,
        |case| {
            require_claim(&caller, case)?;
            Ok(CaseCommand::Claim)
        },
    )
    .await
}

/// 退回组内: gives the case back.
#[utoipa::path(post, path = "/api/v1/cases/{case}/release", tag = "cases", request_body = Plain,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "A rule refuses it; the problem names it.")))]
pub(super) async fn case_release(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<Plain>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_claim",
        input.expected_version,
        |_| Ok(CaseCommand::Release),
    )
    .await
}

/// One defect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DefectInput {
    /// `material:` or `field:` and the key of what is wrong.
    #[schema(example = "material:m2")]
    key: String,
    /// Its name.
    #[schema(example = "经营场所证明")]
    name: String,
    /// What is missing or wrong, and how to mend it.
    #[schema(example = "租赁合同没有出租方签名，请补签后重新上传")]
    problem: String,
}

/// All defects at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionNoticeInput {
    /// The defects; a later notice may not add one.
    defects: Vec<DefectInput>,
    /// Until when the applicant is asked to answer.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-04")]
    answer_by: Option<Date>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 一次性告知补正 (行政许可法 art. 32).
#[utoipa::path(post, path = "/api/v1/cases/{case}/correction-notices", tag = "cases", request_body = CorrectionNoticeInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "A rule refuses it: told before, a new defect, the window is over.")))]
pub(super) async fn case_notify_correction(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<CorrectionNoticeInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_correct",
        input.expected_version,
        |_| {
            let defects = input
                .defects
                .into_iter()
                .map(|defect| Defect {
                    key: defect.key,
                    name: defect.name,
                    problem: defect.problem,
                })
                .collect();
            Ok(CaseCommand::NotifyCorrection {
                defects,
                answer_by: input.answer_by,
            })
        },
    )
    .await
}

/// What was corrected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionInput {
    /// All answers of the form, when one of them changed.
    #[schema(value_type = Option<Object>)]
    answers: Option<serde_json::Map<String, Value>>,
    /// New materials; they replace those of the same requirement.
    #[serde(default)]
    materials: Vec<MaterialInput>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// The applicant corrects.
#[utoipa::path(post, path = "/api/v1/cases/{case}/corrections", tag = "cases", request_body = CorrectionInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Nothing was asked for, or a file is missing.")))]
pub(super) async fn case_supply_correction(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<CorrectionInput>,
) -> Result<Json<Done>, Failure> {
    let (person, found) = supplied(&rooms, &caller, &case, input.materials, true).await?;
    act(
        &rooms,
        &caller,
        &case,
        "case_supply",
        input.expected_version,
        |_| {
            Ok(CaseCommand::SupplyCorrection {
                answers: input
                    .answers
                    .map(|answers| Personal::new(person, Value::Object(answers))),
                materials: found,
                counted: None,
            })
        },
    )
    .await
}

/// What is owed after acceptance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionalInput {
    /// Keys of the materials.
    #[schema(example = json!(["m3"]))]
    materials: Vec<String>,
    /// How many working days the applicant has.
    #[schema(example = 3)]
    days: u16,
    /// Whether the applicant signed the undertaking (容缺受理承诺) before the clerk. Not needed when the application brought it.
    #[serde(default)]
    undertaken: bool,
}

/// Acceptance.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptInput {
    /// 容缺受理: absent when everything is there.
    conditional: Option<ConditionalInput>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 受理, or 容缺受理.
#[utoipa::path(post, path = "/api/v1/cases/{case}/accept", tag = "cases", request_body = AcceptInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Materials are missing, or may not be owed.")))]
pub(super) async fn case_accept(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<AcceptInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_accept",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Accept {
                conditional: input.conditional.map(|conditional| Conditional {
                    undertaking: conditional
                        .undertaken
                        .then(|| case.terms.undertaking(&conditional.materials)),
                    materials: conditional.materials,
                    days: conditional.days,
                }),
            })
        },
    )
    .await
}

/// A finding in words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpinionInput {
    /// What was found; at most 2,000 characters.
    #[schema(example = "材料齐全，符合条件，同意。")]
    pub(super) opinion: String,
    /// The version that was seen.
    pub(super) expected_version: Option<i64>,
}

/// 受理并当场办结, for instant items. Whoever does it must be allowed to accept and to decide.
#[utoipa::path(post, path = "/api/v1/cases/{case}/accept-and-grant", tag = "cases", request_body = OpinionInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Materials are missing, or the item has review steps.")))]
pub(super) async fn case_accept_and_grant(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<OpinionInput>,
) -> Result<Json<Done>, Failure> {
    let order = caller.order(None, Expected::Existing);
    let before = rooms
        .case_for_deed(&caller, case_id(&case)?, "case_accept", &order)
        .await?;
    // What the counter settles in one sitting it decides itself; anything else only who may decide.
    if !before.terms.is_instant() {
        rooms
            .case_for_deed(&caller, case_id(&case)?, "case_decide", &order)
            .await?;
    }
    act(
        &rooms,
        &caller,
        &case,
        "case_accept",
        input.expected_version,
        |case| {
            Ok(CaseCommand::AcceptAndGrant {
                opinion: about(case, input.opinion),
            })
        },
    )
    .await
}

/// Why an application is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GroundInput {
    /// No licence is needed: 不受理.
    NotRequired,
    /// Another authority is competent; name it in `authority`.
    NotCompetent,
    /// The law forbids the application, or it was not corrected.
    Other,
}

/// 不予受理.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseAcceptanceInput {
    /// On which ground.
    ground: GroundInput,
    /// The competent authority and the way to it; needed with `not_competent`.
    #[schema(example = "安康市交通运输局（安康市政务服务中心三楼）")]
    authority: Option<String>,
    /// Why, for the applicant.
    #[schema(example = "运输线路跨两个县区，不属于本机关职权范围。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 不受理 or 不予受理, in writing with the reasons.
#[utoipa::path(post, path = "/api/v1/cases/{case}/refuse-acceptance", tag = "cases", request_body = RefuseAcceptanceInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The reason or the authority is missing, or the window is over.")))]
pub(super) async fn case_refuse_acceptance(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<RefuseAcceptanceInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_accept_refuse",
        input.expected_version,
        |case| {
            let ground = match input.ground {
                GroundInput::NotRequired => NotAcceptedGround::NotRequired,
                GroundInput::NotCompetent => NotAcceptedGround::NotCompetent {
                    authority: input.authority.unwrap_or_default(),
                },
                GroundInput::Other => NotAcceptedGround::Other,
            };
            Ok(CaseCommand::RefuseAcceptance {
                ground,
                reason: about(case, input.reason),
            })
        },
    )
    .await
}

/// 转办.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferInput {
    /// To which organisation.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    organisation: OrganisationId,
    /// Why.
    #[schema(example = "事项已划转，由承接部门办理。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 转办: another organisation of the house handles the case.
#[utoipa::path(post, path = "/api/v1/cases/{case}/transfer", tag = "cases", request_body = TransferInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "No such organisation, or the case is past acceptance.")))]
pub(super) async fn case_transfer(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<TransferInput>,
) -> Result<Json<Done>, Failure> {
    let organisation = rooms.taker(&caller, input.organisation).await?;
    act(
        &rooms,
        &caller,
        &case,
        "case_transfer",
        input.expected_version,
        |_| {
            Ok(CaseCommand::Transfer {
                organisation: organisation.id,
                organisation_name: organisation.name,
                reason: input.reason,
            })
        },
    )
    .await
}
