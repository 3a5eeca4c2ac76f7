//! How staff sign in: account and password, then the second factor where one is set up.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::PersonId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext, throttle::Address};

use crate::{
    model::staff::ACCOUNT_LENGTH_MAX,
    rooms::{InSession, Rooms, html, way_back},
    secrets::Proved,
    session::{Current, Holder, Stage, set_cookie},
};

/// The way back, from the address.
#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    pub(crate) back: String,
}

#[derive(Deserialize)]
pub(crate) struct LoginForm {
    #[serde(default)]
    account: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct FactorForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "access/staff_login.html")]
struct LoginPage<'a> {
    page: &'a PageContext,
    account: &'a str,
    back: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/staff_login_factor.html")]
struct FactorPage<'a> {
    page: &'a PageContext,
    back: &'a str,
    errors: &'a FieldErrors,
}

fn login_page(
    caller: &Caller,
    account: &str,
    back: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("工作人员登录")
        .with_errors(!errors.is_empty());
    let template = LoginPage {
        page: &page,
        account,
        back,
        errors,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn page(caller: Caller, Query(query): Query<Back>) -> Result<Response, Failure> {
    if caller.visitor.staff().is_some() {
        return Ok(Redirect::to(way_back(&query.back, "/staff")).into_response());
    }
    login_page(&caller, "", &query.back, &FieldErrors::new())
}

/// The sentence for someone who must wait.
pub(crate) fn wait_sentence(minutes: i64) -> String {
    format!("输错次数太多，请{minutes}分钟后再试。如果忘了密码，请联系系统管理员重置。")
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    session: Option<InSession>,
    Form(form): Form<LoginForm>,
) -> Result<Response, Failure> {
    let account = form.account.trim().to_lowercase();
    let refuse = |sentence: String, status: StatusCode| {
        let mut errors = FieldErrors::new();
        errors.add("account", sentence);
        let page = login_page(&caller, form.account.trim(), &form.back, &errors)?;
        Ok((status, page).into_response())
    };
    if account.is_empty() || account.len() > ACCOUNT_LENGTH_MAX || form.password.is_empty() {
        return refuse(
            "请填写账号和密码。".into(),
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    let entry = rooms
        .directory
        .staff_by_account(caller.region, &account)
        .await?
        .filter(|entry| entry.is_active);
    let person = entry.map(|entry| entry.person);
    let key = format!("staff/{account}");
    let proof = prove(&rooms, &caller, (&key, &address), person, &form.password).await?;
    let (person, proved) = match (person, proof) {
        (_, Proof::Wait(minutes)) => {
            return refuse(wait_sentence(minutes), StatusCode::TOO_MANY_REQUESTS);
        }
        (Some(person), Proof::Right(proved)) => (person, proved),
        _ => {
            return refuse(
                "账号或密码不对，请检查后重新输入。连续输错5次要等15分钟。".into(),
                StatusCode::UNPROCESSABLE_ENTITY,
            );
        }
    };
    let posts = rooms.directory.posts_of(caller.region, person).await?;
    if posts.is_empty() {
        return refuse(
            "您的账号还没有岗位，不能登录。请联系安全管理员安排岗位。".into(),
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    let stage = match proved {
        proved if proved.has_factor => Stage::Factor,
        proved if proved.must_change => Stage::Password,
        _ => Stage::Full,
    };
    let current = session.map(|session| session.0);
    enter(
        &rooms,
        &caller,
        current.as_deref(),
        Holder::Staff(person, None),
        stage,
        &form.back,
    )
    .await
}

/// What a password proved.
pub(super) enum Proof {
    /// It is the person's.
    Right(Proved),
    /// It is not, and that was counted.
    Wrong,
    /// Too many were wrong: so many minutes to wait.
    Wait(i64),
}

/// Tries a password and counts the wrong ones, by key and by address. Nobody (`None`) costs as much time as somebody with
/// a wrong password.
pub(super) async fn prove(
    rooms: &Rooms,
    caller: &Caller,
    (key, address): (&str, &Address),
    person: Option<PersonId>,
    password: &str,
) -> Result<Proof, Failure> {
    if let Some(minutes) = rooms.wrong.wait_minutes(key, address, caller.now) {
        return Ok(Proof::Wait(minutes));
    }
    let proved = rooms.secrets.prove(caller.region, person, password).await?;
    let Some(proved) = proved else {
        rooms.wrong.note(key, address, caller.now);
        return Ok(Proof::Wrong);
    };
    rooms.wrong.clear(key);
    Ok(Proof::Right(proved))
}

/// Takes the next step of a sign-in: a new token each time.
pub(crate) async fn enter(
    rooms: &Rooms,
    caller: &Caller,
    current: Option<&Current>,
    holder: Holder,
    stage: Stage,
    back: &str,
) -> Result<Response, Failure> {
    let cookie = rooms
        .sessions
        .rotate(caller.region, current, holder, stage)
        .await?;
    let home = match holder {
        Holder::Citizen(_) => "/my",
        Holder::Staff(..) => "/staff",
    };
    let next = match stage {
        Stage::Factor => with_back("/staff/login/factor", back),
        Stage::Password => with_back("/staff/login/password", back),
        Stage::Full => way_back(back, home).to_owned(),
    };
    Ok((set_cookie(cookie), Redirect::to(&next)).into_response())
}

/// A path with the way back behind it; the way back is kept only when it needs no encoding.
fn with_back(path: &str, back: &str) -> String {
    let is_plain = back
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
    if is_plain && way_back(back, "") == back && !back.is_empty() {
        format!("{path}?back={back}")
    } else {
        path.to_owned()
    }
}

fn factor_view(caller: &Caller, back: &str, errors: &FieldErrors) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("输入动态验证码")
        .with_errors(!errors.is_empty());
    let template = FactorPage {
        page: &page,
        back,
        errors,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn factor_page(
    caller: Caller,
    session: Option<InSession>,
    Query(query): Query<Back>,
) -> Result<Response, Failure> {
    match session {
        Some(session) if session.0.stage == Stage::Factor => {
            factor_view(&caller, &query.back, &FieldErrors::new())
        }
        _ => Ok(Redirect::to("/staff/login").into_response()),
    }
}

pub(crate) async fn factor_submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    session: Option<InSession>,
    Form(form): Form<FactorForm>,
) -> Result<Response, Failure> {
    let Some(InSession(current)) = session.filter(|session| session.0.stage == Stage::Factor)
    else {
        return Ok(Redirect::to("/staff/login").into_response());
    };
    let person = current.holder.person();
    let key = format!("factor/{person}");
    let refuse = |sentence: String, status: StatusCode| {
        let mut errors = FieldErrors::new();
        errors.add("code", sentence);
        Ok((status, factor_view(&caller, &form.back, &errors)?).into_response())
    };
    if let Some(minutes) = rooms.wrong.wait_minutes(&key, &address, caller.now) {
        return refuse(wait_sentence(minutes), StatusCode::TOO_MANY_REQUESTS);
    }
    if form.code.len() > 40
        || !rooms
            .secrets
            .use_factor(caller.region, person, &form.code)
            .await?
    {
        rooms.wrong.note(&key, &address, caller.now);
        return refuse(
            "验证码不对或已用过。请输入手机上最新的6位数字，或一个没用过的备用码。".into(),
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    rooms.wrong.clear(&key);
    let stage = if rooms.secrets.must_change(caller.region, person).await? {
        Stage::Password
    } else {
        Stage::Full
    };
    enter(
        &rooms,
        &caller,
        Some(&current),
        current.holder,
        stage,
        &form.back,
    )
    .await
}
