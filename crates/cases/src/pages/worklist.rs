//! The worklist: the whole screen is the list; the filter is in the address, the counts are links. What is typed into a
//! search may be about a person: the address holds a key of it (`crate::searches`).

mod query;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{CaseId, china_date, group_case_number};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    markup::{Choice, ClockView, CursorLinks},
    page::{Flash, FlashKind, PageContext},
};

use crate::{
    model::{CaseCommand, stage_name},
    rooms::CaseRooms,
    store::{CaseRow, WorklistCounts, WorklistCursor},
};

use super::{render, texts, views};
use query::LIST;
pub(super) use query::WorklistQuery;

/// How many rows the page shows.
const ROWS: u32 = 50;
/// How many cases are claimed in one go.
const CLAIMS_MAX: usize = 50;
pub(super) struct WorklistRow {
    pub(super) case: CaseRow,
    pub(super) clock: ClockView,
    pub(super) number: String,
    pub(super) applicant: String,
    pub(super) arrived: String,
    pub(super) holder: String,
    pub(super) is_mine: bool,
    pub(super) channel: &'static str,
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
    let scope = CaseRooms::scope(&caller.visitor)?;
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let today = china_date(caller.now);
    let search = query.search(&rooms, me);
    let is_stale = !query.search.is_empty() && search.is_none();
    if is_stale {
        query.search = String::new();
    }
    let filter = query.filter(&caller, search.clone());
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
        .worklist_counts(caller.region, scope, me, today)
        .await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for case in found.rows {
        rows.push(row(&rooms, &caller, case, today).await?);
    }
    let links = links(&query, found.next, rows.len());
    let saved = views::of(&rooms, caller.region, me).await?;
    let mut page = caller.page.titled("办件");
    page.flash = told.flash(is_stale);
    render(&WorklistPage {
        page: &page,
        tabs: tabs(&query, &counts),
        cases: rows,
        links,
        stages: stages(),
        saved,
        address: query.address(),
        is_filtered: !query.search.is_empty()
            || !query.applicant.is_empty()
            || !query.stage.is_empty()
            || !query.light.is_empty(),
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

/// What the list says above itself.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    /// `1` after a deed that took the case out of the visitor's hands.
    #[serde(default)]
    done: String,
}

impl Told {
    fn flash(&self, is_stale: bool) -> Option<Flash> {
        let (kind, text) = match (self.done.as_str(), is_stale) {
            ("1", _) => (
                FlashKind::Success,
                "已办好。这个办件已转到下一个岗位或单位，不再在您这里。",
            ),
            (_, true) => (
                FlashKind::Notice,
                "查找的内容只保留几个小时，现在已经没有了，请重新输入。",
            ),
            _ => return None,
        };
        Some(Flash {
            kind,
            text: text.to_owned(),
        })
    }
}

/// Where a deed leads that took the case out of the visitor's hands.
pub(super) const AFTER_DEED: &str = "/staff/cases?done=1";

fn tabs(query: &WorklistQuery, counts: &WorklistCounts) -> Vec<Tab> {
    let tab = |label, count, sign, view: &str, light: &str| Tab {
        label,
        count,
        sign,
        is_current: query.view == view && query.light == light,
        path: WorklistQuery {
            view: view.to_owned(),
            light: light.to_owned(),
            ..WorklistQuery::default()
        }
        .address(),
    };
    vec![
        tab("在办", counts.open, "", "", ""),
        tab("我的", counts.mine, "", "mine", ""),
        tab("待认领", counts.unclaimed, "", "unclaimed", ""),
        tab("将到期", counts.due_soon, "▲", "", "due_soon"),
        tab("已超期", counts.overdue, "■", "", "overdue"),
    ]
}

fn stages() -> Vec<Choice> {
    [
        "examining",
        "correcting",
        "review",
        "decision",
        "issuing",
        "delivering",
        "closed",
        "not_accepted",
        "withdrawn",
        "terminated",
    ]
    .into_iter()
    .map(|code| Choice::new(code, stage_name(code)))
    .collect()
}

pub(super) async fn row(
    rooms: &CaseRooms,
    caller: &Caller,
    case: CaseRow,
    today: Date,
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
    Ok(WorklistRow {
        clock: clock(&case, today, &rooms.cases.ledger().calendar()),
        number: group_case_number(&case.number),
        applicant: case.applicant_shown(),
        arrived: texts::moment(case.arrived_at(), today),
        holder,
        is_mine,
        channel: wuchuang_kernel::Channel::from_code(&case.channel)
            .map_or("", wuchuang_kernel::Channel::name),
        case,
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
        detail: format!("{}前", texts::day(due)),
    }
}

/// What is looked for, with the filters that are kept beside it.
#[derive(Deserialize)]
pub(super) struct SearchForm {
    #[serde(default)]
    q: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    light: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    closed: String,
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
        view: form.view,
        light: form.light,
        stage: form.stage,
        closed: form.closed,
        ..WorklistQuery::default()
    }
    .address();
    Ok(Redirect::to(&address).into_response())
}

/// Claims the ticked cases. Those that a colleague took meanwhile are left to them.
pub(super) async fn claim(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, Failure> {
    let value = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let back = value("back").unwrap_or_default();
    for (_, id) in fields
        .iter()
        .filter(|(name, _)| name == "case")
        .take(CLAIMS_MAX)
    {
        let Ok(id) = id.parse::<CaseId>() else {
            continue;
        };
        rooms.case_for(&caller, id, "case_claim").await?;
        let order = caller.order(None, Expected::Existing);
        match rooms.cases.act(id, CaseCommand::Claim, order).await {
            Ok(_) => {}
            Err(failure) if failure.code == "case_held" => {}
            Err(failure) => return Err(failure),
        }
    }
    let is_list = back.split('?').next() == Some(LIST);
    let back = if is_list {
        back
    } else {
        "/staff/cases?view=mine"
    };
    Ok(Redirect::to(back))
}
