//! The pages of the licence store: verification for everyone, the holder's own licences, the counter's
//! look-up and the seal-use ledger.

mod one;
mod own;
mod staff;
mod verify;

pub(crate) use staff::{seal_kind, seal_uses};
pub(crate) use verify::finding_of;

use axum::{extract::DefaultBodyLimit, handler::Handler, response::Html};
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::Rooms;

/// How large a file may be that a visitor drops, with what a form adds around it.
pub(crate) const UPLOAD_BYTES_MAX: usize = verify::FILE_BYTES_MAX + 64 * 1024;

pub(crate) fn routes() -> Routes<Rooms> {
    let read_own = Rule::Act("licence_own_read");
    let read = Rule::Act("licence_read");
    let find = Rule::Act("licence_find");
    let annotate = Rule::Act("licence_annotate");
    let file_send = verify::file_send.layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    Routes::new()
        .get("/verify", Rule::Public, verify::verify_page)
        .post("/verify", Rule::Public, verify::number_send)
        .post("/verify/file", Rule::Public, file_send)
        .get("/v/{token}", Rule::Public, verify::token_page)
        .get(
            "/my/licences",
            Rule::Act("licence_own_list"),
            own::list_page,
        )
        .get("/my/licences/{licence}", read_own, own::licence_page)
        .get(
            "/my/licences/{licence}/document.pdf",
            read_own,
            own::document,
        )
        .post("/my/licences/{licence}/copies", annotate, own::copy_send)
        .get(
            "/my/licences/{licence}/copies/{copy}",
            read_own,
            own::copy_document,
        )
        .get("/staff/licences", find, staff::find_page)
        .post("/staff/licences", find, staff::find_send)
        .get(
            "/staff/licences/seals",
            Rule::Act("seal_use_read"),
            staff::seals_page,
        )
        .get("/staff/licences/{licence}", read, one::licence_page)
        .get(
            "/staff/licences/{licence}/document.pdf",
            read,
            one::document,
        )
        .post(
            "/staff/licences/{licence}/look",
            Rule::Act("licence_look"),
            one::look_send,
        )
        .post(
            "/staff/licences/{licence}/print",
            Rule::Act("licence_print"),
            one::print_send,
        )
        .post(
            "/staff/licences/{licence}/revoke",
            Rule::Act("licence_revoke"),
            one::revoke_send,
        )
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}
