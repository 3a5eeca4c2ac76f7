//! What was handed in, given to those who may read it. It comes as bytes under its hash: the name of a file
//! may name somebody and stands in the case, and its kind stands there as well.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use wuchuang_webkit::{Caller, Failure};

use crate::{api::body::case_id, rooms::CaseRooms};

/// A file of a material of the case, as it is kept.
#[utoipa::path(get, path = "/api/v1/cases/{case}/files/{sha256}", tag = "cases",
    params(("case" = String, Path, description = "The case."),
        ("sha256" = String, Path, description = "The SHA-256 of the file's content, as the case names it; its name and kind stand there too.")),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its applicant's data.")))]
pub(in crate::api) async fn case_file_read(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = case_id(&case)?;
    let case = rooms.case_for(&caller, id, "case_file_read").await?;
    let file = case.file(&sha256).ok_or_else(Failure::not_found)?;
    let bytes = rooms.cases.files().read(file).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file.sha256),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
