//! The staff's pages: `worklist` (the list, claims, saved views, Excel), `case` (one case: what it shows is `view`, what
//! it offers `offers`), `status` (where one stands that went on), `deeds` (what is done to it), `correction` (the one notice), `reveal` (masked values for a
//! reason), `files` (what was handed in), `rehearsal` (a made-up case in a drawn process),
//! `moving` (which running cases a new drawing would fit). The citizens' pages are the portal's.

mod case;
mod correction;
mod deeds;
mod export;
mod files;
mod moving;
mod offers;
mod rehearsal;
mod reveal;
mod rules;
mod status;
mod tasks;
mod texts;
mod typed;
mod view;
mod views;
mod worklist;

use askama::Template;
use axum::response::Html;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::rooms::CaseRooms;

pub(crate) use export::worklist_file;
pub(crate) use tasks::require_claim;
#[cfg(test)]
pub(crate) use view::light_of;
pub(crate) use view::moved;
pub(crate) use views::{drop_view, keep as keep_view, of as views_of};
pub(crate) use worklist::{CLAIMS_MAX, WorklistQuery, claim_several};

/// The routes of the staff's pages.
pub fn routes() -> Routes<CaseRooms> {
    Routes::new()
        .get("/staff/cases", Rule::Act("case_list"), worklist::show)
        .post("/staff/search", Rule::Act("case_list"), worklist::search)
        .post(
            "/staff/cases/claim",
            Rule::Act("case_claim"),
            worklist::claim,
        )
        .get(
            "/staff/cases/export.xlsx",
            Rule::Act("case_export"),
            export::download,
        )
        .post("/staff/cases/views", Rule::Act("case_list"), views::save)
        .post(
            "/staff/cases/views/remove",
            Rule::Act("case_list"),
            views::remove,
        )
        .get("/staff/cases/{case}", Rule::Act("case_open"), case::show)
        .get(
            "/staff/cases/{case}/correction",
            Rule::Act("case_correct"),
            correction::ask,
        )
        .post(
            "/staff/cases/{case}/correction",
            Rule::Act("case_correct"),
            correction::send,
        )
        .get(
            "/staff/cases/{case}/files/{sha256}",
            Rule::Act("case_open"),
            files::download,
        )
        .get(
            "/staff/cases/{case}/files/{sha256}/pages/{page}",
            Rule::Act("case_open"),
            files::page,
        )
        .post(
            "/staff/cases/{case}/reveal",
            Rule::Act("case_reveal"),
            reveal::send,
        )
        .post(
            "/staff/cases/{case}/{deed}",
            Rule::Act("case_open"),
            deeds::act,
        )
        .and(routes_of_drawings())
}

/// What an item's drawing means for cases: those that run, and one that is made up.
fn routes_of_drawings() -> Routes<CaseRooms> {
    Routes::new()
        .get(
            "/staff/items/{item}/process/running",
            Rule::Act("item_edit"),
            moving::show,
        )
        .post(
            "/staff/items/{item}/process/running",
            Rule::Act("case_process_move"),
            moving::send,
        )
        .get(
            "/staff/items/{item}/process/run",
            Rule::Act("item_list"),
            rehearsal::show,
        )
        .post(
            "/staff/items/{item}/process/run",
            Rule::Act("item_list"),
            rehearsal::play,
        )
}

pub(crate) fn render(template: &impl Template) -> Result<Html<String>, Failure> {
    template.render().map(Html).map_err(Failure::internal)
}
