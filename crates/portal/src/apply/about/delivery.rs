//! Where the result goes: only the ways that the item offers.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_cases::model::DeliveryChoice;
use wuchuang_catalogue::model::DeliveryMethod;
use wuchuang_kernel::Personal;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice, page::PageContext};

use crate::apply::{
    Application, Place, Way, applicant, gone,
    steps::{self, Step},
};
use crate::rooms::{Rooms, html_checked};

/// How long a postal address may be, in characters.
const ADDRESS_CHARACTERS_MAX: usize = 200;

/// The keys among the answers about the application.
const METHOD: &str = "delivery";
const ADDRESS: &str = "delivery_address";

#[derive(Template)]
#[template(path = "portal/apply/delivery.html")]
struct DeliveryPage<'a> {
    page: &'a PageContext,
    step_words: String,
    saved: String,
    choices: Vec<Choice>,
    method: &'a str,
    offers_post: bool,
    address: &'a str,
    action: String,
    back: Option<String>,
    errors: &'a FieldErrors,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeliveryForm {
    #[serde(default)]
    method: String,
    #[serde(default)]
    address: String,
}

fn choice(page: &PageContext, method: DeliveryMethod) -> Choice {
    let hint = match method {
        DeliveryMethod::Counter => "办好后发短信通知，带身份证到窗口取。",
        DeliveryMethod::Post => "办好后寄到您填的地址，不收费。",
        DeliveryMethod::Electronic => "办好后在“我的证照”里查看、下载，不用跑。",
    };
    Choice {
        value: method.code().to_owned(),
        label: method.name().to_owned(),
        hint: page.t(hint).into_owned(),
    }
}

fn show(
    caller: &Caller,
    application: &Application,
    way: &Way,
    (method, address): (&str, &str),
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = application
        .page(caller, "领取方式")
        .with_errors(!errors.is_empty());
    let walk = application.walk();
    let methods = &application.item.content.delivery_methods;
    let template = DeliveryPage {
        step_words: steps::words(&page, &walk.place(Step::Delivery)),
        saved: application.saved(caller),
        choices: methods
            .iter()
            .map(|method| choice(&page, *method))
            .collect(),
        method,
        offers_post: methods.contains(&DeliveryMethod::Post),
        address,
        action: format!("{}{}", application.path_of(Step::Delivery), way.query()),
        back: walk
            .before(Step::Delivery)
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
    let known = application.about(ADDRESS).to_owned();
    let address = if known.is_empty() {
        applicant::address(
            &application.form,
            &application.draft.content.answers,
            &application.lists,
        )
    } else {
        known
    };
    let shown = (application.about(METHOD), address.as_str());
    show(&caller, &application, &way, shown, &FieldErrors::new())
}

pub(crate) async fn save(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Query(way): Query<Way>,
    Form(form): Form<DeliveryForm>,
) -> Result<Response, Failure> {
    let Some(mut application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let address: String = form
        .address
        .trim()
        .chars()
        .take(ADDRESS_CHARACTERS_MAX + 1)
        .collect();
    application.set_about(METHOD, &form.method.chars().take(20).collect::<String>());
    application.set_about(ADDRESS, &address);
    application.save(&rooms, &caller).await?;
    let errors = problems(&caller.page, &application);
    if !errors.is_empty() {
        return show(
            &caller,
            &application,
            &way,
            (&form.method, &address),
            &errors,
        );
    }
    Ok(application.next(Step::Delivery, &way))
}

/// The chosen way; the only one, where there is nothing to choose.
fn method(application: &Application) -> Option<DeliveryMethod> {
    let methods = &application.item.content.delivery_methods;
    if !steps::asks_delivery(&application.item.content) {
        return Some(methods.first().copied().unwrap_or(DeliveryMethod::Counter));
    }
    DeliveryMethod::from_text(application.about(METHOD)).filter(|method| methods.contains(method))
}

/// What is wrong with the choice.
pub(in crate::apply) fn problems(page: &PageContext, application: &Application) -> FieldErrors {
    let mut errors = FieldErrors::new();
    match method(application) {
        None => errors.add("method", page.t("请选择结果怎样给您。")),
        Some(DeliveryMethod::Post) => {
            let address = application.about(ADDRESS);
            if address.is_empty() {
                errors.add(
                    "address",
                    page.t("请填写收件地址，写到门牌号（邮寄需要）。"),
                );
            } else if address.chars().count() > ADDRESS_CHARACTERS_MAX {
                errors.add("address", page.t("收件地址最多200个字，请删减。"));
            }
        }
        Some(DeliveryMethod::Counter | DeliveryMethod::Electronic) => {}
    }
    errors
}

/// The choice as the case takes it.
pub(in crate::apply) fn delivery(application: &Application) -> DeliveryChoice {
    match method(application) {
        Some(DeliveryMethod::Post) => DeliveryChoice::Post {
            address: Personal::new(application.person, application.about(ADDRESS).to_owned()),
        },
        Some(DeliveryMethod::Electronic) => DeliveryChoice::Electronic,
        Some(DeliveryMethod::Counter) | None => DeliveryChoice::Counter,
    }
}
