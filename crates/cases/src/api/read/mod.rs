//! Questions about cases: the `list`, the same as a workbook (`export`), an applicant's `own`, the `saved` views, one case and what
//! happened to it, its `papers` and `files`, how its time was counted (`clock`), and the `proof` that it is on the ledger.

pub(super) mod clock;
pub(super) mod export;
pub(super) mod files;
pub(super) mod list;
mod narrowing;
pub(super) mod own;
pub(super) mod papers;
pub(super) mod proof;
pub(super) mod saved;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::rooms::CaseRooms;

use super::{
    body::case_id,
    reveal::is_own,
    views::{CaseView, Sight, case_view},
};

/// A case. Personal values are masked for staff; with a reason `POST /api/v1/cases/{case}/reveal` shows them.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = CaseView), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn case_read(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<CaseView>, Failure> {
    let id = case_id(&case)?;
    let case = rooms.case_for(&caller, id, "case_read").await?;
    let is_own = is_own(&caller, &case);
    let sight = if is_own { Sight::Full } else { Sight::Masked };
    Ok(Json(case_view(id, &case, sight, is_own)))
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryLine {
    /// Its place in the case.
    version: i64,
    /// Its place in the region's chain.
    seq: i64,
    /// What happened, for programs.
    #[schema(example = "accepted")]
    event: String,
    /// What happened, for people; without personal data.
    #[schema(example = "受理")]
    text: String,
    /// Through which window.
    channel: String,
    /// When (RFC 3339).
    at: String,
}

/// What happened to a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// The lines, the first thing first; at most 500.
    items: Vec<HistoryLine>,
}

/// What happened to a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/history", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = History), (status = 403), (status = 404)))]
pub(super) async fn case_history(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<History>, Failure> {
    let id = case_id(&case)?;
    rooms.case_for(&caller, id, "case_read").await?;
    let lines = rooms.cases.history(caller.region, id).await?;
    let items = lines
        .into_iter()
        .map(|line| HistoryLine {
            at: line.at().to_string(),
            version: line.version,
            seq: line.seq,
            event: line.event_type,
            text: line.text,
            channel: line.channel,
        })
        .collect();
    Ok(Json(History { items }))
}
