//! One item: its elements, what is left to do before publication, its versions and what they changed.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{ItemId, PersonId, Region, china_date};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::{Answers, FieldErrors, Form as ItemForm, NoLists},
    markup::DefinitionRow,
    page::PageContext,
};

use super::{
    drawing::{Drawing, drawing},
    html, moment,
    origins::{element_names, sources},
    rules::{RulesBrief, brief},
    say,
    sheet::{Table, field_of, tables, values_of},
    withdrawal::{Ending, ending, proposed},
};
use crate::{
    columns::{Column, guide_columns, identity_columns, limit_columns},
    exchange::Departments,
    model::{Change, ItemCommand, ItemContent, ItemState, differences, problems},
    rooms::Rooms,
};

#[derive(Deserialize, Default)]
pub(crate) struct ItemQuery {
    pub(super) done: Option<String>,
    /// The item into which this one may go, from the list of those that are alike.
    #[serde(default)]
    pub(super) into: Option<String>,
}

pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) rows: Vec<DefinitionRow>,
}

struct VersionLine {
    number: u32,
    effective_from: String,
    cancelled_on: String,
    published: String,
    by: String,
    is_in_force: bool,
}

#[derive(Template)]
#[template(path = "catalogue/item.html")]
struct ItemPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    id: String,
    version: i64,
    name: &'a str,
    state: String,
    open: &'a FieldErrors,
    has_working_copy: bool,
    working_copy: String,
    changes: Vec<Change>,
    sections: Vec<Section>,
    tables: Vec<Table>,
    form: String,
    drawing: Drawing,
    rules: RulesBrief,
    demonstration: String,
    sources: String,
    versions: Vec<VersionLine>,
    is_published: bool,
    may: May,
    today: String,
    typed_day: String,
    typed_reason: String,
    typed_successor: String,
    ending: Ending,
}

/// What the visitor may do with the item as it stands.
struct May {
    edit: bool,
    publish: bool,
}

/// What was typed into a form that was refused.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) day: String,
    pub(super) reason: String,
    /// The item into which this one may go.
    pub(super) successor: String,
    pub(super) errors: FieldErrors,
    /// What is wrong with a process that was sent.
    pub(super) drawing: Vec<String>,
}

pub(crate) async fn item_page(
    State(rooms): State<Rooms>,
    mut caller: Caller,
    Path(item): Path<String>,
    Query(query): Query<ItemQuery>,
) -> Result<Html<String>, Failure> {
    say(&mut caller.page, query.done.as_deref(), None);
    let typed = Typed {
        successor: proposed(&rooms, query.into.as_deref()),
        ..Typed::default()
    };
    show(&rooms, caller, &item, typed).await
}

