//! The rules as they are sent: a file or a workbook, what they are used for, their removal. What has problems is not kept; they
//! are listed with element and line, or stand at their cells.

use axum::{
    Form,
    body::Bytes,
    extract::{Multipart, Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Resource};

use super::{Typed, editor, show};
use crate::{
    exchange::{excel_with_problems, read_rules_excel, rules_excel},
    model::{
        ItemCommand, ItemContent, ItemRules,
        rules::{self, FILE_BYTES_MAX, RulesProblem},
    },
    rooms::Rooms,
    store,
};

/// What is said of a file that did not arrive whole or is too large.
fn too_large() -> String {
    format!(
        "文件没有收全：规则文件最大 {} KB。请删去不用的内容后重新导出。",
        FILE_BYTES_MAX / 1024
    )
}

/// The text of a file of sound rules, or everything that is wrong with it.
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
            "还没有选择文件。请选择 DMN 文件（.dmn 或 .xml）或 Excel 工作簿（.xlsx）。".to_owned(),
        ]);
    }
    match rules::read(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(problems) => Err(problems.iter().map(RulesProblem::public).collect()),
    }
}

/// A file as it was sent.
#[derive(Default)]
struct Received {
    bytes: Bytes,
    /// The version that was seen.
    version: i64,
    /// The form's key.
    key: String,
    /// Whether it was written on the page of the table editor, to which a refusal leads back.
    is_edited_here: bool,
}

async fn received(form: &mut Multipart) -> Result<Received, Failure> {
    let cut_off = |_| Failure::invalid(too_large()).at("file");
    let mut received = Received::default();
    while let Some(part) = form.next_field().await.map_err(cut_off)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.map_err(cut_off)?;
        let text = || String::from_utf8_lossy(&value).into_owned();
        match name.as_str() {
            "file" => received.bytes = value.clone(),
            "version" => received.version = text().parse().unwrap_or_default(),
            "command_id" => received.key = text(),
            "editor" => received.is_edited_here = true,
            _ => {}
        }
    }
    if received.is_edited_here {
        // Browsers end the lines of a text field with two characters; the file has one.
        let bytes: Vec<u8> = received
            .bytes
            .iter()
            .copied()
            .filter(|byte| *byte != b'\r')
            .collect();
        received.bytes = bytes.into();
    }
    Ok(received)
}

pub(crate) async fn send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let sent = received(&mut form).await?;
    if sent.is_edited_here {
        return editor::keep_edited(
            &rooms,
            caller,
            &item,
            &sent.bytes,
            (sent.version, &sent.key),
        )
        .await;
    }
    let mut typed = Typed::default();
    let model = if sent.bytes.starts_with(b"PK") {
        of_workbook(&rooms, &caller, &item, &sent.bytes, &mut typed).await?
    } else {
        checked(&sent.bytes)
            .map_err(|problems| typed.problems = problems)
            .ok()
    };
    let Some(model) = model else {
        let body = show(&rooms, caller, &item, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    };
    let change = |rules: ItemRules| Ok(ItemRules { model, ..rules });
    let seen = (sent.version, sent.key.as_str());
    let done = keep(&rooms, &caller, &item, seen, change).await?;
    Ok(to_page(&item, done))
}

/// The file that a workbook makes; what is wrong goes into what is shown, with the workbook marked at its cells.
async fn of_workbook(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    bytes: &[u8],
    typed: &mut Typed,
) -> Result<Option<String>, Failure> {
    let (_, _, state) = rooms.item(item).await?;
    let present = state.current().ok_or_else(Failure::not_found)?;
    let import = match read_rules_excel(&present.name, &present.rules.model, bytes) {
        Ok(import) => import,
        Err(error) => {
            typed.problems.push(error.to_string());
            return Ok(None);
        }
    };
    if import.findings.is_empty() {
        return Ok(Some(import.model));
    }
    let lines = import.findings.iter().map(|finding| {
        format!(
            "“{}”表第 {} 行，{}：{}",
            finding.sheet,
            finding.row + 1,
            if finding.title.is_empty() {
                "这一格"
            } else {
                &finding.title
            },
            finding.public
        )
    });
    typed.problems.extend(lines);
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    if let Ok(marked) = excel_with_problems(&import.sheets, &import.findings) {
        let ledger = rooms.catalogue.ledger();
        let token = store::upload_keep(ledger, caller.region, person, &marked).await?;
        typed.marked = Some(format!("/staff/items/import/{token}"));
    }
    Ok(None)
}

