//! Files come before the command that names them.

use axum::{
    Json,
    extract::{Multipart, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{files::FILE_BYTES_MAX, rooms::CaseRooms, store::Bringer};

/// A file as it is sent.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only describes the multipart body in the API's document"
)]
pub(super) struct FileForm {
    /// The file: JPEG, PNG, PDF or an office document, at most 20 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A kept file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileView {
    /// The SHA-256 of its content as it is kept: pictures lose the position where they were taken.
    sha256: String,
    /// Its name.
    #[schema(example = "身份证正面.jpg")]
    name: String,
    /// Its size.
    #[schema(example = 482_113)]
    bytes: u64,
    /// What it is, found from its content.
    #[schema(example = "image/jpeg")]
    media_type: String,
}

/// Who brings a file: a citizen for themselves, staff and programs for the applicant whom the command will name.
fn bringer(caller: &Caller) -> Result<Bringer, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    Ok(match caller.visitor.citizen() {
        Some(_) => Bringer::Own(person),
        None => Bringer::ForAnother(person),
    })
}

/// Uploads a file; a command of the same caller may name it then. The same content twice gives the same answer.
#[utoipa::path(post, path = "/api/v1/files", tag = "cases",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = FileView),
        (status = 422, description = "No field `file`, too large, or of a kind that is not taken; the detail says which kinds are.")))]
pub(super) async fn file_upload(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    mut form: Multipart,
) -> Result<(StatusCode, Json<FileView>), Failure> {
    let unread = |_| Failure::invalid("文件没有传完，请重新上传。").at("file");
    while let Some(mut field) = form.next_field().await.map_err(unread)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(unread)? {
            if bytes.len() + chunk.len() > FILE_BYTES_MAX {
                return Err(Failure::invalid("单个文件最多20 MB，请压缩或拆分后上传。").at("file"));
            }
            bytes.extend_from_slice(&chunk);
        }
        let kept = rooms
            .cases
            .take_file_from(caller.region, &name, bytes, bringer(&caller)?)
            .await?;
        let view = FileView {
            name: kept.name.text().to_owned(),
            sha256: kept.sha256,
            bytes: kept.bytes,
            media_type: kept.media_type,
        };
        return Ok((StatusCode::CREATED, Json(view)));
    }
    Err(Failure::invalid("请用字段 file 上传一个文件。").at("file"))
}
