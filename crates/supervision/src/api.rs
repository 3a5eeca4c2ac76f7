//! Tasks for programs: a department's own system reads what was pushed to it, acknowledges and answers.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_credit::model::CreditGround;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    Rooms,
    deeds::{self, TypedCheck, id_of},
    model::{CheckFinding, CheckMethod, SupervisionStage, Task},
    pages::{Asked, filter_of},
    store::{self, Place, TaskRow, light, masked},
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("supervision_read");
    Routes::new()
        .api(read, routes!(supervision_list))
        .api(read, routes!(supervision_show))
        .api(
            Rule::Act("supervision_acknowledge"),
            routes!(supervision_acknowledge),
        )
        .api(Rule::Act("supervision_check"), routes!(supervision_check))
        .api(Rule::Act("licence_revoke"), routes!(supervision_revoke))
        .api(Rule::Act("credit_record"), routes!(supervision_credit))
        .api(
            Rule::Act("supervision_conclude"),
            routes!(supervision_conclude),
        )
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// `open` (usual), `overdue` or `done`.
    #[serde(default)]
    view: String,
    /// `department` (usual): what one's organisation supervises; `granted`: what it decided. Supervision sees those of all.
    #[serde(default)]
    side: String,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// A task in a list.
#[derive(Debug, Serialize, ToSchema)]
struct SupervisionItem {
    /// The task.
    id: String,
    /// The number of the case that was granted.
    case_number: String,
    /// The item's name.
    item_name: String,
    /// The applicant: people masked, organisations in full.
    #[schema(example = "张**")]
    name: String,
    /// The organisation that decided.
    granted_by_name: String,
    /// The department that supervises.
    department_name: String,
    /// Where it stands.
    stage: SupervisionStage,
    /// What the last check found; absent before one.
    finding: Option<CheckFinding>,
    /// Until when the next thing is due.
    #[schema(example = "2026-11-24")]
    due_on: String,
    /// The light: `normal`, `due-soon`, `overdue`, `finished`.
    light: String,
}

fn item(row: TaskRow, today: jiff::civil::Date) -> SupervisionItem {
    SupervisionItem {
        name: row.name_masked(),
        stage: row.stage(),
        finding: row.finding(),
        light: row.light(today).name().to_owned(),
        id: row.id,
        case_number: row.case_number,
        item_name: row.item_name,
        granted_by_name: row.granted_by_name,
        department_name: row.department_name,
        due_on: row.due_on,
    }
}

/// One page of tasks.
#[derive(Debug, Serialize, ToSchema)]
struct SupervisionList {
    /// The tasks: open ones by when they are due.
    items: Vec<SupervisionItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// 监管任务: what was pushed to one's organisation, or what it decided.
#[utoipa::path(get, path = "/api/v1/supervision", tag = "supervision", params(ListQuery),
    responses((status = 200, body = SupervisionList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
async fn supervision_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<SupervisionList>, Failure> {
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let asked = Asked {
        view: query.view,
        side: query.side,
        cursor: query.cursor,
    };
    let filter = filter_of(&caller, &asked)?;
    let database = rooms.ledger().database();
    let mut rows = store::tasks(database, caller.region, &filter, i64::from(shown) + 1).await?;
    let has_more = rows.len() > shown as usize;
    rows.truncate(shown as usize);
    let today = china_date(caller.now);
    Ok(Json(SupervisionList {
        next_cursor: Place::behind(&rows).filter(|_| has_more),
        items: rows.into_iter().map(|row| item(row, today)).collect(),
    }))
}

/// One thing that happened to a task.
#[derive(Debug, Serialize, ToSchema)]
struct SupervisionHappened {
    /// What, in words.
    #[schema(example = "现场核查：属实")]
    what: String,
    /// When (RFC 3339).
    at: String,
    /// What was written with it; empty without it.
    text: String,
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
struct SupervisionDetail {
    /// The task.
    id: String,
    /// The case that was granted.
    case: String,
    /// That case's number.
    case_number: String,
    /// The item's name.
    item_name: String,
    /// The applicant: people masked, organisations in full.
    name: String,
    /// The organisation that decided.
    granted_by_name: String,
    /// The department that supervises.
    department_name: String,
    /// What is checked; absent where nothing is.
    check: Option<String>,
    /// The materials in whose place a promise stands.
    promises: Vec<String>,
    /// Where it stands.
    stage: SupervisionStage,
    /// What the last check found.
    finding: Option<CheckFinding>,
    /// Until when the next thing is due.
    due_on: String,
    /// The light on the day.
    light: String,
    /// Whether the licence was revoked.
    is_revoked: bool,
    /// The subject of the bad-credit record that follows from it.
    credit_subject: Option<String>,
    /// What happened, the first first.
    happened: Vec<SupervisionHappened>,
}

fn detail(id: &str, task: &Task, caller: &Caller) -> SupervisionDetail {
    let opening = &task.opening;
    let check = opening.check.as_ref();
    SupervisionDetail {
        id: id.to_owned(),
        case: opening.case.to_string(),
        case_number: opening.case_number.clone(),
        item_name: opening.item_name.clone(),
        name: masked(opening.name.text(), opening.is_organisation),
        granted_by_name: opening.granted_by_name.clone(),
        department_name: opening.department_name.clone(),
        check: check.map(|check| check.what.clone()),
        promises: check.map_or_else(Vec::new, |check| check.promises.clone()),
        stage: task.stage,
        finding: task.finding,
        due_on: task.due.due_on.to_string(),
        light: light(task.stage, task.due, china_date(caller.now))
            .name()
            .to_owned(),
        is_revoked: task.revoked.is_some(),
        credit_subject: task.credit.map(|(subject, _)| subject.to_string()),
        happened: task
            .happened
            .iter()
            .map(|one| SupervisionHappened {
                what: one.what.clone(),
                at: one.at.to_string(),
                text: one
                    .text
                    .as_ref()
                    .map(|text| text.text().to_owned())
                    .unwrap_or_default(),
            })
            .collect(),
    }
}

/// One task with what happened.
#[utoipa::path(get, path = "/api/v1/supervision/{task}", tag = "supervision",
    params(("task" = String, Path, description = "The task.")),
    responses((status = 200, body = SupervisionDetail), (status = 401), (status = 403), (status = 404)))]
async fn supervision_show(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
) -> Result<Json<SupervisionDetail>, Failure> {
    let found = deeds::readable(&rooms, &caller, id_of(&task)?).await?;
    Ok(Json(detail(&task, &found, &caller)))
}

/// 签收: the department acknowledges what was pushed to it.
#[utoipa::path(post, path = "/api/v1/supervision/{task}/acknowledge", tag = "supervision",
    params(("task" = String, Path, description = "The task."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422, description = "Acknowledged before.")))]
