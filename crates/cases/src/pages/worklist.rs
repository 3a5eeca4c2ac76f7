//! The worklist: the whole screen is the list; the filter is in the address, the counts are links.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{CaseId, china_date, group_case_number};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    markup::{Choice, ClockView, CursorLinks},
    page::PageContext,
};

use crate::{
    model::{CaseCommand, stage_name},
    rooms::CaseRooms,
    store::{CaseRow, LightFilter, WorklistCounts, WorklistCursor, WorklistFilter},
};

use super::{render, texts, views};

/// How many rows the page shows.
const ROWS: u32 = 50;
/// How many cases are claimed in one go.
const CLAIMS_MAX: usize = 50;
/// How long a search may be, in characters.
const SEARCH_CHARACTERS_MAX: usize = 60;

/// The filter as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub(super) struct WorklistQuery {
    /// `mine`, `unclaimed`, or nothing for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) view: String,
    /// `normal`, `due_soon`, `overdue`, `paused`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) light: String,
    /// A stage.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) stage: String,
    /// A number or a part of a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) q: String,
    /// `1`: also those that are over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) closed: String,
    /// Where the page begins: due date and case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) after: String,
}

impl WorklistQuery {
    pub(super) fn filter(&self, caller: &Caller) -> WorklistFilter {
        WorklistFilter {
            holder: if self.view == "mine" {
                caller.visitor.person()
            } else {
                None
            },
            unclaimed: self.view == "unclaimed",
            stage: (!self.stage.is_empty()).then(|| self.stage.clone()),
            light: match self.light.as_str() {
                "normal" => Some(LightFilter::Normal),
                "due_soon" => Some(LightFilter::DueSoon),
                "overdue" => Some(LightFilter::Overdue),
                "paused" => Some(LightFilter::Paused),
                _ => None,
            },
            item: None,
            search: (!self.q.trim().is_empty())
                .then(|| self.q.trim().chars().take(SEARCH_CHARACTERS_MAX).collect()),
            include_closed: self.closed == "1",
        }
    }

    fn cursor(&self) -> Option<WorklistCursor> {
        let (due_on, id) = self.after.split_once('_')?;
        due_on.parse::<Date>().ok()?;
        id.parse::<CaseId>().ok()?;
        Some(WorklistCursor {
            due_on: due_on.to_owned(),
            id: id.to_owned(),
        })
    }

    /// The address of the list with these filters.
    pub(super) fn address(&self) -> String {
        let parts: Vec<String> = [
            ("view", &self.view),
            ("light", &self.light),
            ("stage", &self.stage),
            ("q", &self.q),
            ("closed", &self.closed),
            ("after", &self.after),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", wuchuang_webkit::display::encode(value)))
        .collect();
        if parts.is_empty() {
            "/staff/cases".to_owned()
        } else {
            format!("/staff/cases?{}", parts.join("&"))
        }
    }
}

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
    Query(query): Query<WorklistQuery>,
) -> Result<Html<String>, Failure> {
    let scope = CaseRooms::scope(&caller.visitor)?;
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let today = china_date(caller.now);
    let filter = query.filter(&caller);
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
    let links = CursorLinks {
        previous: (!query.after.is_empty()).then(|| {
            WorklistQuery {
                after: String::new(),
                ..query.clone()
            }
            .address()
        }),
        next: found.next.map(|next| {
            WorklistQuery {
                after: format!("{}_{}", next.due_on, next.id),
                ..query.clone()
            }
            .address()
        }),
        summary: format!("本页 {} 件，按到期先后排列", rows.len()),
    };
    let saved = views::of(&rooms, caller.region, me).await?;
    let page = caller.page.titled("办件");
    render(&WorklistPage {
        page: &page,
        tabs: tabs(&query, &counts),
        cases: rows,
        links,
        stages: stages(),
        saved,
        address: query.address(),
        is_filtered: !query.q.is_empty() || !query.stage.is_empty() || !query.light.is_empty(),
        query: &query,
    })
}

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

#[derive(Deserialize)]
pub(super) struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// The search field above every staff page: a number leads to its case, anything else to the list.
pub(super) async fn search(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let number = query.q.replace([' ', '-'], "").to_uppercase();
    if let Some(row) = rooms.cases.row_by_number(caller.region, &number).await? {
        return Ok(Redirect::to(&format!("/staff/cases/{}", row.id)).into_response());
    }
    let address = WorklistQuery {
        q: query.q.chars().take(SEARCH_CHARACTERS_MAX).collect(),
        closed: "1".to_owned(),
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
    let back = if back.starts_with("/staff/cases") {
        back
    } else {
        "/staff/cases?view=mine"
    };
    Ok(Redirect::to(back))
}
