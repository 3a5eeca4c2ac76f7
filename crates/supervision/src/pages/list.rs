//! The lists of tasks: what one's organisation supervises, what it granted, and for supervision those of all.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{Role, china_date, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    markup::{Choice, ClockView, CursorLinks},
    page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    store::{self, Place, Side, TaskFilter, TaskRow},
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;

struct Line {
    path: String,
    clock: ClockView,
    stage: &'static str,
    finding: &'static str,
    item_name: String,
    number: String,
    name: String,
    department_name: String,
    granted_by_name: String,
}

fn line(row: TaskRow, today: Date) -> Line {
    Line {
        path: format!("/staff/supervision/{}", row.id),
        clock: ClockView {
            light: row.light(today),
            text: row.due_on.clone(),
            detail: String::new(),
        },
        stage: row.stage().name(),
        finding: row.finding().map_or("", crate::model::CheckFinding::name),
        number: group_case_number(&row.case_number),
        name: row.name_masked(),
        item_name: row.item_name,
        department_name: row.department_name,
        granted_by_name: row.granted_by_name,
    }
}

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    asked: &'a Asked,
    views: Vec<Choice>,
    sides: Vec<Choice>,
    lines: Vec<Line>,
    links: CursorLinks,
}

/// Which tasks are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `open`, `overdue` or `done`.
    pub(crate) view: String,
    /// `department` or `granted`; supervision sees those of all.
    pub(crate) side: String,
    pub(crate) cursor: Option<String>,
}

/// The tasks that the caller may list.
///
/// # Errors
/// 403 for whoever belongs to no organisation, 422 when the cursor does not read.
pub(crate) fn filter_of(caller: &Caller, asked: &Asked) -> Result<TaskFilter, Failure> {
    let today = china_date(caller.now);
    let side = if caller.visitor.has_role(Role::Supervisor) {
        Side::All
    } else {
        let organisation = caller.visitor.actor().organisation();
        let own = organisation.ok_or_else(|| Failure::forbidden("supervision_read"))?;
        if asked.side == "granted" {
            Side::GrantedBy(own)
        } else {
            Side::Department(own)
        }
    };
    Ok(TaskFilter {
        side,
        is_open: asked.view != "done",
        due_before: (asked.view == "overdue").then_some(today),
        from: asked.cursor.as_deref().map(Place::read).transpose()?,
    })
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failure> {
    let filter = filter_of(&caller, &asked)?;
    let database = rooms.ledger().database();
    let rows = store::tasks(database, caller.region, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE_ROWS);
    let view = match asked.view.as_str() {
        "done" => "done",
        "overdue" => "overdue",
        _ => "open",
    };
    let side = match filter.side {
        Side::GrantedBy(_) => "granted",
        Side::Department(_) | Side::All => "department",
    };
    let first = format!("/staff/supervision?view={view}&side={side}");
    let next = Place::behind(&rows)
        .filter(|_| is_full)
        .map(|place| format!("{first}&cursor={place}"));
    let today = china_date(caller.now);
    let sides = if filter.side == Side::All {
        Vec::new()
    } else {
        vec![
            Choice::new("department", "本单位监管的"),
            Choice::new("granted", "本单位决定的"),
        ]
    };
    let shown = Asked {
        view: view.to_owned(),
        side: side.to_owned(),
        cursor: None,
    };
    let page = caller.page.titled("监管任务");
    html(&ListPage {
        page: &page,
        asked: &shown,
        views: vec![
            Choice::new("open", "没有办结的"),
            Choice::new("overdue", "已超期的"),
            Choice::new("done", "已办结的"),
        ],
        sides,
        lines: rows.into_iter().map(|row| line(row, today)).collect(),
        links: CursorLinks {
            previous: asked.cursor.map(|_| first),
            next,
            summary: String::new(),
        },
    })
}
