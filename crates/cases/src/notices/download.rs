//! The documents of a case, to those whom it concerns: its applicant and the staff who handle it.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use super::form::form_file;
use crate::rooms::CaseRooms;

/// What those do who get a document.
pub(super) const READ: &str = "case_document_read";

/// The routes of the documents.
pub fn routes() -> Routes<CaseRooms> {
    let read = Rule::Act(READ);
    Routes::new()
        .get("/cases/{case}/notices/{file}", read, notice)
        .get("/cases/{case}/pickup.pdf", read, pickup)
        .get("/cases/{case}/form.pdf", read, form)
}

/// `/cases/{case}/notices/{version}.pdf`.
async fn notice(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let version: i64 = file
        .strip_suffix(".pdf")
        .and_then(|version| version.parse().ok())
        .ok_or_else(Failure::not_found)?;
    notice_file(&rooms, &caller, id, version).await
}

/// The signed document of a notice, to whoever may read the case's documents.
pub(crate) async fn notice_file(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    version: i64,
) -> Result<Response, Failure> {
    let case = rooms.case_for(caller, id, READ).await?;
    let pdf = rooms.notices.pdf(caller.region, id, version).await?;
    Ok(answer(pdf, &format!("{}-{version}.pdf", case.number)))
}

async fn form(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    form_file(&rooms, &caller, id).await
}

async fn pickup(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    pickup_file(&rooms, &caller, id).await
}

/// The pick-up slip of a case, to whoever may read the case's documents.
pub(crate) async fn pickup_file(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Response, Failure> {
    let case = rooms.case_for(caller, id, READ).await?;
    let pdf = rooms
        .notices
        .pickup(caller.region, &case)
        .await?
        .ok_or_else(|| Failure::invalid("办件还没有到送达环节，或已经送达，没有取证单。"))?;
    Ok(answer(pdf, &format!("{}-pickup.pdf", case.number)))
}

/// The file under a name of figures and hyphens, so that nothing personal is in a header or a log.
pub(super) fn answer(pdf: Vec<u8>, name: &str) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("inline; filename=\"{name}\""),
            ),
            (header::CACHE_CONTROL, "private, no-store".to_owned()),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin".to_owned(),
            ),
        ],
        pdf,
    )
        .into_response()
}
