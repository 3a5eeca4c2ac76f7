//! A bad rating before supervision: opened to call back, for a reason that stays on the ledger.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{
    Caller, Failure, forms::FieldErrors, markup::DefinitionRow, page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    model::{Rating, labels::words_of},
    opening::{bad_rating, id_of, open},
};

#[derive(Template)]
#[template(path = "ratings/open.html")]
struct OpenPage<'a> {
    page: &'a PageContext,
    path: String,
    reason: &'a str,
    /// What is shown once the reason is given.
    rows: Vec<DefinitionRow>,
    case_path: String,
    errors: &'a FieldErrors,
}

fn asked(
    caller: &Caller,
    rating: &str,
    reason: &str,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("打开差评")
        .under("好差评", "/staff/ratings")
        .with_errors(!errors.is_empty());
    html(&OpenPage {
        page: &page,
        path: format!("/staff/ratings/{rating}"),
        reason,
        rows: Vec::new(),
        case_path: String::new(),
        errors,
    })
}

pub(super) async fn open_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(rating): Path<String>,
) -> Result<Html<String>, Failure> {
    bad_rating(&rooms, &caller, id_of(&rating)?).await?;
    asked(&caller, &rating, "", &FieldErrors::new())
}

#[derive(Deserialize)]
pub(super) struct OpenForm {
    command_id: Option<String>,
    #[serde(default)]
    reason: String,
}

/// The answer is the page itself and no redirect: to see it again, a reason must be given again.
pub(super) async fn open_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(rating): Path<String>,
    Form(form): Form<OpenForm>,
) -> Result<Response, Failure> {
    let id = id_of(&rating)?;
    let key = form.command_id.as_deref();
    let opened = match open(&rooms, &caller, id, &form.reason, key).await {
        Ok(opened) => opened,
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            errors.add("reason", failure.public);
            let page = asked(&caller, &rating, &form.reason, &errors)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(failure) => return Err(failure),
    };
    let page = caller
        .page
        .clone()
        .titled("差评详情")
        .under("好差评", "/staff/ratings");
    let body = html(&OpenPage {
        page: &page,
        path: format!("/staff/ratings/{rating}"),
        reason: "",
        rows: rows(&opened.rating, &opened.number),
        case_path: format!("/staff/cases/{}", opened.case),
        errors: &FieldErrors::new(),
    })?;
    Ok(body.into_response())
}

fn rows(rating: &Rating, number: &str) -> Vec<DefinitionRow> {
    let rate = &rating.rate;
    let labels: Vec<&str> = rate
        .labels
        .iter()
        .filter_map(|code| words_of(*code))
        .collect();
    let text = rate.text.as_ref().map(|text| text.text().to_owned());
    vec![
        DefinitionRow::new("办件编号", number),
        DefinitionRow::new("事项", &rate.service.item_name),
        DefinitionRow::new("办理单位", &rate.service.organisation_name),
        DefinitionRow::new("办结日期", rate.service.ended_on.to_string()),
        DefinitionRow::new("满意程度", rate.grade.name()),
        DefinitionRow::new("选项", labels.join("；")),
        DefinitionRow::new("原话", text.unwrap_or_default()),
        DefinitionRow::new("评价渠道", rate.channel.name()),
        DefinitionRow::new("评价日期", china_date(rating.rated_at).to_string()),
    ]
}
