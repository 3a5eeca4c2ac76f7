//! The drawn process on an item's page: what it holds, upload, download, removal. A file with problems is not kept; they are
//! listed with element and line.

use axum::{
    Form,
    extract::{Multipart, Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_bpmn::Marks;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Resource, page::PageContext};

use super::{
    item::{Typed, show},
    process_designer::{self, Refused},
};
use crate::{
    model::{
        ItemCommand, ItemContent,
        drawn::{self, FILE_BYTES_MAX},
    },
    picture::process_picture,
    rooms::Rooms,
};

/// A task of the drawing.
pub(super) struct DrawnTask {
    pub(super) name: String,
    pub(super) limit: String,
    /// What is asked with it.
    pub(super) questions: String,
}

/// The drawing as the page shows it.
#[derive(Default)]
pub(super) struct Drawing {
    pub(super) is_there: bool,
    /// What it shows, as part of the page.
    pub(super) picture: Option<String>,
    pub(super) tasks: Vec<DrawnTask>,
    /// What is worth knowing of the file that is kept.
    pub(super) remarks: Vec<String>,
    /// What is wrong with the file that was sent, or with the one that is kept.
    pub(super) problems: Vec<String>,
}

/// The drawing of an item; `sent` is what is wrong with a file that was just refused.
///
/// # Errors
/// When the picture cannot be rendered.
pub(super) fn drawing(
    page: &PageContext,
    content: &ItemContent,
    sent: Vec<String>,
) -> Result<Drawing, Failure> {
    if content.drawn_process.is_empty() {
        return Ok(Drawing {
            problems: sent,
            ..Drawing::default()
        });
    }
    let (tasks, kept) = match drawn::read(&content.drawn_process) {
        Ok(process) => {
            let tasks = process.tasks().map(|task| DrawnTask {
                name: task.name.to_string(),
                limit: task
                    .limit_days
                    .map_or_else(String::new, |days| format!("{days} 个工作日")),
                questions: task
                    .questions
                    .iter()
                    .map(|question| question.label.as_ref())
                    .collect::<Vec<_>>()
                    .join("、"),
            });
            (tasks.collect(), Vec::new())
        }
        Err(problems) => {
            let told = problems.iter().map(drawn::DrawingProblem::public);
            (Vec::new(), told.collect())
        }
    };
    Ok(Drawing {
        is_there: true,
        picture: process_picture(page, &content.drawn_process, &Marks::default())?,
        tasks,
        remarks: drawn::remarks(&content.drawn_process),
        problems: if sent.is_empty() { kept } else { sent },
    })
}

/// What is said of a file that did not arrive whole or is too large.
fn too_large() -> String {
    format!(
        "文件没有收全：流程图最大 {} KB。请删去不用的图形后重新导出。",
        FILE_BYTES_MAX / 1024
    )
}

/// A file as it was sent.
#[derive(Default)]
struct Received {
    bytes: Vec<u8>,
    /// The version that was seen.
    version: i64,
    /// The form's key.
    key: String,
    /// Whether it was drawn on the page of the designer, to which a refusal leads back.
    is_drawn_here: bool,
}

async fn received(form: &mut Multipart) -> Result<Received, Failure> {
    let cut_off = |_| Failure::invalid(too_large()).at("file");
    let mut received = Received::default();
    while let Some(part) = form.next_field().await.map_err(cut_off)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.map_err(cut_off)?;
        let text = || String::from_utf8_lossy(&value).into_owned();
        match name.as_str() {
            "file" => received.bytes = value.to_vec(),
            "version" => received.version = text().parse().unwrap_or_default(),
            "command_id" => received.key = text(),
            "designer" => received.is_drawn_here = true,
            _ => {}
        }
    }
    if received.is_drawn_here {
        // Browsers end the lines of a text field with two characters; the file has one.
        received.bytes.retain(|byte| *byte != b'\r');
    }
    Ok(received)
}

/// The text of a file that a case can run on, or everything that is wrong with it.
pub(crate) fn checked(bytes: &[u8]) -> Result<String, Vec<String>> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(vec![too_large()]);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![
            "文件不是 UTF-8 编码。请用建模工具按 UTF-8 另存后再上传。".to_owned(),
        ]);
    };
    if text.trim().is_empty() {
        return Err(vec![
            "还没有选择文件。请选择建模工具导出的 BPMN 2.0 文件（.bpmn 或 .xml）。".to_owned(),
        ]);
    }
    match drawn::read(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(problems) => Err(problems.iter().map(drawn::DrawingProblem::public).collect()),
    }
}

pub(super) async fn send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let sent = received(&mut form).await?;
    let seen = (sent.version, sent.key.as_str());
    let problems = match checked(&sent.bytes) {
        Ok(text) => match keep(&rooms, &caller, &item, text, seen).await {
            // Somebody else saved meanwhile: what was drawn stays on the page.
            Err(failure) if sent.is_drawn_here && failure.status == StatusCode::CONFLICT => {
                let told = "您打开这一页以后，有人改过这个事项。请先在另一个窗口看看改了什么，再按“保存流程图”就用您画的这一张。";
                vec![told.to_owned()]
            }
            other => return other,
        },
        Err(problems) => problems,
    };
    let body = if sent.is_drawn_here {
        let refused = Refused {
            file: String::from_utf8_lossy(&sent.bytes).into_owned(),
            problems,
        };
        process_designer::show(&rooms, caller, &item, refused).await?
    } else {
        let typed = Typed {
            drawing: problems,
            ..Typed::default()
        };
        show(&rooms, caller, &item, typed).await?
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}

#[derive(Deserialize)]
pub(super) struct RemoveForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    command_id: String,
}

pub(super) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Failure> {
    let seen = (form.version, form.command_id.as_str());
    keep(&rooms, &caller, &item, String::new(), seen).await
}

/// The working copy with another drawing, or with none.
async fn keep(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    drawn_process: String,
    (version, key): (i64, &str),
) -> Result<Response, Failure> {
    let (id, _, state) = rooms.item(item).await?;
    let present = state.current().cloned().ok_or_else(Failure::not_found)?;
    require_edit(caller, id)?;
    let draft = ItemCommand::Draft {
        content: Box::new(ItemContent {
            drawn_process,
            ..present
        }),
    };
    let order = caller.order(Some(key), Expected::Version(version));
    let done = match rooms.send(id, draft, order).await {
        Ok(_) => "saved",
        Err(failure) if failure.code == "nothing_changed" => "unchanged",
        Err(failure) => return Err(failure),
    };
    Ok(Redirect::to(&format!("/staff/items/{id}?done={done}")).into_response())
}

pub(super) fn require_edit(caller: &Caller, item: ItemId) -> Result<(), Failure> {
    caller.require(
        "item_edit",
        &Resource {
            kind: "service_item",
            id: item.to_string(),
            ..Resource::default()
        },
    )
}

/// The file that is kept, to the letter: of the working copy, else of the newest version.
pub(super) async fn download(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    file(content)
}

/// The file of an item's elements.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn file(content: &ItemContent) -> Result<Response, Failure> {
    if content.drawn_process.is_empty() {
        return Err(Failure::not_found());
    }
    let head: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"process.bpmn\"",
        ),
    ];
    Ok((head, content.drawn_process.clone()).into_response())
}
