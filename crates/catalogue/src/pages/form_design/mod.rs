//! 设计申请表: an item's form as a list of questions beside a preview as wide as a phone. It works without a script: each button
//! sends the whole editor and gets it back, and only 保存 writes, as the working copy that is published with the item.
//!
//! Rooms: `rows` (a form as rows and back), `choices` (the lines of a choice and its values), `elements` (the dictionary of
//! shared data elements), `sent` (what the page sends), `deeds` (what a button does with the rows, and what is wrong with
//! them).

mod choices;
mod deeds;
mod elements;
mod rows;
#[cfg(test)]
mod rows_tests;
mod sent;

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors, Form as ItemForm},
    page::PageContext,
};

use self::{
    deeds::{change, checked},
    elements::elements,
    rows::{Row, column_ways, rows, schema, ways},
    sent::{Deed, Sent},
};
use super::{drawing::require_edit, html};
use crate::{
    model::{ItemCommand, ItemContent, ItemState},
    rooms::Rooms,
};

#[derive(Template)]
#[template(path = "catalogue/form_design.html")]
struct DesignPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    item: String,
    name: String,
    version: i64,
    title: String,
    rows: Vec<RowView>,
    ways: Vec<(&'static str, &'static str)>,
    column_ways: Vec<(&'static str, &'static str)>,
    elements: Vec<(String, String)>,
    /// The item's materials, which a file may be.
    materials: Vec<(String, String)>,
    groups: Vec<String>,
    /// The form as applicants see it; empty while it cannot be shown.
    preview: String,
    /// A form that the editor cannot show, with the reason.
    unreadable: Option<String>,
}

struct RowView {
    place: usize,
    row: Row,
    columns: Vec<ColumnView>,
    /// What is wrong with the columns as a whole.
    columns_wrong: Option<String>,
    is_first: bool,
    is_last: bool,
    /// Whether it is unfolded: a new question, and one with a mistake.
    is_open: bool,
    /// The questions before it, in its group, whose answer may decide.
    deciding: Vec<(String, String)>,
}

/// A column of a table.
struct ColumnView {
    /// What the names of its parts begin with.
    at: String,
    /// Its table's place and its own, as its buttons say it.
    place: String,
    column: Row,
}

/// The working copy of an item and what is being edited of it.
struct Work {
    item: ItemId,
    state: Arc<ItemState>,
}

impl Work {
    async fn on(rooms: &Rooms, caller: &Caller, item: &str) -> Result<(Self, i64), Failure> {
        let (item, version, state) = rooms.item(item).await?;
        require_edit(caller, item)?;
        Ok((Self { item, state }, version))
    }

    fn content(&self) -> Result<&ItemContent, Failure> {
        self.state.current().ok_or_else(Failure::not_found)
    }
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    let (work, version) = Work::on(&rooms, &caller, &item).await?;
    let form = &work.content()?.form;
    let title = form["title"].as_str().unwrap_or_default().to_owned();
    match rows(form) {
        Ok(rows) => show(&caller, &work, version, (rows, title), &FieldErrors::new()),
        Err(reason) => unreadable(&caller, &work, version, reason),
    }
}

pub(super) async fn send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (work, _) = Work::on(&rooms, &caller, &item).await?;
    let mut sent = Sent::read(pairs);
    let before = &work.content()?.form;
    change(&mut sent, before);
    let (version, title) = (sent.version, sent.title.clone());
    if sent.deed != Deed::Save {
        let shown = show(
            &caller,
            &work,
            version,
            (sent.rows, title),
            &FieldErrors::new(),
        )?;
        return Ok(shown.into_response());
    }
    let (form, errors) = checked(before, &sent);
    let Some(form) = form.filter(|_| errors.is_empty()) else {
        let shown = show(&caller, &work, version, (sent.rows, title), &errors)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    };
    let draft = ItemCommand::Draft {
        content: Box::new(ItemContent {
            form,
            ..work.content()?.clone()
        }),
    };
    let order = caller.order(Some(&sent.key), Expected::Version(version));
    let done = match rooms.send(work.item, draft, order).await {
        Ok(_) => "saved",
        Err(failure) if failure.code == "nothing_changed" => "unchanged",
        // Somebody else saved meanwhile: what was designed stays on the page.
        Err(failure) if failure.status == StatusCode::CONFLICT => {
            let mut errors = FieldErrors::new();
            errors.add("title", "您打开这一页以后，有人改过这个事项。请在另一个窗口看看改了什么；再按一次“保存”，就用这里的申请表，其他内容按别人改过的。");
            let (_, newest) = Work::on(&rooms, &caller, &item).await?;
            let shown = show(&caller, &work, newest, (sent.rows, title), &errors)?;
            return Ok((StatusCode::CONFLICT, shown).into_response());
        }
        Err(failure) => return Err(failure),
    };
    Ok(Redirect::to(&format!("/staff/items/{}?done={done}", work.item)).into_response())
}

