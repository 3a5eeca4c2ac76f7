//! The pages of organisations: the tree, one organisation with its history, and its form.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Region, StreamId};
use wuchuang_ledger::{ExecuteError, Expected, Order, Stream};
use wuchuang_webkit::{
    Caller, Failure, Resource, forms::FieldErrors, markup::Choice, page::PageContext,
};

use super::{
    answers::{Answers, Sent},
    form_status,
    history::{HistoryLine, history},
};
use crate::{
    model::organisation::{
        OrganisationCommand, OrganisationDetails, OrganisationKind, OrganisationStream,
    },
    rooms::{Rooms, html, with_done},
    store::Organisation,
};

/// One line of the tree.
struct TreeLine {
    organisation: Organisation,
    depth: usize,
}

#[derive(Template)]
#[template(path = "access/organisations.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: &'a [TreeLine],
    may_manage: bool,
}

/// What the form shows: what was typed, or what is stored.
#[derive(Default)]
struct Typed {
    title: String,
    short_code: String,
    kind: String,
    credit_code: String,
    place: String,
    parent: String,
    phone: String,
    address: String,
}

/// What a form offers to choose from.
struct Choices {
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    parents: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "access/organisation.html")]
struct OrganisationPage<'a> {
    page: &'a PageContext,
    action: &'a str,
    typed: &'a Typed,
    choices: &'a Choices,
    version: i64,
    is_new: bool,
    is_active: bool,
    may_manage: bool,
    lines: &'a [HistoryLine],
    errors: &'a FieldErrors,
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let lines = tree(rooms.directory.organisations(caller.region).await?);
    let page = with_done(caller.page.clone().titled("机构"), query.done.as_deref());
    let template = ListPage {
        page: &page,
        lines: &lines,
        may_manage: caller.may("people_manage", &Resource::default()),
    };
    Ok(html(&template)?.into_response())
}

/// The organisations in the order of the tree: each under the one above it.
fn tree(organisations: Vec<Organisation>) -> Vec<TreeLine> {
    let there: HashSet<OrganisationId> = organisations.iter().map(|one| one.id).collect();
    let mut below: HashMap<Option<OrganisationId>, Vec<Organisation>> = HashMap::new();
    for organisation in organisations.into_iter().rev() {
        let parent = organisation.parent.filter(|parent| there.contains(parent));
        below.entry(parent).or_default().push(organisation);
    }
    let mut lines = Vec::new();
    let mut waiting: Vec<(usize, Organisation)> = Vec::new();
    waiting.extend(below.remove(&None).unwrap_or_default().into_iter().map(|one| (0, one)));
    while let Some((depth, organisation)) = waiting.pop() {
        let children = below.remove(&Some(organisation.id)).unwrap_or_default();
        waiting.extend(children.into_iter().map(|one| (depth + 1, one)));
        lines.push(TreeLine {
            organisation,
            depth,
        });
    }
    lines
}

async fn choices(rooms: &Rooms, region: Region, own: Option<OrganisationId>) -> Result<Choices, Failure> {
    let directory = &rooms.directory;
    let county = directory.division(region, region.as_str()).await?;
    let county = county.map_or_else(|| region.to_string(), |county| county.name);
    let mut places = vec![Choice::new(region.as_str(), county)];
    let towns = directory.regions_children(region, region.as_str()).await?;
    places.extend(towns.into_iter().map(|town| Choice::new(town.code, town.name)));
    let parents = directory.organisations(region).await?;
    Ok(Choices {
        kinds: OrganisationKind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.code(), kind.name()))
            .collect(),
        places,
        parents: parents
            .into_iter()
            .filter(|parent| parent.is_active && Some(parent.id) != own)
            .map(|parent| Choice::new(parent.id.to_string(), parent.name))
            .collect(),
    })
}

/// What the page shows besides the form.
struct Shown<'a> {
    id: Option<OrganisationId>,
    typed: Typed,
    done: Option<&'a str>,
    errors: FieldErrors,
}

