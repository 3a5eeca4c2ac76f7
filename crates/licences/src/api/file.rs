//! Verification of a file that somebody holds: nobody must sign in to learn whether it is genuine.

use axum::{
    Json,
    extract::{Multipart, State},
};
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{Rooms, pages::finding_of, verification::Finding};

/// A file as it is sent.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only describes the multipart body in the API's document"
)]
pub(super) struct VerifyFileForm {
    /// The file as it was received: a PDF, at most 20 MB. It is not kept.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Verifies a licence or a notice by its file: who signed it, whether it was changed, what it is worth today.
#[utoipa::path(post, path = "/api/v1/verify/file", tag = "licences",
    request_body(content = VerifyFileForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What was found.", body = Finding),
        (status = 422, description = "No field `file`, too large, or no PDF that can be read.")))]
pub(super) async fn verify_file(
    State(rooms): State<Rooms>,
    caller: Caller,
    parts: Multipart,
) -> Result<Json<Finding>, Failure> {
    match finding_of(&rooms, &caller, parts).await? {
        Ok(finding) => Ok(Json(finding)),
        Err(problem) => Err(Failure::invalid(problem).at("file")),
    }
}
