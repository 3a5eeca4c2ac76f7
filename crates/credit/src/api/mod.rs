//! Records for programs: the list, one subject, the entry, the repair, and one's own records.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    Rooms,
    model::{CreditGround, CreditRecord, CreditStanding},
    pages::{enter, subject_of},
    service::{Deed, act},
    store::{self, Place, RecordRow, masked},
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(crate) fn routes() -> Routes<Rooms> {
    let repair = Rule::Act("credit_repair");
    Routes::new()
        .api(Rule::Act("credit_read"), routes!(credit_list))
        .api(Rule::Act("credit_read"), routes!(credit_show))
        .api(Rule::Act("credit_record"), routes!(credit_enter))
        .api(repair, routes!(credit_repair))
        .api(repair, routes!(credit_decline))
        .api(Rule::Act("credit_own_read"), routes!(credit_own_list))
        .api(Rule::Act("credit_own_ask"), routes!(credit_own_ask))
}

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only those that stand like this.
    standing: Option<CreditStanding>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// A record in a list.
#[derive(Debug, Serialize, ToSchema)]
struct CreditItem {
    /// Whose records they are: an opaque identifier.
    subject: String,
    /// Which record of the subject, from 1.
    record: i64,
    /// The name: people masked, organisations in full.
    #[schema(example = "张**")]
    name: String,
    /// On which ground.
    ground: CreditGround,
    /// How it stands.
    standing: CreditStanding,
    /// The case that it follows from.
    case: String,
    /// That case's number.
    case_number: String,
    /// The item's name.
    item_name: String,
    /// The organisation that entered it.
    organisation_name: String,
    /// When (RFC 3339).
    recorded_at: String,
}

impl From<RecordRow> for CreditItem {
    fn from(row: RecordRow) -> Self {
        Self {
            name: row.name_masked(),
            ground: row.ground(),
            standing: row.standing(),
            subject: row.subject,
            record: row.record,
            case: row.case_id,
            case_number: row.case_number,
            item_name: row.item_name,
            organisation_name: row.organisation_name,
            recorded_at: Timestamp::from_microsecond(row.recorded_at_us)
                .map_or_else(|_| String::new(), |at| at.to_string()),
        }
    }
}

/// One page of records.
#[derive(Debug, Serialize, ToSchema)]
struct CreditList {
    /// The records, the newest first.
    items: Vec<CreditItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// 失信记录: bad-credit records, people masked.
#[utoipa::path(get, path = "/api/v1/credit", tag = "credit", params(ListQuery),
    responses((status = 200, body = CreditList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
async fn credit_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<CreditList>, Failure> {
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let from = query.cursor.as_deref().map(Place::read).transpose()?;
    let database = rooms.ledger().database();
    let asked = i64::from(shown) + 1;
    let mut rows = store::records(database, caller.region, query.standing, from, asked).await?;
    let has_more = rows.len() > shown as usize;
    rows.truncate(shown as usize);
    Ok(Json(CreditList {
        next_cursor: Place::behind(&rows).filter(|_| has_more),
        items: rows.into_iter().map(CreditItem::from).collect(),
    }))
}

/// One thing that happened to a record.
#[derive(Debug, Serialize, ToSchema)]
struct CreditHappened {
    /// What, in words.
    #[schema(example = "记入失信名单")]
    what: String,
    /// When (RFC 3339).
    at: String,
    /// What was written with it; empty when the person was forgotten.
    reason: String,
    /// The document that it rests on; empty without one.
    document: String,
}

/// A record with what happened to it.
#[derive(Debug, Serialize, ToSchema)]
struct CreditDetail {
    /// Whose records they are.
    subject: String,
    /// Which record of the subject, from 1.
    record: u32,
    /// The name: people masked, organisations in full.
    name: String,
    /// On which ground.
    ground: CreditGround,
    /// How it stands.
    standing: CreditStanding,
    /// The case that it follows from.
    case: String,
    /// That case's number.
    case_number: String,
    /// The supervision task in which it was found; absent when it was found in the case itself.
    task: Option<String>,
    /// The organisation that entered it.
    organisation_name: String,
    /// What happened to it, the first first.
    happened: Vec<CreditHappened>,
}

fn detail(subject: &str, found: &CreditRecord) -> CreditDetail {
    let recording = &found.recording;
    CreditDetail {
        subject: subject.to_owned(),
        record: found.record,
        name: masked(recording.name.text(), recording.is_organisation),
        ground: recording.ground,
        standing: found.standing,
        case: recording.case.to_string(),
        case_number: recording.case_number.clone(),
        task: recording.task.map(|task| task.to_string()),
        organisation_name: recording.organisation_name.clone(),
        happened: found
            .happened
            .iter()
            .map(|one| CreditHappened {
                what: one.what.to_owned(),
                at: one.at.to_string(),
                reason: one.reason.text().to_owned(),
                document: one
                    .document
                    .as_ref()
                    .map(|document| document.text().to_owned())
                    .unwrap_or_default(),
            })
            .collect(),
    }
}

/// The records of one subject.
#[derive(Debug, Serialize, ToSchema)]
struct CreditSubjectDetail {
    /// Whether they are excluded from 容缺受理 and 告知承诺 now.
    is_barred: bool,
    /// The records, the first first.
    records: Vec<CreditDetail>,
}

/// The records of one subject, with what happened to them.
#[utoipa::path(get, path = "/api/v1/credit/{subject}", tag = "credit",
    params(("subject" = String, Path, description = "The subject.")),
    responses((status = 200, body = CreditSubjectDetail), (status = 401), (status = 403), (status = 404)))]
async fn credit_show(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(subject): Path<String>,
) -> Result<Json<CreditSubjectDetail>, Failure> {
    let state = rooms
        .credit
        .records(caller.region, subject_of(&subject)?)
        .await?;
    if state.0.is_empty() {
        return Err(Failure::not_found());
    }
    Ok(Json(CreditSubjectDetail {
        is_barred: state.bar().is_some(),
        records: state.0.iter().map(|one| detail(&subject, one)).collect(),
    }))
}

/// A record to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditEnterInput {
    /// The number of the case that it follows from.
    case_number: String,
    /// On which ground.
    ground: CreditGround,
    /// The facts, at most 1,000 characters; whom it is about reads them.
    #[schema(max_length = 1000)]
    reason: String,
}

