//! 三集中三到位 by department, and the list of all items as Excel.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    response::{Html, Response},
};
use wuchuang_delegations::matrix::sheet;
use wuchuang_kernel::{ItemId, OrganisationId, Role, china_date};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{excel, html};
use crate::{
    marks::{EntryFigures, Mark},
    model::entry::{EntryMark, EntryStanding, EntryState},
    service::{DepartmentLine, Oversight},
};

struct Line {
    path: String,
    name: String,
    figures: EntryFigures,
    marks: Vec<Mark>,
}

#[derive(Template)]
#[template(path = "oversight/entries.html")]
struct EntriesPage<'a> {
    page: &'a PageContext,
    is_all: bool,
    all: EntryFigures,
    names: Vec<&'static str>,
    lines: Vec<Line>,
}

/// Whose items the caller sees: supervision and the managers of items those of all, everybody else their own.
///
/// # Errors
/// 403 for whoever belongs to no organisation.
pub(crate) fn scope(caller: &Caller) -> Result<Option<OrganisationId>, Failure> {
    let staff = caller
        .visitor
        .staff()
        .ok_or_else(|| Failure::forbidden("entry_read"))?;
    let is_all = staff.roles.contains(&Role::Supervisor);
    Ok((!is_all).then_some(staff.organisation))
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let only = scope(&caller)?;
    let today = china_date(caller.now);
    let departments = oversight.departments(caller.region, only, today).await?;
    let mut all = EntryFigures::default();
    for line in &departments {
        all.due += line.figures.due;
        all.entered += line.figures.entered;
        all.exempted += line.figures.exempted;
        all.missing += line.figures.missing;
    }
    let names = departments
        .first()
        .map(|line| line.marks.iter().map(|mark| mark.name).collect())
        .unwrap_or_default();
    let line = |line: DepartmentLine| Line {
        path: format!("/staff/entries/{}", line.id),
        name: line.name,
        figures: line.figures,
        marks: line.marks,
    };
    let page = caller.page.clone().titled("进驻和授权");
    html(&EntriesPage {
        page: &page,
        is_all: only.is_none(),
        all,
        names,
        lines: departments.into_iter().map(line).collect(),
    })
}

/// How an item stands, in words for a cell: where or why, since or until when, by which document.
pub(crate) struct Told {
    pub(crate) mark: EntryMark,
    pub(crate) place: String,
    pub(crate) day: String,
    pub(crate) document: String,
}

/// An item in words.
pub(crate) fn told(
    entries: &HashMap<ItemId, EntryState>,
    item: ItemId,
    today: jiff::civil::Date,
) -> Told {
    let standing = entries.get(&item).map(|entry| &entry.standing);
    let mark = standing.map_or(EntryMark::Missing, |standing| standing.on(today));
    let (place, day, document) = match standing {
        Some(EntryStanding::In(entered)) => (
            entered.place_name.clone(),
            format!("{} 起", entered.from),
            entered.document.clone(),
        ),
        Some(EntryStanding::Exempt(exempted)) => (
            exempted.ground.name().to_owned(),
            format!("到 {}", exempted.until),
            exempted.document.clone(),
        ),
        _ => (String::new(), String::new(), String::new()),
    };
    Told {
        mark,
        place,
        day,
        document,
    }
}

const COLUMNS: [(&str, f64); 7] = [
    ("部门", 28.0),
    ("事项名称", 40.0),
    ("事项编码", 24.0),
    ("进驻情况", 14.0),
    ("大厅或不进驻的理由", 32.0),
    ("起止日期", 18.0),
    ("文件", 48.0),
];

pub(super) async fn excel_list(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Response, Failure> {
    let only = scope(&caller)?;
    let today = china_date(caller.now);
    let entries = oversight.entries(caller.region).await?;
    let mut rows = Vec::new();
    for (department, items) in oversight.items(today) {
        if only.is_some_and(|only| only != department) {
            continue;
        }
        for item in items {
            let told = told(&entries, item.id, today);
            rows.push(vec![
                item.content.department.name.clone(),
                item.content.name.clone(),
                item.content.printed_code().unwrap_or_default(),
                told.mark.name().to_owned(),
                told.place,
                told.day,
                told.document,
            ]);
        }
    }
    rows.sort();
    let book = sheet("事项进驻清单", &COLUMNS, rows.into_iter()).map_err(Failure::internal)?;
    Ok(excel("entries.xlsx", book))
}
