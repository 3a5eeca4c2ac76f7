//! The pages of ratings: rating by link, one's own ended cases, the staff page of grades and figures.

mod open;
mod rate;
mod staff;

use axum::response::Html;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::Rooms;

pub(crate) use staff::{Period, PeriodQuery, organisation_seen};

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("rating_read");
    let open = Rule::Act("rating_open");
    Routes::new()
        .get("/rate/{token}", Rule::Public, rate::rate_page)
        .post("/rate/{token}", Rule::Public, rate::rate_send)
        .get("/my/ratings", Rule::Act("rating_own_list"), rate::own_page)
        .get("/staff/ratings", read, staff::list_page)
        .get("/staff/ratings/{rating}", open, open::open_page)
        .post("/staff/ratings/{rating}", open, open::open_send)
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}
