//! The open steps of a drawn process: what they ask, where they may be sent back to, and in whose hands they are.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_bpmn::{QuestionKind, TaskQuestion};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    colleagues::colleague,
    model::{
        Awaited, AwaitedKind, Case, CaseCommand, DrawnProcess, OpenTask, drawn::return_targets,
    },
    rooms::CaseRooms,
};

use super::super::{
    body::{Body, case_id},
    deed::{Done, Plain, about, act},
};

/// A question of a step.
#[derive(Serialize, ToSchema)]
struct StepQuestion {
    /// The name under which it is answered.
    #[schema(example = "is_clean")]
    name: String,
    /// What people read.
    #[schema(example = "卫生合格")]
    label: String,
    /// `text`, `number`, `yes_no` or `choice`.
    #[schema(example = "yes_no")]
    kind: &'static str,
    /// The values of a choice.
    choices: Vec<String>,
    /// Whether the step cannot be completed without it.
    required: bool,
}

fn question(question: &TaskQuestion) -> StepQuestion {
    let (kind, choices) = match &question.kind {
        QuestionKind::Text => ("text", Vec::new()),
        QuestionKind::Number => ("number", Vec::new()),
        QuestionKind::YesNo => ("yes_no", Vec::new()),
        QuestionKind::Choice(choices) => {
            let values = choices.iter().map(|(value, _)| value.to_string());
            ("choice", values.collect())
        }
    };
    StepQuestion {
        name: question.id.to_string(),
        label: question.label.to_string(),
        kind,
        choices,
        required: question.is_required,
    }
}

/// An open step.
#[derive(Serialize, ToSchema)]
struct OpenStep {
    /// Its key; name it to complete, return, claim or release the step.
    #[schema(example = "audit~7")]
    key: String,
    /// Its element in the drawing.
    #[schema(example = "audit")]
    element: String,
    /// Its name.
    #[schema(example = "现场核查")]
    name: String,
    /// Who may take it, as the drawing says; empty: whoever reviews.
    candidates: Vec<String>,
    /// Who holds it; absent while it is free.
    holder: Option<String>,
    /// Its own limit in working days.
    limit_days: Option<u16>,
    /// When it was opened (RFC 3339).
    since: String,
    /// What is asked with it.
    questions: Vec<StepQuestion>,
    /// The elements to which it may be sent back, the latest first.
    return_to: Vec<String>,
}

/// Something that a process waits for from outside.
#[derive(Serialize, ToSchema)]
struct AwaitedView {
    /// Its key; name it to say that it is there.
    #[schema(example = "letter~7")]
    key: String,
    /// Its element in the drawing.
    #[schema(example = "letter")]
    element: String,
    /// Its name.
    #[schema(example = "法院复函")]
    name: String,
    /// `message`: it comes in; `service`: another system does it, and may fail.
    #[schema(value_type = String, example = "message")]
    kind: AwaitedKind,
    /// The message's name, or the service's topic.
    #[schema(example = "court.reply")]
    topic: String,
    /// Since when it is waited for (RFC 3339).
    since: String,
}

fn awaited(awaited: &Awaited) -> AwaitedView {
    AwaitedView {
        key: awaited.key(),
        element: awaited.element.to_string(),
        name: awaited.name.clone(),
        kind: awaited.kind,
        topic: awaited.topic.clone(),
        since: awaited.since.to_string(),
    }
}

/// The open steps of a case.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct OpenSteps {
    /// The case's version.
    version: i64,
    /// The open steps; none for a case without a drawn process, and when the decision is due.
    steps: Vec<OpenStep>,
    /// What is waited for from outside.
    awaited: Vec<AwaitedView>,
    /// The elements to which the decision may be sent back, the latest first; empty while steps are open.
    return_to: Vec<String>,
    /// Why the process cannot go on by itself, in Chinese; usually empty.
    stuck: Vec<String>,
}

fn step(case: &Case, process: &DrawnProcess, task: &OpenTask) -> OpenStep {
    let questions = process.process().questions(&task.element).iter();
    OpenStep {
        key: task.key(),
        element: task.element.to_string(),
        name: task.name.clone(),
        candidates: task.candidates.clone(),
        holder: task.holder.map(|holder| holder.to_string()),
        limit_days: task.limit_days,
        since: task.since.to_string(),
        questions: questions.map(question).collect(),
        return_to: targets(case, process, Some(task)),
    }
}

