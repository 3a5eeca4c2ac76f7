//! Where a case stands that went on to its department, for the centre's clerks whose counters handled it: applicants come
//! back and ask. No opinions, no papers, no personal data; what may be seen beyond that is the case page.

use askama::Template;
use axum::response::Html;
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::rooms::CaseRooms;

use super::{
    offers::is_awaited,
    render,
    view::{StatusView, status_view},
};

#[derive(Template)]
#[template(path = "cases/status.html")]
struct StatusPage<'a> {
    page: &'a PageContext,
    case: StatusView,
    /// Where the visitor may take the papers that are still owed; empty when they may not.
    supply_path: String,
}

/// The page; `None` for a visitor who may open the whole case, or may not follow it.
pub(super) async fn page(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Option<Html<String>>, Failure> {
    let case = rooms.cases.get(caller.region, id).await?;
    let resource = rooms.resource(caller, &case, id).await?;
    if caller.may("case_open", &resource) || !rooms.may_follow(caller, &case, id).await? {
        return Ok(None);
    }
    let page = caller
        .page
        .clone()
        .titled(&case.terms.name)
        .under("办件", "/staff/cases");
    let resource = rooms.resource_for(caller, &case, id, "case_supply").await?;
    render(&StatusPage {
        supply_path: if is_awaited(&case) && caller.may("case_supply", &resource) {
            format!("/staff/counter/supply/{id}")
        } else {
            String::new()
        },
        page: &page,
        case: status_view(rooms, caller, id, &case).await?,
    })
    .map(Some)
}
