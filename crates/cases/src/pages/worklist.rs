//! The worklist: the whole screen is the list; the filter is in the address, the counts are links. What is typed into a
//! search may be about a person: the address holds a key of it (`crate::searches`).

mod claim;
mod filters;
mod query;

use std::{cmp::Ordering, collections::HashMap};

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, china_date, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    markup::{Choice, ClockView, CursorLinks, Light},
    page::PageContext,
};

use crate::{
    rooms::{CaseRooms, TASK_HERE, taker},
    store::{CaseRow, ListedTask, Taker, WorklistCounts, WorklistCursor},
};

use super::{render, texts, views};
use claim::Told;
pub(super) use claim::claim;
pub(crate) use claim::{CLAIMS_MAX, claim_several};
use query::LIST;
pub(crate) use query::WorklistQuery;

/// How many rows the page shows.
const ROWS: u32 = 50;

pub(super) struct WorklistRow {
    pub(super) case: CaseRow,
    pub(super) clock: ClockView,
    pub(super) number: String,
    pub(super) applicant: String,
    pub(super) arrived: String,
    /// Until when what is owed must arrive.
    pub(super) owed: Option<ClockView>,
    pub(super) holder: String,
    pub(super) is_mine: bool,
    /// The open tasks of a drawn process; none for a case without one.
    pub(super) tasks: Vec<RowTask>,
    /// Whether the rules and the policies let this visitor claim it.
    pub(super) may_claim: bool,
    pub(super) channel: &'static str,
}

/// An open task of a row.
pub(super) struct RowTask {
    pub(super) name: String,
    pub(super) holder: String,
    pub(super) is_mine: bool,
    pub(super) is_takeable: bool,
}

struct Tab {
    label: &'static str,
    count: i64,
    path: String,
    is_current: bool,
    sign: &'static str,
}

#[derive(Template)]
#[template(path = "cases/worklist.html")]
struct WorklistPage<'a> {
    page: &'a PageContext,
    query: &'a WorklistQuery,
    /// What is looked for.
    search: &'a str,
    tabs: Vec<Tab>,
    cases: Vec<WorklistRow>,
    links: CursorLinks,
    stages: Vec<Choice>,
    lights: Vec<Choice>,
    hands: Vec<Choice>,
    items: Vec<Choice>,
    /// Whether there is anything to tick.
    may_claim: bool,
    saved: Vec<views::SavedView>,
    address: String,
    is_filtered: bool,
}

pub(super) async fn show(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(mut query): Query<WorklistQuery>,
    Query(told): Query<Told>,
) -> Result<Html<String>, Failure> {
    let scope = rooms.scope(&caller).await?;
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let today = china_date(caller.now);
    let search = query.search(&rooms, me);
    let is_stale = !query.search.is_empty() && search.is_none();
    if is_stale {
        query.search = String::new();
    }
    let filter = query.filter(&caller, search.clone());
    let taker = caller.visitor.staff().map(taker);
    let found = rooms
        .cases
        .worklist(
            caller.region,
            scope,
            &filter,
            query.cursor().as_ref(),
            ROWS,
            today,
        )
        .await?;
    let counts = rooms
        .cases
        .worklist_counts(caller.region, scope, (me, taker.as_ref()), today)
        .await?;
    let mut claims = Claims::new();
    let mut rows = Vec::with_capacity(found.rows.len());
    let mut tasks = tasks_of(&rooms, &caller, &found.rows, taker.as_ref()).await?;
    for case in found.rows {
        let tasks = tasks.remove(&case.id).unwrap_or_default();
        rows.push(row(&rooms, &caller, (case, tasks), today, &mut claims).await?);
    }
    let links = links(&query, found.next, rows.len());
    let saved = views::of(&rooms, caller.region, me).await?;
    let items = filters::items(&rooms, &caller, scope).await?;
    let mut page = caller.page.titled("办件");
    page.flash = told.flash(is_stale);
    render(&WorklistPage {
        page: &page,
        tabs: tabs(&query, &counts),
        may_claim: rows.iter().any(|row| row.may_claim),
        cases: rows,
        links,
        stages: filters::stages(),
        lights: filters::lights(),
        hands: filters::hands(),
        items,
        saved,
        address: query.address(),
        is_filtered: query.is_narrowed(),
        search: search.as_deref().unwrap_or_default(),
        query: &query,
    })
}

