//! 在线编辑: the page on which the decision tables of an item are written. The editor itself is a script of its own; this page
//! gives it the file and what rules may ask for, and keeps what was written by the same command as an upload. Whoever saves
//! after somebody else is told what differs, and has everything still on the page. Without script it leads to the upload.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{FieldKind, Form as ItemForm, Widget},
    page::PageContext,
};

use super::{
    super::{drawing::require_edit, html},
    sending::{checked, keep, to_page},
};
use crate::{
    model::{
        ItemContent, ItemRules,
        rules::{Fact, differences},
    },
    rooms::Rooms,
};

/// What an item without rules begins with.
const FIRST: &str = include_str!("first.dmn");

/// A value that a rule may ask for, as the script offers it.
#[derive(Serialize)]
struct Offered {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    about: &'static str,
    choices: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/staff/table_editor.html")]
struct EditorPage<'a> {
    page: &'a PageContext,
    id: String,
    name: &'a str,
    version: i64,
    file: String,
    offer: String,
    is_new: bool,
    problems: Vec<String>,
    differences: Vec<String>,
}

/// What came back from saving.
#[derive(Default)]
struct Refused {
    /// What was written.
    file: String,
    /// Why it was not kept.
    problems: Vec<String>,
    /// Whether somebody else saved meanwhile.
    is_overtaken: bool,
}

pub(in crate::pages) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    show(&rooms, caller, &item, Refused::default()).await
}

/// The page; after a refusal with what was written, so that no work is lost.
async fn show(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    refused: Refused,
) -> Result<Html<String>, Failure> {
    let (id, version, state) = rooms.item(item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    require_edit(&caller, id)?;
    let page = caller
        .page
        .titled("在线编辑决策表")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{id}"))
        .under("规则", format!("/staff/items/{id}/rules"))
        .with_errors(!refused.problems.is_empty());
    let kept = &content.rules.model;
    html(&EditorPage {
        page: &page,
        id: id.to_string(),
        name: &content.name,
        version,
        differences: if refused.is_overtaken {
            differences(&refused.file, kept)
        } else {
            Vec::new()
        },
        file: match (refused.file.is_empty(), kept.is_empty()) {
            (false, _) => refused.file,
            (true, false) => kept.clone(),
            (true, true) => FIRST.to_owned(),
        },
        offer: serde_json::to_string(&offered(content)).map_err(Failure::internal)?,
        is_new: kept.is_empty(),
        problems: refused.problems,
    })
}

/// Keeps what was written on the page.
pub(super) async fn keep_edited(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    bytes: &[u8],
    seen: (i64, &str),
) -> Result<Response, Failure> {
    let mut refused = Refused {
        file: String::from_utf8_lossy(bytes).into_owned(),
        ..Refused::default()
    };
    match checked(bytes) {
        Err(problems) => refused.problems = problems,
        Ok(model) => {
            let change = |rules: ItemRules| Ok(ItemRules { model, ..rules });
            match keep(rooms, &caller, item, seen, change).await {
                Ok(done) => return Ok(to_page(item, done)),
                // Somebody else saved meanwhile: what was written stays on the page.
                Err(failure) if failure.status == StatusCode::CONFLICT => {
                    let told = "您打开这一页以后，有人改过这个事项。请看看下面的不同；再按“保存规则”，就用您写的这一份。";
                    refused.problems.push(told.to_owned());
                    refused.is_overtaken = true;
                }
                Err(failure) => return Err(failure),
            }
        }
    }
    let body = show(rooms, caller, item, refused).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}

/// What the application form asks, and what the house knows of every case. Lists are left out: a column compares one value.
fn offered(content: &ItemContent) -> Vec<Offered> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let mut offered = Vec::new();
    if let Ok(form) = ItemForm::parse(&content.form_text()) {
        offered.extend(form.fields().iter().map(|field| {
            let choices = field.choices.iter();
            Offered {
                name: field.label.split_whitespace().collect::<Vec<_>>().join(" "),
                kind: match field.kind {
                    FieldKind::Integer | FieldKind::Number => "number",
                    FieldKind::Boolean => "boolean",
                    FieldKind::Text if field.widget == Widget::Date => "date",
                    _ => "string",
                },
                about: "申请表单",
                choices: choices.map(|choice| choice.label.clone()).collect(),
            }
        }));
    }
    let facts = Fact::ALL.into_iter().filter_map(|fact| {
        let (kind, choices) = match fact {
            Fact::Age => ("number", Vec::new()),
            Fact::Birthday => ("date", Vec::new()),
            Fact::HasAgent | Fact::IsComplete => ("boolean", Vec::new()),
            Fact::Sex => ("string", words(&["男", "女"])),
            Fact::ApplicantKind => ("string", words(&["个人", "单位"])),
            Fact::NumberRegion | Fact::Channel => ("string", Vec::new()),
            Fact::Given | Fact::Missing => return None,
        };
        Some(Offered {
            name: fact.name().to_owned(),
            kind,
            about: "系统知道",
            choices,
        })
    });
    let facts: Vec<Offered> = facts.collect();
    offered.extend(facts);
    offered.retain(|one| !one.name.is_empty());
    offered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_item_begins_with_is_sound() {
        assert_eq!(checked(FIRST.as_bytes()), Ok(FIRST.to_owned()));
    }
}
