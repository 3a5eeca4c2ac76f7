//! The pages of tasks: the list and one task.

mod list;
mod task;

use axum::response::Html;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::Rooms;

pub(crate) use list::{Asked, filter_of};

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("supervision_read");
    Routes::new()
        .get("/staff/supervision", read, list::page)
        .get("/staff/supervision/{task}", read, task::page)
        .post(
            "/staff/supervision/{task}/acknowledge",
            Rule::Act("supervision_acknowledge"),
            task::acknowledge,
        )
        .post(
            "/staff/supervision/{task}/check",
            Rule::Act("supervision_check"),
            task::check,
        )
        .post(
            "/staff/supervision/{task}/reveal",
            Rule::Act("supervision_reveal"),
            task::reveal,
        )
        .post(
            "/staff/supervision/{task}/revoke",
            Rule::Act("licence_revoke"),
            task::revoke,
        )
        .post(
            "/staff/supervision/{task}/credit",
            Rule::Act("credit_record"),
            task::credit,
        )
        .post(
            "/staff/supervision/{task}/conclude",
            Rule::Act("supervision_conclude"),
            task::conclude,
        )
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}
