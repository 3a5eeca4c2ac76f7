//! The staff's pages. Findings: `list` with `figures` and `many` (several at once), `kinds` (the table of violations), `finding`, `enter` (by hand, and about oneself), `register` (a
//! department's own register, the rounds). The hall: `entries`, `department`, `item`.

mod department;
mod enter;
mod entries;
mod figures;
mod finding;
mod item;
mod kinds;
mod list;
mod many;
mod register;

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use wuchuang_webkit::{
    Caller, Failure, Routes, Rule,
    forms::FieldErrors,
    markup::Choice,
    page::{Flash, FlashKind},
};

use crate::service::Oversight;

pub(crate) use entries::{scope, told};
pub(crate) use figures::{Count, figures};
pub(crate) use finding::evidence;
pub(crate) use list::{Asked, filter_of};

pub(crate) fn routes() -> Routes<Oversight> {
    finding_routes().and(hall_routes())
}

fn finding_routes() -> Routes<Oversight> {
    let read = Rule::Act("finding_read");
    let enter = Rule::Act("finding_enter");
    let decide = Rule::Act("finding_decide");
    let answer = Rule::Act("finding_answer");
    let report = Rule::Act("finding_report");
    Routes::new()
        .get("/staff/oversight", read, list::page)
        .get("/staff/oversight/kinds", read, kinds::page)
        .post(
            "/staff/oversight/kinds",
            Rule::Act("finding_kinds_edit"),
            kinds::send,
        )
        .post("/staff/oversight/many", decide, many::send)
        .get("/staff/oversight/figures", read, figures::page)
        .get("/staff/oversight/new", enter, enter::by_hand)
        .post("/staff/oversight/new", enter, enter::send_by_hand)
        .get("/staff/oversight/report", report, enter::own)
        .post("/staff/oversight/report", report, enter::send_own)
        .get("/staff/oversight/rounds", enter, register::rounds)
        .post("/staff/oversight/rounds", enter, register::look)
        .get("/staff/oversight/rounds/{round}", enter, register::round)
        .get("/staff/oversight/register", enter, register::page)
        .post("/staff/oversight/register", enter, register::send)
        .get("/staff/oversight/register.xlsx", enter, register::template)
        .get("/staff/oversight/findings/{finding}", read, finding::page)
        .post(
            "/staff/oversight/findings/{finding}/notify",
            decide,
            finding::notify,
        )
        .post(
            "/staff/oversight/findings/{finding}/answer",
            answer,
            finding::answer,
        )
        .post(
            "/staff/oversight/findings/{finding}/decide",
            decide,
            finding::decide,
        )
        .post(
            "/staff/oversight/findings/{finding}/rectify",
            answer,
            finding::rectify,
        )
        .post(
            "/staff/oversight/findings/{finding}/confirm",
            decide,
            finding::confirm,
        )
        .post(
            "/staff/oversight/findings/{finding}/return",
            decide,
            finding::send_back,
        )
}

fn hall_routes() -> Routes<Oversight> {
    let read = Rule::Act("entry_read");
    let edit = Rule::Act("entry_edit");
    Routes::new()
        .get("/staff/entries", read, entries::page)
        .get("/staff/entries/list.xlsx", read, entries::excel_list)
        .get("/staff/entries/{organisation}", read, department::page)
        .post(
            "/staff/entries/{organisation}/authority",
            edit,
            department::authorise,
        )
        .post(
            "/staff/entries/{organisation}/authority/end",
            edit,
            department::end,
        )
        .post(
            "/staff/entries/{organisation}/facts",
            edit,
            department::record,
        )
        .post(
            "/staff/entries/{organisation}/facts/withdraw",
            edit,
            department::withdraw,
        )
        .get("/staff/items/{item}/entry", read, item::page)
        .post("/staff/items/{item}/entry", edit, item::enter)
        .post("/staff/items/{item}/entry/exempt", edit, item::exempt)
        .post("/staff/items/{item}/entry/take-back", edit, item::take_back)
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
fn excel(name: &'static str, body: Vec<u8>) -> Response {
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
    (head, body).into_response()
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

    /// All values of a field with several boxes.
    fn all(&self, name: &str) -> Vec<String> {
        let fields = self.0.iter().filter(|(key, _)| key == name);
        fields.map(|(_, value)| value.clone()).collect()
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

    /// Boxes as they were ticked.
    fn ticks(&self, name: &str, choices: Vec<Choice>) -> Ticks {
        Ticks {
            choices,
            ticked: self.all(name),
        }
    }
}

/// Boxes with what was ticked.
struct Ticks {
    choices: Vec<Choice>,
    ticked: Vec<String>,
}

impl Ticks {
    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn is_ticked(&self, value: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == value)
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
