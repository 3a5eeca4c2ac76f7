//! 代理人: somebody who acts for the applicant. Not asked of everyone; a line at 核对 leads here.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::{model::Agent, store::Draft};
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::Personal;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use crate::apply::{Application, Place, gone, steps::Step};
use crate::rooms::{Rooms, html_checked};

/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 40;

const NAME: &str = "agent_name";
const NUMBER: &str = "agent_number";
const PHONE: &str = "agent_phone";

#[derive(Debug, Default, Deserialize)]
pub(crate) struct AgentForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    phone: String,
    /// `none` when the button for having no agent was pressed.
    #[serde(default)]
    deed: String,
}

#[derive(Template)]
#[template(path = "portal/apply/agent.html")]
struct AgentPage<'a> {
    page: &'a PageContext,
    form: &'a AgentForm,
    action: String,
    back: String,
    errors: &'a FieldErrors,
}

fn show(
    caller: &Caller,
    application: &Application,
    form: &AgentForm,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = application
        .page(caller, "代理人")
        .with_errors(!errors.is_empty());
    let template = AgentPage {
        page: &page,
        form,
        action: format!("{}/agent", application.path()),
        back: application.path_of(Step::Check),
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let form = AgentForm {
        name: application.about(NAME).to_owned(),
        number: application.about(NUMBER).to_owned(),
        phone: application.about(PHONE).to_owned(),
        deed: String::new(),
    };
    show(&caller, &application, &form, &FieldErrors::new())
}

/// The canonical number and phone, or what is wrong.
fn checked(page: &PageContext, form: &AgentForm) -> Result<(String, String), FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        errors.add(
            "name",
            page.t("请填写代理人姓名（与身份证一致，最多40个字）。"),
        );
    }
    let number = CitizenNumber::parse(&form.number)
        .map(|number| number.as_str().to_owned())
        .map_err(|error| errors.add("number", page.translator.explain(&error)));
    let phone = PhoneNumber::parse(&form.phone)
        .map(|phone| phone.as_str().to_owned())
        .map_err(|error| errors.add("phone", page.translator.explain(&error)));
    match (number, phone) {
        (Ok(number), Ok(phone)) if errors.is_empty() => Ok((number, phone)),
        _ => Err(errors),
    }
}

pub(crate) async fn save(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Form(form): Form<AgentForm>,
) -> Result<Response, Failure> {
    let Some(mut application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    if form.deed == "none" {
        for key in [NAME, NUMBER, PHONE] {
            application.draft.content.about.remove(key);
        }
    } else {
        match checked(&caller.page, &form) {
            Ok((number, phone)) => {
                application.set_about(NAME, form.name.trim());
                application.set_about(NUMBER, &number);
                application.set_about(PHONE, &phone);
            }
            Err(errors) => return show(&caller, &application, &form, &errors),
        }
    }
    application.save(&rooms, &caller).await?;
    Ok(Redirect::to(&application.path_of(Step::Check)).into_response())
}

/// Whether somebody acts for the applicant of a draft.
pub(in crate::apply) fn acts(draft: &Draft) -> bool {
    let name = draft.content.about.get(NAME);
    let name = name.and_then(serde_json::Value::as_str);
    name.is_some_and(|name| !name.is_empty())
}

/// The agent, when one was named.
pub(in crate::apply) fn agent(application: &Application) -> Option<Agent> {
    let own = |key: &str| Personal::new(application.person, application.about(key).to_owned());
    (!application.about(NAME).is_empty()).then(|| Agent {
        name: own(NAME),
        number: own(NUMBER),
        phone: own(PHONE),
    })
}