#[derive(Deserialize)]
pub(crate) struct UsesForm {
    #[serde(default)]
    approval: String,
    #[serde(default)]
    sample_per_mille: String,
    #[serde(default)]
    eligibility: String,
    #[serde(default)]
    situation: String,
    #[serde(default)]
    tolerance: String,
    #[serde(default)]
    fee: String,
    #[serde(default)]
    warning: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    command_id: String,
}

/// What the decisions are used for.
pub(crate) async fn uses(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<UsesForm>,
) -> Result<Response, Failure> {
    let share = form.sample_per_mille.trim();
    let Some(share) = share.parse().ok().filter(|share: &u16| *share <= 1_000) else {
        let mut typed = Typed::default();
        typed.errors.add(
            "sample_per_mille",
            "抽查比例按千分之几填写，是 0 到 1000 的整数，例如 50。",
        );
        let body = show(&rooms, caller, &item, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    };
    let seen = (form.version, form.command_id.as_str());
    let change = |rules: ItemRules| {
        Ok(ItemRules {
            approval: form.approval.trim().to_owned(),
            sample_per_mille: share,
            eligibility: form.eligibility.trim().to_owned(),
            situation: form.situation.trim().to_owned(),
            tolerance: form.tolerance.trim().to_owned(),
            fee: form.fee.trim().to_owned(),
            warning: form.warning.trim().to_owned(),
            ..rules
        })
    };
    let done = keep(&rooms, &caller, &item, seen, change).await?;
    Ok(to_page(&item, done))
}

#[derive(Deserialize)]
pub(crate) struct RemoveForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    command_id: String,
}

pub(crate) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Failure> {
    let seen = (form.version, form.command_id.as_str());
    let change = |_| Ok(ItemRules::default());
    let done = keep(&rooms, &caller, &item, seen, change).await?;
    Ok(to_page(&item, done))
}

pub(super) fn to_page(item: &str, done: &str) -> Response {
    Redirect::to(&format!("/staff/items/{item}/rules?done={done}")).into_response()
}

/// The working copy with other rules; says whether anything changed.
pub(super) async fn keep(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    (version, key): (i64, &str),
    change: impl FnOnce(ItemRules) -> Result<ItemRules, Failure>,
) -> Result<&'static str, Failure> {
    let (id, _, state) = rooms.item(item).await?;
    let present = state.current().cloned().ok_or_else(Failure::not_found)?;
    caller.require(
        "item_edit",
        &Resource {
            kind: "service_item",
            id: id.to_string(),
            ..Resource::default()
        },
    )?;
    let rules = change(present.rules.clone())?;
    let draft = ItemCommand::Draft {
        content: Box::new(ItemContent { rules, ..present }),
    };
    let order = caller.order(Some(key), Expected::Version(version));
    match rooms.send(id, draft, order).await {
        Ok(_) => Ok("saved"),
        Err(failure) if failure.code == "nothing_changed" => Ok("unchanged"),
        Err(failure) => Err(failure),
    }
}

/// The file that is kept, to the letter: of the working copy, else of the newest version.
pub(crate) async fn download(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    file(state.current().ok_or_else(Failure::not_found)?)
}

/// The file of an item's rules.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn file(content: &ItemContent) -> Result<Response, Failure> {
    if content.rules.model.is_empty() {
        return Err(Failure::not_found());
    }
    let head: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"rules.dmn\"",
        ),
    ];
    Ok((head, content.rules.model.clone()).into_response())
}

/// The tables of the rules as a workbook; an empty one to fill in where there are none.
pub(crate) async fn download_excel(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let definition = rules::read(&content.rules.model).ok();
    let book = rules_excel(definition.as_ref()).map_err(Failure::internal)?;
    let head: [(HeaderName, &str); 2] = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"rules.xlsx\"",
        ),
    ];
    Ok((head, book).into_response())
}
