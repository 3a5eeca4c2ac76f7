//! The administrators' pages: organisations, people, posts, tokens. The system administrator makes
//! organisations and accounts, the security administrator gives posts, both and oversight read.

mod answers;
mod history;
mod import;
pub(crate) mod organisation_form;
mod organisation_tree;
pub(crate) mod organisations;
mod people;
mod person;
pub(crate) mod post_tokens;
mod posts;
pub(crate) mod privacy;
pub(crate) mod scopes;
mod sheet;
mod tokens;

pub(crate) use import::import_table;
pub(crate) use people::register_with_password;
pub(crate) use person::{drop_factor, new_password, read_person, write};
pub(crate) use posts::{Typed, details};

use axum::http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use wuchuang_kernel::china_time;
use wuchuang_webkit::{Routes, Rule};

use crate::rooms::Rooms;

/// The largest table that is taken: 5 MB.
pub(crate) const SHEET_BYTES_MAX: usize = 5 * 1024 * 1024;

/// The routes of this room.
pub(crate) fn routes() -> Routes<Rooms> {
    let token = Rule::Act("token_manage");
    let give = Rule::Act("token_give");
    organisation_routes()
        .and(people_routes())
        .and(post_routes())
        .and(privacy_routes())
        .get("/staff/tokens", token, tokens::page)
        .post("/staff/tokens", token, tokens::create)
        .get("/staff/tokens/posts", give, post_tokens::page)
        .post("/staff/tokens/posts", give, post_tokens::create)
        .post("/staff/tokens/{token}/revoke", token, tokens::revoke)
}

fn organisation_routes() -> Routes<Rooms> {
    let read = Rule::Act("people_read");
    let manage = Rule::Act("people_manage");
    Routes::new()
        .get("/staff/organisations", read, organisation_tree::list_page)
        .post("/staff/organisations", manage, organisations::found)
        .get("/staff/organisations/new", manage, organisations::new_page)
        .get(
            "/staff/organisations/{organisation}",
            read,
            organisations::page,
        )
        .post(
            "/staff/organisations/{organisation}",
            manage,
            organisations::change,
        )
        .post(
            "/staff/organisations/{organisation}/close",
            manage,
            organisations::close,
        )
        .post(
            "/staff/organisations/{organisation}/reopen",
            manage,
            organisations::reopen,
        )
}

fn people_routes() -> Routes<Rooms> {
    let read = Rule::Act("people_read");
    let manage = Rule::Act("people_manage");
    Routes::new()
        .get("/staff/people", read, people::list_page)
        .post("/staff/people", manage, people::register)
        .get("/staff/people/new", manage, people::new_page)
        .get("/staff/people/import", manage, import::page)
        .post("/staff/people/import", manage, import::submit)
        .get(
            "/staff/people/import/template.xlsx",
            manage,
            import::template,
        )
        .get("/staff/people/{person}", read, person::page)
        .post("/staff/people/{person}", manage, person::correct)
        .post(
            "/staff/people/{person}/password",
            manage,
            person::reset_password,
        )
        .post(
            "/staff/people/{person}/factor",
            manage,
            person::remove_factor,
        )
        .post(
            "/staff/people/{person}/deactivate",
            manage,
            person::deactivate,
        )
        .post(
            "/staff/people/{person}/reactivate",
            manage,
            person::reactivate,
        )
}

fn post_routes() -> Routes<Rooms> {
    let roles = Rule::Act("roles_manage");
    Routes::new()
        .get("/staff/people/{person}/posts/new", roles, posts::new_page)
        .post("/staff/people/{person}/posts", roles, posts::give)
        .get("/staff/people/{person}/posts/{post}", roles, posts::page)
        .post("/staff/people/{person}/posts/{post}", roles, posts::change)
        .post("/staff/people/{person}/posts/{post}/end", roles, posts::end)
}

fn privacy_routes() -> Routes<Rooms> {
    let manage = Rule::Act("privacy_manage");
    Routes::new()
        .get(
            "/staff/privacy",
            Rule::Act("privacy_read"),
            privacy::list_page,
        )
        .post("/staff/privacy", manage, privacy::find)
        .get("/staff/privacy/{person}", manage, privacy::person_page)
        .post("/staff/privacy/{person}", manage, privacy::act)
}

/// A date and time as staff read it: `2026-11-22 周日 09:30`.
fn moment(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let time = china_time(at);
    let day = usize::try_from(time.weekday().to_monday_zero_offset()).unwrap_or(0);
    format!(
        "{} {} {:02}:{:02}",
        time.date(),
        DAYS[day],
        time.hour(),
        time.minute()
    )
}

/// A moment from stored microseconds.
fn moment_us(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds)
        .map(moment)
        .unwrap_or_default()
}

/// The status of a page that shows a form again or for the first time.
const fn form_status(has_errors: bool) -> StatusCode {
    if has_errors {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}

/// The headers of a table to download. Names are ASCII, because some browsers garble others.
fn sheet_headers(name: &'static str) -> [(axum::http::HeaderName, HeaderValue); 2] {
    [
        (
            axum::http::header::CONTENT_TYPE,
            HeaderValue::from_static(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ),
        (
            axum::http::header::CONTENT_DISPOSITION,
            HeaderValue::from_static(name),
        ),
    ]
}
