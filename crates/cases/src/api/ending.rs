//! Deeds of the decision and after it, and lines between applicant and staff.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{AtCounter, CaseCommand, Delivered, TerminationGround},
    rooms::CaseRooms,
};

use super::{
    acceptance::OpinionInput,
    body::Body,
    deed::{Done, about, act},
    review::ReasonInput,
};

/// 准予.
#[utoipa::path(post, path = "/api/v1/cases/{case}/grant", tag = "cases", request_body = OpinionInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Steps are open, materials are owed, or the clock is stopped.")))]
pub(super) async fn case_grant(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<OpinionInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_decide",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Grant {
                opinion: about(case, input.opinion),
            })
        },
    )
    .await
}

/// 不予.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseInput {
    /// Why, for the applicant.
    #[schema(example = "经营场所不具备合理布局，经复查没有改正。")]
    reason: String,
    /// The legal basis.
    #[schema(example = "《食品经营许可和备案管理办法》第十二条第（四）项")]
    basis: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 不予, with reasons and legal basis (行政许可法 art. 38).
#[utoipa::path(post, path = "/api/v1/cases/{case}/refuse", tag = "cases", request_body = RefuseInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Reason or basis is missing, or steps are open.")))]
pub(super) async fn case_refuse(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<RefuseInput>,
) -> Result<Json<Done>, Failure> {
    if input.basis.chars().count() > 500 {
        return Err(Failure::invalid("法律依据最多写500字，请只写法规名称和条款。").at("basis"));
    }
    act(
        &rooms,
        &caller,
        &case,
        "case_decide",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Refuse {
                reason: about(case, input.reason),
                basis: input.basis,
            })
        },
    )
    .await
}

/// How the result was handed over.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "way", deny_unknown_fields)]
pub(super) enum DeliverInput {
    /// At a counter.
    Counter {
        /// Who took it.
        receiver: String,
        /// Whether the receiver is not the applicant (代领).
        #[serde(default)]
        on_behalf: bool,
        /// The receiver's citizen number; needed on behalf.
        #[serde(default)]
        #[schema(example = "610924198506152030")]
        receiver_number: String,
        /// What proves the authorisation and stays: `original`, `copy`, `notarised`; needed on behalf, except of the agent whom
        /// the application names.
        #[serde(default)]
        authorisation: String,
        /// The version that was seen.
        expected_version: Option<i64>,
    },
    /// By post.
    Post {
        /// The carrier.
        carrier: String,
        /// The tracking number.
        tracking: String,
        /// The version that was seen.
        expected_version: Option<i64>,
    },
    /// Electronically.
    Electronic {
        /// The version that was seen.
        expected_version: Option<i64>,
    },
}

impl DeliverInput {
    const fn expected_version(&self) -> Option<i64> {
        match self {
            Self::Counter {
                expected_version, ..
            }
            | Self::Post {
                expected_version, ..
            }
            | Self::Electronic { expected_version } => *expected_version,
        }
    }
}

/// 送达.
#[utoipa::path(post, path = "/api/v1/cases/{case}/deliver", tag = "cases", request_body = DeliverInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The result does not wait for delivery, or the receiver is missing or has no right to it.")))]
pub(super) async fn case_deliver(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<DeliverInput>,
) -> Result<Json<Done>, Failure> {
    let expected = input.expected_version();
    act(&rooms, &caller, &case, "case_deliver", expected, |case| {
        Ok(CaseCommand::Deliver(match input {
            DeliverInput::Counter {
                receiver,
                on_behalf,
                receiver_number,
                authorisation,
                ..
            } => {
                let given = AtCounter {
                    name: &receiver,
                    on_behalf,
                    number: &receiver_number,
                    authorisation: &authorisation,
                };
                Delivered::at_counter(case, &given)?
            }
            DeliverInput::Post {
                carrier, tracking, ..
            } => Delivered::by_post(&carrier, &tracking)?,
            DeliverInput::Electronic { .. } => Delivered::Electronic,
        }))
    })
    .await
}

/// 撤回: the applicant withdraws. The reason may be empty.
#[utoipa::path(post, path = "/api/v1/cases/{case}/withdraw", tag = "cases", request_body = ReasonInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "It is decided already.")))]
pub(super) async fn case_withdraw(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<ReasonInput>,
) -> Result<Json<Done>, Failure> {
    let reason: String = input.reason.chars().take(2_000).collect();
    act(
        &rooms,
        &caller,
        &case,
        "case_withdraw",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Withdraw {
                reason: about(case, reason),
            })
        },
    )
    .await
}

/// Why the authority ends a case.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TerminationInput {
    /// The person died, the organisation was dissolved.
    ApplicantGone,
    /// The same matter is handled in another case.
    Duplicate,
    /// It is not needed or not possible any more.
    Moot,
    /// Another case that a law or rule names; not before acceptance.
    Other,
}

impl From<TerminationInput> for TerminationGround {
    fn from(input: TerminationInput) -> Self {
        match input {
            TerminationInput::ApplicantGone => Self::ApplicantGone,
            TerminationInput::Duplicate => Self::Duplicate,
            TerminationInput::Moot => Self::Moot,
            TerminationInput::Other => Self::Other,
        }
    }
}

/// 终止.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TerminateInput {
    /// On which ground.
    ground: TerminationInput,
    /// Why, for the applicant.
    #[schema(example = "申请人已就同一经营场所提出相同申请，正在办理。")]
    reason: String,
    /// The legal basis.
    #[schema(example = "《食品经营许可和备案管理办法》第十六条")]
    basis: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 终止: the authority ends the case without a decision, in writing with reason, basis and remedies.
#[utoipa::path(post, path = "/api/v1/cases/{case}/terminate", tag = "cases", request_body = TerminateInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Reason or basis is missing, the ground does not end a case before acceptance, or it is decided already.")))]
pub(super) async fn case_terminate(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<TerminateInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_terminate",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Terminate {
                ground: input.ground.into(),
                reason: about(case, input.reason),
                basis: input.basis,
            })
        },
    )
    .await
}

/// A line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineInput {
    /// What is said; at most 1,000 characters.
    #[schema(example = "请问现场核查安排在哪一天？")]
    text: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// A line between applicant and staff.
#[utoipa::path(post, path = "/api/v1/cases/{case}/messages", tag = "cases", request_body = LineInput,
    params(("case" = String, Path, description = "The case."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Nothing was written, or too much.")))]
pub(super) async fn case_say(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Body(input): Body<LineInput>,
) -> Result<Json<Done>, Failure> {
    act(
        &rooms,
        &caller,
        &case,
        "case_say",
        input.expected_version,
        |case| {
            Ok(CaseCommand::Say {
                text: about(case, input.text),
            })
        },
    )
    .await
}
