//! The records of one subject for the staff: what was recorded, asked and answered; the repair.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::{CreditSubjectId, group_case_number};
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
    model::{CreditRecord, CreditStanding},
    service::{Deed, act, resource},
    store::masked,
};

struct RecordView {
    record: u32,
    reason_field: String,
    document_field: String,
    ground: &'static str,
    standing: &'static str,
    tone: Tone,
    is_asked: bool,
    rows: Vec<DefinitionRow>,
    case_path: String,
    task_path: Option<String>,
    happened: Vec<HappenedLine>,
    may_repair: bool,
    /// Where the repair goes.
    path: String,
    errors: FieldErrors,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "credit/subject.html")]
struct SubjectPage<'a> {
    page: &'a PageContext,
    name: String,
    is_barred: bool,
    records: Vec<RecordView>,
    errors: &'a FieldErrors,
}

/// What is typed. The fields bear the record's number, because each record has such a form.
#[derive(Debug, Default, Clone)]
struct Typed {
    reason: String,
    document: String,
}

/// What a form sends.
type Pairs = Vec<(String, String)>;

impl Typed {
    fn read(record: u32, pairs: &Pairs) -> Self {
        Self {
            reason: sent(pairs, &format!("reason-{record}")),
            document: sent(pairs, &format!("document-{record}")),
        }
    }
}

/// What was refused: at which record, with what was typed and why.
struct Refused<'a> {
    record: u32,
    typed: &'a Typed,
    errors: FieldErrors,
}

async fn view(
    rooms: &Rooms,
    caller: &Caller,
    subject: CreditSubjectId,
    record: &CreditRecord,
    refused: Option<&Refused<'_>>,
) -> Result<RecordView, Failure> {
    let recording = &record.recording;
    let is_open = record.standing != CreditStanding::Repaired;
    let refused = refused.filter(|refused| refused.record == record.record);
    Ok(RecordView {
        record: record.record,
        reason_field: format!("reason-{}", record.record),
        document_field: format!("document-{}", record.record),
        ground: recording.ground.name(),
        standing: record.standing.name(),
        tone: tone(record.standing),
        is_asked: record.standing == CreditStanding::Asked,
        rows: vec![
            DefinitionRow::new("办件", group_case_number(&recording.case_number)),
            DefinitionRow::new("事项", &recording.item_name),
            DefinitionRow::new("认定单位", &recording.organisation_name),
            DefinitionRow::new("认定时间", moment(record.recorded_at)),
        ],
        case_path: format!("/staff/cases/{}", recording.case),
        task_path: recording
            .task
            .map(|task| format!("/staff/supervision/{task}")),
        happened: happened(rooms, caller, &record.happened).await?,
        may_repair: is_open && caller.may("credit_repair", &resource(subject, record)),
        path: format!("/staff/credit/{subject}/{}", record.record),
        errors: refused.map_or_else(FieldErrors::new, |refused| refused.errors.clone()),
        typed: refused.map_or_else(Typed::default, |refused| refused.typed.clone()),
    })
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    subject: CreditSubjectId,
    refused: Option<Refused<'_>>,
) -> Result<Html<String>, Failure> {
    let state = rooms.credit.records(caller.region, subject).await?;
    let first = state.0.first().ok_or_else(Failure::not_found)?;
    let name = masked(first.recording.name.text(), first.recording.is_organisation);
    let mut records = Vec::new();
    for record in state.0.iter().rev() {
        records.push(view(rooms, caller, subject, record, refused.as_ref()).await?);
    }
    let errors = refused.map_or_else(FieldErrors::new, |refused| refused.errors);
    let page = caller
        .page
        .clone()
        .titled("失信记录详情")
        .under("失信记录", "/staff/credit")
        .with_errors(!errors.is_empty());
    html(&SubjectPage {
        page: &page,
        name,
        is_barred: state.bar().is_some(),
        records,
        errors: &errors,
    })
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(subject): Path<String>,
) -> Result<Html<String>, Failure> {
    show(&rooms, &caller, subject_of(&subject)?, None).await
}

pub(super) async fn repair(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let typed = Typed::read(record, &pairs);
    let deed = Deed::Repair(&typed.reason, &typed.document);
    let place = (subject_of(&subject)?, record);
    answer(&rooms, &caller, place, deed, (&typed, &pairs)).await
}

pub(super) async fn decline(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let typed = Typed::read(record, &pairs);
    let deed = Deed::Decline(&typed.reason);
    let place = (subject_of(&subject)?, record);
    answer(&rooms, &caller, place, deed, (&typed, &pairs)).await
}

async fn answer(
    rooms: &Rooms,
    caller: &Caller,
    (subject, record): (CreditSubjectId, u32),
    deed: Deed<'_>,
    (typed, pairs): (&Typed, &Pairs),
) -> Result<Response, Failure> {
    let key = sent(pairs, "command_id");
    let order = caller.order(Some(&key), Expected::Existing);
    match act(&rooms.credit, caller, (subject, record), deed, order).await {
        Ok(_) => Ok(Redirect::to(&format!("/staff/credit/{subject}")).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            let field = failure.field.as_deref().unwrap_or("reason");
            errors.add(format!("{field}-{record}"), failure.public);
            let refused = Refused {
                record,
                typed,
                errors,
            };
            let page = show(rooms, caller, subject, Some(refused)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}
