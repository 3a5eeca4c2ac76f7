//! 我的信息: a citizen completes name and number. A number that a counter already knows belongs to
//! that person, and the records are joined only when phone and name agree; otherwise a counter
//! must look at the identity card.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{PersonId, Rejection};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use crate::{
    model::citizen::{CitizenCommand, CitizenStream},
    rooms::{InSession, Rooms, html, way_back, with_done},
    session::{Holder, Stage, set_cookie},
    store::CitizenEntry,
};

#[derive(Deserialize)]
pub(crate) struct ProfileForm {
    #[serde(default)]
    command_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct ProfileQuery {
    #[serde(default)]
    back: String,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "access/profile.html")]
struct ProfilePage<'a> {
    page: &'a PageContext,
    typed_name: &'a str,
    typed_number: &'a str,
    masked_number: String,
    phone: String,
    back: &'a str,
    errors: &'a FieldErrors,
}

/// The citizen who asks, as they are registered.
pub(crate) async fn present(rooms: &Rooms, caller: &Caller) -> Result<CitizenEntry, Failure> {
    let person = caller
        .visitor
        .citizen()
        .ok_or_else(Failure::sign_in)?
        .person;
    rooms
        .directory
        .citizen(caller.region, person)
        .await?
        .ok_or_else(Failure::sign_in)
}

/// A citizen number as its page shows it; empty until it was given.
pub(crate) fn masked_number(number: &str) -> String {
    CitizenNumber::parse(number)
        .map(|number| number.masked())
        .unwrap_or_default()
}

fn view(
    caller: &Caller,
    entry: &CitizenEntry,
    typed: Option<&ProfileForm>,
    query: &ProfileQuery,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("我的信息")
        .under("我的", "/my")
        .with_errors(!errors.is_empty());
    let page = with_done(page, query.done.as_deref());
    let template = ProfilePage {
        page: &page,
        typed_name: typed.map_or(&entry.name, |form| &form.name),
        typed_number: typed.map_or("", |form| &form.number),
        masked_number: masked_number(&entry.number),
        phone: PhoneNumber::parse(&entry.phone)
            .map(|phone| phone.masked())
            .unwrap_or_default(),
        back: &query.back,
        errors,
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, html(&template)?).into_response())
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ProfileQuery>,
) -> Result<Response, Failure> {
    let entry = present(&rooms, &caller).await?;
    view(&caller, &entry, None, &query, &FieldErrors::new())
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    session: Option<InSession>,
    Form(mut form): Form<ProfileForm>,
) -> Result<Response, Failure> {
    let entry = present(&rooms, &caller).await?;
    if form.number.trim().is_empty() {
        // Nobody types their number again to mend their name.
        form.number.clone_from(&entry.number);
    }
    match complete(&rooms, &caller, &entry, &form).await {
        Ok(person) => {
            let path = way_back(&form.back, "/my/profile?done=profile").to_owned();
            let current = session.map(|session| session.0);
            // A new session also makes the new name show at once.
            let cookie = rooms
                .sessions
                .rotate(
                    caller.region,
                    current.as_deref(),
                    Holder::Citizen(person),
                    Stage::Full,
                )
                .await?;
            Ok((set_cookie(cookie), Redirect::to(&path)).into_response())
        }
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("number").to_owned();
            errors.add(field, caller.page.t(&rejection.public));
            if form.number == entry.number {
                form.number.clear();
            }
            let query = ProfileQuery {
                back: form.back.clone(),
                done: None,
            };
            view(&caller, &entry, Some(&form), &query, &errors)
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes name and number down; gives the person that the citizen is from now on.
async fn complete(
    rooms: &Rooms,
    caller: &Caller,
    entry: &CitizenEntry,
    form: &ProfileForm,
) -> Result<PersonId, ExecuteError> {
    let ledger = rooms.directory.ledger();
    if let Ok(number) = CitizenNumber::parse(&form.number)
        && let Some(known) = rooms
            .directory
            .citizen_find_by_number(caller.region, &number)
            .await?
        && known.person != entry.person
    {
        return join(rooms, caller, entry, &known, form.name.trim()).await;
    }
    let command = CitizenCommand::Complete {
        name: form.name.trim().to_owned(),
        number: form.number.clone(),
    };
    let order = caller.order(Some(&form.command_id), Expected::Existing);
    ledger
        .execute::<CitizenStream>(entry.person.into(), command, order)
        .await?;
    Ok(entry.person)
}

/// Joins the record known by phone to the one that a counter made.
async fn join(
    rooms: &Rooms,
    caller: &Caller,
    entry: &CitizenEntry,
    known: &CitizenEntry,
    name: &str,
) -> Result<PersonId, ExecuteError> {
    if known.name != name || known.phone.is_empty() || known.phone != entry.phone {
        return Err(Rejection::new(
            "number_elsewhere",
            "这个身份证号已在窗口登记，但姓名或手机号码与您填写的不一致。请核对；如果都没有错，请带身份证到任一窗口更新手机号码。",
        )
        .at("number")
        .into());
    }
    let ledger = rooms.directory.ledger();
    // First the phone leaves the one record, then it enters the other, so that it never signs two
    // people in. A break between the two is mended by the next sign-in with the same profile.
    let command = CitizenCommand::Join { into: known.person };
    let order = caller.order(None, Expected::Existing);
    ledger
        .execute::<CitizenStream>(entry.person.into(), command, order)
        .await?;
    let command = CitizenCommand::ProvePhone {
        phone: entry.phone.clone(),
    };
    let order = caller.order(None, Expected::Existing);
    ledger
        .execute::<CitizenStream>(known.person.into(), command, order)
        .await?;
    Ok(known.person)
}
