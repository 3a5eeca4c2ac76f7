//! The drawn process of an item for programs: checked, kept in the working copy, given back to the letter.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{ItemCommand, ItemContent, drawn},
    pages::drawing::{checked, file},
    rooms::Rooms,
};

use super::write::{CommandAnswer, command};

/// How many problems one answer tells.
const PROBLEMS_TOLD_MAX: usize = 20;

/// A process as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessInput {
    /// The BPMN 2.0 file as text, at most 128 KB; empty: the item has no drawn process any more.
    #[schema(
        example = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">…</definitions>"
    )]
    xml: String,
    /// The item's place in its stream as the sender saw it; absent for any.
    expected_version: Option<i64>,
}

/// Puts a drawn process into the item's working copy, or takes it out. A file that a case cannot run on is refused whole.
#[utoipa::path(post, path = "/api/v1/items/{item}/process", tag = "items", request_body = ProcessInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 401), (status = 403), (status = 404),
        (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The file does not read, or asks for what a case cannot do; the detail names the first twenty problems with element and line.")))]
pub(super) async fn item_process_write(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<ProcessInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let drawn_process = if input.xml.is_empty() {
        String::new()
    } else {
        checked(input.xml.as_bytes()).map_err(|problems| refused(&problems))?
    };
    let (_, version, state) = rooms.item(&item).await?;
    let present = state.current().cloned().ok_or_else(Failure::not_found)?;
    let draft = ItemCommand::Draft {
        content: Box::new(ItemContent {
            drawn_process,
            ..present
        }),
    };
    // What stands beside the process is as it was read here, so nothing may come between.
    let expected = Expected::Version(input.expected_version.unwrap_or(version));
    command(&rooms, &caller, &item, draft, expected).await
}

fn refused(problems: &[String]) -> Failure {
    let told: Vec<&str> = problems
        .iter()
        .take(PROBLEMS_TOLD_MAX)
        .map(String::as_str)
        .collect();
    Failure::invalid(format!(
        "流程图有 {} 处问题，没有保存。{}",
        problems.len(),
        told.join(" ")
    ))
    .at("xml")
}

/// The drawn process of an item's working copy, or of what was published last, to the letter.
#[utoipa::path(get, path = "/api/v1/items/{item}/process", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, description = "The BPMN 2.0 file.", body = String, content_type = "application/xml"),
        (status = 401), (status = 403), (status = 404, description = "No such item, or it has no drawn process.")))]
pub(super) async fn item_process_read(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    file(state.current().ok_or_else(Failure::not_found)?)
}

/// A file to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessCheckInput {
    /// The BPMN 2.0 file as text.
    xml: String,
}

/// One problem of a file.
#[derive(Debug, Serialize, ToSchema)]
struct ProcessProblem {
    /// A stable name.
    #[schema(example = "drawing_not_executed")]
    code: &'static str,
    /// The element's id, if it has one.
    #[schema(example = "Activity_07x1")]
    element: Option<String>,
    /// The line, from 1.
    #[schema(example = 42)]
    line: u32,
    /// What is wrong and the way out, in Chinese.
    text: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProcessCheck {
    /// Whether a case can run on it.
    is_usable: bool,
    /// What stands against it.
    problems: Vec<ProcessProblem>,
    /// What is worth knowing all the same, in Chinese.
    remarks: Vec<String>,
}

/// Checks a file without keeping it: what a drawing tool asks while somebody draws.
#[utoipa::path(post, path = "/api/v1/processes/check", tag = "items", request_body = ProcessCheckInput,
    responses((status = 200, body = ProcessCheck), (status = 401), (status = 403)))]
pub(super) async fn process_check(Body(input): Body<ProcessCheckInput>) -> Json<ProcessCheck> {
    let problems = drawn::read(&input.xml).err().unwrap_or_default();
    Json(ProcessCheck {
        is_usable: problems.is_empty(),
        remarks: drawn::remarks(&input.xml),
        problems: problems
            .into_iter()
            .map(|problem| ProcessProblem {
                code: problem.code,
                element: problem.element,
                line: problem.line,
                text: problem.text,
            })
            .collect(),
    })
}