/// Whose records it went to.
#[derive(Debug, Serialize, ToSchema)]
struct CreditEntered {
    /// The subject.
    subject: String,
}

/// 记入失信名单: enters a record about the applicant of a case.
#[utoipa::path(post, path = "/api/v1/credit", tag = "credit", request_body = CreditEnterInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = CreditEntered), (status = 401), (status = 403, description = "Another organisation handled the case."),
              (status = 422, description = "No such case, recorded before, or the reason is missing.")))]
async fn credit_enter(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<CreditEnterInput>,
) -> Result<(StatusCode, Json<CreditEntered>), Failure> {
    let typed = (
        input.case_number.as_str(),
        input.ground.code(),
        input.reason.as_str(),
    );
    let subject = enter::enter(&rooms, &caller, typed, None).await?;
    let answer = CreditEntered {
        subject: subject.to_string(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A repair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditRepairInput {
    /// Why, at most 1,000 characters.
    #[schema(max_length = 1000)]
    reason: String,
    /// The document that it rests on: title and number.
    #[schema(max_length = 200, example = "信用修复决定书〔2026〕1号")]
    document: String,
}

/// A reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditReasonInput {
    /// Why, at most 1,000 characters.
    #[schema(max_length = 1000)]
    reason: String,
}

/// 信用修复: the record no longer excludes from anything.
#[utoipa::path(post, path = "/api/v1/credit/{subject}/{record}/repair", tag = "credit", request_body = CreditRepairInput,
    params(("subject" = String, Path, description = "The subject."), ("record" = u32, Path, description = "Which record, from 1."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Another organisation entered it."), (status = 404),
              (status = 422, description = "Repaired before, or something is missing.")))]
async fn credit_repair(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Body(input): Body<CreditRepairInput>,
) -> Result<StatusCode, Failure> {
    let deed = Deed::Repair(&input.reason, &input.document);
    done(&rooms, &caller, (&subject, record), deed).await
}

/// 不予修复: the asked repair is not granted; it may be asked again.
#[utoipa::path(post, path = "/api/v1/credit/{subject}/{record}/decline", tag = "credit", request_body = CreditReasonInput,
    params(("subject" = String, Path, description = "The subject."), ("record" = u32, Path, description = "Which record, from 1."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Another organisation entered it."), (status = 404),
              (status = 422, description = "No repair was asked for.")))]
async fn credit_decline(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Body(input): Body<CreditReasonInput>,
) -> Result<StatusCode, Failure> {
    let deed = Deed::Decline(&input.reason);
    done(&rooms, &caller, (&subject, record), deed).await
}

async fn done(
    rooms: &Rooms,
    caller: &Caller,
    (subject, record): (&str, u32),
    deed: Deed<'_>,
) -> Result<StatusCode, Failure> {
    let order = caller.order(None, Expected::Existing);
    let place = (subject_of(subject)?, record);
    act(&rooms.credit, caller, place, deed, order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 我的信用: one's own records, and those of organisations for which one applied.
#[utoipa::path(get, path = "/api/v1/my/credit", tag = "credit",
    responses((status = 200, body = CreditSubjectDetail), (status = 401), (status = 403)))]
async fn credit_own_list(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<CreditSubjectDetail>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let rows = store::records_of(rooms.ledger().database(), caller.region, person).await?;
    let mut records = Vec::new();
    for row in &rows {
        let state = rooms
            .credit
            .records(caller.region, subject_of(&row.subject)?)
            .await?;
        let record = u32::try_from(row.record).unwrap_or_default();
        records.extend(
            state
                .record(record)
                .map(|found| detail(&row.subject, found)),
        );
    }
    Ok(Json(CreditSubjectDetail {
        is_barred: records
            .iter()
            .any(|one| one.standing != CreditStanding::Repaired),
        records,
    }))
}

/// 申请信用修复: asks that one's own record is repaired.
#[utoipa::path(post, path = "/api/v1/my/credit/{subject}/{record}/ask", tag = "credit", request_body = CreditReasonInput,
    params(("subject" = String, Path, description = "The subject."), ("record" = u32, Path, description = "Which record, from 1."),
           ("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 204), (status = 401), (status = 403, description = "Somebody else's record."), (status = 404),
              (status = 422, description = "Asked before, repaired before, or the reason is missing.")))]
async fn credit_own_ask(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((subject, record)): Path<(String, u32)>,
    Body(input): Body<CreditReasonInput>,
) -> Result<StatusCode, Failure> {
    done(
        &rooms,
        &caller,
        (&subject, record),
        Deed::Ask(&input.reason),
    )
    .await
}
