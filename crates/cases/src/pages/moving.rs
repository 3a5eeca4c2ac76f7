//! Which running cases of an item could go over to its present drawing, and why others could not. Every case keeps the drawing
//! that it began with; this page is read before a new one is published, so that nobody changes what cases stand on
//! without knowing it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Html,
};
use wuchuang_bpmn::migrate;
use wuchuang_catalogue::model::{ServiceItem, drawn::DrawingProblem};
use wuchuang_kernel::{CaseId, ItemId, china_date, group_case_number};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::render;
use crate::{
    model::{Case, DrawnProcess},
    rooms::CaseRooms,
    store::{WorklistFilter, WorklistScope},
};

/// How many cases are looked at for one page, the most urgent first.
const CASES_MAX: u32 = 200;

/// One running case.
struct MovingLine {
    number: String,
    version: u32,
    /// Where it stands.
    step: String,
    /// Why it could not move; nothing when it could.
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "cases/moving.html")]
struct MovingPage<'a> {
    page: &'a PageContext,
    item_path: String,
    /// What is wrong with the present drawing; then there is nothing to move to.
    problems: Vec<String>,
    lines: Vec<MovingLine>,
    /// How many of them could move.
    able: usize,
    /// How many run on the present drawing already.
    present: usize,
    /// Whether there are more than were looked at.
    has_more: bool,
}

pub(super) async fn show(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let ledger = rooms.cases.ledger();
    let loaded = ledger.load::<ServiceItem>(caller.region, id.into()).await?;
    let (_, state) = loaded.ok_or_else(Failure::not_found)?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let page = caller
        .page
        .clone()
        .titled("在办的办件和流程图")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{id}"));
    let mut shown = MovingPage {
        page: &page,
        item_path: format!("/staff/items/{id}"),
        problems: Vec::new(),
        lines: Vec::new(),
        able: 0,
        present: 0,
        has_more: false,
    };
    if content.drawn_process.is_empty() {
        return render(&shown);
    }
    let present = match DrawnProcess::read(&content.drawn_process) {
        Ok(present) => present,
        Err(problems) => {
            shown.problems = problems.iter().map(DrawingProblem::public).collect();
            return render(&shown);
        }
    };
    compare(&rooms, &caller, id, &present, &mut shown).await?;
    let able = shown.lines.iter().filter(|line| line.reasons.is_empty());
    shown.able = able.count();
    render(&shown)
}

/// Lists the running cases of an item, each with what keeps it from another drawing.
async fn compare(
    rooms: &CaseRooms,
    caller: &Caller,
    id: ItemId,
    present: &DrawnProcess,
    shown: &mut MovingPage<'_>,
) -> Result<(), Failure> {
    let filter = WorklistFilter {
        item: Some(id.to_string()),
        ..WorklistFilter::default()
    };
    let list = rooms
        .cases
        .worklist(
            caller.region,
            WorklistScope::Region,
            &filter,
            None,
            CASES_MAX,
            china_date(caller.now),
        )
        .await?;
    shown.has_more = list.next.is_some();
    for row in &list.rows {
        let Ok(case_id) = row.id.parse::<CaseId>() else {
            continue;
        };
        let case = rooms.cases.get(caller.region, case_id).await?;
        let Some(terms) = &case.terms.drawn else {
            continue;
        };
        if terms == present.terms() {
            shown.present += 1;
            continue;
        }
        let began_with = rooms.cases.process_of(caller.region, &case).await?;
        shown.lines.push(line(&case, began_with, present));
    }
    Ok(())
}

fn line(case: &Case, began_with: Option<Arc<DrawnProcess>>, present: &DrawnProcess) -> MovingLine {
    MovingLine {
        number: group_case_number(&case.number),
        version: case.terms.version,
        step: case.step_name(),
        reasons: match began_with {
            Some(began_with) => reasons(case, &began_with, present),
            None => Vec::new(),
        },
    }
}

/// Why a case could not move. One that is not in its process yet, or any more, stands on no element of it.
fn reasons(case: &Case, began_with: &DrawnProcess, present: &DrawnProcess) -> Vec<String> {
    let Some(position) = case.drawn() else {
        return Vec::new();
    };
    let Some(state) = position.state.get() else {
        return vec!["申请人的信息已依法删除，流程不能再动".to_owned()];
    };
    match migrate(began_with.process(), present.process(), state) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.into_iter().map(|problem| problem.text).collect(),
    }
}