async fn view(rooms: &Rooms, caller: &Caller, shown: Shown<'_>) -> Result<Response, Failure> {
    let choices = choices(rooms, caller.region, shown.id).await?;
    let (action, title, version, is_active, lines) = match shown.id {
        Some(id) => {
            let stream = StreamId::from(id);
            let ledger = rooms.directory.ledger();
            let (version, state) = ledger
                .load::<OrganisationStream>(caller.region, stream)
                .await?
                .ok_or_else(Failure::not_found)?;
            let name = state.details.as_ref().map(|details| details.name.clone());
            let lines =
                history(&rooms.directory, OrganisationStream::KIND, caller.region, stream).await?;
            let action = format!("/staff/organisations/{id}");
            (action, name.unwrap_or_default(), version, state.is_active, lines)
        }
        None => ("/staff/organisations".into(), "登记机构".into(), 0, true, Vec::new()),
    };
    let has_errors = !shown.errors.is_empty();
    let page = caller
        .page
        .clone()
        .titled(&title)
        .under("机构", "/staff/organisations")
        .with_errors(has_errors);
    let page = with_done(page, shown.done);
    let template = OrganisationPage {
        page: &page,
        action: &action,
        typed: &shown.typed,
        choices: &choices,
        version,
        is_new: shown.id.is_none(),
        is_active,
        may_manage: caller.may("people_manage", &Resource::default()),
        lines: &lines,
        errors: &shown.errors,
    };
    Ok((form_status(has_errors), html(&template)?).into_response())
}

pub(super) async fn new_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    let typed = Typed {
        kind: OrganisationKind::Department.code().to_owned(),
        place: caller.region.to_string(),
        ..Typed::default()
    };
    let shown = Shown {
        id: None,
        typed,
        done: None,
        errors: FieldErrors::new(),
    };
    view(&rooms, &caller, shown).await
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let stored = rooms
        .directory
        .organisation(caller.region, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let typed = Typed {
        title: stored.name,
        short_code: stored.short_code,
        kind: stored.kind.code().to_owned(),
        credit_code: stored.credit_code,
        place: stored.place.to_string(),
        parent: stored.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        phone: stored.phone,
        address: stored.address,
    };
    let shown = Shown {
        id: Some(id),
        typed,
        done: query.done.as_deref(),
        errors: FieldErrors::new(),
    };
    view(&rooms, &caller, shown).await
}

fn read_id(id: &str) -> Result<OrganisationId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

fn typed(answers: &Answers) -> Typed {
    let text = |name| answers.text(name).chars().take(200).collect();
    Typed {
        title: text("name"),
        short_code: answers.text("short_code").to_uppercase().chars().take(20).collect(),
        kind: text("kind"),
        credit_code: text("credit_code"),
        place: text("place"),
        parent: text("parent"),
        phone: text("phone"),
        address: text("address"),
    }
}

/// The details that were typed, checked against the other organisations.
async fn details(
    rooms: &Rooms,
    region: Region,
    own: Option<OrganisationId>,
    typed: &Typed,
) -> Result<Result<OrganisationDetails, FieldErrors>, Failure> {
    let mut errors = FieldErrors::new();
    let kind = OrganisationKind::from_code(&typed.kind);
    if kind.is_none() {
        errors.add("kind", "请选择机构类型。");
    }
    let place = typed.place.parse::<Region>();
    if place.is_err() {
        errors.add("place", "请选择服务区域。");
    }
    let parent = Some(typed.parent.as_str()).filter(|parent| !parent.is_empty());
    let parent = parent.and_then(|parent| parent.parse::<OrganisationId>().ok());
    let all = rooms.directory.organisations(region).await?;
    let others = || all.iter().filter(|other| Some(other.id) != own && other.is_active);
    if let Some(other) = others().find(|other| other.short_code == typed.short_code) {
        errors.add("short_code", format!("简码{}已由{}使用，请换一个。", other.short_code, other.name));
    }
    if let Some(other) = others().find(|other| other.name == typed.title) {
        errors.add("name", format!("已经有名为“{}”的机构，请检查是否重复登记。", other.name));
    }
    if is_circle(&all, own, parent) {
        errors.add("parent", "上级机构不能是它自己的下级，请重新选择。");
    }
    let (Some(kind), Ok(place), true) = (kind, place, errors.is_empty()) else {
        return Ok(Err(errors));
    };
    Ok(Ok(OrganisationDetails {
        name: typed.title.clone(),
        short_code: typed.short_code.clone(),
        kind,
        credit_code: typed.credit_code.clone(),
        place,
        parent,
        phone: typed.phone.clone(),
        address: typed.address.clone(),
    }))
}

