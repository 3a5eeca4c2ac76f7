//! One kind of items (归类): its name and its items, one a line, as names or codes. Two people at once: the second is told.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::super::html;
use crate::{
    model::grouping::{GROUP_ITEMS_MAX, GROUP_NAME_CHARACTERS_MAX, GroupingCommand},
    named::{named, written},
    rooms::Rooms,
};

#[derive(Template)]
#[template(path = "catalogue/group.html")]
struct GroupPage<'a> {
    page: &'a PageContext,
    action: String,
    /// Where it is taken apart; empty for a new one.
    dissolve: String,
    name_length_max: usize,
    typed: &'a GroupForm,
    errors: &'a FieldErrors,
}

#[derive(Default, Deserialize)]
pub(super) struct GroupForm {
    #[serde(default)]
    name: String,
    /// One item a line.
    #[serde(default)]
    items: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    command_id: String,
}

/// The items with which a new kind begins.
#[derive(Default, Deserialize)]
pub(super) struct NewQuery {
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
}

/// Items as the field holds them, one a line; what is not in force any more is left out.
fn lines(rooms: &Rooms, items: impl Iterator<Item = ItemId>) -> String {
    let found = items.filter_map(|item| rooms.catalogue.published(item));
    let lines: Vec<String> = found.map(|version| written(&version)).collect();
    lines.join("\n")
}

/// The items that somebody wrote, or what is wrong with which line.
fn read(rooms: &Rooms, text: &str) -> Result<Vec<ItemId>, String> {
    let lines = text.lines().map(str::trim).enumerate();
    let lines: Vec<_> = lines.filter(|(_, line)| !line.is_empty()).collect();
    if lines.len() > GROUP_ITEMS_MAX {
        return Err(format!(
            "一类最多 {GROUP_ITEMS_MAX} 个事项，现在写了 {} 行。请减少。",
            lines.len()
        ));
    }
    let read = |(number, line): (usize, &str)| {
        let found = named(&rooms.catalogue, line).map(|version| version.id);
        found.map_err(|wrong| format!("第 {} 行：{wrong}", number + 1))
    };
    lines.into_iter().map(read).collect()
}

fn show(
    caller: Caller,
    group: Option<u32>,
    typed: &GroupForm,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let (title, path) = match group {
        Some(number) => ("修改归类", number.to_string()),
        None => ("归为一类", "new".to_owned()),
    };
    let page = caller
        .page
        .titled(title)
        .under("事项库", "/staff/items")
        .under("归类合并", "/staff/items/similar")
        .with_errors(!errors.is_empty());
    let action = format!("/staff/items/similar/groups/{path}");
    html(&GroupPage {
        page: &page,
        dissolve: group.map_or_else(String::new, |_| format!("{action}/dissolve")),
        action,
        name_length_max: GROUP_NAME_CHARACTERS_MAX,
        typed,
        errors,
    })
}

pub(super) async fn new_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<NewQuery>,
) -> Result<Html<String>, Failure> {
    let (version, _) = rooms.catalogue.groups().await?;
    let begun = [query.one, query.other].into_iter();
    let typed = GroupForm {
        items: lines(&rooms, begun.filter_map(|item| item.parse().ok())),
        version,
        ..GroupForm::default()
    };
    show(caller, None, &typed, &FieldErrors::new())
}

fn number(group: &str) -> Result<u32, Failure> {
    group.parse().map_err(|_| Failure::not_found())
}

pub(super) async fn edit_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(group): Path<String>,
) -> Result<Html<String>, Failure> {
    let number = number(&group)?;
    let (version, groups) = rooms.catalogue.groups().await?;
    let group = groups.groups.get(&number).ok_or_else(Failure::not_found)?;
    let typed = GroupForm {
        name: group.name.clone(),
        items: lines(&rooms, group.items.iter().copied()),
        version,
        ..GroupForm::default()
    };
    show(caller, Some(number), &typed, &FieldErrors::new())
}

pub(super) async fn new_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<GroupForm>,
) -> Result<Response, Failure> {
    send(&rooms, caller, None, form).await
}

pub(super) async fn edit_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(group): Path<String>,
    Form(form): Form<GroupForm>,
) -> Result<Response, Failure> {
    let number = number(&group)?;
    send(&rooms, caller, Some(number), form).await
}

async fn send(
    rooms: &Rooms,
    caller: Caller,
    group: Option<u32>,
    form: GroupForm,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    match read(rooms, &form.items) {
        Err(wrong) => errors.add("items", wrong),
        Ok(items) => {
            let name = form.name.clone();
            let command = GroupingCommand::Group { group, name, items };
            let order = caller.order(Some(&form.command_id), Expected::Version(form.version));
            match rooms.group(command, order).await {
                Ok(_) => {
                    let done = "/staff/items/similar?done=grouped";
                    return Ok(Redirect::to(done).into_response());
                }
                Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
                    let field = failure.field.as_deref().unwrap_or("items").to_owned();
                    errors.add(field, failure.public);
                }
                Err(failure) => return Err(failure),
            }
        }
    }
    let body = show(caller, group, &form, &errors)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}

pub(super) async fn dissolve_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(group): Path<String>,
    Form(form): Form<GroupForm>,
) -> Result<Response, Failure> {
    let group = number(&group)?;
    let order = caller.order(Some(&form.command_id), Expected::Any);
    rooms
        .group(GroupingCommand::Dissolve { group }, order)
        .await?;
    Ok(Redirect::to("/staff/items/similar?done=dissolved").into_response())
}
