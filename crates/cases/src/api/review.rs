//! Deeds between acceptance and decision.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_calendar::StopKind;
use wuchuang_kernel::Personal;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{CaseCommand, SpecialProcedure},
    rooms::CaseRooms,
};

use super::{
    body::Body,
    deed::{Done, about, act},
    materials::{MaterialInput, supplied},
};

/// How long a reason may be, in characters.
const REASON_CHARACTERS_MAX: usize = 2_000;

/// What was found in a step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepInput {
    /// What was found; at most 2,000 characters.
    #[schema(example = "材料齐全，符合条件，同意。")]
    opinion: String,
    /// The answers to the questions of the step, where the item's process is drawn (`GET /api/v1/cases/{case}/steps` names
    /// them).
    #[schema(value_type = Option<Object>, example = json!({"is_clean": true}))]
    answers: Option<Map<String, Value>>,
    /// Whether this level agrees (逐级审批). While one does not, nothing is granted, nor sealed.
    #[serde(default = "agrees")]
    agrees: bool,
    /// The version that was seen. In a drawn process others may move their branches at the same time: leave it out, the step
    /// itself says what is meant.
    expected_version: Option<i64>,
}

const fn agrees() -> bool {
    true
}

/// A review step is done.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps/{step}/complete", tag = "cases", request_body = StepInput,
    params(("case" = String, Path, description = "The case."), ("step" = String, Path, description = "The step's key; of a drawn process also its element, while only one of it is open.", example = "review"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The case is not in this step, or its clock is stopped.")))]
pub(super) async fn case_complete_step(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, step)): Path<(String, String)>,
    Body(input): Body<StepInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_review",
        input.expected_version,
        |case| {
            let opinion = about(case, input.opinion);
            if case.terms.drawn.is_none() {
                return Ok(CaseCommand::CompleteStep {
                    step,
                    opinion,
                    agrees: input.agrees,
                });
            }
            rooms.require_task(&caller, case, &step)?;
            Ok(CaseCommand::CompleteTask {
                task: step,
                opinion,
                answers: Personal::new(
                    case.applicant.person,
                    Value::Object(input.answers.unwrap_or_default()),
                ),
                agrees: input.agrees,
            })
        },
    )
    .await
}

/// A reason in words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonInput {
    /// Why; at most 2,000 characters.
    #[schema(example = "现场照片看不清消防通道，请重新核查。")]
    pub(super) reason: String,
    /// The version that was seen.
    pub(super) expected_version: Option<i64>,
}

/// Why something goes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnInput {
    /// Why; at most 2,000 characters.
    #[schema(example = "现场照片看不清消防通道，请重新核查。")]
    reason: String,
    /// Of a drawn process: the open step that is given back; absent: the decision.
    #[schema(example = "audit~7")]
    from: Option<String>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 退回: the case goes back to an earlier step.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps/{step}/return", tag = "cases", request_body = ReturnInput,
    params(("case" = String, Path, description = "The case."), ("step" = String, Path, description = "The step to which it goes back.", example = "review"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The step is not before the present one.")))]
pub(super) async fn case_return_to_step(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, step)): Path<(String, String)>,
    Body(input): Body<ReturnInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_review",
        input.expected_version,
        |case| {
            let reason = about(case, input.reason);
            if case.terms.drawn.is_none() {
                return Ok(CaseCommand::ReturnToStep { step, reason });
            }
            if let Some(from) = &input.from {
                rooms.require_task(&caller, case, from)?;
            }
            Ok(CaseCommand::ReturnTask {
                task: input.from,
                to: step,
                reason,
            })
        },
    )
    .await
}

/// The procedures whose time is not counted (行政许可法 art. 45 and other laws).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProcedureInput {
    /// 听证.
    Hearing,
    /// 招标.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// 征求第三方意见.
    ThirdPartyConsultation,
    /// A procedure of another law; name it and the article.
    OtherLaw,
}

/// 特别程序.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StopInput {
    /// Which procedure.
    procedure: ProcedureInput,
    /// Its name; needed with `other_law`.
    name: Option<String>,
    /// Law and article; needed with `other_law`.
    #[schema(example = "《…法》第十条")]
    article: Option<String>,
    /// Why this case needs it; it stands in the notice.
    #[schema(example = "项目需要组织专家论证。")]
    reason: String,
    /// How many working days it takes, as the applicant is told.
    #[schema(example = 15)]
    expected_days: u16,
    /// The version that was seen.
    expected_version: Option<i64>,
}

impl StopInput {
    fn kind(&self) -> StopKind {
        match self.procedure {
            ProcedureInput::Hearing => StopKind::Hearing,
            ProcedureInput::Tender => StopKind::Tender,
            ProcedureInput::Auction => StopKind::Auction,
            ProcedureInput::Inspection => StopKind::Inspection,
            ProcedureInput::Testing => StopKind::Testing,
            ProcedureInput::Quarantine => StopKind::Quarantine,
            ProcedureInput::Appraisal => StopKind::Appraisal,
            ProcedureInput::ExpertReview => StopKind::ExpertReview,
            ProcedureInput::ThirdPartyConsultation => StopKind::ThirdPartyConsultation,
            ProcedureInput::OtherLaw => StopKind::OtherLaw {
                name: self.name.clone().unwrap_or_default(),
                article: self.article.clone().unwrap_or_default(),
            },
        }
    }
}

