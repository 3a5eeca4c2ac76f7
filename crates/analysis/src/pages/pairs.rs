//! Items that the same applicants ask for within ninety days: candidates for 一件事, or for becoming one item.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, Response},
};
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{excel, html};
use crate::{
    book::{self, Cell},
    service::Analysis,
    store,
};

/// A pair as pages show it.
#[derive(Debug, Clone)]
pub(crate) struct PairLine {
    pub(crate) one: ItemId,
    pub(crate) one_name: String,
    pub(crate) one_path: String,
    pub(crate) other: ItemId,
    pub(crate) other_name: String,
    pub(crate) other_path: String,
    pub(crate) applicants: i64,
    pub(crate) is_joined: bool,
    /// Whether they are in one bundle already, in words.
    pub(crate) joined: &'static str,
}

/// The pairs, those of most applicants first; all of them, or those of one item.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn lines(
    analysis: &Analysis,
    caller: &Caller,
    only: Option<ItemId>,
) -> Result<Vec<PairLine>, Failure> {
    let joined = analysis.joined(caller.region).await?;
    let all = store::pairs::all(analysis.database(), caller.region).await?;
    let mut lines = Vec::new();
    for ((one, other), applicants) in all {
        if only.is_some_and(|only| only != one && only != other) {
            continue;
        }
        let is_joined = joined.contains(&(one, other));
        lines.push(PairLine {
            one,
            one_name: analysis.known(one).await?.shown(),
            one_path: format!("/staff/demand/items/{one}"),
            other,
            other_name: analysis.known(other).await?.shown(),
            other_path: format!("/staff/demand/items/{other}"),
            applicants,
            is_joined,
            joined: if is_joined {
                "已在一件事里"
            } else {
                "还没有"
            },
        });
    }
    Ok(lines)
}

#[derive(Template)]
#[template(path = "analysis/pairs.html")]
struct PairsPage<'a> {
    page: &'a PageContext,
    lines: Vec<PairLine>,
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("常一起办的事项")
        .under("需求分析", "/staff/demand");
    html(&PairsPage {
        page: &page,
        lines: lines(&analysis, &caller, None).await?,
    })
}

const COLUMNS: [(&str, f64); 4] = [
    ("事项", 40.0),
    ("另一事项", 40.0),
    ("申请人", 10.0),
    ("一件事", 16.0),
];

pub(super) async fn excel_list(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Response, Failure> {
    let lines = lines(&analysis, &caller, None).await?;
    let rows: Vec<Vec<Cell>> = lines
        .into_iter()
        .map(|line| {
            vec![
                line.one_name.into(),
                line.other_name.into(),
                line.applicants.into(),
                line.joined.into(),
            ]
        })
        .collect();
    let book = book::table("常一起办的事项", &COLUMNS, &rows);
    excel("demand-pairs.xlsx", book)
}
