//! The pages of the administrators' window. Staff pages: plain Chinese.

mod calendar;
mod ledger;
mod looks;
mod month;
mod moved;
mod refusals;
mod system;

use axum::response::Html;
use jiff::Timestamp;
use wuchuang_calendar::weekday_name;
use wuchuang_kernel::china_time;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::Rooms;

pub(crate) use refusals::{Cursor, Refusal, page_of as refusals_of};

pub(crate) fn routes() -> Routes<Rooms> {
    let import = Rule::Act("calendar_import");
    let read = Rule::Act("ledger_read");
    let system = Rule::Act("system_read");
    Routes::new()
        .get("/staff/admin/calendar", import, calendar::calendar_page)
        .post("/staff/admin/calendar", import, calendar::notice_send)
        .get("/staff/admin/ledger", read, ledger::ledger_page)
        .post("/staff/admin/ledger/check", read, ledger::check_ask)
        .get("/staff/admin/ledger/proof", read, ledger::proof_page)
        .post("/staff/admin/ledger/proof", read, ledger::proof_check)
        .get(
            "/staff/admin/looks",
            Rule::Act("looks_read"),
            looks::looks_page,
        )
        .get("/staff/admin/refusals", read, refusals::refusals_page)
        .get("/staff/admin/system", system, system::system_page)
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// `2026-11-22 周日 10:21:05`, in China.
pub(crate) fn moment(at_us: i64) -> String {
    let at = china_time(Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH));
    format!(
        "{} {} {}",
        at.date(),
        weekday_name(at.date()),
        at.strftime("%H:%M:%S")
    )
}
