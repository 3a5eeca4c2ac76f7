//! 归类合并 (acceptance row 1.12): which items are so alike that one may go into the other, and the way to do so.

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{lists::Pair, rooms::Rooms};

#[derive(Template)]
#[template(path = "catalogue/similar.html")]
struct SimilarPage<'a> {
    page: &'a PageContext,
    /// How many items were compared.
    compared: usize,
    pairs: Vec<Pair>,
}

pub(crate) async fn similar_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let (compared, pairs) = rooms.similar().await?;
    let page = caller
        .page
        .titled("归类合并")
        .under("事项库", "/staff/items");
    html(&SimilarPage {
        page: &page,
        compared,
        pairs,
    })
}