pub(super) async fn show(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    typed: Typed,
) -> Result<Html<String>, Failure> {
    let (id, version, state) = rooms.item(item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let today = china_date(caller.now);
    let open = left_to_do(&state, content);
    let working_copy = match &state.working_copy {
        Some(copy) => format!(
            "{} {}",
            moment(copy.at),
            name_of(rooms, caller.region, copy.by).await?
        ),
        None => String::new(),
    };
    let changes = match (&state.working_copy, state.latest()) {
        (Some(copy), Some(latest)) => differences(&latest.content, &copy.content),
        _ => Vec::new(),
    };
    let may = may(&caller, id, content);
    let ending = ending(rooms, (id, &state), may.publish, today);
    let versions = version_lines(rooms, &caller, &state).await?;
    let form = preview(&caller.page, content)?;
    let drawing = drawing(&caller.page, content, typed.drawing)?;
    let page = caller
        .page
        .titled(&content.name)
        .under("事项库", "/staff/items")
        .with_errors(!typed.errors.is_empty());
    html(&ItemPage {
        page: &page,
        errors: &typed.errors,
        id: id.to_string(),
        version,
        name: &content.name,
        state: state_words(&state, today),
        open: &open,
        has_working_copy: state.working_copy.is_some(),
        working_copy,
        changes,
        sections: sections(content),
        tables: shown(tables(&values_of(content), &Departments::default())),
        form,
        drawing,
        rules: brief(content),
        demonstration: element_names(content),
        sources: sources(content),
        versions,
        is_published: state.in_force(today).is_some(),
        may,
        today: today.to_string(),
        typed_day: typed.day,
        typed_reason: typed.reason,
        typed_successor: typed.successor,
        ending,
    })
}

fn may(caller: &Caller, item: ItemId, content: &ItemContent) -> May {
    let may = |action| {
        let thing = Resource {
            kind: "service_item",
            id: item.to_string(),
            organisation: Some(content.department.id),
            ..Resource::default()
        };
        caller.may(action, &thing)
    };
    May {
        edit: may("item_edit"),
        publish: may("item_publish"),
    }
}

/// What is wrong with the working copy, at the fields of the editor; nothing when there is none.
fn left_to_do(state: &ItemState, content: &ItemContent) -> FieldErrors {
    let mut open = FieldErrors::new();
    if state.working_copy.is_some() {
        for problem in problems(content) {
            open.add(field_of(&problem.field), problem.public);
        }
    }
    open
}

/// Rows in which something stands.
pub(super) fn shown(tables: Vec<Table>) -> Vec<Table> {
    tables
        .into_iter()
        .map(|mut table| {
            table
                .rows
                .retain(|row| row.iter().any(|cell| !cell.value.is_empty()));
            table
        })
        .filter(|table| !table.rows.is_empty())
        .collect()
}

pub(super) fn sections(content: &ItemContent) -> Vec<Section> {
    let rows = |columns: Vec<Column<ItemContent>>| {
        let rows = columns
            .iter()
            .map(|column| DefinitionRow::new(column.title, (column.write)(content)));
        rows.filter(|row| !row.detail.is_empty()).collect()
    };
    vec![
        Section {
            title: "基本信息",
            rows: rows(identity_columns()),
        },
        Section {
            title: "办理时限",
            rows: rows(limit_columns()),
        },
        Section {
            title: "办事指南和审核要素",
            rows: rows(guide_columns()),
        },
    ]
}

fn state_words(state: &ItemState, today: jiff::civil::Date) -> String {
    match (&state.withdrawal, state.in_force(today), state.latest()) {
        (Some(withdrawal), _, _) => format!("{} 起停用：{}", withdrawal.on, withdrawal.reason),
        (None, Some(version), _) => format!(
            "第 {} 版生效中（{} 起）",
            version.version, version.effective_from
        ),
        (None, None, Some(version)) => format!(
            "第 {} 版将于 {} 生效",
            version.version, version.effective_from
        ),
        (None, None, None) => "还没有发布".to_owned(),
    }
}

/// The form as applicants will see it; an empty text when it cannot be shown.
fn preview(page: &PageContext, content: &ItemContent) -> Result<String, Failure> {
    let Ok(form) = ItemForm::parse(&content.form_text()) else {
        return Ok(String::new());
    };
    form.render_all(page, &Answers::new(), &FieldErrors::new(), &NoLists)
        .map_err(Failure::internal)
}

pub(super) async fn name_of(
    rooms: &Rooms,
    region: Region,
    person: Option<PersonId>,
) -> Result<String, Failure> {
    match person {
        Some(person) => Ok(rooms
            .directory
            .staff_name(region, person)
            .await?
            .to_string()),
        None => Ok("系统".to_owned()),
    }
}

async fn version_lines(
    rooms: &Rooms,
    caller: &Caller,
    state: &ItemState,
) -> Result<Vec<VersionLine>, Failure> {
    let today = china_date(caller.now);
    let mut lines = Vec::with_capacity(state.versions.len());
    for version in state.versions.iter().rev() {
        lines.push(VersionLine {
            number: version.version,
            effective_from: version.effective_from.to_string(),
            cancelled_on: version
                .cancelled_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            published: moment(version.published_at),
            by: name_of(rooms, caller.region, version.published_by).await?,
            is_in_force: version.is_in_force(today),
        });
    }
    Ok(lines)
}

#[derive(Deserialize)]
pub(crate) struct DeedForm {
    #[serde(default)]
    pub(super) day: String,
    #[serde(default)]
    pub(super) reason: String,
    /// The item into which this one goes, as it was typed; empty: it ends.
    #[serde(default)]
    pub(super) successor: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    command_id: String,
}

pub(crate) async fn publish_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<DeedForm>,
) -> Result<Response, Failure> {
    let command = form
        .day
        .trim()
        .parse()
        .map(|effective_from| ItemCommand::Publish { effective_from })
        .ok();
    deed(
        &rooms,
        caller,
        &item,
        form,
        command,
        ("effective_from", "published"),
    )
    .await
}

pub(super) async fn deed(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    form: DeedForm,
    command: Option<ItemCommand>,
    (field, done): (&'static str, &str),
) -> Result<Response, Failure> {
    let (id, _, _) = rooms.item(item).await?;
    let mut typed = Typed {
        day: form.day,
        reason: form.reason,
        successor: form.successor,
        ..Typed::default()
    };
    match command {
        None => typed
            .errors
            .add(field, "日期看不懂。请按“年-月-日”填写，例如 2026-12-01。"),
        Some(command) => {
            let order = caller.order(Some(&form.command_id), Expected::Version(form.version));
            match rooms.send(id, command, order).await {
                Ok(_) => {
                    return Ok(
                        Redirect::to(&format!("/staff/items/{id}?done={done}")).into_response()
                    );
                }
                Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
                    let field = failure.field.as_deref().unwrap_or(field).to_owned();
                    typed.errors.add(field, failure.public);
                }
                Err(failure) => return Err(failure),
            }
        }
    }
    refused(rooms, caller, item, typed).await
}

/// The page again with what was typed and what is wrong with it.
pub(super) async fn refused(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    typed: Typed,
) -> Result<Response, Failure> {
    let body = show(rooms, caller, item, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}
