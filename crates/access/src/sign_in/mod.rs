//! The pages on which people sign in and out: staff with password and second factor, citizens with
//! a code to their phone.

pub(crate) mod citizen;
pub(crate) mod codes;
mod factor;
mod own;
pub(crate) mod profile;
pub(crate) mod staff;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    rooms::{InSession, Rooms},
    session::{Holder, set_cookie},
};

/// The routes of this room.
pub(crate) fn routes() -> Routes<Rooms> {
    let staff_home = Rule::Act("staff_home");
    let citizen_area = Rule::Act("citizen_area");
    Routes::new()
        .get("/staff/login", Rule::Public, staff::page)
        .post("/staff/login", Rule::Public, staff::submit)
        .get("/staff/login/factor", Rule::Public, staff::factor_page)
        .post("/staff/login/factor", Rule::Public, staff::factor_submit)
        .get(
            "/staff/login/password",
            Rule::Public,
            own::first_password_page,
        )
        .post(
            "/staff/login/password",
            Rule::Public,
            own::first_password_submit,
        )
        .get("/staff/post", staff_home, own::post_page)
        .post("/staff/post", staff_home, own::post_submit)
        .get("/staff/password", staff_home, own::password_page)
        .post("/staff/password", staff_home, own::password_submit)
        .get("/staff/factor", staff_home, factor::page)
        .post("/staff/factor", staff_home, factor::submit)
        .post("/staff/factor/remove", staff_home, factor::remove)
        .get("/login", Rule::Public, citizen::page)
        .post("/login/code", Rule::Public, citizen::send_code)
        .post("/login", Rule::Public, citizen::submit)
        .get("/my/profile", citizen_area, profile::page)
        .post("/my/profile", citizen_area, profile::submit)
        .post("/logout", Rule::Public, logout)
}

/// Ends the session and leads to the door it came through.
async fn logout(
    State(rooms): State<Rooms>,
    caller: Caller,
    session: Option<InSession>,
) -> Result<Response, Failure> {
    let current = session.map(|session| session.0);
    let door = match current.as_ref().map(|current| current.holder) {
        Some(Holder::Staff(..)) => "/staff/login",
        Some(Holder::Citizen(_)) | None => "/",
    };
    let cookie = rooms
        .sessions
        .end(caller.region, current.as_deref())
        .await?;
    Ok((set_cookie(cookie), Redirect::to(door)).into_response())
}
