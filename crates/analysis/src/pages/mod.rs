//! The staff's pages: `overview` (items by demand; `listing`: as Excel), `item` (one of them), `departments`, `pairs`, `suggestions`, `import`
//! (earlier years). `chart`: numbers by month as a picture with a table beside it.

mod chart;
pub(crate) mod departments;
mod import;
pub(crate) mod item;
mod listing;
mod overview;
pub(crate) mod pairs;
mod suggestions;

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use rust_xlsxwriter::XlsxError;
use wuchuang_webkit::{
    Caller, Failure, Routes, Rule,
    forms::FieldErrors,
    page::{Flash, FlashKind},
};

use crate::{figures::Figures, service::Analysis};

pub(crate) fn routes() -> Routes<Analysis> {
    let read = Rule::Act("demand_read");
    let count = Rule::Act("demand_count");
    let decide = Rule::Act("demand_decide");
    Routes::new()
        .get("/staff/demand", read, overview::page)
        .get("/staff/demand/list.xlsx", read, listing::excel_list)
        .post("/staff/demand/counts", count, overview::count)
        .get("/staff/demand/departments", read, departments::page)
        .get(
            "/staff/demand/departments.xlsx",
            read,
            departments::excel_list,
        )
        .get("/staff/demand/items/{item}", read, item::page)
        .get(
            "/staff/demand/items/{item}/months.xlsx",
            read,
            item::excel_list,
        )
        .get("/staff/demand/pairs", read, pairs::page)
        .get("/staff/demand/pairs.xlsx", read, pairs::excel_list)
        .get("/staff/demand/suggestions", read, suggestions::list)
        .get(
            "/staff/demand/suggestions.xlsx",
            read,
            suggestions::excel_list,
        )
        .get(
            "/staff/demand/suggestions/{suggestion}",
            read,
            suggestions::page,
        )
        .post(
            "/staff/demand/suggestions/{suggestion}/take-up",
            decide,
            suggestions::take_up,
        )
        .post(
            "/staff/demand/suggestions/{suggestion}/dismiss",
            decide,
            suggestions::dismiss,
        )
        .get("/staff/demand/years", count, import::page)
        .post("/staff/demand/years", count, import::send)
        .get("/staff/demand/years.xlsx", count, import::template)
}

/// The figures behind the number of applications, as tables show them: accepted, corrected, not accepted, refused, granted,
/// withdrawn, terminated, late, days.
fn cells(figures: &Figures) -> Vec<String> {
    vec![
        figures.accepted.to_string(),
        figures.told(figures.corrected),
        figures.told(figures.not_accepted),
        figures.refused.to_string(),
        figures.told(figures.granted),
        figures.told(figures.withdrawn),
        figures.told(figures.terminated),
        figures.told(figures.late),
        figures.days_words(),
    ]
}

/// A rendered page, or the failure to render it.
fn html(page: &impl Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// The page again after a refusal, with what was typed.
fn again(page: Html<String>) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// A workbook to keep.
fn excel(name: &'static str, body: Result<Vec<u8>, XlsxError>) -> Result<Response, Failure> {
    let body = body.map_err(Failure::internal)?;
    let head = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((head, body).into_response())
}

/// A page with a word about what was done.
fn flashed(caller: &Caller, done: Option<&str>) -> Caller {
    let mut caller = caller.clone();
    if let Some(text) = done {
        caller.page.flash = Some(Flash {
            kind: FlashKind::Success,
            text: text.to_owned(),
        });
    }
    caller
}

/// What was sent by a form, in its order.
#[derive(Debug, Default, Clone)]
struct Sent(Vec<(String, String)>);

impl Sent {
    /// The value of a field; empty without it.
    fn value(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        let found = fields.find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The key of the command.
    fn key(&self) -> Option<&str> {
        Some(self.value("command_id")).filter(|key| !key.is_empty())
    }

    /// A form that begins with something filled in.
    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }
}

/// A refusal beside its field, or the failure itself where it is none of the form's.
fn refusal(failure: Failure, otherwise: &str) -> Result<FieldErrors, Failure> {
    if failure.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(failure);
    }
    let mut errors = FieldErrors::new();
    let field = failure.field.as_deref().unwrap_or(otherwise).to_owned();
    errors.add(field, failure.public.into_owned());
    Ok(errors)
}
