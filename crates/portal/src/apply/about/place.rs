//! 办理地点: who handles the application, where the item was delegated whole to towns or villages (下放、委托、赋权). What serves
//! the address that was filled in stands first; without a choice nothing is handed in, so that nobody is sent far away unasked.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_cases::model::HandledBy;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_delegations::{Nearby, nearby};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Answers, FieldErrors, Form as Asked},
    markup::Choice,
    page::PageContext,
};

use crate::apply::{
    Application, Place, Way, applicant, gone,
    steps::{self, Step},
};
use crate::rooms::{Rooms, html_checked};

/// The key among the answers about the application.
const PLACE: &str = "place";
/// What is chosen when the department is.
const DEPARTMENT: &str = "department";
/// How many choices are shown as buttons; more are a list.
const RADIOS_MAX: usize = 10;
/// Longer regions than the county's are those of towns and villages.
const COUNTY_DIGITS: usize = 6;

#[derive(Template)]
#[template(path = "portal/apply/place.html")]
struct PlacePage<'a> {
    page: &'a PageContext,
    step_words: String,
    saved: String,
    choices: Vec<Choice>,
    is_list: bool,
    place: &'a str,
    action: String,
    back: Option<String>,
    errors: &'a FieldErrors,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PlaceForm {
    #[serde(default)]
    place: String,
}

/// Those among whom the applicant chooses, beside the department; the ones that serve their address first.
pub(in crate::apply) async fn offered(
    rooms: &Rooms,
    caller: &Caller,
    item: &ItemVersion,
    (form, answers): (&Asked, &Answers),
) -> Result<Vec<Nearby>, Failure> {
    let mut offered = nearby((&rooms.delegations, &rooms.directory), caller, item.id).await?;
    let home = applicant::village(form, answers).unwrap_or_default();
    // A village before its town, and both before all others, which stay in the order of their names.
    offered.sort_by_key(|one| std::cmp::Reverse(closeness(one, home)));
    Ok(offered)
}

/// How narrowly a place serves an address: 0 when it does not.
fn closeness(one: &Nearby, home: &str) -> usize {
    let place = one.organisation.place.to_string();
    if place.len() > COUNTY_DIGITS && home.starts_with(&place) {
        place.len()
    } else {
        0
    }
}

fn choices(page: &PageContext, application: &Application) -> Vec<Choice> {
    let home = applicant::village(&application.form, &application.draft.content.answers);
    let home = home.unwrap_or_default();
    let mut choices: Vec<Choice> = application
        .places
        .iter()
        .map(|one| {
            let organisation = &one.organisation;
            let near = page.t("就在您填的地址所在的镇、村");
            let near = if closeness(one, home) > 0 {
                near.as_ref()
            } else {
                ""
            };
            let hint = [near, &organisation.address, &organisation.phone];
            let hint: Vec<&str> = hint.into_iter().filter(|text| !text.is_empty()).collect();
            Choice {
                value: organisation.id.to_string(),
                label: organisation.name.clone(),
                hint: hint.join(" · "),
            }
        })
        .collect();
    let near = application.places.iter();
    let near = near.filter(|one| closeness(one, home) > 0).count();
    let department = Choice {
        value: DEPARTMENT.to_owned(),
        label: application.item.content.department.name.clone(),
        hint: page.t("县里的主管部门，哪里的人都可以选").into_owned(),
    };
    choices.insert(near, department);
    choices
}

/// What stands ticked: what was chosen before, or the place that serves the applicant's address.
fn ticked(application: &Application) -> String {
    let chosen = application.about(PLACE);
    if !chosen.is_empty() {
        return chosen.to_owned();
    }
    let home = applicant::village(&application.form, &application.draft.content.answers);
    let first = application.places.first();
    first
        .filter(|one| closeness(one, home.unwrap_or_default()) > 0)
        .map(|one| one.organisation.id.to_string())
        .unwrap_or_default()
}

fn show(
    caller: &Caller,
    application: &Application,
    way: &Way,
    place: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = application
        .page(caller, "办理地点")
        .with_errors(!errors.is_empty());
    let walk = application.walk();
    let choices = choices(&page, application);
    let template = PlacePage {
        step_words: steps::words(&page, &walk.place(Step::Place)),
        saved: application.saved(caller),
        is_list: choices.len() > RADIOS_MAX,
        choices,
        place,
        action: format!("{}{}", application.path_of(Step::Place), way.query()),
        back: walk
            .before(Step::Place)
            .map(|before| application.path_of(before)),
        page: &page,
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let ticked = ticked(&application);
    show(&caller, &application, &way, &ticked, &FieldErrors::new())
}

pub(crate) async fn save(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
    Form(form): Form<PlaceForm>,
) -> Result<Response, Failure> {
    let Some(mut application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let place: String = form.place.chars().take(40).collect();
    application.set_about(PLACE, &place);
    application.save(&rooms, &caller).await?;
    let errors = problems(&caller.page, &application);
    if !errors.is_empty() {
        return show(&caller, &application, &way, &place, &errors);
    }
    Ok(application.next(Step::Place, &way))
}

fn chosen(application: &Application) -> Option<&Nearby> {
    let chosen = application.about(PLACE);
    let mut places = application.places.iter();
    places.find(|one| one.organisation.id.to_string() == chosen)
}

/// Whether there is something to choose, or what was chosen is no longer offered: nobody is sent elsewhere unasked.
pub(in crate::apply) fn is_asked(application: &Application) -> bool {
    !application.places.is_empty() || !matches!(application.about(PLACE), "" | DEPARTMENT)
}

/// What is wrong with the choice. What was delegated may have ended since it was made.
pub(in crate::apply) fn problems(page: &PageContext, application: &Application) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let place = application.about(PLACE);
    if !is_asked(application) || place == DEPARTMENT || chosen(application).is_some() {
        return errors;
    }
    let text = if place.is_empty() {
        "请选择在哪里办理。"
    } else {
        "您选的地点现在不办这个事项，请重新选择。"
    };
    errors.add("place", page.t(text));
    errors
}

/// The choice in words.
pub(in crate::apply) fn words(application: &Application) -> &str {
    chosen(application).map_or(&application.item.content.department.name, |one| {
        &one.organisation.name
    })
}

/// Who handles it; `None` for the department.
pub(in crate::apply) fn handled_by(application: &Application) -> Option<HandledBy> {
    let chosen = chosen(application)?;
    Some(HandledBy::chosen(&chosen.held, chosen.organisation.clone()))
}
