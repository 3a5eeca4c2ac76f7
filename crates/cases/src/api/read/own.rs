//! A citizen's own cases: what the page 我的 lists, with what waits for the applicant.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::stage_name, own::OwnCursor, rooms::CaseRooms, store::CaseRow};

/// How many items one page holds at most.
const LIMIT_MAX: i64 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: i64 = 50;
/// The stage in which the applicant has to correct something, as it is stored.
const CORRECTING: &str = "correcting";

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct OwnQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<i64>,
}

/// One of the caller's cases.
#[derive(Debug, Serialize, ToSchema)]
struct OwnCase {
    /// The case.
    id: String,
    /// Its number.
    #[schema(example = "610924SPJU20261123000412")]
    number: String,
    /// Its version; send it as `expected_version` with a deed.
    version: i64,
    /// The item.
    item: String,
    /// The item's name.
    #[schema(example = "食品经营许可核发")]
    item_name: String,
    /// The organisation that handles it.
    organisation_name: String,
    /// Through which window it came.
    #[schema(example = "portal")]
    channel: String,
    /// Where it stands.
    #[schema(example = "review")]
    stage: String,
    /// The same in words.
    #[schema(example = "审查")]
    stage_name: &'static str,
    /// The step in words.
    #[schema(example = "现场核查")]
    step_name: String,
    /// Whether something is to be corrected; what, is in the case.
    must_correct: bool,
    /// The last day of the supplement that is still owed; absent when nothing is.
    #[schema(example = "2026-11-25")]
    supplement_due_on: Option<String>,
    /// The last day in time; absent when no limit runs.
    #[schema(example = "2026-11-30")]
    due_on: Option<String>,
    /// Whether the limit stands still.
    is_paused: bool,
    /// When it was received (RFC 3339).
    received_at: String,
    /// `granted`, `refused`, `not_accepted`, `withdrawn`, `terminated`; absent while under way.
    outcome: Option<String>,
    /// Whether the service was rated.
    rated: bool,
}

impl From<CaseRow> for OwnCase {
    fn from(row: CaseRow) -> Self {
        let some = |text: String| (!text.is_empty()).then_some(text);
        Self {
            due_on: row.due().filter(|_| row.is_open).map(|due| due.to_string()),
            received_at: row.received_at().to_string(),
            stage_name: stage_name(&row.stage),
            must_correct: row.stage == CORRECTING,
            id: row.id,
            number: row.number,
            version: row.version,
            item: row.item,
            item_name: row.item_name,
            organisation_name: row.organisation_name,
            channel: row.channel,
            stage: row.stage,
            step_name: row.step_name,
            supplement_due_on: some(row.supplement_due_on),
            is_paused: row.is_paused,
            outcome: some(row.outcome),
            rated: row.rated,
        }
    }
}

/// One page of the caller's cases.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct OwnCaseList {
    /// The cases, the newest first.
    items: Vec<OwnCase>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

fn place_of(cursor: &str) -> Result<OwnCursor, Failure> {
    let read = || {
        let (at, id) = cursor.split_once('-')?;
        let case: CaseId = id.parse().ok()?;
        Some((at.parse::<i64>().ok()?, case.to_string()))
    };
    read().ok_or_else(|| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor"))
}

/// The caller's own cases, the newest first. What each holds is under `GET /api/v1/cases/{case}`.
#[utoipa::path(get, path = "/api/v1/my/cases", tag = "my", params(OwnQuery),
    responses((status = 200, body = OwnCaseList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(in crate::api) async fn own_case_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<OwnQuery>,
) -> Result<Json<OwnCaseList>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let place = query.cursor.as_deref().map(place_of).transpose()?;
    let mut rows = rooms
        .cases
        .of_person_after(caller.region, person, place, limit + 1)
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > shown;
    rows.truncate(shown);
    let next_cursor = rows
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}-{}", last.received_at_us, last.id));
    Ok(Json(OwnCaseList {
        items: rows.into_iter().map(OwnCase::from).collect(),
        next_cursor,
    }))
}
