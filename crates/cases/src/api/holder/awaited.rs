//! What a drawn process waits for from outside, said to be there.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_kernel::Personal;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    api::{
        body::Body,
        deed::{Done, about, act},
    },
    model::CaseCommand,
    rooms::CaseRooms,
};

/// What came in from outside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AwaitedInput {
    /// What came in, in words; at most 2,000 characters.
    #[schema(example = "法院复函：没有查封。")]
    note: String,
    /// What it brings for the process, by variable: texts of at most 500 characters, numbers, booleans; at most 50.
    #[schema(value_type = Option<Object>, example = json!({"result": "没有查封"}))]
    answers: Option<serde_json::Map<String, Value>>,
    /// Whether the other system could not do its work; only for a service.
    #[serde(default)]
    failed: bool,
}

/// What a drawn process waits for is there (接收任务, message, 服务任务): sent by the other system, or by a person in its place.
#[utoipa::path(post, path = "/api/v1/cases/{case}/awaited/{awaited}", tag = "cases", request_body = AwaitedInput,
    params(("case" = String, Path, description = "The case."), ("awaited" = String, Path, description = "The key of what is waited for.", example = "letter~7"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 422, description = "It is not waited for any more, or the clock is stopped.")))]
pub(in crate::api) async fn case_awaited(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, awaited)): Path<(String, String)>,
    Body(input): Body<AwaitedInput>,
) -> Result<Json<Done>, Failure> {
    act(&rooms, &caller, &case, "case_review", None, |case| {
        let answers = Value::Object(input.answers.unwrap_or_default());
        Ok(CaseCommand::Answer {
            awaited,
            note: about(case, input.note),
            answers: Personal::new(case.applicant.person, answers),
            failed: input.failed,
        })
    })
    .await
}
