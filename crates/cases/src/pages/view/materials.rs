//! What was handed in: the list of materials, and one file large beside the form.

use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Failure, markup::file_size};

use super::super::files::PDF;
use crate::{
    files::{
        ERASED,
        preview::{self, PAGES_MAX},
    },
    model::{Case, FileReference, Material, MaterialSource},
    rooms::CaseRooms,
};

/// One file in the list.
pub(in super::super) struct FileLink {
    pub(in super::super) sha256: String,
    pub(in super::super) name: String,
    pub(in super::super) size: String,
    pub(in super::super) is_open: bool,
}

/// One material with its files.
pub(in super::super) struct MaterialView {
    pub(in super::super) name: String,
    pub(in super::super) source: String,
    /// What the applicant was told and promised in the place of the material (告知承诺).
    pub(in super::super) promise: Option<String>,
    pub(in super::super) files: Vec<FileLink>,
    pub(in super::super) is_missing: bool,
    pub(in super::super) is_owed: bool,
}

/// A picture of a file, with the room that it takes.
pub(in super::super) struct Picture {
    pub(in super::super) path: String,
    /// Width and height in pixels, where they are known before it is drawn.
    pub(in super::super) size: Option<(u32, u32)>,
}

/// The file that is shown large.
pub(in super::super) struct OpenFile {
    pub(in super::super) material: String,
    pub(in super::super) name: String,
    /// Where the original is; empty after it was erased.
    pub(in super::super) path: String,
    /// Its pages as pictures.
    pub(in super::super) pictures: Vec<Picture>,
    /// Why there is no picture, or not of every page; may be empty.
    pub(in super::super) note: String,
    /// The file after it, by its SHA-256; `None` at the end.
    pub(in super::super) next: Option<String>,
}

/// Every file with its material, in the order of the page.
fn files(case: &Case) -> impl Iterator<Item = (&Material, &FileReference)> {
    case.materials
        .iter()
        .flat_map(|material| material.files.iter().map(move |file| (material, file)))
}

/// The place of the file that is open: the one that was asked for, else the first.
fn place(case: &Case, asked: &str) -> usize {
    files(case)
        .position(|(_, file)| file.sha256 == asked)
        .unwrap_or(0)
}

pub(super) fn list(case: &Case, asked: &str) -> Vec<MaterialView> {
    let open = place(case, asked);
    let mut index = 0;
    let mut views = Vec::with_capacity(case.materials.len());
    for material in &case.materials {
        let files = material
            .files
            .iter()
            .map(|file| {
                index += 1;
                FileLink {
                    sha256: file.sha256.clone(),
                    name: file.name.get().map_or(ERASED, String::as_str).to_owned(),
                    size: file_size(file.bytes),
                    is_open: index == open + 1,
                }
            })
            .collect();
        views.push(MaterialView {
            name: material.name.clone(),
            source: material.source.text(),
            promise: match &material.source {
                MaterialSource::Commitment { text } => Some(text.clone()),
                _ => None,
            },
            files,
            is_missing: false,
            is_owed: false,
        });
    }
    views.extend(case.missing().into_iter().map(|wanted| MaterialView {
        name: wanted.name.clone(),
        source: String::new(),
        promise: None,
        files: Vec::new(),
        is_missing: true,
        is_owed: case.owed.contains(&wanted.id),
    }));
    views
}

pub(super) async fn open(
    rooms: &CaseRooms,
    id: CaseId,
    case: &Case,
    asked: &str,
) -> Result<Option<OpenFile>, Failure> {
    let place = place(case, asked);
    let Some((material, file)) = files(case).nth(place) else {
        return Ok(None);
    };
    let path = format!("/staff/cases/{id}/files/{}", file.sha256);
    let (pictures, note) = if file.is_erased() {
        (Vec::new(), format!("这份文件{ERASED}。"))
    } else if file.media_type.starts_with("image/") {
        let picture = Picture {
            path: path.clone(),
            size: None,
        };
        (vec![picture], String::new())
    } else if file.media_type == PDF {
        pages(rooms, file, &path).await?
    } else {
        (
            Vec::new(),
            "这种文件不能在这里显示，请下载后用办公软件打开。".to_owned(),
        )
    };
    Ok(Some(OpenFile {
        material: material.name.clone(),
        name: file.name.text().to_owned(),
        path: if file.is_erased() {
            String::new()
        } else {
            path
        },
        pictures,
        note,
        next: files(case)
            .nth(place + 1)
            .map(|(_, file)| file.sha256.clone()),
    }))
}

/// The pages of a PDF, or why they are not shown.
async fn pages(
    rooms: &CaseRooms,
    file: &FileReference,
    path: &str,
) -> Result<(Vec<Picture>, String), Failure> {
    let bytes = rooms.cases.files().read(file).await?;
    Ok(match preview::page_sizes(bytes).await {
        Ok(sizes) => (
            (1..)
                .zip(&sizes)
                .map(|(page, size): (usize, _)| Picture {
                    path: format!("{path}/pages/{page}"),
                    size: Some(*size),
                })
                .collect(),
            if sizes.len() == PAGES_MAX {
                format!("这里最多显示{PAGES_MAX}页，其余的请下载原件查看。")
            } else {
                String::new()
            },
        ),
        Err(_) => (
            Vec::new(),
            "这个PDF读不出来，可能加了密码或者损坏，请下载原件核对；打不开的，请申请人重新提交。"
                .to_owned(),
        ),
    })
}
