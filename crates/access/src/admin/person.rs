//! One member of staff: what is written down, posts, password, account, history.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Role, StreamId};
use wuchuang_ledger::{ExecuteError, Expected, Order, Receipt, Stream};
use wuchuang_webkit::{Caller, Failure, Resource, forms::FieldErrors, page::PageContext};

use super::{
    answers::{Answers, Sent},
    form_status,
    history::{HistoryLine, history},
};
use crate::{
    model::staff::{StaffCommand, StaffStream},
    rooms::{Rooms, html, with_done},
};

/// A post as the person's page shows it.
struct PostLine {
    id: String,
    organisation: String,
    title: String,
    roles: String,
    reach: String,
    from: String,
}

/// What the visitor may do on the page.
struct Deeds {
    /// Mend and close the account.
    manage: bool,
    /// Give and end posts.
    give: bool,
}

#[derive(Template)]
#[template(path = "access/person.html")]
struct PersonPage<'a> {
    page: &'a PageContext,
    person: PersonId,
    version: i64,
    account: &'a str,
    typed_name: &'a str,
    phone: &'a str,
    is_active: bool,
    has_factor: bool,
    posts: &'a [PostLine],
    may: Deeds,
    lines: &'a [HistoryLine],
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/one_time_password.html")]
struct PasswordPage<'a> {
    page: &'a PageContext,
    person: PersonId,
    account: &'a str,
    password: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// The person in an address.
pub(crate) fn read_person(id: &str) -> Result<PersonId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// The page that shows a one-time password, once: it is nowhere stored.
pub(super) fn one_time_password_page(
    caller: &Caller,
    person: PersonId,
    account: &str,
    password: &str,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("一次性密码")
        .under("人员与岗位", "/staff/people");
    let template = PasswordPage {
        page: &page,
        person,
        account,
        password,
    };
    Ok(html(&template)?.into_response())
}

async fn post_lines(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
) -> Result<Vec<PostLine>, Failure> {
    let directory = &rooms.directory;
    let mut lines = Vec::new();
    for post in directory.posts_of(caller.region, person).await? {
        let organisation = directory
            .organisation_name(caller.region, post.organisation)
            .await?;
        let reach = directory
            .division(caller.region, post.reach.as_str())
            .await?;
        let roles: Vec<&str> = post.roles.iter().copied().map(Role::name).collect();
        lines.push(PostLine {
            id: post.id.to_string(),
            organisation: organisation.to_string(),
            title: post.title,
            roles: roles.join("、"),
            reach: reach.map_or_else(|| post.reach.to_string(), |reach| reach.name),
            from: post.from.to_string(),
        });
    }
    Ok(lines)
}