fn targets(case: &Case, process: &DrawnProcess, from: Option<&OpenTask>) -> Vec<String> {
    let targets = return_targets(case, process, from);
    targets.iter().map(ToString::to_string).collect()
}

/// The open steps of a case in a drawn process.
#[utoipa::path(get, path = "/api/v1/cases/{case}/steps", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = OpenSteps), (status = 401), (status = 403), (status = 404)))]
pub(in crate::api) async fn case_step_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<OpenSteps>, Failure> {
    let case = rooms
        .case_for(&caller, case_id(&case)?, "case_open")
        .await?;
    let process = rooms.cases.process_of(caller.region, &case).await?;
    let (Some(position), Some(process)) = (case.drawn(), process) else {
        return Ok(Json(OpenSteps {
            version: case.version,
            steps: Vec::new(),
            awaited: Vec::new(),
            return_to: Vec::new(),
            stuck: Vec::new(),
        }));
    };
    let steps = position.tasks.iter();
    Ok(Json(OpenSteps {
        version: case.version,
        steps: steps.map(|task| step(&case, &process, task)).collect(),
        awaited: position.awaited.iter().map(awaited).collect(),
        return_to: targets(&case, &process, None),
        stuck: position
            .stuck
            .iter()
            .map(|place| place.text.clone())
            .collect(),
    }))
}

/// 认领 of one open step of a drawn process.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps/{step}/claim", tag = "cases", request_body = Plain,
    params(("case" = String, Path, description = "The case."), ("step" = String, Path, description = "The step's key.", example = "audit~7"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403, description = "The drawing means somebody else with it."), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The step is not open, or a colleague holds it.")))]
pub(in crate::api) async fn case_claim_step(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, step)): Path<(String, String)>,
    Body(input): Body<Plain>,
) -> Result<Json<Done>, Failure> {
    let seen = input.expected_version;
    act(&rooms, &caller, &case, "case_claim", seen, |case| {
        rooms.require_task(&caller, case, &step)?;
        Ok(CaseCommand::ClaimTask { task: step })
    })
    .await
}

/// Gives one open step of a drawn process back to the organisation.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps/{step}/release", tag = "cases", request_body = Plain,
    params(("case" = String, Path, description = "The case."), ("step" = String, Path, description = "The step's key.", example = "audit~7"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "The step is not open, or a colleague holds it.")))]
pub(in crate::api) async fn case_release_step(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, step)): Path<(String, String)>,
    Body(input): Body<Plain>,
) -> Result<Json<Done>, Failure> {
    let seen = input.expected_version;
    act(&rooms, &caller, &case, "case_claim", seen, |_| {
        Ok(CaseCommand::ReleaseTask { task: step })
    })
    .await
}

/// 重新分派 of one open step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct StepReassignInput {
    /// Who holds the step from now on: an active member of staff of the case's organisation, or the caller.
    #[schema(example = "0192f0c2a4b17c3e9d5566778899aabb")]
    person: String,
    /// Why; at most 2,000 characters.
    #[schema(example = "同事休假，由我接手。")]
    reason: String,
    /// The version that was seen.
    expected_version: Option<i64>,
}

/// 重新分派 of one open step of a drawn process.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps/{step}/reassign", tag = "cases", request_body = StepReassignInput,
    params(("case" = String, Path, description = "The case."), ("step" = String, Path, description = "The step's key.", example = "audit~7"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = Done), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422, description = "Not one of the organisation's staff, the same hand, no reason, or the step is not open.")))]
pub(in crate::api) async fn case_reassign_step(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, step)): Path<(String, String)>,
    Body(input): Body<StepReassignInput>,
) -> Result<Json<Done>, Failure> {
    let order = caller.order(None, Expected::Existing);
    let before = rooms
        .case_for_deed(&caller, case_id(&case)?, "case_reassign", &order)
        .await?;
    let to = colleague(&rooms, &caller, &before, &input.person).await?;
    let seen = input.expected_version;
    act(&rooms, &caller, &case, "case_reassign", seen, |case| {
        Ok(CaseCommand::ReassignTask {
            task: step,
            to,
            reason: about(case, input.reason),
        })
    })
    .await
}
