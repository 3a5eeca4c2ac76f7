//! The staff's pages: the lists by level and by organisation, the delegations of an item with their form, and the matrix.

mod item;
mod lists;

use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::rooms::DelegationRooms;

pub(crate) fn routes() -> Routes<DelegationRooms> {
    let list = Rule::Act("delegation_list");
    let edit = Rule::Act("delegation_edit");
    Routes::new()
        .get("/staff/delegations", list, lists::overview)
        .get("/staff/delegations/matrix", list, lists::matrix_page)
        .get("/staff/delegations/matrix.xlsx", list, lists::matrix_excel)
        .get("/staff/delegations/list.xlsx", list, lists::list_excel)
        .get("/staff/delegations/to/{organisation}", list, lists::table)
        .get("/staff/items/{item}/delegations", list, item::page)
        .post("/staff/items/{item}/delegations", edit, item::delegate)
        .post("/staff/items/{item}/delegations/end", edit, item::end)
}

/// A rendered page, or the failure to render it.
fn html(page: &impl Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// A workbook to keep.
fn excel(name: &'static str, body: Vec<u8>) -> Response {
    let head = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (head, body).into_response()
}
