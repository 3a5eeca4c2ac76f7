//! How to get help, what was done so that everyone can use the site, and the list of pages for programs.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use wuchuang_catalogue::list_addresses;
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::rooms::{Rooms, html};

#[derive(Template)]
#[template(path = "portal/help.html")]
struct HelpPage<'a> {
    page: &'a PageContext,
}

#[derive(Template)]
#[template(path = "portal/accessibility.html")]
struct AccessibilityPage<'a> {
    page: &'a PageContext,
}

pub(super) async fn page(caller: Caller) -> Result<Response, Failure> {
    let mut page = caller.page.clone().titled("帮助").under("首页", "/");
    page.may_be_indexed = true;
    html(&HelpPage { page: &page })
}

pub(super) async fn accessibility(caller: Caller) -> Result<Response, Failure> {
    let mut page = caller.page.clone().titled("无障碍声明").under("首页", "/");
    page.may_be_indexed = true;
    html(&AccessibilityPage { page: &page })
}

/// Only pages that anyone may see and that stay.
pub(super) async fn sitemap(State(rooms): State<Rooms>, caller: Caller) -> Response {
    let origin = &caller.page.site.origin;
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let fixed = [
        "/",
        "/guides",
        "/progress",
        "/verify",
        "/help",
        "/accessibility",
    ];
    let guides = rooms
        .catalogue
        .all()
        .into_iter()
        .map(|item| format!("/guides/{}", item.id));
    let fixed = fixed.into_iter().map(str::to_owned);
    for path in fixed.chain(list_addresses()).chain(guides) {
        // Writing to a String cannot fail.
        let _ = writeln!(body, "<url><loc>{origin}{path}</loc></url>");
    }
    body.push_str("</urlset>\n");
    ([(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
