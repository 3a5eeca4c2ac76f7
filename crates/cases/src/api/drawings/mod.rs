//! The running cases of an item beside its present drawing, as the page 在办的办件和流程图 shows them, and the deed by which they
//! go over to it.

pub(super) mod rehearsal;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{CaseId, ItemId, china_date};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    rooms::CaseRooms,
    service::moving::{Compared, MOVING_CASES_MAX},
};

use super::body::{Body, case_id};

/// The longest reason, in characters.
const REASON_CHARACTERS_MAX: usize = 500;

/// A running case that follows another drawing than the present one.
#[derive(Serialize, ToSchema)]
struct OtherwiseDrawnView {
    /// The case.
    #[schema(example = "0192f0c2a4b17c3e9d5566778899aabb")]
    case: String,
    /// Its number.
    number: String,
    /// The version of the item whose drawing it follows.
    #[schema(example = 1)]
    drawing_version: u32,
    /// Where it stands.
    #[schema(example = "现场核查、材料审查")]
    step: String,
    /// Why it cannot go over; empty when it can.
    reasons: Vec<String>,
}

/// The running cases of an item beside its present drawing.
#[derive(Serialize, ToSchema)]
pub(super) struct RunningView {
    /// The version in force that has the present drawing; null while it is a draft, and no case can go over.
    version: Option<u32>,
    /// What is wrong with the present drawing; then nothing is compared.
    problems: Vec<String>,
    /// How many cases follow it already.
    present: usize,
    /// Those that follow another one, the most urgent first, of at most 200 cases looked at.
    others: Vec<OtherwiseDrawnView>,
    /// Whether there are more running cases than were looked at.
    has_more: bool,
}

fn item_id(text: &str) -> Result<ItemId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// Which running cases could go over to the present drawing of their item, and why others could not.
#[utoipa::path(get, path = "/api/v1/items/{item}/process/running", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = RunningView), (status = 403), (status = 404)))]
pub(super) async fn item_running_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<RunningView>, Failure> {
    let id = item_id(&item)?;
    let today = china_date(caller.now);
    let present = rooms
        .cases
        .present_drawing(caller.region, id, today)
        .await?;
    let compared = match &present.process {
        Some(process) => rooms.cases.compared(&caller, id, process).await?,
        None => Compared::default(),
    };
    let others = compared.others.iter().map(|other| OtherwiseDrawnView {
        case: other.id.to_string(),
        number: other.case.number.clone(),
        drawing_version: other.case.drawing_version(),
        step: other.case.step_name(),
        reasons: other.reasons.clone(),
    });
    Ok(Json(RunningView {
        version: present.version,
        problems: present.problems,
        present: compared.present,
        others: others.collect(),
        has_more: compared.has_more,
    }))
}

/// The cases that are to go over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunningMoveInput {
    /// The cases, 1 to 200, all of this item.
    #[schema(min_items = 1, max_items = 200, example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    cases: Vec<String>,
    /// Why, kept in the history of each; 1 to 500 characters.
    #[schema(example = "办法修订，增加现场核查。")]
    reason: String,
}

/// One that stayed as it was.
#[derive(Debug, Serialize, ToSchema)]
struct RunningLeftView {
    /// The case.
    case: String,
    /// Why.
    reason: String,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunningMovedView {
    /// Those that follow the present drawing from now on.
    #[schema(example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    moved: Vec<String>,
    /// Those that stayed.
    left: Vec<RunningLeftView>,
}

/// 转到现行流程图: running cases go over to the drawing of their item that is in force. What is open keeps its limit and its timers; one
/// that does not fit stays as it was.
#[utoipa::path(post, path = "/api/v1/items/{item}/process/running", tag = "items", request_body = RunningMoveInput,
    params(("item" = String, Path, description = "The item."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = RunningMovedView), (status = 403), (status = 404),
        (status = 422, description = "No case is named, or one of another item; the reason is missing; the drawing is a draft.")))]
pub(super) async fn item_running_move(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<RunningMoveInput>,
) -> Result<Json<RunningMovedView>, Failure> {
    let id = item_id(&item)?;
    let cases: Vec<CaseId> = input
        .cases
        .iter()
        .map(|case| case_id(case))
        .collect::<Result<_, _>>()?;
    if cases.is_empty() || cases.len() > MOVING_CASES_MAX as usize {
        return Err(Failure::invalid("一次可转1到200件，请分几次转。").at("cases"));
    }
    let length = input.reason.trim().chars().count();
    if length == 0 || length > REASON_CHARACTERS_MAX {
        return Err(Failure::invalid("请写明为什么转，最多500字。").at("reason"));
    }
    let order = caller.order(None, Expected::Existing);
    let done = rooms
        .cases
        .go_over(&caller, id, (&cases, &input.reason), &order)
        .await?;
    let left = done.left.into_iter().map(|(case, reason)| RunningLeftView {
        case: case.to_string(),
        reason,
    });
    Ok(Json(RunningMovedView {
        moved: done.moved.iter().map(ToString::to_string).collect(),
        left: left.collect(),
    }))
}
