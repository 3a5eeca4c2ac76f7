//! Shows a reception: the form on the left, the checklist beside it, the deeds on the right.

use askama::Template;
use axum::response::Response;
use wuchuang_cases::{known, model::FileReference};
use wuchuang_catalogue::model::DeliveryMethod;
use wuchuang_kernel::PersonId;
use wuchuang_ledger::Ledger;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors},
    markup::{Choice, file_size},
    page::PageContext,
};

use super::receive::{Matter, Reception};
use crate::{
    reception::{About, Line, PRIORITIES, delivery_methods, first_open, ticket},
    rooms::{Rooms, html, html_again},
};

/// A scan that was sent with an earlier press of a button.
pub(super) struct ScanView {
    pub(super) ticket: String,
    pub(super) name: String,
    pub(super) size: String,
}

/// A material with its scans, as the page shows it.
pub(super) struct LineView<'a> {
    pub(super) line: &'a Line,
    pub(super) scans: Vec<ScanView>,
    field: String,
    copies: String,
    scan: String,
    problem: String,
}

impl LineView<'_> {
    /// The field of the mark; errors lead to it.
    pub(super) fn field(&self) -> &str {
        &self.field
    }

    pub(super) fn copies(&self) -> &str {
        &self.copies
    }

    pub(super) fn scan(&self) -> &str {
        &self.scan
    }

    fn problem(&self) -> &str {
        &self.problem
    }

    /// The marks as choices.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.line
            .marks()
            .into_iter()
            .map(|mark| Choice::new(mark.code(), mark.name()))
            .collect()
    }
}

#[derive(Template)]
#[template(path = "hall/reception.html")]
struct ReceptionPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    item_name: &'a str,
    department: &'a str,
    limit: String,
    citizen_name: &'a str,
    /// Where the bad-credit records open that exclude from promises and later papers.
    barred: Option<&'a str>,
    person: String,
    form_html: String,
    first_open: String,
    lines: Vec<LineView<'a>>,
    about: &'a About,
    deliveries: Vec<Choice>,
    may_post: bool,
    priorities: Vec<Choice>,
    is_instant: bool,
    may_follow: bool,
    /// The marks that a material may have, in words.
    mark_words: String,
    grounds: Vec<Choice>,
}

pub(super) fn show(
    rooms: &Rooms,
    caller: &Caller,
    matter: &Matter,
    reception: &Reception,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let content = matter.content();
    let page = caller
        .page
        .clone()
        .titled(&format!("收件 · {}", content.name))
        .under("窗口收件", "/staff/counter")
        .with_errors(!errors.is_empty());
    let values = &reception.answers.values;
    let told = |material: &str| {
        let mut lines = reception.checklist.0.iter();
        let line = lines.find(|line| line.id == material)?;
        Some(line.mark.name().to_owned())
    };
    let shown = matter.form.with_attachments(values, told);
    let form_html = form_html(matter, &page, &shown, errors)?;
    let methods = delivery_methods(content);
    let ledger = rooms.cases().ledger();
    let template = ReceptionPage {
        errors,
        path: format!(
            "/staff/counter/receive/{}/{}",
            matter.item.id,
            matter.person()
        ),
        item_name: &content.name,
        department: &content.department.name,
        limit: content.promised_limit.text(),
        citizen_name: &matter.citizen.name,
        barred: matter.barred.as_deref(),
        person: matter.person().to_string(),
        form_html,
        first_open: first_open(&matter.form, values).unwrap_or_default(),
        lines: reception
            .checklist
            .0
            .iter()
            .map(|line| line_view(ledger, matter.person(), line))
            .collect(),
        about: &reception.about,
        may_post: methods.contains(&DeliveryMethod::Post),
        deliveries: methods
            .into_iter()
            .map(|method| Choice::new(method.code(), method.name()))
            .collect(),
        priorities: PRIORITIES
            .into_iter()
            .map(|(code, word)| Choice::new(code, word))
            .collect(),
        is_instant: content.is_instant(),
        may_follow: reception.checklist.may_follow(),
        mark_words: reception.checklist.mark_words(),
        grounds: grounds(),
        page: &page,
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}

/// The item's form, with where answers were filled in from.
fn form_html(
    matter: &Matter,
    page: &PageContext,
    values: &Answers,
    errors: &FieldErrors,
) -> Result<String, Failure> {
    let shown = known::shown(&matter.known, &matter.form, values);
    let notes = known::notes(&matter.known, values, &page.translator);
    matter
        .form
        .render_known(page, None, (&shown, &notes), errors, &matter.lists)
        .map_err(Failure::internal)
}

/// Why an application is not accepted, as choices.
fn grounds() -> Vec<Choice> {
    vec![
        Choice::new("other", "不符合受理条件"),
        Choice::new("not_competent", "不属于本机关职权范围"),
        Choice::new("not_required", "依法不需要办理"),
    ]
}

pub(super) fn line_view<'a>(ledger: &Ledger, person: PersonId, line: &'a Line) -> LineView<'a> {
    let scan = |file: &FileReference| ScanView {
        ticket: ticket(ledger, person, file),
        name: file.name.text().to_owned(),
        size: file_size(file.bytes),
    };
    LineView {
        field: format!("mark-{}", line.id),
        copies: format!("copies-{}", line.id),
        scan: format!("scan-{}", line.id),
        problem: format!("problem-{}", line.id),
        line,
        scans: line.files.iter().map(scan).collect(),
    }
}
