//! 四级四同 (acceptance row 1.2): which matters several organisations do, and what they write differently.

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{
    lists::{Matter, matters},
    rooms::Rooms,
};

#[derive(Template)]
#[template(path = "catalogue/sameness.html")]
struct SamenessPage<'a> {
    page: &'a PageContext,
    unlike: usize,
    matters: Vec<Matter>,
}

pub(crate) async fn sameness_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let matters = matters(&rooms.catalogue.all());
    let page = caller
        .page
        .titled("四级四同")
        .under("事项库", "/staff/items");
    html(&SamenessPage {
        page: &page,
        unlike: matters
            .iter()
            .filter(|matter| !matter.differences.is_empty())
            .count(),
        matters,
    })
}
