//! The pages of organisations: the tree, one organisation with its history, and its form.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Region, StreamId};
use wuchuang_ledger::{ExecuteError, Expected, Order, Receipt, Stream};
use wuchuang_webkit::{
    Caller, Failure, Resource, forms::FieldErrors, markup::Choice, page::PageContext,
};

use super::{
    answers::{Answers, Sent},
    form_status,
    history::{HistoryLine, history},
    organisation_form::{Typed, details, typed},
};
use crate::{
    model::organisation::{OrganisationCommand, OrganisationKind, OrganisationStream},
    rooms::{Rooms, html, with_done},
};

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
    pub(super) done: Option<String>,
}

async fn choices(
    rooms: &Rooms,
    region: Region,
    own: Option<OrganisationId>,
) -> Result<Choices, Failure> {
    let directory = &rooms.directory;
    let county = directory.division(region, region.as_str()).await?;
    let county = county.map_or_else(|| region.to_string(), |county| county.name);
    let mut places = vec![Choice::new(region.as_str(), county)];
    let towns = directory.regions_children(region, region.as_str()).await?;
    places.extend(
        towns
            .into_iter()
            .map(|town| Choice::new(town.code, town.name)),
    );
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
            let lines = history(
                &rooms.directory,
                OrganisationStream::KIND,
                caller.region,
                stream,
            )
            .await?;
            let action = format!("/staff/organisations/{id}");
            (
                action,
                name.unwrap_or_default(),
                version,
                state.is_active,
                lines,
            )
        }
        None => (
            "/staff/organisations".into(),
            "登记机构".into(),
            0,
            true,
            Vec::new(),
        ),
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
        parent: stored
            .parent
            .map(|parent| parent.to_string())
            .unwrap_or_default(),
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

/// The organisation in an address.
pub(crate) fn read_id(id: &str) -> Result<OrganisationId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// Sends a command about an organisation.
pub(crate) async fn order(
    rooms: &Rooms,
    id: OrganisationId,
    command: OrganisationCommand,
    order: Order,
) -> Result<Receipt, ExecuteError> {
    rooms
        .directory
        .ledger()
        .execute::<OrganisationStream>(id.into(), command, order)
        .await
}

/// Enters an organisation, or changes the one that is named; or says what is wrong with which field. The order's key
/// names a new one, so that what is sent twice is one organisation.
///
/// # Errors
/// When the organisations cannot be read, or the ledger fails otherwise than by a rule.
pub(crate) async fn keep(
    rooms: &Rooms,
    own: Option<OrganisationId>,
    typed: &Typed,
    sent: Order,
) -> Result<Result<(OrganisationId, Receipt), FieldErrors>, Failure> {
    let id = own.unwrap_or_else(|| OrganisationId::from_u128(sent.command_id.uuid().as_u128()));
    let details = match details(rooms, sent.region, Some(id), typed).await? {
        Ok(details) => details,
        Err(errors) => return Ok(Err(errors)),
    };
    let command = if own.is_some() {
        OrganisationCommand::Change(details)
    } else {
        OrganisationCommand::Found(details)
    };
    match order(rooms, id, command, sent).await {
        Ok(receipt) => Ok(Ok((id, receipt))),
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            Ok(Err(errors))
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes what was typed, or shows the form again.
async fn save(
    rooms: &Rooms,
    caller: &Caller,
    own: Option<OrganisationId>,
    answers: &Answers,
) -> Result<Response, Failure> {
    let typed = typed(answers);
    let expected = if own.is_some() {
        answers.version()
    } else {
        Expected::Any
    };
    let sent = caller.order(answers.command_id(), expected);
    match keep(rooms, own, &typed, sent).await? {
        Ok((id, _)) => {
            let path = format!("/staff/organisations/{id}?done=saved");
            Ok(Redirect::to(if own.is_some() {
                &path
            } else {
                "/staff/organisations?done=saved"
            })
            .into_response())
        }
        Err(errors) => {
            let shown = Shown {
                id: own,
                typed,
                done: None,
                errors,
            };
            view(rooms, caller, shown).await
        }
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
    let sent = caller.order(answers.command_id(), Expected::Existing);
    order(&rooms, id, command, sent).await?;
    Ok(Redirect::to(&format!(
        "/staff/organisations/{id}?done=closed"
    )))
}

pub(super) async fn reopen(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Redirect, Failure> {
    let id = read_id(&id)?;
    let answers = Answers(sent.0);
    let sent = caller.order(answers.command_id(), Expected::Existing);
    order(&rooms, id, OrganisationCommand::Reopen, sent).await?;
    Ok(Redirect::to(&format!(
        "/staff/organisations/{id}?done=opened"
    )))
}
