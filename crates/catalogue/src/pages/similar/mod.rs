//! 归类合并 (acceptance row 1.12): which items are so alike that one may go into the other, which are kept together as one kind, and
//! which stay two and why. `group` writes one kind.

mod group;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure, Resource, Routes, Rule, forms::FieldErrors, page::PageContext,
};

use super::{html, item::name_of, moment, say};
use crate::{
    lists::Pair,
    model::grouping::{Apart, GroupingCommand, ItemGroups},
    rooms::Rooms,
};

pub(super) fn routes() -> Routes<Rooms> {
    let (list, publish) = (Rule::Act("item_list"), Rule::Act("item_publish"));
    Routes::new()
        .get("/staff/items/similar", list, page)
        .post("/staff/items/similar/apart", publish, apart_send)
        .post("/staff/items/similar/again", publish, again_send)
        .get("/staff/items/similar/groups/new", publish, group::new_page)
        .post("/staff/items/similar/groups/new", publish, group::new_send)
        .get(
            "/staff/items/similar/groups/{group}",
            publish,
            group::edit_page,
        )
        .post(
            "/staff/items/similar/groups/{group}",
            publish,
            group::edit_send,
        )
        .post(
            "/staff/items/similar/groups/{group}/dissolve",
            publish,
            group::dissolve_send,
        )
}

/// An item with its name, as a link.
struct Linked {
    item: String,
    name: String,
    /// Whether it is in force.
    stands: bool,
}

/// One kind.
struct GroupLine {
    number: u32,
    name: String,
    items: Vec<Linked>,
}

/// One pair that stays two.
struct ApartLine {
    one: Linked,
    other: Linked,
    reason: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "catalogue/similar.html")]
struct SimilarPage<'a> {
    page: &'a PageContext,
    /// How many items were compared.
    compared: usize,
    pairs: Vec<Pair>,
    groups: Vec<GroupLine>,
    apart: Vec<ApartLine>,
    /// Items that went into others of which nothing stands.
    lost: Vec<(ItemId, String)>,
    may_write: bool,
    typed: &'a ApartForm,
    errors: &'a FieldErrors,
}

/// What is said about two items.
#[derive(Default, Deserialize)]
pub(super) struct ApartForm {
    #[serde(default)]
    one: String,
    #[serde(default)]
    other: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    command_id: String,
}

impl ApartForm {
    fn pair(&self) -> Result<(ItemId, ItemId), Failure> {
        let read = |text: &str| text.parse().map_err(|_| Failure::not_found());
        Ok((read(&self.one)?, read(&self.other)?))
    }
}

#[derive(Default, Deserialize)]
pub(super) struct DoneQuery {
    done: Option<String>,
}

async fn page(
    State(rooms): State<Rooms>,
    mut caller: Caller,
    Query(query): Query<DoneQuery>,
) -> Result<Html<String>, Failure> {
    say(&mut caller.page, query.done.as_deref(), None);
    show(&rooms, caller, &ApartForm::default(), &FieldErrors::new()).await
}

async fn show(
    rooms: &Rooms,
    caller: Caller,
    typed: &ApartForm,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let (compared, pairs) = rooms.similar().await?;
    let (_, groups) = rooms.catalogue.groups().await?;
    let mut apart = Vec::new();
    for ((one, other), kept) in &groups.apart {
        apart.push(apart_line(rooms, &caller, (*one, *other), kept).await?);
    }
    let may_write = caller.may("item_publish", &Resource::default());
    let page = caller
        .page
        .titled("归类合并")
        .under("事项库", "/staff/items")
        .with_errors(!errors.is_empty());
    html(&SimilarPage {
        page: &page,
        compared,
        pairs,
        groups: group_lines(rooms, &groups).await?,
        apart,
        lost: rooms.catalogue.dead_ends(),
        may_write,
        typed,
        errors,
    })
}

/// An item by its name, in force or not.
async fn linked(rooms: &Rooms, item: ItemId) -> Result<Linked, Failure> {
    let (name, stands) = match rooms.catalogue.published(item) {
        Some(version) => (version.content.name.clone(), true),
        None => {
            let state = rooms.catalogue.state(item).await?;
            let name = state.and_then(|(_, state)| Some(state.current()?.name.clone()));
            (name.unwrap_or_default(), false)
        }
    };
    Ok(Linked {
        item: item.to_string(),
        name,
        stands,
    })
}

async fn group_lines(rooms: &Rooms, groups: &ItemGroups) -> Result<Vec<GroupLine>, Failure> {
    let mut lines = Vec::with_capacity(groups.groups.len());
    for (number, group) in &groups.groups {
        let mut items = Vec::with_capacity(group.items.len());
        for item in &group.items {
            items.push(linked(rooms, *item).await?);
        }
        lines.push(GroupLine {
            number: *number,
            name: group.name.clone(),
            items,
        });
    }
    Ok(lines)
}

async fn apart_line(
    rooms: &Rooms,
    caller: &Caller,
    (one, other): (ItemId, ItemId),
    kept: &Apart,
) -> Result<ApartLine, Failure> {
    Ok(ApartLine {
        one: linked(rooms, one).await?,
        other: linked(rooms, other).await?,
        reason: kept.reason.clone(),
        by: name_of(rooms, caller.region, kept.by).await?,
        at: moment(kept.at),
    })
}

async fn apart_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<ApartForm>,
) -> Result<Response, Failure> {
    let (one, other) = form.pair()?;
    let command = GroupingCommand::KeepApart {
        one,
        other,
        reason: form.reason.clone(),
    };
    let order = caller.order(Some(&form.command_id), Expected::Any);
    match rooms.group(command, order).await {
        Ok(_) => Ok(Redirect::to("/staff/items/similar?done=apart").into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            errors.add("reason", failure.public);
            let body = show(&rooms, caller, &form, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn again_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<ApartForm>,
) -> Result<Response, Failure> {
    let (one, other) = form.pair()?;
    let order = caller.order(Some(&form.command_id), Expected::Any);
    rooms
        .group(GroupingCommand::CompareAgain { one, other }, order)
        .await?;
    Ok(Redirect::to("/staff/items/similar?done=again").into_response())
}
