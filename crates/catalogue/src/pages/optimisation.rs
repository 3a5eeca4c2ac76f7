//! 优化前后 (acceptance row 1.10): what publishing items anew has saved.

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{lists::Cost, rooms::Rooms};

struct Line {
    id: String,
    name: String,
    department: String,
    since: String,
    version: u32,
    /// Before and after, in the order of the names.
    figures: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "catalogue/optimisation.html")]
struct OptimisationPage<'a> {
    page: &'a PageContext,
    names: [&'static str; 4],
    total: Vec<(String, String)>,
    lines: Vec<Line>,
}

fn beside(before: Cost, after: Cost) -> Vec<(String, String)> {
    before.figures().into_iter().zip(after.figures()).collect()
}

pub(crate) async fn optimisation_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let report = rooms.optimisation(caller.region).await?;
    let page = caller
        .page
        .titled("优化前后")
        .under("事项库", "/staff/items");
    html(&OptimisationPage {
        page: &page,
        names: Cost::NAMES,
        total: beside(report.total.0, report.total.1),
        lines: report
            .items
            .iter()
            .map(|item| Line {
                id: item.version.id.to_string(),
                name: item.version.content.name.clone(),
                department: item.version.content.department.name.clone(),
                since: item.since.to_string(),
                version: item.version.version,
                figures: beside(item.before, item.after),
            })
            .collect(),
    })
}
