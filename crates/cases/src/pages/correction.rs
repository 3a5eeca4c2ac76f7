//! The page on which all defects are told at once: every material and every answer of the form has its
//! line, so that none is forgotten and a second notice is not needed.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use jiff::civil::Date;
use wuchuang_kernel::{CaseId, group_case_number};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Disclosure, FieldErrors},
    page::PageContext,
};

use crate::{
    model::{Case, CaseCommand, Defect},
    rooms::CaseRooms,
};

use super::{deeds::back, render, view::answers};

/// One line of the page.
struct Subject {
    key: String,
    name: String,
    note: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "cases/correction.html")]
struct CorrectionPage<'a> {
    page: &'a PageContext,
    case_id: String,
    number: String,
    version: i64,
    materials: Vec<Subject>,
    answers: Vec<Subject>,
    answer_by: String,
    errors: &'a FieldErrors,
}

pub(super) async fn ask(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Html<String>, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let case = rooms.case_for(&caller, id, "case_correct").await?;
    page(&rooms, &caller, id, &case, &[], &FieldErrors::default()).await
}

/// What was typed into a line before the notice was refused.
fn was(typed: &[(String, String)], key: &str) -> String {
    typed
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

/// A line for every material of the item; those that are missing have their sentence already.
fn materials(case: &Case, typed: &[(String, String)]) -> Vec<Subject> {
    let missing = case.missing();
    case.terms
        .materials
        .iter()
        .map(|wanted| {
            let key = format!("material:{}", wanted.id);
            let is_missing = missing.iter().any(|material| material.id == wanted.id);
            let problem = if typed.is_empty() && is_missing {
                format!("缺少“{}”，请补交。", wanted.name)
            } else {
                was(typed, &key)
            };
            Subject {
                name: wanted.name.clone(),
                note: if is_missing { "缺" } else { "已交" }.to_owned(),
                problem,
                key,
            }
        })
        .collect()
}

async fn page(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    typed: &[(String, String)],
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let was = |key: &str| was(typed, key);
    let answers = answers(rooms, caller, case, Disclosure::Masked)
        .await?
        .into_iter()
        // A file is told as the material that it is.
        .filter(|line| !line.is_attachment)
        .map(|line| {
            let key = format!("field:{}", line.field);
            Subject {
                name: line.label,
                note: line.text,
                problem: was(&key),
                key,
            }
        })
        .collect();
    let page = caller
        .page
        .clone()
        .titled("一次性告知补正")
        .under("办件", "/staff/cases")
        .under(&case.terms.name, format!("/staff/cases/{id}"))
        .with_errors(!errors.is_empty());
    render(&CorrectionPage {
        page: &page,
        case_id: id.to_string(),
        number: group_case_number(&case.number),
        version: case.version,
        materials: materials(case, typed),
        answers,
        answer_by: was("answer_by"),
        errors,
    })
}

pub(super) async fn send(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let value = |name: &str| {
        typed
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let answer_by: Option<Date> = value("answer_by").and_then(|text| text.parse().ok());
    let expected = value("version")
        .and_then(|version| version.parse().ok())
        .map_or(Expected::Existing, Expected::Version);
    let order = caller.order(value("command_id"), expected);
    let case = rooms
        .case_for_deed(&caller, id, "case_correct", &order)
        .await?;
    let defects = defects(&case, &typed);
    let command = CaseCommand::NotifyCorrection { defects, answer_by };
    match rooms.cases.act(id, command, order).await {
        Ok(_) => back(&rooms, &caller, id).await,
        Err(failure)
            if matches!(
                failure.status,
                StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
            ) =>
        {
            let mut errors = FieldErrors::default();
            errors.add("defects", failure.public.into_owned());
            let html = page(&rooms, &caller, id, &case, &typed, &errors).await?;
            Ok((failure.status, html).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// The lines in which something was written.
fn defects(case: &Case, typed: &[(String, String)]) -> Vec<Defect> {
    typed
        .iter()
        .filter(|(key, problem)| {
            (key.starts_with("material:") || key.starts_with("field:"))
                && !problem.trim().is_empty()
        })
        .map(|(key, problem)| {
            let name = match key.split_once(':') {
                Some(("material", id)) => case
                    .terms
                    .material(id)
                    .map_or_else(|| id.to_owned(), |material| material.name.clone()),
                Some(("field", id)) => typed
                    .iter()
                    .find(|(name, _)| *name == format!("name:{id}"))
                    .map_or_else(|| id.to_owned(), |(_, name)| name.clone()),
                _ => key.clone(),
            };
            Defect {
                key: key.clone(),
                name,
                problem: problem.trim().to_owned(),
            }
        })
        .collect()
}
