//! Files that were handed in, to staff who may read the case. Pictures are shown; everything else is
//! downloaded, and nothing of it may run in the house's own origin.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure};

use crate::rooms::CaseRooms;

pub(super) async fn download(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let case = rooms.case_for(&caller, id, "case_read").await?;
    let file = case
        .materials
        .iter()
        .flat_map(|material| &material.files)
        .find(|file| file.sha256 == sha256)
        .ok_or_else(Failure::not_found)?;
    let bytes = rooms.cases.files().get(&sha256).await?;
    let disposition = if file.media_type.starts_with("image/") {
        "inline".to_owned()
    } else {
        format!(
            "attachment; filename*=UTF-8''{}",
            wuchuang_webkit::display::encode(file.name.text())
        )
    };
    Ok((
        [
            (header::CONTENT_TYPE, file.media_type.clone()),
            (header::CONTENT_DISPOSITION, disposition),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin".to_owned(),
            ),
        ],
        bytes,
    )
        .into_response())
}
