//! A bad rating before supervision: opened to call back, for a reason that stays on the ledger.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_cases::model::CaseStream;
use wuchuang_kernel::{CaseId, Personal, RatingId, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure, forms::FieldErrors, markup::DefinitionRow, page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    model::{Rating, RatingCommand, RatingStream, labels::words_of},
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

fn id_of(text: &str) -> Result<RatingId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

async fn bad_rating(rooms: &Rooms, caller: &Caller, id: RatingId) -> Result<Rating, Failure> {
    rooms
        .ledger
        .load::<RatingStream>(caller.region, id.into())
        .await?
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .filter(|rating| rating.rate.grade.is_bad_review())
        .ok_or_else(Failure::not_found)
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
    let found = bad_rating(&rooms, &caller, id).await?;
    let case: CaseId = found.rate.service.case;
    let loaded = rooms
        .ledger
        .load::<CaseStream>(caller.region, case.into())
        .await?;
    let matter = loaded
        .and_then(|(_, state)| state.0.as_deref().cloned())
        .ok_or_else(Failure::not_found)?;
    let command = RatingCommand::Open {
        reason: Personal::new(matter.applicant.person, form.reason.trim().to_owned()),
    };
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    let sent = rooms
        .ledger
        .execute::<RatingStream>(id.into(), command, order)
        .await;
    match sent {
        Ok(_) => {}
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            errors.add("reason", rejection.public.into_owned());
            let page = asked(&caller, &rating, &form.reason, &errors)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    let page = caller
        .page
        .clone()
        .titled("差评详情")
        .under("好差评", "/staff/ratings");
    let body = html(&OpenPage {
        page: &page,
        path: format!("/staff/ratings/{rating}"),
        reason: "",
        rows: opened(&found, &matter.number),
        case_path: format!("/staff/cases/{case}"),
        errors: &FieldErrors::new(),
    })?;
    Ok(body.into_response())
}

fn opened(rating: &Rating, number: &str) -> Vec<DefinitionRow> {
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
