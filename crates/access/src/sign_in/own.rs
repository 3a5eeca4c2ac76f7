//! What staff set for themselves: password and the post in which they act.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, PostId, Role};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext, throttle::Address};

use super::staff::{Back, Proof, enter, prove, wait_sentence};
use crate::{
    password::check_new,
    rooms::{InSession, Rooms, html, staff, way_back, with_done},
    session::{Holder, Stage, set_cookie},
};

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct PostForm {
    #[serde(default)]
    post: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct Done {
    pub(super) done: Option<String>,
}

#[derive(Template)]
#[template(path = "access/staff_password.html")]
struct PasswordPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/staff_login_password.html")]
struct FirstPasswordPage<'a> {
    page: &'a PageContext,
    back: &'a str,
    errors: &'a FieldErrors,
}

/// A post as the choice page shows it.
struct PostView {
    id: String,
    title: String,
    organisation: String,
    roles: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "access/staff_post.html")]
struct PostPage<'a> {
    page: &'a PageContext,
    posts: &'a [PostView],
    back: &'a str,
}

/// What is wrong with a new password typed twice.
fn check_pair(password: &str, again: &str, account: &str) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if let Err(rejection) = check_new(password, account) {
        errors.add("password", rejection.public);
    } else if password != again {
        errors.add("again", "两次输入的新密码不一样，请重新输入。");
    }
    errors
}

fn first_password_view(
    caller: &Caller,
    back: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("设置新密码")
        .with_errors(!errors.is_empty());
    let template = FirstPasswordPage {
        page: &page,
        back,
        errors,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn first_password_page(
    caller: Caller,
    session: Option<InSession>,
    Query(query): Query<Back>,
) -> Result<Response, Failure> {
    match session {
        Some(session) if session.0.stage == Stage::Password => {
            first_password_view(&caller, &query.back, &FieldErrors::new())
        }
        _ => Ok(Redirect::to("/staff/login").into_response()),
    }
}

pub(crate) async fn first_password_submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    session: Option<InSession>,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Failure> {
    let Some(InSession(current)) = session.filter(|session| session.0.stage == Stage::Password)
    else {
        return Ok(Redirect::to("/staff/login").into_response());
    };
    let person = current.holder.person();
    let account = account_of(&rooms, &caller, person).await?;
    let mut errors = check_pair(&form.password, &form.again, &account);
    if errors.is_empty()
        && rooms
            .secrets
            .prove(caller.region, Some(person), &form.password)
            .await?
            .is_some()
    {
        errors.add("password", "新密码不能和一次性密码相同，请换一个。");
    }
    if !errors.is_empty() {
        let page = first_password_view(&caller, &form.back, &errors)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    rooms
        .secrets
        .set_password(caller.region, person, &form.password, false)
        .await?;
    rooms.sessions.end_all(caller.region, person).await?;
    enter(
        &rooms,
        &caller,
        None,
        current.holder,
        Stage::Full,
        &form.back,
    )
    .await
}

pub(super) async fn account_of(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
) -> Result<String, Failure> {
    let entry = rooms.directory.staff(caller.region, person).await?;
    Ok(entry.map(|entry| entry.account).unwrap_or_default())
}

fn password_view(
    caller: &Caller,
    done: Option<&str>,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("修改密码")
        .with_errors(!errors.is_empty());
    let page = with_done(page, done);
    let template = PasswordPage {
        page: &page,
        errors,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn password_page(
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    password_view(&caller, query.done.as_deref(), &FieldErrors::new())
}

pub(crate) async fn password_submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    session: Option<InSession>,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Failure> {
    let Some(InSession(current)) = session else {
        return Err(Failure::sign_in());
    };
    let person = current.holder.person();
    let key = format!("password/{person}");
    let refuse = |errors: &FieldErrors| {
        let page = password_view(&caller, None, errors)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let mut errors = check_pair(
        &form.password,
        &form.again,
        &account_of(&rooms, &caller, person).await?,
    );
    if !errors.is_empty() {
        return refuse(&errors);
    }
    match prove(
        &rooms,
        &caller,
        (&key, &address),
        Some(person),
        &form.present,
    )
    .await?
    {
        Proof::Right(_) => {}
        Proof::Wait(minutes) => {
            errors.add("present", wait_sentence(minutes));
            return refuse(&errors);
        }
        Proof::Wrong => {
            errors.add("present", "现在的密码不对，请重新输入。");
            return refuse(&errors);
        }
    }
    rooms
        .secrets
        .set_password(caller.region, person, &form.password, false)
        .await?;
    // Whoever else knew the old password is signed out; this browser gets a new session.
    rooms.sessions.end_all(caller.region, person).await?;
    let cookie = rooms
        .sessions
        .begin(caller.region, current.holder, Stage::Full)
        .await?;
    Ok((
        set_cookie(cookie),
        Redirect::to("/staff/password?done=password"),
    )
        .into_response())
}

pub(crate) async fn post_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Back>,
) -> Result<Response, Failure> {
    let present = staff(&caller)?;
    let mut posts = Vec::new();
    for post in rooms
        .directory
        .posts_of(caller.region, present.person)
        .await?
    {
        let organisation = rooms
            .directory
            .organisation_name(caller.region, post.organisation)
            .await?;
        let roles: Vec<&str> = post.roles.iter().copied().map(Role::name).collect();
        posts.push(PostView {
            id: post.id.to_string(),
            is_current: post.id == present.post,
            title: post.title,
            organisation: organisation.to_string(),
            roles: roles.join("、"),
        });
    }
    let page = caller.page.clone().titled("切换岗位");
    let template = PostPage {
        page: &page,
        posts: &posts,
        back: &query.back,
    };
    Ok(html(&template)?.into_response())
}

pub(crate) async fn post_submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    session: Option<InSession>,
    Form(form): Form<PostForm>,
) -> Result<Response, Failure> {
    let Some(InSession(current)) = session else {
        return Err(Failure::sign_in());
    };
    let person = current.holder.person();
    let chosen: PostId = form.post.parse().map_err(|_| Failure::not_found())?;
    let posts = rooms.directory.posts_of(caller.region, person).await?;
    if !posts.iter().any(|post| post.id == chosen) {
        return Err(Failure::invalid(
            "您没有这个岗位，或岗位已经结束。请重新选择。",
        ));
    }
    let holder = Holder::Staff(person, Some(chosen));
    let cookie = rooms
        .sessions
        .rotate(caller.region, Some(&current), holder, Stage::Full)
        .await?;
    Ok((
        set_cookie(cookie),
        Redirect::to(way_back(&form.back, "/staff")),
    )
        .into_response())
}
