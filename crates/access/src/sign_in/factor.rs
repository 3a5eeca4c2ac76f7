//! The page on which staff set up their second factor or take it off.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_webkit::{
    Caller, Failure, assets, forms::FieldErrors, page::PageContext, throttle::Address,
};

use super::{
    own::{Done, account_of},
    staff::wait_sentence,
};
use crate::rooms::{Rooms, html, staff, with_done};

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "access/staff_factor.html")]
struct FactorPage<'a> {
    page: &'a PageContext,
    secret: &'a str,
    picture: Option<String>,
    recovery_codes: &'a [String],
    is_on: bool,
    errors: &'a FieldErrors,
}

async fn factor_view(
    rooms: &Rooms,
    caller: &Caller,
    recovery_codes: &[String],
    done: Option<&str>,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let present = staff(caller)?;
    let is_on = rooms
        .secrets
        .has_factor(caller.region, present.person)
        .await?;
    let secret = rooms
        .secrets
        .begin_factor(caller.region, present.person)
        .await?
        .unwrap_or_default();
    let account = account_of(rooms, caller, present.person).await?;
    // The label is ASCII: some apps show other letters wrongly.
    let address = format!("otpauth://totp/Wuchuang:{account}?secret={secret}&issuer=Wuchuang");
    let page = caller
        .page
        .clone()
        .titled("动态验证码")
        .with_errors(!errors.is_empty());
    let page = with_done(page, done);
    let template = FactorPage {
        page: &page,
        secret: &secret,
        picture: if is_on {
            None
        } else {
            assets::qr_svg(&address)
        },
        recovery_codes,
        is_on,
        errors,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    factor_view(
        &rooms,
        &caller,
        &[],
        query.done.as_deref(),
        &FieldErrors::new(),
    )
    .await
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<CodeForm>,
) -> Result<Response, Failure> {
    let person = staff(&caller)?.person;
    let code: String = form
        .code
        .chars()
        .filter(char::is_ascii_digit)
        .take(10)
        .collect();
    let confirmed = rooms
        .secrets
        .confirm_factor(caller.region, person, &code)
        .await?;
    let mut errors = FieldErrors::new();
    if confirmed.is_none() {
        errors.add(
            "code",
            "验证码不对。请确认手机时间准确，再输入最新的6位数字。",
        );
    }
    let codes = confirmed.unwrap_or_default();
    // The recovery codes are shown this once, so the page is the answer itself.
    let page = factor_view(&rooms, &caller, &codes, None, &errors).await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, page).into_response())
}

pub(crate) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    Form(form): Form<CodeForm>,
) -> Result<Response, Failure> {
    let person = staff(&caller)?.person;
    let key = format!("factor/{person}");
    let mut errors = FieldErrors::new();
    if let Some(minutes) = rooms.wrong.wait_minutes(&key, &address, caller.now) {
        errors.add("code", wait_sentence(minutes));
    } else if form.code.len() > 40
        || !rooms
            .secrets
            .use_factor(caller.region, person, &form.code)
            .await?
    {
        rooms.wrong.note(&key, &address, caller.now);
        errors.add("code", "验证码不对或已用过，请输入手机上最新的6位数字。");
    }
    if !errors.is_empty() {
        let page = factor_view(&rooms, &caller, &[], None, &errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    rooms.secrets.remove_factor(caller.region, person).await?;
    Ok(Redirect::to("/staff/factor?done=factor_off").into_response())
}
