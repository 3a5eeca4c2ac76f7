//! How citizens sign in: a code proves their phone. The phone number is only ever in a form's body,
//! never in an address.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_codes::PhoneNumber;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext, throttle::Address};

use super::{
    codes::{CodeDelivery, Issued, Tried},
    staff::{Back, enter},
};
use crate::{
    rooms::{InSession, Rooms, html, way_back},
    session::{Holder, Stage},
};

#[derive(Deserialize)]
pub(crate) struct PhoneForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "access/login.html")]
struct PhonePage<'a> {
    page: &'a PageContext,
    phone: &'a str,
    back: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/login_code.html")]
struct CodePage<'a> {
    page: &'a PageContext,
    phone: &'a str,
    shown_phone: String,
    shown_code: &'a str,
    back: &'a str,
    errors: &'a FieldErrors,
}

fn phone_view(
    caller: &Caller,
    phone: &str,
    back: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("登录")
        .under("首页", "/")
        .with_errors(!errors.is_empty());
    let template = PhonePage {
        page: &page,
        phone,
        back,
        errors,
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, html(&template)?).into_response())
}

fn code_view(
    caller: &Caller,
    phone: &PhoneNumber,
    shown_code: &str,
    back: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("输入验证码")
        .under("首页", "/")
        .with_errors(!errors.is_empty());
    let template = CodePage {
        page: &page,
        phone: phone.as_str(),
        shown_phone: phone.masked(),
        shown_code,
        back,
        errors,
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, html(&template)?).into_response())
}

pub(crate) async fn page(caller: Caller, Query(query): Query<Back>) -> Result<Response, Failure> {
    if caller.visitor.citizen().is_some() {
        return Ok(Redirect::to(way_back(&query.back, "/my")).into_response());
    }
    phone_view(&caller, "", &query.back, &FieldErrors::new())
}

/// The phone number, or what is wrong with it.
fn read_phone(caller: &Caller, text: &str) -> Result<PhoneNumber, FieldErrors> {
    let mut errors = FieldErrors::new();
    match PhoneNumber::parse(text) {
        Ok(phone) if phone.is_mobile() => return Ok(phone),
        Ok(_) => errors.add(
            "phone",
            caller.page.t("验证码只能发到手机，请填写11位手机号码。"),
        ),
        Err(error) => errors.add("phone", caller.page.translator.explain(&error)),
    }
    Err(errors)
}

pub(crate) async fn send_code(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    Form(form): Form<PhoneForm>,
) -> Result<Response, Failure> {
    let typed: String = form.phone.chars().take(40).collect();
    let phone = match read_phone(&caller, &typed) {
        Ok(phone) => phone,
        Err(errors) => return phone_view(&caller, &typed, &form.back, &errors),
    };
    let mut errors = FieldErrors::new();
    if let Some(minutes) = rooms.wrong.wait_minutes("", &address, caller.now) {
        let sentence = caller.page.tf(
            "这个网络发出的请求太多，请{minutes}分钟后再试，或到任一窗口办理。",
            &[("minutes", &minutes)],
        );
        errors.add("phone", sentence);
        return phone_view(&caller, &typed, &form.back, &errors);
    }
    match rooms.codes.issue(caller.region, &phone).await? {
        Issued::Code(code) => {
            // Sending counts against the address, so that nobody floods other people's phones.
            rooms.wrong.note_address(&address, caller.now);
            let sent = rooms.sender.send(caller.region, &phone, &code).await;
            let delivery = sent.map_err(|error| {
                let mut failure = Failure::unavailable();
                failure.public = "验证码没有发出去。请稍后再试，或到任一窗口办理。".into();
                failure.internal = Some(error.to_string());
                failure
            })?;
            let shown = match delivery {
                CodeDelivery::ShownOnPage => code.as_str(),
                CodeDelivery::Sent => "",
            };
            code_view(&caller, &phone, shown, &form.back, &errors)
        }
        Issued::Pause(seconds) => {
            let sentence = caller.page.tf(
                "刚刚发过验证码，请先输入收到的那一个；{seconds}秒后可以重新发送。",
                &[("seconds", &seconds)],
            );
            errors.add("code", sentence);
            code_view(&caller, &phone, "", &form.back, &errors)
        }
        Issued::TooMany => {
            errors.add(
                "phone",
                caller
                    .page
                    .t("这个号码一小时内已发送10次验证码，请过一小时再试，或到任一窗口办理。"),
            );
            phone_view(&caller, &typed, &form.back, &errors)
        }
    }
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    session: Option<InSession>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Failure> {
    let typed: String = form.phone.chars().take(40).collect();
    let phone = match read_phone(&caller, &typed) {
        Ok(phone) => phone,
        Err(errors) => return phone_view(&caller, &typed, &form.back, &errors),
    };
    let mut errors = FieldErrors::new();
    let code: String = form
        .code
        .chars()
        .filter(char::is_ascii_digit)
        .take(10)
        .collect();
    if rooms.wrong.wait_minutes("", &address, caller.now).is_some() {
        errors.add("code", caller.page.t("输错次数太多，请15分钟后再试。"));
        return code_view(&caller, &phone, "", &form.back, &errors);
    }
    match rooms.codes.try_code(caller.region, &phone, &code).await? {
        Tried::Right => {
            let citizen = rooms
                .directory
                .citizen_sign_in(caller.region, &phone)
                .await?;
            let current = session.map(|session| session.0);
            let holder = Holder::Citizen(citizen.person);
            enter(
                &rooms,
                &caller,
                current.as_deref(),
                holder,
                Stage::Full,
                &form.back,
            )
            .await
        }
        Tried::Wrong => {
            rooms.wrong.note_address(&address, caller.now);
            errors.add(
                "code",
                caller.page.t("验证码不对，请看清短信里的6位数字再输入。"),
            );
            code_view(&caller, &phone, "", &form.back, &errors)
        }
        Tried::Spent => {
            errors.add(
                "phone",
                caller.page.t("验证码已过期或输错太多次，请重新获取。"),
            );
            phone_view(&caller, &typed, &form.back, &errors)
        }
    }
}
