//! One group of the item's form on one page.

pub(super) mod attach;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_cases::known;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors},
    page::PageContext,
};

use super::{
    Application, Way, applicant, check, gone,
    steps::{self, Step},
};
use crate::rooms::{Rooms, html_checked};

#[derive(Template)]
#[template(path = "portal/apply/group.html")]
struct GroupPage<'a> {
    page: &'a PageContext,
    step_words: String,
    saved: String,
    is_first: bool,
    questions: String,
    action: String,
    keep: String,
    back: Option<String>,
    /// Whether files are asked for on it.
    takes_files: bool,
    errors: &'a FieldErrors,
}

/// `(item, draft, group)`.
type GroupPlace = (String, String, usize);

/// The application with the index and the name of the group.
async fn open(
    rooms: &Rooms,
    caller: &Caller,
    (item, draft, group): GroupPlace,
) -> Result<Option<(Application, usize, String)>, Failure> {
    let Some(application) = Application::open(rooms, caller, &(item, draft)).await? else {
        return Ok(None);
    };
    let index = group.checked_sub(1).ok_or_else(Failure::not_found)?;
    let name = application
        .form
        .groups()
        .get(index)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    Ok(Some((application, index, name)))
}

fn show(
    caller: &Caller,
    application: &Application,
    (index, name): (usize, &str),
    way: &Way,
    (values, errors): (&Answers, &FieldErrors),
) -> Result<Response, Failure> {
    let page = application
        .page(caller, name)
        .with_errors(!errors.is_empty());
    let walk = application.walk();
    let step = Step::Group(index);
    let known = &application.draft.content.known;
    let path = application.path_of(step);
    let template = GroupPage {
        step_words: steps::words(&page, &walk.place(step)),
        saved: application.saved(caller),
        is_first: index == 0,
        questions: application
            .form
            .render_known(
                &page,
                Some(name),
                (
                    &attach::shown(
                        &page,
                        application,
                        &known::shown(known, &application.form, values),
                    ),
                    &known::notes(known, values, &page.translator),
                ),
                errors,
                &application.lists,
            )
            .map_err(Failure::internal)?,
        action: format!("{path}{}", way.query()),
        keep: format!("{path}/keep"),
        takes_files: attach::takes_files(application, name),
        back: walk.before(step).map(|before| application.path_of(before)),
        page: &page,
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<GroupPlace>,
    Query(way): Query<Way>,
) -> Result<Response, Failure> {
    let Some((application, index, name)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    let shown = (&application.draft.content.answers, &FieldErrors::new());
    show(&caller, &application, (index, &name), &way, shown)
}

pub(crate) async fn save(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<GroupPlace>,
    Query(way): Query<Way>,
    request: Request,
) -> Result<Response, Failure> {
    let Some((mut application, index, name)) = open(&rooms, &caller, place).await? else {
        return Ok(gone());
    };
    let mut sent = attach::Sent::read(&rooms, &caller, &application, request).await?;
    sent.keep(&rooms, &caller, &mut application);
    let mut read = application.form.read_group(
        &name,
        &application.draft.content.answers,
        &sent.pairs,
        &application.lists,
        &caller.page.translator,
    );
    // What was typed is kept even when it is wrong; it is checked again before it is handed in.
    application.draft.content.answers = read.kept(&application.form);
    known::read_reasons(&mut application.draft.content.known, &sent.pairs);
    application.save(&rooms, &caller).await?;
    if let Some(material) = sent.opened() {
        let path = format!("{}/materials/{material}{}", application.path(), way.query());
        return Ok(Redirect::to(&path).into_response());
    }
    if sent.attached().is_some() && sent.errors.is_empty() {
        let path = format!("{}{}", application.path_of(Step::Group(index)), way.query());
        return Ok(Redirect::to(&path).into_response());
    }
    if read.is_rows_changed {
        let shown = (&read.values, &read.errors);
        return show(&caller, &application, (index, &name), &way, shown);
    }
    let profile = rooms.profile(&caller).await?;
    check_group(&caller, &application, &name, &profile, &mut read.errors);
    // The answers that were just read decide which files are needed.
    let place = (
        application.item.id.to_string(),
        application.draft.id.to_string(),
    );
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    for error in &attach::missing(&caller.page, &application, &name) {
        if sent.errors.of(&error.field).is_none() {
            sent.errors.add(error.field.clone(), error.message.clone());
        }
    }
    for error in &sent.errors {
        read.errors.add(error.field.clone(), error.message.clone());
    }
    if !read.errors.is_empty() {
        let shown = (&read.values, &read.errors);
        return show(&caller, &application, (index, &name), &way, shown);
    }
    Ok(application.next(Step::Group(index), &way))
}

/// What concerns the whole application is said on the page only that asks for it.
fn check_group(
    caller: &Caller,
    application: &Application,
    group: &str,
    profile: &wuchuang_access::CitizenEntry,
    errors: &mut FieldErrors,
) {
    let mut found = FieldErrors::new();
    let answers = &application.draft.content.answers;
    applicant::check_identity(
        &caller.page,
        &application.form,
        answers,
        profile,
        &mut found,
    );
    check::check_known(&caller.page, application, &mut found);
    check::check_signers(&caller.page, application, profile, &mut found);
    for error in &found {
        let is_here = application
            .form
            .field(&error.field)
            .is_some_and(|field| field.group == group);
        if is_here && errors.of(&error.field).is_none() {
            errors.add(error.field.clone(), error.message.clone());
        }
    }
}

/// Keeps what is typed while it is typed; nothing is checked.
pub(crate) async fn keep(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<GroupPlace>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let Some((mut application, _, name)) = open(&rooms, &caller, place).await? else {
        return Err(Failure::not_found());
    };
    let read = application.form.read_group(
        &name,
        &application.draft.content.answers,
        &pairs,
        &application.lists,
        &caller.page.translator,
    );
    application.draft.content.answers = read.kept(&application.form);
    known::read_reasons(&mut application.draft.content.known, &pairs);
    application.save(&rooms, &caller).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