async fn view(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    done: Option<&str>,
    typed: Option<&Answers>,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let stream = StreamId::from(person);
    let ledger = rooms.directory.ledger();
    let (version, state) = ledger
        .load::<StaffStream>(caller.region, stream)
        .await?
        .ok_or_else(Failure::not_found)?;
    let lines = history(&rooms.directory, StaffStream::KIND, caller.region, stream).await?;
    let title = if state.name.is_empty() {
        &state.account
    } else {
        &state.name
    };
    let page = caller
        .page
        .clone()
        .titled(title)
        .under("人员与岗位", "/staff/people")
        .with_errors(!errors.is_empty());
    let page = with_done(page, done);
    let template = PersonPage {
        page: &page,
        person,
        version,
        account: &state.account,
        typed_name: typed.map_or(&state.name, |typed| typed.text("name")),
        phone: typed.map_or(&state.phone, |typed| typed.text("phone")),
        is_active: state.is_active,
        has_factor: rooms.secrets.has_factor(caller.region, person).await?,
        posts: &post_lines(rooms, caller, person).await?,
        may: Deeds {
            manage: caller.may("people_manage", &Resource::default()),
            give: caller.may("roles_manage", &Resource::default()),
        },
        lines: &lines,
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let person = read_person(&person)?;
    let done = query.done.as_deref();
    view(&rooms, &caller, person, done, None, &FieldErrors::new()).await
}

/// Sends a command about a member of staff. Whoever is blocked is signed out everywhere.
///
/// # Errors
/// When the sessions cannot be ended; what the ledger says is inside.
pub(crate) async fn write(
    rooms: &Rooms,
    person: PersonId,
    command: StaffCommand,
    order: Order,
) -> Result<Result<Receipt, ExecuteError>, Failure> {
    let region = order.region;
    let is_block = matches!(command, StaffCommand::Deactivate { .. });
    let sent = rooms
        .directory
        .ledger()
        .execute::<StaffStream>(person.into(), command, order)
        .await;
    if is_block && sent.is_ok() {
        rooms.sessions.end_all(region, person).await?;
    }
    Ok(sent)
}

/// Sets a new one-time password and ends every session; gives account and password, which is told this once.
///
/// # Errors
/// 404 when there is no such member of staff; or when it cannot be written.
pub(crate) async fn new_password(
    rooms: &Rooms,
    person: PersonId,
    order: Order,
) -> Result<(String, String), Failure> {
    let region = order.region;
    let entry = rooms
        .directory
        .staff(region, person)
        .await?
        .ok_or_else(Failure::not_found)?;
    write(rooms, person, StaffCommand::NotePasswordReset, order).await??;
    let password = rooms.secrets.passwords.one_time();
    rooms
        .secrets
        .set_password(region, person, &password, true)
        .await?;
    rooms.sessions.end_all(region, person).await?;
    Ok((entry.account, password))
}

/// Takes the second factor off an account.
///
/// # Errors
/// When there is no such member of staff, or it cannot be written.
pub(crate) async fn drop_factor(
    rooms: &Rooms,
    person: PersonId,
    order: Order,
) -> Result<(), Failure> {
    let region = order.region;
    write(rooms, person, StaffCommand::NoteFactorRemoved, order).await??;
    rooms.secrets.remove_factor(region, person).await?;
    Ok(())
}

/// Sends a command of the person's page; a refusal shows the page again with the sentence.
async fn send(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    command: StaffCommand,
    answers: &Answers,
    done: &str,
) -> Result<Response, Failure> {
    let order = caller.order(answers.command_id(), answers.version());
    match write(rooms, person, command, order).await? {
        Ok(_) => Ok(Redirect::to(&format!("/staff/people/{person}?done={done}")).into_response()),
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            let typed = Some(answers).filter(|answers| !answers.text("name").is_empty());
            view(rooms, caller, person, None, typed, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn correct(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let command = StaffCommand::Correct {
        name: answers.text("name").to_owned(),
        phone: answers.text("phone").to_owned(),
    };
    send(
        &rooms,
        &caller,
        read_person(&person)?,
        command,
        &answers,
        "saved",
    )
    .await
}

pub(super) async fn deactivate(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (person, answers) = (read_person(&person)?, Answers(sent.0));
    let command = StaffCommand::Deactivate {
        reason: answers.text("reason").to_owned(),
    };
    send(&rooms, &caller, person, command, &answers, "closed").await
}

pub(super) async fn reactivate(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let person = read_person(&person)?;
    send(
        &rooms,
        &caller,
        person,
        StaffCommand::Reactivate,
        &answers,
        "opened",
    )
    .await
}

pub(super) async fn reset_password(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (person, answers) = (read_person(&person)?, Answers(sent.0));
    let order = caller.order(answers.command_id(), Expected::Existing);
    let (account, password) = new_password(&rooms, person, order).await?;
    one_time_password_page(&caller, person, &account, &password)
}

pub(super) async fn remove_factor(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (person, answers) = (read_person(&person)?, Answers(sent.0));
    let order = caller.order(answers.command_id(), Expected::Existing);
    drop_factor(&rooms, person, order).await?;
    Ok(Redirect::to(&format!("/staff/people/{person}?done=factor_off")).into_response())
}
