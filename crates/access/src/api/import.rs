//! Accounts in bulk by a table, as the page 批量登记账号 takes it.

use axum::{
    extract::{Multipart, State},
    response::Response,
};
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{admin::import_table, rooms::Rooms};

/// A table as it is sent.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only describes the multipart body in the API's document"
)]
pub(super) struct TableForm {
    /// The filled table (.xlsx) with the columns of the page's template, at most 5,000 rows and 5 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Makes accounts in bulk, all or none, and answers with the table and its one-time passwords, which are told this once.
#[utoipa::path(post, path = "/api/v1/staff/import", tag = "access",
    request_body(content = TableForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The table with a one-time password in each row.", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String),
        (status = 401), (status = 403),
        (status = 422, description = "The table does not read, or rows are wrong; the detail names the first twenty. Nothing was made.")))]
pub(super) async fn staff_import(
    State(rooms): State<Rooms>,
    caller: Caller,
    parts: Multipart,
) -> Result<Response, Failure> {
    import_table(&rooms, &caller, parts).await
}
