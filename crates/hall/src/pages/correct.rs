//! 更正: a citizen's name, number or phone is mended at the counter, before the identity card and with a reason that stays
//! on the ledger (个人信息保护法 art. 46). Citizens are sent here where they may not mend it themselves.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_access::{CitizenEntry, model::citizen::CitizenCorrection};
use wuchuang_codes::mask_citizen_number;
use wuchuang_kernel::{Channel, PersonId};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use crate::rooms::{Rooms, html, html_again, id};

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CorrectionForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    command_id: String,
}

#[derive(Template)]
#[template(path = "hall/correct.html")]
struct CorrectPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    back: String,
    number_masked: String,
    phone_is_proved: bool,
    form: &'a CorrectionForm,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Failure> {
    let citizen = rooms.citizen(&caller, id(&person)?).await?;
    let form = CorrectionForm {
        name: citizen.name.clone(),
        phone: citizen.phone.clone(),
        ..CorrectionForm::default()
    };
    show(&caller, &citizen, &form, &FieldErrors::new())
}

pub(super) async fn send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Form(form): Form<CorrectionForm>,
) -> Result<Response, Failure> {
    let citizen = rooms.citizen(&caller, id(&person)?).await?;
    let correction = CitizenCorrection {
        name: form.name.trim().to_owned(),
        number: form.number.trim().to_owned(),
        phone: form.phone.trim().to_owned(),
        reason: form.reason.trim().to_owned(),
    };
    let order = caller.order_through(Channel::Counter, Some(&form.command_id), Expected::Existing);
    let mended = rooms
        .directory()
        .citizen_correct(citizen.person, correction, order)
        .await;
    match mended {
        Ok(()) => Ok(Redirect::to(&desk_of(citizen.person)).into_response()),
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            show(&caller, &citizen, &form, &errors)
        }
        Err(error) => Err(error.into()),
    }
}

fn desk_of(person: PersonId) -> String {
    format!("/staff/counter?person={person}")
}

fn show(
    caller: &Caller,
    citizen: &CitizenEntry,
    form: &CorrectionForm,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("更正申请人资料")
        .under("窗口收件", "/staff/counter")
        .with_errors(!errors.is_empty());
    let template = CorrectPage {
        page: &page,
        errors,
        path: format!("/staff/counter/people/{}/correct", citizen.person),
        back: desk_of(citizen.person),
        number_masked: mask_citizen_number(&citizen.number),
        phone_is_proved: citizen.phone_is_proved,
        form,
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}
