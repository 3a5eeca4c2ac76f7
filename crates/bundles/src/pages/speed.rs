//! 提速 as a page and as a workbook.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, Response},
};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{EXCEL, file, html};
use crate::{
    rooms::BundleRooms,
    speed::{Speed, report, total, workbook},
};

#[derive(Template)]
#[template(path = "bundles/speed.html")]
struct SpeedPage<'a> {
    page: &'a PageContext,
    lines: Vec<Speed>,
    total: Speed,
    names: Vec<&'static str>,
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let lines = report(&rooms, caller.region).await?;
    let page = caller
        .page
        .clone()
        .titled("一件事提速")
        .under("一件事", "/staff/bundles");
    html(&SpeedPage {
        total: total(&lines),
        names: Speed::default().figures().map(|(name, _)| name).to_vec(),
        lines,
        page: &page,
    })
}

pub(super) async fn excel(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    let lines = report(&rooms, caller.region).await?;
    let book = workbook(&lines).map_err(Failure::internal)?;
    Ok(file(EXCEL, "bundle-speed.xlsx", book))
}
