//! The worklist as a workbook, for programs that pass it on. Words to look for are left out: they may name
//! somebody, and the address of a file is logged.

use axum::{
    extract::{Query, State},
    response::Response,
};
use wuchuang_webkit::{Caller, Failure};

use crate::{pages::worklist_file, rooms::CaseRooms};

use super::narrowing::narrowed;

narrowed! {
    /// What the file is narrowed to.
    struct ExportQuery {}
}

/// The worklist as an Excel file, at most 20,000 rows: cases that the caller's post may see, the most urgent first.
#[utoipa::path(get, path = "/api/v1/cases/export", tag = "cases", params(ExportQuery),
    responses((status = 200, description = "The workbook.", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String),
        (status = 401), (status = 403)))]
pub(in crate::api) async fn case_export(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Failure> {
    let (narrowing,) = query.split();
    worklist_file(&rooms, &caller, &narrowing.filter(&caller, None)).await
}