/// The way back to the first page and on to the next one.
fn links(query: &WorklistQuery, next: Option<WorklistCursor>, count: usize) -> CursorLinks {
    let at = |after: String| {
        WorklistQuery {
            after,
            ..query.clone()
        }
        .address()
    };
    CursorLinks {
        previous: (!query.after.is_empty()).then(|| at(String::new())),
        next: next.map(|next| at(format!("{}_{}", next.due_on, next.id))),
        summary: format!("本页 {count} 件，按到期先后排列"),
    }
}

/// Where a deed leads that took the case out of the visitor's hands.
pub(super) const AFTER_DEED: &str = "/staff/cases?done=1";

fn tabs(query: &WorklistQuery, counts: &WorklistCounts) -> Vec<Tab> {
    let tab = |label, count, sign, (view, light, mark): (&str, &str, &str)| Tab {
        label,
        count,
        sign,
        is_current: query.view == view && query.light == light && query.mark == mark,
        path: WorklistQuery {
            view: view.to_owned(),
            light: light.to_owned(),
            mark: mark.to_owned(),
            ..WorklistQuery::default()
        }
        .address(),
    };
    let mut tabs = vec![
        tab("在办", counts.open, "", ("", "", "")),
        tab("我的", counts.mine, "", ("mine", "", "")),
        tab("待认领", counts.unclaimed, "", ("unclaimed", "", "")),
        tab("将到期", counts.due_soon, "▲", ("", "due_soon", "")),
        tab("已超期", counts.overdue, "■", ("", "overdue", "")),
        tab("待回复", counts.waits_for_answer, "◆", ("", "", "answer")),
        tab(
            "有新材料",
            counts.has_new_material,
            "＋",
            ("", "", "material"),
        ),
    ];
    // Seldom, and then urgent.
    if counts.supplement_overdue > 0 || query.mark == "supplement" {
        tabs.push(tab(
            "容缺逾期",
            counts.supplement_overdue,
            "■",
            ("", "", "supplement"),
        ));
    }
    if counts.extension_asked > 0 || query.mark == "extension" {
        tabs.push(tab(
            "待批延期",
            counts.extension_asked,
            "◆",
            ("", "", "extension"),
        ));
    }
    if counts.rules_review > 0 || query.mark == "sample" {
        tabs.push(tab(
            "秒批抽查",
            counts.rules_review,
            "◆",
            ("", "", "sample"),
        ));
    }
    tabs
}