/// Whether an organisation would come to stand above itself.
fn is_circle(
    all: &[Organisation],
    own: Option<OrganisationId>,
    parent: Option<OrganisationId>,
) -> bool {
    let Some(own) = own else {
        return false;
    };
    let mut next = parent;
    for _ in 0..=all.len() {
        match next {
            None => return false,
            Some(above) if above == own => return true,
            Some(above) => {
                next = all.iter().find(|one| one.id == above).and_then(|one| one.parent);
            }
        }
    }
    true
}

async fn write(
    rooms: &Rooms,
    id: OrganisationId,
    command: OrganisationCommand,
    order: Order,
) -> Result<(), ExecuteError> {
    rooms
        .directory
        .ledger()
        .execute::<OrganisationStream>(id.into(), command, order)
        .await?;
    Ok(())
}

/// Writes what was typed, or shows the form again.
async fn save(
    rooms: &Rooms,
    caller: &Caller,
    own: Option<OrganisationId>,
    answers: &Answers,
) -> Result<Response, Failure> {
    let typed = typed(answers);
    let again = |typed: Typed, errors: FieldErrors| Shown {
        id: own,
        typed,
        done: None,
        errors,
    };
    let details = match details(rooms, caller.region, own, &typed).await? {
        Ok(details) => details,
        Err(errors) => return view(rooms, caller, again(typed, errors)).await,
    };
    let ledger = rooms.directory.ledger();
    let (id, command, expected) = match own {
        Some(id) => (id, OrganisationCommand::Change(details), answers.version()),
        None => (
            OrganisationId::generate(caller.now, ledger.randomness().as_ref()),
            OrganisationCommand::Found(details),
            Expected::Any,
        ),
    };
    let order = caller.order(answers.command_id(), expected);
    match write(rooms, id, command, order).await {
        Ok(()) => {
            let path = format!("/staff/organisations/{id}?done=saved");
            Ok(Redirect::to(if own.is_some() { &path } else { "/staff/organisations?done=saved" })
                .into_response())
        }
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            view(rooms, caller, again(typed, errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn found(
    State(rooms): State<Rooms>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Failure> {
    save(&rooms, &caller, None, &Answers(sent.0)).await
}

pub(super) async fn change(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    save(&rooms, &caller, Some(read_id(&id)?), &Answers(sent.0)).await
}

pub(super) async fn close(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Redirect, Failure> {
    let id = read_id(&id)?;
    let answers = Answers(sent.0);
    let command = OrganisationCommand::Close {
        reason: answers.text("reason").to_owned(),
    };
    write(&rooms, id, command, caller.order(answers.command_id(), Expected::Existing)).await?;
    Ok(Redirect::to(&format!("/staff/organisations/{id}?done=closed")))
}

pub(super) async fn reopen(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Redirect, Failure> {
    let id = read_id(&id)?;
    let answers = Answers(sent.0);
    let order = caller.order(answers.command_id(), Expected::Existing);
    write(&rooms, id, OrganisationCommand::Reopen, order).await?;
    Ok(Redirect::to(&format!("/staff/organisations/{id}?done=opened")))
}
