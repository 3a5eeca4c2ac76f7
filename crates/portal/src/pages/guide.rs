//! One guide: whether to come at all, what to bring, how long it takes, by which law.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use wuchuang_catalogue::{GuideView, model::ItemContent};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::{
    apply::is_offered,
    rooms::{Rooms, html},
    words,
};

#[derive(Template)]
#[template(path = "portal/guide.html")]
struct GuidePage<'a> {
    page: &'a PageContext,
    guide: &'a GuideView,
    promised: String,
    statutory: String,
    can_apply: bool,
    is_free: bool,
    may_be_tolerated: bool,
    apply_path: String,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let item = rooms.item(&item)?;
    let content: &ItemContent = &item.content;
    let guide = GuideView::of(&item);
    let mut page = caller
        .page
        .clone()
        .titled(&content.name)
        .under("首页", "/")
        .under("办事指南", "/guides");
    page.may_be_indexed = true;
    html(&GuidePage {
        promised: words::limit(&page, content.promised_limit.limit()),
        statutory: words::limit(&page, content.statutory_limit.limit()),
        can_apply: is_offered(content),
        is_free: !content.fee.charged,
        may_be_tolerated: content.conditional_acceptance_allowed && !content.is_instant(),
        apply_path: format!("/apply/{}", item.id),
        page: &page,
        guide: &guide,
    })
}
