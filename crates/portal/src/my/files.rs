//! What a citizen handed in, given back to them. As a download and never inline: a file made by
//! somebody must not run as a page of this site.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use wuchuang_cases::model::{FileReference, Material};
use wuchuang_webkit::{
    Caller, Failure,
    display::encode,
    markup::{FileView, file_size},
};

use super::{readable_case, staged::staged};
use crate::rooms::Rooms;

/// The file with a content among materials.
pub(crate) fn file_of<'a>(materials: &'a [Material], sha256: &str) -> Option<&'a FileReference> {
    materials
        .iter()
        .flat_map(|material| &material.files)
        .find(|file| file.sha256 == sha256)
}

/// The files of a material as a list shows them.
pub(crate) fn views(
    material: &Material,
    folder: &str,
    remove_folder: Option<&str>,
) -> Vec<FileView> {
    material
        .files
        .iter()
        .map(|file| FileView {
            name: file.name.text().to_owned(),
            path: format!("{folder}/{}", file.sha256),
            size: file_size(file.bytes),
            note: String::new(),
            remove_path: remove_folder.map(|folder| format!("{folder}/{}", file.sha256)),
        })
        .collect()
}

/// Reads a file and gives it as a download.
pub(crate) async fn serve(rooms: &Rooms, file: &FileReference) -> Result<Response, Failure> {
    let bytes = rooms.cases.files().get(&file.sha256).await?;
    let headers = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::CONTENT_DISPOSITION, disposition(file.name.text())),
    ];
    Ok((headers, bytes).into_response())
}

/// RFC 6266 with the name in UTF-8 (RFC 8187).
fn disposition(name: &str) -> String {
    // A slash may stand in an address, but not in the name of a file.
    format!(
        "attachment; filename*=UTF-8''{}",
        encode(name).replace('/', "%2F")
    )
}

pub(crate) async fn download(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((case, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (id, case) = readable_case(&rooms, &caller, &case).await?;
    if let Some(file) = file_of(&case.materials, &file) {
        return serve(&rooms, file).await;
    }
    let staged = staged(&rooms, &caller, id, &case).await?;
    let file = file_of(&staged.content.materials, &file).ok_or_else(Failure::not_found)?;
    serve(&rooms, file).await
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_of_files_travel_in_a_header() {
        for (name, header) in [
            ("a.pdf", "attachment; filename*=UTF-8''a.pdf"),
            (
                "证 \"1\".jpg",
                "attachment; filename*=UTF-8''%E8%AF%81%20%221%22.jpg",
            ),
            (
                "a\r\nSet-Cookie: x",
                "attachment; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x",
            ),
        ] {
            assert_eq!(disposition(name), header);
        }
    }
}
