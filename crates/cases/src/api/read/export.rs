//! The worklist as a workbook, for programs that pass it on. Words to look for are left out: they may name
//! somebody, and the address of a file is logged.

use axum::{
    extract::{Query, State},
    response::Response,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    pages::worklist_file,
    rooms::CaseRooms,
    store::{LightFilter, MarkFilter, WorklistFilter},
};

/// What the file is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a parameter of its own in the address"
)]
pub(in crate::api) struct ExportQuery {
    /// Only cases that I hold.
    #[serde(default)]
    mine: bool,
    /// Only cases that nobody holds.
    #[serde(default)]
    unclaimed: bool,
    /// Only this stage.
    #[param(example = "review")]
    stage: Option<String>,
    /// Only this light: `normal`, `due_soon`, `overdue`, `paused`.
    #[param(value_type = Option<String>, example = "overdue")]
    light: Option<LightFilter>,
    /// Only this item.
    item: Option<String>,
    /// Only 绿色通道.
    #[serde(default)]
    priority: bool,
    /// Only this mark: `waits_for_answer`, `has_new_material`, `supplement_overdue`.
    #[param(value_type = Option<String>)]
    mark: Option<MarkFilter>,
    /// Only cases received on this day or later.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
    received_from: Option<Date>,
    /// Only cases received on this day or earlier.
    #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
    received_until: Option<Date>,
    /// Also cases that are over.
    #[serde(default)]
    closed: bool,
}

impl ExportQuery {
    fn filter(self, caller: &Caller) -> WorklistFilter {
        let text = |value: Option<String>| value.filter(|text| !text.is_empty());
        WorklistFilter {
            holder: caller.visitor.person().filter(|_| self.mine),
            unclaimed: self.unclaimed,
            stage: text(self.stage),
            light: self.light,
            item: text(self.item),
            applicant: None,
            priority: self.priority,
            mark: self.mark,
            received_from: self.received_from,
            received_until: self.received_until,
            search: None,
            include_closed: self.closed,
        }
    }
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
    worklist_file(&rooms, &caller, &query.filter(&caller)).await
}