/// Whether the visitor may claim cases of a kind in an organisation. The policies ask nothing else of staff, so that a page
/// of fifty rows asks them once or twice.
type Claims = HashMap<(&'static str, Option<OrganisationId>), bool>;

async fn row(
    rooms: &CaseRooms,
    caller: &Caller,
    (case, tasks): (CaseRow, Vec<ListedTask>),
    today: Date,
    claims: &mut Claims,
) -> Result<WorklistRow, Failure> {
    let is_mine = caller
        .visitor
        .person()
        .is_some_and(|me| me.to_string() == case.holder);
    let holder = match case.holder.parse() {
        Ok(person) => rooms
            .directory
            .staff_name(caller.region, person)
            .await?
            .to_string(),
        Err(_) => "组内".to_owned(),
    };
    let mut resource = rooms.row_resource(caller, &case).await?;
    if tasks.iter().any(|task| task.is_takeable) {
        resource.kind = TASK_HERE;
    }
    let is_free = if case.is_held_by_tasks() {
        // Which of several is meant, the list cannot ask.
        let free = tasks.iter().filter(|task| task.row.task_holder.is_empty());
        free.clone().count() == 1 && free.clone().all(|task| task.is_takeable)
    } else {
        case.holder.is_empty()
    };
    let may_claim = case.is_open
        && is_free
        && *claims
            .entry((resource.kind, resource.organisation))
            .or_insert_with(|| caller.may("case_claim", &resource));
    Ok(WorklistRow {
        may_claim,
        clock: clock(&case, today, &rooms.cases.ledger().calendar()),
        number: group_case_number(&case.number),
        applicant: case.applicant_shown(),
        arrived: texts::moment(case.arrived_at(), today),
        owed: owed(&case, today),
        holder,
        is_mine,
        tasks: row_tasks(rooms, caller, tasks).await?,
        channel: wuchuang_kernel::Channel::from_code(&case.channel)
            .map_or("", wuchuang_kernel::Channel::name),
        case,
    })
}

/// The open tasks of those cases of a page that are in a drawn process; nothing is asked when there are none.
async fn tasks_of(
    rooms: &CaseRooms,
    caller: &Caller,
    rows: &[CaseRow],
    taker: Option<&Taker>,
) -> Result<HashMap<String, Vec<ListedTask>>, Failure> {
    let cases = rows.iter().filter(|row| row.is_held_by_tasks());
    let cases: Vec<&str> = cases.map(|row| row.id.as_str()).collect();
    Ok(rooms.cases.open_tasks(caller.region, &cases, taker).await?)
}

async fn row_tasks(
    rooms: &CaseRooms,
    caller: &Caller,
    tasks: Vec<ListedTask>,
) -> Result<Vec<RowTask>, Failure> {
    let me = caller.visitor.person().map(|me| me.to_string());
    let mut shown = Vec::with_capacity(tasks.len());
    for task in tasks {
        let holder = match task.row.task_holder.parse() {
            Ok(person) => rooms
                .directory
                .staff_name(caller.region, person)
                .await?
                .to_string(),
            Err(_) => "组内".to_owned(),
        };
        shown.push(RowTask {
            is_mine: me.as_deref() == Some(task.row.task_holder.as_str()),
            name: task.row.task_name,
            holder,
            is_takeable: task.is_takeable,
        });
    }
    Ok(shown)
}

/// The supplement that is owed: its last day with its light.
fn owed(case: &CaseRow, today: Date) -> Option<ClockView> {
    let due = case.supplement_due()?;
    Some(ClockView {
        light: match due.cmp(&today) {
            Ordering::Less => Light::Overdue,
            Ordering::Equal => Light::DueSoon,
            Ordering::Greater => Light::Normal,
        },
        text: format!("容缺材料{}前", texts::day(due)),
        detail: String::new(),
    })
}

/// The clock of a row: its light, what is left in working days, the date in full.
fn clock(case: &CaseRow, today: Date, calendar: &wuchuang_calendar::Calendar) -> ClockView {
    let light = case.light(today);
    let Some(due) = case.due().filter(|_| case.is_open) else {
        return ClockView {
            light,
            text: String::new(),
            detail: String::new(),
        };
    };
    let text = if case.is_paused {
        "暂停".to_owned()
    } else if today > due {
        format!("超 {} 天", calendar.working_days_between(due, today))
    } else {
        match calendar.working_days_between(today, due) {
            0 => "今天".to_owned(),
            days => format!("{days} 天"),
        }
    };
    ClockView {
        light,
        text,
        detail: format!(
            "{}前{}",
            texts::day(due),
            if case.outcome.is_empty() {
                ""
            } else {
                "送达"
            }
        ),
    }
}

/// What is looked for, with the filters that are kept beside it.
#[derive(Deserialize)]
pub(super) struct SearchForm {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    kept: WorklistQuery,
}

/// The search field above every staff page, and the one above the list: a number leads to its case, anything else to
/// the list. It is sent in the body, because what is typed may be a name or a citizen number.
pub(super) async fn search(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Form(form): Form<SearchForm>,
) -> Result<Response, Failure> {
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let number = form.q.replace([' ', '-'], "").to_uppercase();
    if !number.is_empty()
        && let Some(row) = rooms.cases.row_by_number(caller.region, &number).await?
    {
        return Ok(Redirect::to(&format!("{LIST}/{}", row.id)).into_response());
    }
    let address = WorklistQuery {
        search: rooms.cases.searches.keep(me, &form.q),
        after: String::new(),
        ..form.kept
    }
    .address();
    Ok(Redirect::to(&address).into_response())
}
