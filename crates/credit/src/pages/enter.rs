//! 记入失信名单: a record is entered about the applicant of a case, by who decides in the organisation that handled it.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure, Resource, forms::FieldErrors, markup::Choice, page::PageContext,
};

use super::html;
use crate::{Rooms, SourceCase, model::CreditGround, service::Entry};

#[derive(Template)]
#[template(path = "credit/enter.html")]
struct EnterPage<'a> {
    page: &'a PageContext,
    form: &'a EnterForm,
    grounds: Vec<Choice>,
    errors: &'a FieldErrors,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct EnterForm {
    command_id: Option<String>,
    #[serde(default)]
    case: String,
    #[serde(default)]
    ground: String,
    #[serde(default)]
    reason: String,
}

fn show(caller: &Caller, form: &EnterForm, errors: &FieldErrors) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("记入失信名单")
        .under("失信记录", "/staff/credit")
        .with_errors(!errors.is_empty());
    html(&EnterPage {
        page: &page,
        form,
        grounds: CreditGround::ALL
            .map(|ground| Choice::new(ground.code(), ground.name()))
            .to_vec(),
        errors,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct EnterQuery {
    #[serde(default)]
    case: String,
}

pub(super) async fn page(
    caller: Caller,
    Query(query): Query<EnterQuery>,
) -> Result<Html<String>, Failure> {
    let form = EnterForm {
        case: query.case,
        ..EnterForm::default()
    };
    show(&caller, &form, &FieldErrors::new())
}

pub(super) async fn send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<EnterForm>,
) -> Result<Response, Failure> {
    let key = form.command_id.as_deref();
    match enter(
        &rooms,
        &caller,
        (&form.case, &form.ground, &form.reason),
        key,
    )
    .await
    {
        Ok(subject) => Ok(Redirect::to(&format!("/staff/credit/{subject}")).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            let field = failure.field.clone().unwrap_or("case".into());
            errors.add(field.into_owned(), failure.public);
            let page = show(&caller, &form, &errors)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// Enters a record about the applicant of the case with a number: for the page and for programs.
///
/// # Errors
/// 422 naming the field, 403 for whoever does not decide in the organisation that handled the case.
pub(crate) async fn enter(
    rooms: &Rooms,
    caller: &Caller,
    (case, ground, reason): (&str, &str, &str),
    key: Option<&str>,
) -> Result<wuchuang_kernel::CreditSubjectId, Failure> {
    let source = source(rooms, caller, case).await?;
    let handled_by = Resource {
        kind: "credit",
        organisation: Some(source.organisation),
        ..Resource::default()
    };
    caller.require("credit_record", &handled_by)?;
    let ground = CreditGround::from_code(ground)
        .ok_or_else(|| Failure::invalid("请选择失信情形。").at("ground"))?;
    let name = rooms
        .directory
        .organisation_name(caller.region, source.organisation)
        .await?;
    let entry = Entry {
        ground,
        reason,
        task: None,
        organisation: (source.organisation, name.to_string()),
    };
    let order = caller.order(key, Expected::Any);
    let (subject, _) = rooms.credit.record(&source, entry, order).await?;
    Ok(subject)
}

async fn source(rooms: &Rooms, caller: &Caller, case: &str) -> Result<SourceCase, Failure> {
    let number = case.trim();
    if number.is_empty() {
        return Err(Failure::invalid("请填写办件编号：失信记录要写明出自哪个办件。").at("case"));
    }
    rooms
        .cases
        .source_case(caller.region, number)
        .await?
        .ok_or_else(|| Failure::invalid("没有这个编号的办件，请核对后再填。").at("case"))
}
