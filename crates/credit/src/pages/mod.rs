//! The pages of records: the staff's list and one subject, the entry, and the applicant's own records.

pub(crate) mod enter;
mod list;
mod own;
mod subject;

use axum::response::Html;
use wuchuang_kernel::CreditSubjectId;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{Rooms, model::Happened};

pub(crate) fn routes() -> Routes<Rooms> {
    let read = Rule::Act("credit_read");
    let record = Rule::Act("credit_record");
    let repair = Rule::Act("credit_repair");
    let ask = Rule::Act("credit_own_ask");
    Routes::new()
        .get("/staff/credit", read, list::page)
        .get("/staff/credit/new", record, enter::page)
        .post("/staff/credit/new", record, enter::send)
        .get("/staff/credit/{subject}", read, subject::page)
        .post(
            "/staff/credit/{subject}/{record}/repair",
            repair,
            subject::repair,
        )
        .post(
            "/staff/credit/{subject}/{record}/decline",
            repair,
            subject::decline,
        )
        .get("/my/credit", Rule::Act("credit_own_read"), own::page)
        .post("/my/credit/{subject}/{record}/ask", ask, own::ask)
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// The subject in an address.
pub(crate) fn subject_of(text: &str) -> Result<CreditSubjectId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// What a form sent in a field; empty without it.
fn sent(pairs: &[(String, String)], field: &str) -> String {
    let found = pairs.iter().find(|(name, _)| name == field);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// One thing that happened, as pages show it.
struct HappenedLine {
    what: &'static str,
    at: String,
    /// Who of the staff; empty when the subject did it.
    who: String,
    reason: String,
    document: String,
}

async fn happened(
    rooms: &Rooms,
    caller: &Caller,
    all: &[Happened],
) -> Result<Vec<HappenedLine>, Failure> {
    let mut lines = Vec::new();
    for one in all {
        let who = match &one.by {
            Some(by) => rooms.directory.actor_name(caller.region, by).await?,
            None => None,
        };
        lines.push(HappenedLine {
            what: one.what,
            at: moment(one.at),
            who: who.unwrap_or_default(),
            reason: one.reason.text().to_owned(),
            document: one
                .document
                .as_ref()
                .map(|document| document.text().to_owned())
                .unwrap_or_default(),
        });
    }
    Ok(lines)
}

/// `2026-11-22 09:30`, in China.
fn moment(at: jiff::Timestamp) -> String {
    wuchuang_kernel::china_time(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