/// A special procedure begins; the clock stops and the applicant is told in writing.
#[utoipa::path(post, path = "/api/v1/cases/{case}/stop", tag = "cases", request_body = StopInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Stopped already, decided on the spot, or not 1 to 366 days.")))]
pub(super) async fn case_stop(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<StopInput>,
) -> Result<Json<Done>, Failure> {
    check_length(&input.reason)?;
    act(
        &rooms,
        &caller,
        &case,
        "case_stop",
        input.expected_version,
        |_| {
            Ok(CaseCommand::StopClock(SpecialProcedure {
                kind: input.kind(),
                reason: input.reason,
                expected_days: input.expected_days,
            }))
        },
    )
    .await
}

/// The result of a special procedure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultInput {
    /// With which result it ended.
    #[schema(example = "专家评审通过，附修改意见三条。")]
    result: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// The special procedure has ended; the clock goes on.
#[utoipa::path(post, path = "/api/v1/cases/{case}/resume", tag = "cases", request_body = ResultInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The clock is not stopped.")))]
pub(super) async fn case_resume(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ResultInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_resume",
        input.expected_version,
        |case| {
            Ok(CaseCommand::ResumeClock {
                result: about(case, input.result),
            })
        },
    )
    .await
}

/// 延长审批期限.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendInput {
    /// By how many working days.
    #[schema(example = 10)]
    days: u16,
    /// Why; it stands in the notice.
    #[schema(example = "因连续强降雨道路中断，无法按期完成现场核查。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 延长审批期限 (行政许可法 art. 42), once and before the limit is over.
#[utoipa::path(post, path = "/api/v1/cases/{case}/extend", tag = "cases", request_body = ExtendInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Extended before, beyond the cap, or too late.")))]
pub(super) async fn case_extend(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ExtendInput>,
) -> Result<Json<Done>, Failure> {
    check_length(&input.reason)?;
    act(
        &rooms,
        &caller,
        &case,
        "case_extend",
        input.expected_version,
        |_| {
            Ok(CaseCommand::Extend {
                days: input.days,
                reason: input.reason,
            })
        },
    )
    .await
}

/// 申请延期.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionRequestInput {
    /// By how many working days.
    #[schema(example = 10)]
    days: u16,
    /// Why, for whoever decides about it.
    #[schema(example = "因连续强降雨道路中断，无法按期完成现场核查。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 申请延期: whoever handles the case asks the head of the office for more time (行政许可法 art. 42).
#[utoipa::path(post, path = "/api/v1/cases/{case}/extension-requests", tag = "cases", request_body = ExtensionRequestInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Asked before, extended before, beyond the cap, or too late.")))]
pub(super) async fn case_request_extension(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ExtensionRequestInput>,
) -> Result<Json<Done>, Failure> {
    let seen = input.expected_version;
    act(&rooms, &caller, &case, "case_review", seen, |case| {
        Ok(CaseCommand::RequestExtension {
            days: input.days,
            reason: about(case, input.reason),
        })
    })
    .await
}

/// Why an extension is not granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionDeclineInput {
    /// Why, for whoever asked.
    #[schema(example = "道路已经恢复通行，请按期办结。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 不同意延期. To grant what was asked for, extend the case.
#[utoipa::path(post, path = "/api/v1/cases/{case}/extension-requests/decline", tag = "cases", request_body = ExtensionDeclineInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Nobody asked for an extension.")))]
pub(super) async fn case_decline_extension(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ExtensionDeclineInput>,
) -> Result<Json<Done>, Failure> {
    let seen = input.expected_version;
    act(&rooms, &caller, &case, "case_extend", seen, |case| {
        Ok(CaseCommand::DeclineExtension {
            reason: about(case, input.reason),
        })
    })
    .await
}

/// Owed materials.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SupplementInput {
    /// The materials.
    materials: Vec<MaterialInput>,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 补交容缺材料.
#[utoipa::path(post, path = "/api/v1/cases/{case}/supplements", tag = "cases", request_body = SupplementInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Nothing is owed, or these are not the owed materials.")))]
pub(super) async fn case_supply_supplement(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<SupplementInput>,
) -> Result<Json<Done>, Failure> {
    // Whoever accepted the case under the condition that a material follows expects the material.
    let (_, found) = supplied(&rooms, &caller, &case, input.materials, false).await?;
    act(
        &rooms,
        &caller,
        &case,
        "case_supply",
        input.expected_version,
        |_| Ok(CaseCommand::SupplySupplement { materials: found }),
    )
    .await
}

fn check_length(reason: &str) -> Result<(), Failure> {
    if reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Failure::invalid("理由最多写2000字，请精简。").at("reason"));
    }
    Ok(())
}
