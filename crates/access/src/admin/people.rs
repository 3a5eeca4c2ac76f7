//! The list of staff with search and filter, and the form that enters a new one.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region, Role};
use wuchuang_ledger::{ExecuteError, Expected, Order};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use super::{
    answers::{Answers, Sent},
    form_status,
    person::one_time_password_page,
};
use crate::{
    model::staff::{StaffCommand, StaffStream},
    rooms::{Rooms, html},
    store::{StaffEntry, StaffFilter},
};

/// How many people a page of the list shows.
const PAGE: i64 = 50;

/// The filter, as the address carries it.
#[derive(Deserialize, Default)]
pub(super) struct PeopleQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    after: String,
}

struct Line {
    entry: StaffEntry,
    posts: String,
}

#[derive(Template)]
#[template(path = "access/people.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    query: &'a PeopleQuery,
    lines: &'a [Line],
    organisations: &'a [Choice],
    roles: &'a [Choice],
    links: &'a CursorLinks,
    may_manage: bool,
    no_errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/person_new.html")]
struct NewPage<'a> {
    page: &'a PageContext,
    account: &'a str,
    typed_name: &'a str,
    phone: &'a str,
    errors: &'a FieldErrors,
}

/// The organisations that can be chosen.
pub(super) async fn organisation_choices(
    rooms: &Rooms,
    region: Region,
) -> Result<Vec<Choice>, Failure> {
    let all = rooms.directory.organisations(region).await?;
    Ok(all
        .into_iter()
        .filter(|organisation| organisation.is_active)
        .map(|organisation| Choice::new(organisation.id.to_string(), organisation.name))
        .collect())
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Failure> {
    let filter = StaffFilter {
        text: query.q.chars().take(40).collect(),
        organisation: query.organisation.parse().ok(),
        role: Role::from_code(&query.role),
        after: query.after.clone(),
        limit: PAGE + 1,
    };
    let mut entries = rooms.directory.staff_list(caller.region, &filter).await?;
    let has_more = entries.len() > 50;
    entries.truncate(50);
    let next = entries.last().filter(|_| has_more).map(|last| {
        // Account names and codes need no encoding; the searched text is left to the form.
        let text: String = query
            .q
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!(
            "/staff/people?after={}&organisation={}&role={}&q={text}",
            last.account,
            filter
                .organisation
                .map(|id| id.to_string())
                .unwrap_or_default(),
            filter.role.map(Role::code).unwrap_or_default(),
        )
    });
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let posts = posts_in_words(&rooms, caller.region, entry.person).await?;
        lines.push(Line { entry, posts });
    }
    let roles: Vec<Choice> = Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.code(), role.name()))
        .collect();
    let page = caller.page.clone().titled("人员与岗位");
    let template = ListPage {
        page: &page,
        query: &query,
        lines: &lines,
        organisations: &organisation_choices(&rooms, caller.region).await?,
        roles: &roles,
        links: &CursorLinks {
            next,
            ..CursorLinks::default()
        },
        may_manage: caller.may("people_manage", &Resource::default()),
        no_errors: &FieldErrors::new(),
    };
    Ok(html(&template)?.into_response())
}

async fn posts_in_words(
    rooms: &Rooms,
    region: Region,
    person: PersonId,
) -> Result<String, Failure> {
    let mut words = Vec::new();
    for post in rooms.directory.posts_of(region, person).await? {
        let organisation = rooms
            .directory
            .organisation_name(region, post.organisation)
            .await?;
        words.push(format!("{organisation} · {}", post.title));
    }
    Ok(words.join("；"))
}

fn new_view(caller: &Caller, answers: &Answers, errors: &FieldErrors) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("登记人员")
        .under("人员与岗位", "/staff/people")
        .with_errors(!errors.is_empty());
    let template = NewPage {
        page: &page,
        account: answers.text("account"),
        typed_name: answers.text("name"),
        phone: answers.text("phone"),
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn new_page(caller: Caller) -> Result<Response, Failure> {
    new_view(&caller, &Answers(Vec::new()), &FieldErrors::new())
}

/// Enters a member of staff and gives the one-time password.
pub(crate) async fn register_with_password(
    rooms: &Rooms,
    account: &str,
    name: &str,
    phone: &str,
    order: Order,
) -> Result<(PersonId, String), RegisterError> {
    let region = order.region;
    let person = rooms.directory.staff_id(region, account);
    let command = StaffCommand::Register {
        account: account.to_owned(),
        name: name.to_owned(),
        phone: phone.to_owned(),
    };
    rooms
        .directory
        .ledger()
        .execute::<StaffStream>(person.into(), command, order)
        .await?;
    let password = rooms.secrets.passwords.one_time();
    let set = rooms
        .secrets
        .set_password(region, person, &password, true)
        .await;
    set.map_err(|error| RegisterError::Other(error.into()))?;
    Ok((person, password))
}

/// Why somebody was not entered.
#[derive(Debug)]
pub(crate) enum RegisterError {
    Execute(ExecuteError),
    Other(Failure),
}

impl From<ExecuteError> for RegisterError {
    fn from(error: ExecuteError) -> Self {
        Self::Execute(error)
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Execute(error) => error.into(),
            RegisterError::Other(failure) => failure,
        }
    }
}

pub(super) async fn register(
    State(rooms): State<Rooms>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let account = answers.text("account").to_lowercase();
    let order = caller.order(answers.command_id(), Expected::Any);
    let (name, phone) = (answers.text("name"), answers.text("phone"));
    match register_with_password(&rooms, &account, name, phone, order).await {
        Ok((person, password)) => one_time_password_page(&caller, person, &account, &password),
        Err(RegisterError::Execute(ExecuteError::Rejected(rejection))) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("account").to_owned();
            errors.add(field, rejection.public);
            new_view(&caller, &answers, &errors)
        }
        Err(error) => Err(error.into()),
    }
}
