//! Checks of the whole chain for programs: asked for, and their reports.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_kernel::CommandId;
use wuchuang_webkit::{Caller, Failure};

use super::{PageQuery, instant};
use crate::{
    Rooms, check,
    findings::WAY_OUT,
    store::{self, CheckRow},
};

/// A check that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckAsked {
    /// By which its report is read.
    check: String,
}

/// A check of the whole chain.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckReport {
    /// The check.
    check: String,
    /// When it was asked for (RFC 3339).
    asked_at: String,
    /// When it was done (RFC 3339); absent while it is under way.
    done_at: Option<String>,
    /// Whether the whole ledger is as it was written; absent while the check is under way.
    is_whole: Option<bool>,
    /// How many records were read.
    #[schema(example = 90_211)]
    records: i64,
    /// How many checkpoints were compared.
    #[schema(example = 1_440)]
    checkpoints: i64,
    /// What was found, one sentence each; empty when all is well.
    findings: Vec<String>,
    /// What to do; absent when nothing was found.
    way_out: Option<&'static str>,
}

impl From<CheckRow> for CheckReport {
    fn from(row: CheckRow) -> Self {
        let findings: Vec<String> = row.findings.lines().map(str::to_owned).collect();
        Self {
            check: row.id,
            asked_at: instant(row.asked_at_us),
            done_at: row.done_at_us.map(instant),
            is_whole: row.done_at_us.map(|_| findings.is_empty()),
            records: row.records,
            checkpoints: row.checkpoints,
            way_out: (!findings.is_empty()).then_some(WAY_OUT),
            findings,
        }
    }
}

/// Asks for a check of the whole chain. It reads and changes nothing; its report follows when it is done.
#[utoipa::path(post, path = "/api/v1/ledger/checks", tag = "ledger",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key asks for one check.")),
    responses((status = 202, body = CheckAsked), (status = 401), (status = 403)))]
pub(super) async fn check_ask(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<(StatusCode, Json<CheckAsked>), Failure> {
    let check = check::ask(&rooms.ledger, &caller, None).await?;
    let check = check.to_string();
    Ok((StatusCode::ACCEPTED, Json(CheckAsked { check })))
}

/// One page of checks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckList {
    /// The checks, the last one asked for first.
    items: Vec<CheckReport>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Checks of the whole chain, the last one asked for first.
#[utoipa::path(get, path = "/api/v1/ledger/checks", tag = "ledger", params(PageQuery),
    responses((status = 200, body = CheckList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn check_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<CheckList>, Failure> {
    let (place, limit) = (query.place()?, query.limit());
    let database = rooms.ledger.database();
    let asked = i64::from(limit) + 1;
    let mut rows = store::checks(database, caller.region, place.place(), asked).await?;
    let has_more = rows.len() > usize::from(limit);
    rows.truncate(limit.into());
    let next_cursor = rows
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}-{}", last.asked_at_us, last.id));
    Ok(Json(CheckList {
        items: rows.into_iter().map(CheckReport::from).collect(),
        next_cursor,
    }))
}

/// One check with its report, once it is done.
#[utoipa::path(get, path = "/api/v1/ledger/checks/{check}", tag = "ledger",
    params(("check" = String, Path, description = "The check.")),
    responses((status = 200, body = CheckReport), (status = 401), (status = 403), (status = 404, description = "Nobody asked for this check.")))]
pub(super) async fn check_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(check): Path<String>,
) -> Result<Json<CheckReport>, Failure> {
    let check: CommandId = check.parse().map_err(|_| Failure::not_found())?;
    let row = store::check(rooms.ledger.database(), caller.region, &check.to_string()).await?;
    Ok(Json(row.ok_or_else(Failure::not_found)?.into()))
}
