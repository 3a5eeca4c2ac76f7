//! Questions about cases: the list, one case, what happened, how its time was counted, and the proof
//! that it is on the ledger.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_calendar::{Calendar, ClockView, LimitView, china_date, weekday_name};
use wuchuang_kernel::CaseId;
use wuchuang_ledger::InclusionProof;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::Case,
    rooms::CaseRooms,
    store::{LightFilter, WorklistCursor, WorklistFilter},
};

use super::{
    body::case_id,
    reveal::{is_own, reveal},
    views::{CaseItem, CaseView, Sight, case_item, case_view},
};

/// How many items one page holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;
/// How long a search may be, in characters.
const SEARCH_CHARACTERS_MAX: usize = 60;

/// What a list is narrowed to, and where it goes on.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// Only cases that I hold.
    #[serde(default)]
    mine: bool,
    /// Only cases that nobody holds.
    #[serde(default)]
    unclaimed: bool,
    /// Only this stage.
    #[param(example = "review")]
    stage: Option<String>,
    /// Only this light: `normal`, `due_soon`, `overdue`, `paused`.
    #[param(value_type = Option<String>, example = "overdue")]
    light: Option<LightFilter>,
    /// Only this item.
    item: Option<String>,
    /// A number, or a part of the applicant's or the item's name.
    search: Option<String>,
    /// Also cases that are over.
    #[serde(default)]
    closed: bool,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

impl ListQuery {
    fn filter(&self, caller: &Caller) -> WorklistFilter {
        let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        WorklistFilter {
            holder: caller.visitor.person().filter(|_| self.mine),
            unclaimed: self.unclaimed,
            stage: text(&self.stage),
            light: self.light,
            item: text(&self.item),
            search: text(&self.search)
                .map(|search| search.chars().take(SEARCH_CHARACTERS_MAX).collect()),
            include_closed: self.closed,
        }
    }

    fn after(&self) -> Result<Option<WorklistCursor>, Failure> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let read = || {
            let (due_on, id) = cursor.split_once('_')?;
            let _is_date: Date = due_on.parse().ok()?;
            let _is_case: CaseId = id.parse().ok()?;
            Some(WorklistCursor {
                due_on: due_on.to_owned(),
                id: id.to_owned(),
            })
        };
        match read() {
            Some(after) => Ok(Some(after)),
            None => Err(Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor")),
        }
    }
}

