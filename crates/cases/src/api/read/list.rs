//! The list of cases as programs page through it: the worklist's own query, masked.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_calendar::china_date;
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, markup::Light};

use crate::{
    api::body::Body,
    model::stage_name,
    rooms::CaseRooms,
    store::{CaseRow, HELD_BY_TASKS, WorklistCursor, WorklistFilter},
};

use super::narrowing::narrowed;

/// How many items one page holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

narrowed! {
    /// What a list is narrowed to, and where it goes on.
    struct ListQuery {
        /// Where the page before ended.
        cursor: Option<String>,
        /// How many items, at most 100.
        #[param(maximum = 100)]
        limit: Option<u32>,
    }
}

narrowed! {
    /// What is looked for. It is sent in the body, because addresses are logged and a search may name somebody.
    struct SearchInput {
        /// A number, or a part of the applicant's or the item's name; the rest after 60 characters is cut.
        #[schema(example = "兴盛餐饮", max_length = 60)]
        search: String,
        /// Where the page before ended.
        cursor: Option<String>,
        /// How many items, at most 100.
        #[schema(maximum = 100)]
        limit: Option<u32>,
    }
}

/// The case behind which a page begins.
fn after(cursor: Option<&str>) -> Result<Option<WorklistCursor>, Failure> {
    let Some(cursor) = cursor else {
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

/// One page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct CaseList {
    /// The cases, the most urgent first.
    items: Vec<CaseItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The worklist: cases that the caller's post may see, the most urgent first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(ListQuery),
    responses((status = 200, body = CaseList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(in crate::api) async fn case_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<CaseList>, Failure> {
    let (narrowing, cursor, limit) = query.split();
    let filter = narrowing.filter(&caller, None);
    list(&rooms, &caller, &filter, (cursor.as_deref(), limit)).await
}

/// Looks for cases that the caller's post may see, the most urgent first.
#[utoipa::path(post, path = "/api/v1/cases/search", tag = "cases", request_body = SearchInput,
    responses((status = 200, body = CaseList), (status = 401), (status = 403), (status = 422, description = "Nothing is looked for, or the cursor does not read.")))]
pub(in crate::api) async fn case_search(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<SearchInput>,
) -> Result<Json<CaseList>, Failure> {
    let (narrowing, search, cursor, limit) = input.split();
    let search = search.trim();
    if search.is_empty() {
        return Err(Failure::invalid("请填写要查找的编号、申请人或事项。").at("search"));
    }
    let filter = narrowing.filter(&caller, Some(search));
    list(&rooms, &caller, &filter, (cursor.as_deref(), limit)).await
}

async fn list(
    rooms: &CaseRooms,
    caller: &Caller,
    filter: &WorklistFilter,
    (cursor, limit): (Option<&str>, Option<u32>),
) -> Result<Json<CaseList>, Failure> {
    let scope = rooms.scope(caller).await?;
    let today = china_date(caller.now);
    let limit = limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let after = after(cursor)?;
    let found = rooms
        .cases
        .worklist(caller.region, scope, filter, after.as_ref(), limit, today)
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

/// One line of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseItem {
    /// The case.
    id: String,
    /// Its number.
    number: String,
    /// Its version.
    version: i64,
    /// The item.
    item: String,
    /// The item's name.
    item_name: String,
    /// The organisation that handles it.
    organisation_name: String,
    /// The applicant; persons masked.
    #[schema(example = "王*明")]
    applicant_name: String,
    /// Through which window it came.
    channel: String,
    /// Where it stands.
    stage: String,
    /// The same in words.
    #[schema(example = "审查")]
    stage_name: &'static str,
    /// The step in words.
    step_name: String,
    /// Who holds it; absent while it lies with the organisation, and while tasks of a drawn process are each in a hand of their
    /// own (`GET /api/v1/cases/{case}` names them).
    holder: Option<String>,
    /// `normal`, `due_soon`, `overdue`, `paused` or `finished`.
    #[schema(example = "normal")]
    light: &'static str,
    /// The last day in time.
    #[schema(example = "2026-11-30")]
    due_on: Option<String>,
    /// 绿色通道.
    priority: bool,
    /// Whether the applicant wrote a line that nobody has answered.
    waits_for_answer: bool,
    /// Whether the applicant supplied something that nobody has taken up.
    has_new_material: bool,
    /// The last day of the supplement that is still owed; absent when nothing is.
    #[schema(example = "2026-11-25")]
    supplement_due_on: Option<String>,
    /// When it was received (RFC 3339).
    received_at: String,
    /// `granted`, `refused`, `not_accepted`, `withdrawn`, `terminated`; absent while under way.
    outcome: Option<String>,
}

/// One line of the list on a day.
pub(super) fn case_item(row: CaseRow, today: jiff::civil::Date) -> CaseItem {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let received_at: Timestamp = row.received_at();
    CaseItem {
        applicant_name: row.applicant_shown(),
        light: light_code(row.light(today)),
        due_on: row.due().map(|due| due.to_string()),
        received_at: received_at.to_string(),
        stage_name: stage_name(&row.stage),
        id: row.id,
        number: row.number,
        version: row.version,
        item: row.item,
        item_name: row.item_name,
        organisation_name: row.organisation_name,
        channel: row.channel,
        stage: row.stage,
        step_name: row.step_name,
        holder: some(row.holder).filter(|holder| holder != HELD_BY_TASKS),
        priority: row.priority,
        waits_for_answer: row.waits_for_answer,
        has_new_material: row.has_new_material,
        supplement_due_on: some(row.supplement_due_on),
        outcome: some(row.outcome),
    }
}

const fn light_code(light: Light) -> &'static str {
    match light {
        Light::Normal => "normal",
        Light::DueSoon => "due_soon",
        Light::Overdue => "overdue",
        Light::Paused => "paused",
        Light::Finished => "finished",
    }
}
