//! Files from a multipart form: received, recognised by their content, stored. Shared by the application
//! and by what is supplied later.

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};
use wuchuang_cases::{
    files::FileError,
    model::{FileReference, Material},
};
use wuchuang_kernel::PersonId;
use wuchuang_webkit::{Caller, Failure};

use crate::rooms::Rooms;

/// How many files one application may have in all its materials.
pub(crate) const FILES_MAX: usize = 50;
/// How many fields a form with files may have; ours have two or three.
const FIELDS_MAX: usize = 60;

/// Why nothing was taken, in the visitor's language: what to do, then why.
pub(crate) struct Refused(pub(crate) String);

/// How many files materials have.
pub(crate) fn file_count(materials: &[Material]) -> usize {
    materials.iter().map(|material| material.files.len()).sum()
}

/// What came of a form with files. Those that were taken are kept, whatever is wrong with another one: nobody takes the
/// same picture twice.
#[derive(Default)]
pub(crate) struct Received {
    /// The files that are in the store.
    pub(crate) files: Vec<FileReference>,
    /// Why not all of them are, the first one that was refused.
    pub(crate) refused: Option<Refused>,
}

/// Takes the files of a form. Other fields are passed over.
pub(crate) async fn receive(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    mut multipart: Multipart,
    files_max: usize,
) -> Result<Received, Failure> {
    let mut received = Received::default();
    for _ in 0..FIELDS_MAX {
        let field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return Ok(received.but(unreadable(caller, &error))),
        };
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        let bytes = match field.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(received.but(unreadable(caller, &error))),
        };
        // A file field that was left empty is sent as a file without a name.
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        if received.files.len() >= files_max {
            return Ok(received.but(too_many(caller)));
        }
        match rooms
            .cases
            .take_file(caller.region, &name, bytes.to_vec(), person)
            .await
        {
            Ok(file) => add(&mut received.files, file),
            Err(FileError::Refused(problem)) => {
                let reason = caller.page.t(&problem.explain()).into_owned();
                received = received.but(Refused(reason));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if received.files.is_empty() && received.refused.is_none() {
        let text = caller.page.t("请先选择文件或拍照，再按上传。");
        return Ok(received.but(Refused(text.into_owned())));
    }
    Ok(received)
}

impl Received {
    /// With a refusal, unless there was one before.
    fn but(mut self, refused: Refused) -> Self {
        self.refused.get_or_insert(refused);
        self
    }
}

/// Adds a file, unless the same is there.
pub(crate) fn add(files: &mut Vec<FileReference>, file: FileReference) {
    if !files.iter().any(|known| known.sha256 == file.sha256) {
        files.push(file);
    }
}

pub(crate) fn too_many(caller: &Caller) -> Refused {
    let text = caller.page.tf(
        "一个办件最多{count}个文件，请把多页合并成一个PDF后上传。",
        &[("count", &FILES_MAX)],
    );
    Refused(text)
}

/// What is wrong with a body that does not read to its end.
fn why(error: &MultipartError) -> &'static str {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        "一次上传的文件太大，请分几次上传：单个文件不超过20MB。"
    } else {
        "文件没有传完整，请重新选择后再上传。"
    }
}

fn unreadable(caller: &Caller, error: &MultipartError) -> Refused {
    Refused(caller.page.t(why(error)).into_owned())
}

/// The same where the answers around the file are lost with it: nothing is kept, and the way back has them still.
pub(crate) fn broken(error: &MultipartError) -> Failure {
    Failure::new(error.status(), "unreadable", why(error))
}
