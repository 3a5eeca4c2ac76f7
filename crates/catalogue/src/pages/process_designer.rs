//! 在线绘制: the page on which the drawn process of an item is drawn. The drawing itself is done by a script of its own; this page
//! gives it the file, who may be asked to do a task and what ways out may be chosen by, and keeps what was drawn by the
//! same command as an upload. Without script it leads to the upload.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Html,
};
use serde::Serialize;
use wuchuang_bpmn::{Definition, with_diagram};
use wuchuang_kernel::Role;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{FieldKind, Form as ItemForm},
    page::PageContext,
};

use super::{drawing::require_edit, html};
use crate::{
    model::{ItemContent, rules::CompiledRules},
    rooms::Rooms,
};

/// What an item without a drawing begins with: 受理 is before it and 决定 after it.
const FIRST: &str = include_str!("first.bpmn");

/// What the script offers in its forms.
#[derive(Serialize)]
struct Offer {
    groups: Vec<Group>,
    variables: Vec<Variable>,
    /// The decisions of the item's rules, for business rule tasks.
    decisions: Vec<String>,
}

/// Who may be asked to do a task.
#[derive(Serialize)]
struct Group {
    title: &'static str,
    names: Vec<String>,
}

/// Something that a way out may be chosen by.
#[derive(Serialize)]
struct Variable {
    id: String,
    label: String,
    kind: &'static str,
    choices: Vec<Word>,
}

/// A value and what people read for it.
#[derive(Serialize)]
struct Word {
    value: String,
    label: String,
}

#[derive(Template)]
#[template(path = "catalogue/staff/designer.html")]
struct DesignerPage<'a> {
    page: &'a PageContext,
    id: String,
    name: &'a str,
    version: i64,
    file: String,
    offer: String,
    is_new: bool,
    problems: Vec<String>,
}

/// What came back from saving.
#[derive(Default)]
pub(super) struct Refused {
    /// What was drawn.
    pub(super) file: String,
    /// Why it was not kept.
    pub(super) problems: Vec<String>,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    show(&rooms, caller, &item, Refused::default()).await
}

/// The page; after a refusal with what was drawn, so that no work is lost.
pub(super) async fn show(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    refused: Refused,
) -> Result<Html<String>, Failure> {
    let (id, version, state) = rooms.item(item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    require_edit(&caller, id)?;
    let offer = Offer {
        groups: groups(rooms, &caller).await?,
        variables: variables(content),
        decisions: decisions(content),
    };
    let page = caller
        .page
        .titled("在线绘制流程图")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{id}"))
        .with_errors(!refused.problems.is_empty());
    let is_new = content.drawn_process.is_empty();
    html(&DesignerPage {
        page: &page,
        id: id.to_string(),
        name: &content.name,
        version,
        file: if refused.file.is_empty() {
            file(content)
        } else {
            refused.file
        },
        offer: serde_json::to_string(&offer).map_err(Failure::internal)?,
        is_new,
        problems: refused.problems,
    })
}

/// The file to be drawn on: one without places gets them, one that does not read is left to the script to say so.
fn file(content: &ItemContent) -> String {
    if content.drawn_process.is_empty() {
        return FIRST.to_owned();
    }
    Definition::parse(&content.drawn_process)
        .ok()
        .and_then(|definition| with_diagram(&definition))
        .unwrap_or_else(|| content.drawn_process.clone())
}

async fn groups(rooms: &Rooms, caller: &Caller) -> Result<Vec<Group>, Failure> {
    let organisations = rooms.directory.organisations(caller.region).await?;
    let organisations = organisations
        .into_iter()
        .filter(|organisation| organisation.is_active);
    Ok(vec![
        Group {
            title: "角色",
            names: [Role::Reviewer, Role::Approver, Role::CounterClerk]
                .map(|role| role.name().to_owned())
                .to_vec(),
        },
        Group {
            title: "岗位",
            names: rooms.directory.post_titles(caller.region).await?,
        },
        Group {
            title: "单位",
            names: organisations
                .map(|organisation| organisation.name)
                .collect(),
        },
    ])
}

/// The decisions of the item's rules; none while their file has problems.
fn decisions(content: &ItemContent) -> Vec<String> {
    let compiled = CompiledRules::of(content).ok().flatten();
    let decisions = compiled.iter().flat_map(|it| it.definition().decisions());
    decisions.map(|decision| decision.name).collect()
}

/// What the application form asks, and what the house knows of every case.
fn variables(content: &ItemContent) -> Vec<Variable> {
    let word = |value: &str, label: &str| Word {
        value: value.to_owned(),
        label: label.to_owned(),
    };
    let mut variables = vec![
        Variable {
            id: "case.applicant".to_owned(),
            label: "谁申请".to_owned(),
            kind: "choice",
            choices: vec![word("person", "个人"), word("organisation", "单位")],
        },
        Variable {
            id: "case.priority".to_owned(),
            label: "走绿色通道".to_owned(),
            kind: "yes_no",
            choices: Vec::new(),
        },
    ];
    let Ok(form) = ItemForm::parse(&content.form_text()) else {
        return variables;
    };
    // A condition compares one value, and a table has many.
    let fields = form.fields().iter();
    for field in fields.filter(|field| field.kind != FieldKind::Rows) {
        let choices: Vec<Word> = field
            .choices
            .iter()
            .map(|choice| word(&choice.value, &choice.label))
            .collect();
        variables.push(Variable {
            id: field.name.clone(),
            label: format!("申请表：{}", field.label),
            kind: match field.kind {
                FieldKind::Integer | FieldKind::Number => "number",
                FieldKind::Boolean => "yes_no",
                _ if !choices.is_empty() => "choice",
                _ => "text",
            },
            choices,
        });
    }
    variables
}
