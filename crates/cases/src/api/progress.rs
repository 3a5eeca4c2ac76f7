//! How far a case is, for whoever holds the receipt: number and check code, no login.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure, throttle::Address};

use crate::{model::stage_name, rooms::CaseRooms};

use super::body::Body;

/// What stands on the receipt. It is sent in the body, because addresses are logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptInput {
    /// The case's number; blanks and hyphens do not matter.
    #[schema(example = "610924SPJU20261123000412", max_length = 80)]
    number: String,
    /// The six characters beside it.
    #[schema(example = "7K3M9Q", max_length = 20)]
    check_code: String,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
struct ProgressLine {
    /// When (RFC 3339).
    at: String,
    /// What happened.
    #[schema(example = "受理")]
    text: String,
}

/// How far a case is; it names nobody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Progress {
    /// The number.
    number: String,
    /// The item's name.
    item_name: String,
    /// Who handles it.
    organisation_name: String,
    /// Where it stands.
    #[schema(example = "review")]
    stage: String,
    /// The same in words.
    #[schema(example = "审查")]
    stage_name: &'static str,
    /// Until when it is to be done; absent when no limit runs.
    #[schema(example = "2026-11-30")]
    due_on: Option<String>,
    /// Whether a special procedure or a correction stops its time.
    is_paused: bool,
    /// What happened, the first thing first.
    lines: Vec<ProgressLine>,
}

/// How far a case is.
#[utoipa::path(post, path = "/api/v1/progress", tag = "cases", request_body = ReceiptInput,
    responses((status = 200, body = Progress),
        (status = 404, description = "No case has this number and this code; which of the two is wrong is not told."),
        (status = 429, description = "Too many wrong codes came from this address, here or on the page; the header `Retry-After` tells the seconds to wait.")))]
pub(super) async fn case_progress(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Address(address): Address,
    Body(input): Body<ReceiptInput>,
) -> Result<Json<Progress>, Failure> {
    if input.number.len() > 80 || input.check_code.len() > 20 {
        return Err(Failure::invalid("办件编号或查询码太长，请照凭证重新填写。").at("number"));
    }
    let wrong_codes = rooms.cases.wrong_codes();
    if let Some(seconds) = wrong_codes.wait_seconds(&address, caller.now) {
        return Err(Failure::too_many(seconds));
    }
    let found = rooms
        .cases
        .by_receipt(caller.region, &input.number, &input.check_code)
        .await?;
    let (row, _) = found.ok_or_else(|| {
        wrong_codes.note(&address, caller.now);
        let mut failure = Failure::not_found();
        failure.public = "没有找到：办件编号或查询码不对，请照收件凭证重新填写。".into();
        failure
    })?;
    let id = row.case_id().ok_or_else(Failure::not_found)?;
    let lines = rooms.cases.history(caller.region, id).await?;
    Ok(Json(Progress {
        due_on: row.due().filter(|_| row.is_open).map(|due| due.to_string()),
        number: row.number,
        item_name: row.item_name,
        organisation_name: row.organisation_name,
        stage_name: stage_name(&row.stage),
        stage: row.stage,
        is_paused: row.is_paused,
        lines: lines
            .into_iter()
            .map(|line| ProgressLine {
                at: line.at().to_string(),
                text: line.text,
            })
            .collect(),
    }))
}
