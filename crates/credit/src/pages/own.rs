//! One's own records on the portal: what was recorded and why, what it excludes from, and how to have it repaired.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::group_case_number;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{DefinitionRow, Tone},
    page::PageContext,
};

use super::{HappenedLine, happened, html, list::tone, moment, sent, subject_of};
use crate::{
    Rooms,
    model::CreditStanding,
    service::{Deed, act},
    store,
};

struct OwnRecord {
    ground: &'static str,
    standing: &'static str,
    tone: Tone,
    rows: Vec<DefinitionRow>,
    happened: Vec<HappenedLine>,
    may_ask: bool,
    is_asked: bool,
    organisation: String,
    path: String,
    /// The name of the field, which bears the record, because each record has such a form.
    field: String,
    reason: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "credit/own.html")]
struct OwnPage<'a> {
    page: &'a PageContext,
    is_barred: bool,
    records: Vec<OwnRecord>,
    errors: &'a FieldErrors,
}

/// What was refused: at which record, with what was typed and why.
struct Refused<'a> {
    path: String,
    reason: &'a str,
    errors: FieldErrors,
}

fn field_of(subject: &str, record: u32) -> String {
    format!("reason-{subject}-{record}")
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    refused: Option<Refused<'_>>,
) -> Result<Html<String>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let rows = store::records_of(rooms.ledger().database(), caller.region, person).await?;
    let mut records = Vec::new();
    for row in &rows {
        let subject = subject_of(&row.subject)?;
        let state = rooms.credit.records(caller.region, subject).await?;
        let Some(found) = u32::try_from(row.record)
            .ok()
            .and_then(|record| state.record(record))
        else {
            continue;
        };
        let recording = &found.recording;
        let path = format!("/my/credit/{subject}/{}/ask", found.record);
        let wrong = refused.as_ref().filter(|refused| refused.path == path);
        records.push(OwnRecord {
            ground: recording.ground.name(),
            standing: found.standing.name(),
            tone: tone(found.standing),
            rows: vec![
                DefinitionRow::new("办件编号", group_case_number(&recording.case_number)),
                DefinitionRow::new("事项", &recording.item_name),
                DefinitionRow::new("认定单位", &recording.organisation_name),
                DefinitionRow::new("认定时间", moment(found.recorded_at)),
            ],
            happened: happened(rooms, caller, &found.happened).await?,
            may_ask: found.standing == CreditStanding::Unrepaired,
            is_asked: found.standing == CreditStanding::Asked,
            organisation: recording.organisation_name.clone(),
            reason: wrong.map_or_else(String::new, |refused| refused.reason.to_owned()),
            errors: wrong.map_or_else(FieldErrors::new, |refused| refused.errors.clone()),
            field: field_of(&row.subject, found.record),
            path,
        });
    }
    let errors = refused.map_or_else(FieldErrors::new, |refused| refused.errors);
    let page = caller
        .page
        .clone()
        .titled("我的信用")
        .under("我的", "/my")
        .with_errors(!errors.is_empty());
    html(&OwnPage {
        page: &page,
        is_barred: records.iter().any(|one| one.may_ask || one.is_asked),
        records,
        errors: &errors,
    })
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    show(&rooms, &caller, None).await
}

pub(super) async fn ask(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let field = field_of(&subject, record);
    let subject = subject_of(&subject)?;
    let reason = sent(&pairs, &field);
    let order = caller.order(Some(&sent(&pairs, "command_id")), Expected::Existing);
    let deed = Deed::Ask(&reason);
    match act(&rooms.credit, &caller, (subject, record), deed, order).await {
        Ok(_) => Ok(Redirect::to("/my/credit").into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            errors.add(field, caller.page.t(&failure.public).into_owned());
            let refused = Refused {
                path: format!("/my/credit/{subject}/{record}/ask"),
                reason: &reason,
                errors,
            };
            let page = show(&rooms, &caller, Some(refused)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}