/// One page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseList {
    /// The cases, the most urgent first.
    items: Vec<CaseItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The worklist: cases that the caller's post may see, the most urgent first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(ListQuery),
    responses((status = 200, body = CaseList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn case_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<CaseList>, Failure> {
    let scope = CaseRooms::scope(&caller.visitor)?;
    let today = china_date(caller.now);
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let after = query.after()?;
    let found = rooms
        .cases
        .worklist(
            caller.region,
            scope,
            &query.filter(&caller),
            after.as_ref(),
            limit,
            today,
        )
        .await?;
    Ok(Json(CaseList {
        items: found
            .rows
            .into_iter()
            .map(|row| case_item(row, today))
            .collect(),
        next_cursor: found
            .next
            .map(|next| format!("{}_{}", next.due_on, next.id)),
    }))
}

/// How much of a case is shown.
#[derive(Deserialize, IntoParams)]
pub(super) struct ReadQuery {
    /// Why masked values must be seen in full (1 to 200 characters); it is kept with who asked.
    #[param(example = "电话核实材料原件")]
    reveal: Option<String>,
}

/// A case. Personal values are masked for staff unless a reason is given.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "cases",
    params(("case" = String, Path, description = "The case."), ReadQuery),
    responses((status = 200, body = CaseView), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn case_read(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Query(query): Query<ReadQuery>,
) -> Result<Json<CaseView>, Failure> {
    let id = case_id(&case)?;
    let case = rooms.case_for(&caller, id, "case_read").await?;
    let is_own = is_own(&caller, &case);
    let sight = match &query.reveal {
        Some(reason) if !is_own => {
            reveal(&rooms, &caller, id, &case, reason).await?;
            Sight::Full
        }
        _ if is_own => Sight::Full,
        _ => Sight::Masked,
    };
    Ok(Json(case_view(id, &case, sight, is_own)))
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryLine {
    /// Its place in the case.
    version: i64,
    /// Its place in the region's chain.
    seq: i64,
    /// What happened, for programs.
    #[schema(example = "accepted")]
    event: String,
    /// What happened, for people; without personal data.
    #[schema(example = "受理")]
    text: String,
    /// Through which window.
    channel: String,
    /// When (RFC 3339).
    at: String,
}

/// What happened to a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// The lines, the first thing first; at most 500.
    items: Vec<HistoryLine>,
}

/// What happened to a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/history", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = History), (status = 403), (status = 404)))]
pub(super) async fn case_history(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<History>, Failure> {
    let id = case_id(&case)?;
    rooms.case_for(&caller, id, "case_read").await?;
    let lines = rooms.cases.history(caller.region, id).await?;
    let items = lines
        .into_iter()
        .map(|line| HistoryLine {
            at: line.at().to_string(),
            version: line.version,
            seq: line.seq,
            event: line.event_type,
            text: line.text,
            channel: line.channel,
        })
        .collect();
    Ok(Json(History { items }))
}

/// One limit.
#[derive(Debug, Serialize, ToSchema)]
struct LimitAnswer {
    /// The limit with its extension.
    #[schema(example = "5 个工作日")]
    limit: String,
    /// What is left of it.
    #[schema(example = "还剩 2 个工作日")]
    left: String,
    /// Its last day.
    #[schema(example = "2026-11-30")]
    due_on: String,
    /// Whether it is over.
    is_over: bool,
    /// What makes the day unsure: a stopped clock, a year without a notice.
    caveat: Option<&'static str>,
}

fn limit_answer(view: &LimitView) -> LimitAnswer {
    LimitAnswer {
        limit: view.limit.text(),
        left: view.left_text(),
        due_on: view.due.date.to_string(),
        is_over: view.over,
        caveat: view.due.caveat(),
    }
}

/// One day since acceptance.
#[derive(Debug, Serialize, ToSchema)]
struct DayAnswer {
    /// The day.
    #[schema(example = "2026-10-10")]
    date: String,
    /// Its weekday.
    #[schema(example = "周六")]
    weekday: &'static str,
    /// Whether it counts.
    is_counted: bool,
    /// Whether it has not begun.
    is_future: bool,
    /// How it is counted and why.
    #[schema(example = "2026年10月10日 周六：第 3 天（国庆节调休上班）")]
    text: String,
}

/// How the time of a case is counted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockAnswer {
    /// The light in words: 正常, 临期, 超承诺期限, 暂停计时 …; before acceptance: the stage.
    #[schema(example = "正常")]
    state: String,
    /// One line for people.
    text: String,
    /// Before acceptance: until when defects may be told, after that it is accepted by law.
    #[schema(example = "2026-11-30")]
    window_until: Option<String>,
    /// 承诺时限; absent before acceptance.
    promised: Option<LimitAnswer>,
    /// 法定时限; absent before acceptance.
    statutory: Option<LimitAnswer>,
    /// Every day since acceptance until the statutory limit, counted or not, and why.
    evidence: Vec<DayAnswer>,
}

/// How the time of a case is counted, with the evidence of every day.
#[utoipa::path(get, path = "/api/v1/cases/{case}/clock", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = ClockAnswer), (status = 403), (status = 404)))]
pub(super) async fn case_clock(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<ClockAnswer>, Failure> {
    let case = rooms
        .case_for(&caller, case_id(&case)?, "case_read")
        .await?;
    let calendar = rooms.cases.ledger().calendar();
    Ok(Json(clock_answer(&case, &calendar, caller.now)))
}

fn clock_answer(case: &Case, calendar: &Calendar, now: jiff::Timestamp) -> ClockAnswer {
    let Some(clock) = &case.clock else {
        let window = case.receipt.window(calendar);
        return ClockAnswer {
            state: case.step_name(),
            text: window.as_ref().map_or_else(String::new, |due| {
                format!("请在{}前受理或一次性告知补正，逾期视为受理", due.day_text())
            }),
            window_until: window.map(|due| due.date.to_string()),
            promised: None,
            statutory: None,
            evidence: Vec::new(),
        };
    };
    let view: ClockView = clock.view(calendar, now);
    let dates = view.due_dates();
    let through = dates
        .statutory
        .date
        .max(dates.promised.date)
        .max(china_date(now));
    let evidence = clock
        .evidence(calendar, now, through)
        .iter()
        .map(|day| DayAnswer {
            date: day.day.date.to_string(),
            weekday: weekday_name(day.day.date),
            is_counted: day.is_counted(),
            is_future: day.future,
            text: day.text(),
        })
        .collect();
    ClockAnswer {
        state: view.state.text().to_owned(),
        text: view.text(),
        window_until: None,
        promised: Some(limit_answer(&view.promised)),
        statutory: Some(limit_answer(&view.statutory)),
        evidence,
    }
}

/// Which record is to be proved.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ProofQuery {
    /// The record's place in the case; absent: the last one.
    version: Option<i64>,
}

/// The signed checkpoint of a proof.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointAnswer {
    /// Its number.
    number: i64,
    /// The first record under it.
    first_seq: i64,
    /// The last record under it.
    last_seq: i64,
    /// The Merkle root over the records' hashes.
    root: String,
    /// The last record's hash.
    head_hash: String,
    /// When it was signed, in microseconds since 1970 UTC.
    signed_at_us: i64,
    /// The signature, in hexadecimal.
    signature: String,
}

/// The way from a record to a signed root.
#[derive(Debug, Serialize, ToSchema)]
struct InclusionAnswer {
    /// The record's hash.
    hash: String,
    /// The hashes beside the way to the root, lowest first.
    path: Vec<String>,
    /// The checkpoint.
    checkpoint: CheckpointAnswer,
}

/// The proof that a record of a case is on the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProofAnswer {
    /// The record's place in the case.
    version: i64,
    /// The record's place in the region's chain.
    seq: i64,
    /// The proof; absent while no checkpoint covers the record yet (a few minutes).
    inclusion: Option<InclusionAnswer>,
    /// The public key under which checkpoints are signed, as PEM.
    public_key: String,
}

fn inclusion_answer(proof: InclusionProof) -> InclusionAnswer {
    let checkpoint = proof.checkpoint;
    InclusionAnswer {
        hash: proof.hash,
        path: proof.path,
        checkpoint: CheckpointAnswer {
            number: checkpoint.number,
            first_seq: checkpoint.first_seq,
            last_seq: checkpoint.last_seq,
            root: checkpoint.root,
            head_hash: checkpoint.head_hash,
            signed_at_us: checkpoint.signed_at_us,
            signature: checkpoint.signature,
        },
    }
}

/// The proof that what happened to a case is on the ledger.
#[utoipa::path(get, path = "/api/v1/cases/{case}/proof", tag = "cases",
    params(("case" = String, Path, description = "The case."), ProofQuery),
    responses((status = 200, body = ProofAnswer), (status = 403), (status = 404, description = "No such case, or no such record of it.")))]
pub(super) async fn case_proof(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<ProofAnswer>, Failure> {
    let id = case_id(&case)?;
    rooms.case_for(&caller, id, "case_read").await?;
    let lines = rooms.cases.history(caller.region, id).await?;
    let line = match query.version {
        Some(version) => lines.iter().find(|line| line.version == version),
        None => lines.last(),
    }
    .ok_or_else(Failure::not_found)?;
    let ledger = rooms.cases.ledger();
    let proof = ledger.proof(caller.region, line.seq).await?;
    Ok(Json(ProofAnswer {
        version: line.version,
        seq: line.seq,
        inclusion: proof.map(inclusion_answer),
        public_key: ledger.public_key_pem()?,
    }))
}