async fn supervision_acknowledge(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
) -> Result<StatusCode, Failure> {
    deeds::acknowledge(&rooms, &caller, id_of(&task)?, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The result of a check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupervisionCheckInput {
    /// What was found.
    finding: CheckFinding,
    /// How it was checked.
    method: CheckMethod,
    /// The facts, at most 1,000 characters.
    #[schema(max_length = 1000)]
    facts: String,
    /// Within how many working days defects are mended; only with `rectify`.
    #[schema(minimum = 1, maximum = 60)]
    rectify_days: Option<u16>,
}

/// 核查结果: records what a check found.
#[utoipa::path(post, path = "/api/v1/supervision/{task}/check", tag = "supervision", request_body = SupervisionCheckInput,
    params(("task" = String, Path, description = "The task."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403), (status = 404),
              (status = 422, description = "Not acknowledged yet, checked already, or something is missing.")))]
async fn supervision_check(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Body(input): Body<SupervisionCheckInput>,
) -> Result<StatusCode, Failure> {
    let days = input.rectify_days.map(|days| days.to_string());
    let typed = TypedCheck {
        finding: input.finding.code(),
        method: input.method.code(),
        facts: &input.facts,
        rectify_days: days.as_deref().unwrap_or_default(),
    };
    deeds::check(&rooms, &caller, id_of(&task)?, &typed, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupervisionReasonInput {
    /// Why; it may speak of the applicant.
    #[schema(max_length = 1000)]
    reason: String,
}

/// 撤销准予决定: revokes the licence of the case, after a finding that was false.
#[utoipa::path(post, path = "/api/v1/supervision/{task}/revoke", tag = "supervision", request_body = SupervisionReasonInput,
    params(("task" = String, Path, description = "The task."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Another organisation issued the licence."),
              (status = 404, description = "No such task, or no licence that stands."), (status = 422, description = "Nothing false was found, or the reason is missing.")))]
async fn supervision_revoke(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Body(input): Body<SupervisionReasonInput>,
) -> Result<StatusCode, Failure> {
    deeds::revoke(&rooms, &caller, id_of(&task)?, &input.reason, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A bad-credit record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupervisionCreditInput {
    /// On which ground.
    ground: CreditGround,
    /// The facts, at most 1,000 characters.
    #[schema(max_length = 1000)]
    reason: String,
}

/// 记入失信名单: enters a bad-credit record that follows from the task.
#[utoipa::path(post, path = "/api/v1/supervision/{task}/credit", tag = "supervision", request_body = SupervisionCreditInput,
    params(("task" = String, Path, description = "The task."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Another organisation decided."), (status = 404),
              (status = 422, description = "Nothing false was found, recorded before, or the reason is missing.")))]
async fn supervision_credit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Body(input): Body<SupervisionCreditInput>,
) -> Result<StatusCode, Failure> {
    let entry = (input.ground.code(), input.reason.as_str());
    deeds::record_credit(&rooms, &caller, id_of(&task)?, entry, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 处理结论: says what came of a finding that was false; the task is done.
#[utoipa::path(post, path = "/api/v1/supervision/{task}/conclude", tag = "supervision", request_body = SupervisionReasonInput,
    params(("task" = String, Path, description = "The task."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Another organisation decided."), (status = 404),
              (status = 422, description = "Nothing waits for a conclusion, or it is missing.")))]
async fn supervision_conclude(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Body(input): Body<SupervisionReasonInput>,
) -> Result<StatusCode, Failure> {
    deeds::conclude(&rooms, &caller, id_of(&task)?, &input.reason, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