fn designed(before: &Value, title: &str, rows: &[Row]) -> Value {
    let mut form = schema(before, rows, &elements());
    if !title.trim().is_empty() {
        form["title"] = json!(title.trim());
    }
    form
}

fn show(
    caller: &Caller,
    work: &Work,
    version: i64,
    (rows, title): (Vec<Row>, String),
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let content = work.content()?;
    let preview = match ItemForm::parse(&designed(&content.form, &title, &rows).to_string()) {
        Ok(form) => {
            let nothing = FieldErrors::new();
            // Where lists stand in the form, an example shows that there is one.
            form.render_all(
                &caller.page,
                &a_row_each(&form),
                &nothing,
                &wuchuang_webkit::forms::NoLists,
            )
            .map_err(Failure::internal)?
        }
        Err(_) => String::new(),
    };
    let mut groups: Vec<String> = Vec::new();
    for row in &rows {
        if !row.group.is_empty() && !groups.contains(&row.group) {
            groups.push(row.group.clone());
        }
    }
    let page = titled(caller, work, content).with_errors(!errors.is_empty());
    html(&DesignPage {
        page: &page,
        errors,
        item: work.item.to_string(),
        name: content.name.clone(),
        version,
        title,
        elements: elements()
            .into_iter()
            .filter(|element| rows.iter().all(|row| row.name != element.name))
            .map(|element| (element.name, element.label))
            .collect(),
        rows: views(rows, errors),
        materials: (content.materials.iter())
            .map(|material| (material.id.clone(), material.name.clone()))
            .collect(),
        ways: ways().collect(),
        column_ways: column_ways().collect(),
        groups,
        preview,
        unreadable: None,
    })
}

/// A row in each table, so that the preview shows its columns.
fn a_row_each(form: &ItemForm) -> Answers {
    let tables = form.fields().iter().filter(|field| field.table.is_some());
    tables
        .map(|field| (field.name.clone(), json!([{}])))
        .collect()
}

fn views(rows: Vec<Row>, errors: &FieldErrors) -> Vec<RowView> {
    let last = rows.len().saturating_sub(1);
    let deciding = |place: usize, row: &Row| {
        let before = rows[..place]
            .iter()
            .filter(|other| other.decides() && other.group == row.group)
            .map(|other| (other.name.clone(), other.label.clone()));
        let mut all: Vec<_> = before.collect();
        // A condition whose question was moved behind stays until its author decides; saving says what is wrong.
        if !row.when_field.is_empty() && all.iter().all(|(name, _)| name != &row.when_field) {
            let moved = rows.iter().find(|other| other.name == row.when_field);
            all.extend(moved.map(|other| (other.name.clone(), other.label.clone())));
        }
        all
    };
    let all: Vec<Vec<_>> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| deciding(place, row))
        .collect();
    rows.into_iter()
        .zip(all)
        .enumerate()
        .map(|(place, (row, deciding))| RowView {
            place,
            is_first: place == 0,
            is_last: place == last,
            columns_wrong: errors.of(&format!("r.{place}.columns")).map(str::to_owned),
            columns: row
                .columns
                .iter()
                .enumerate()
                .map(|(column, own)| ColumnView {
                    at: format!("r.{place}.c.{column}"),
                    place: format!("{place}.{column}"),
                    column: own.clone(),
                })
                .collect(),
            is_open: row.label.trim().is_empty()
                || row.is_open
                || (row.is_table() && row.columns.is_empty())
                || errors
                    .iter()
                    .any(|error| error.field.starts_with(&format!("r.{place}."))),
            row,
            deciding,
        })
        .collect()
}

fn titled(caller: &Caller, work: &Work, content: &ItemContent) -> PageContext {
    caller
        .page
        .clone()
        .titled("设计申请表")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{}", work.item))
}

/// A form that was written by hand and cannot be read is mended where it was written.
fn unreadable(
    caller: &Caller,
    work: &Work,
    version: i64,
    reason: String,
) -> Result<Html<String>, Failure> {
    let content = work.content()?;
    let page = titled(caller, work, content);
    html(&DesignPage {
        page: &page,
        errors: &FieldErrors::new(),
        item: work.item.to_string(),
        name: content.name.clone(),
        version,
        title: String::new(),
        rows: Vec::new(),
        ways: Vec::new(),
        column_ways: Vec::new(),
        elements: Vec::new(),
        materials: Vec::new(),
        groups: Vec::new(),
        preview: String::new(),
        unreadable: Some(reason),
    })
}
