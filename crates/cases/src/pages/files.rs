//! Files that were handed in, to staff who may read the case. Pictures are shown, PDFs page by page as pictures;
//! everything else is downloaded, and nothing of it may run in the house's own origin.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    files::preview::{self, PreviewError},
    model::FileReference,
    rooms::CaseRooms,
};

/// The type of files whose pages are drawn.
pub(super) const PDF: &str = "application/pdf";

/// A file of a case that the visitor may open.
async fn readable(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &str,
    sha256: &str,
) -> Result<FileReference, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let case = rooms.case_for(caller, id, "case_open").await?;
    case.file(sha256).cloned().ok_or_else(Failure::not_found)
}

pub(super) async fn download(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let file = readable(&rooms, &caller, &case, &sha256).await?;
    let bytes = rooms.cases.files().read(&file).await?;
    let disposition = if file.media_type.starts_with("image/") {
        "inline".to_owned()
    } else {
        format!(
            "attachment; filename*=UTF-8''{}",
            wuchuang_webkit::display::encode(file.name.text())
        )
    };
    Ok(sent(file.media_type, disposition, bytes))
}

/// One page of a PDF as a picture; pages are counted from 1.
pub(super) async fn page(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, sha256, number)): Path<(String, String, usize)>,
) -> Result<Response, Failure> {
    let file = readable(&rooms, &caller, &case, &sha256).await?;
    let number = number
        .checked_sub(1)
        .filter(|_| file.media_type == PDF)
        .ok_or_else(Failure::not_found)?;
    let bytes = rooms.cases.files().read(&file).await?;
    let picture = preview::page(bytes, number)
        .await
        .map_err(|error| match error {
            PreviewError::NoPage => Failure::not_found(),
            PreviewError::Unreadable => Failure::invalid("这一页画不出来，请下载原件查看。"),
            PreviewError::Slow => Failure::unavailable(),
        })?;
    Ok(sent("image/png".to_owned(), "inline".to_owned(), picture))
}

fn sent(media_type: String, disposition: String, bytes: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, media_type),
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
        .into_response()
}
