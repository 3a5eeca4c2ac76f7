//! Which running cases of an item could go over to its present drawing, why others could not, and the deed: every case keeps
//! the drawing that it began with until somebody says otherwise. The page is read before a new drawing is published, so that
//! nobody changes what cases stand on without knowing it; cases go over once it is in force.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{CaseId, ItemId, china_date, group_case_number};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    page::{Flash, FlashKind, PageContext},
};

use super::render;
use crate::{
    rooms::CaseRooms,
    service::moving::{Compared, MOVING_CASES_MAX, OtherwiseDrawn},
};

/// One running case.
struct MovingLine {
    id: String,
    number: String,
    version: u32,
    /// Where it stands.
    step: String,
    /// Why it could not go over; nothing when it could.
    reasons: Vec<String>,
    is_ticked: bool,
}

#[derive(Template)]
#[template(path = "cases/moving.html")]
struct MovingPage<'a> {
    page: &'a PageContext,
    item_path: String,
    /// What is wrong with the present drawing; then there is nothing to go over to.
    problems: Vec<String>,
    lines: Vec<MovingLine>,
    /// How many of them could go over.
    able: usize,
    /// How many follow the present drawing already.
    present: usize,
    /// Whether there are more than were looked at.
    has_more: bool,
    /// Whether the drawing is in force, so that cases may go over to it.
    is_in_force: bool,
    reason: &'a str,
    errors: &'a FieldErrors,
}

impl MovingPage<'_> {
    fn may_go_over(&self) -> bool {
        self.able > 0 && self.is_in_force
    }
}

/// What the page says about the last deed.
#[derive(Default, Deserialize)]
pub(super) struct MovedQuery {
    moved: Option<usize>,
    #[serde(default)]
    left: usize,
}

impl MovedQuery {
    fn flash(&self) -> Option<Flash> {
        let moved = self.moved?;
        Some(if self.left == 0 {
            Flash {
                kind: FlashKind::Success,
                text: format!("已转 {moved} 件，从下一个环节起按现行的流程图办理。"),
            }
        } else {
            Flash {
                kind: FlashKind::Warning,
                text: format!(
                    "已转 {moved} 件；另有 {} 件没有转：同事刚刚办过一步，或者接不上了，原因见下表。",
                    self.left
                ),
            }
        })
    }
}

/// What was typed before the deed was refused.
#[derive(Default)]
struct Typed {
    /// The ticked cases; `None`: nothing was typed, and all that could go over are ticked.
    cases: Option<Vec<CaseId>>,
    reason: String,
    errors: FieldErrors,
}

pub(super) async fn show(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Query(query): Query<MovedQuery>,
) -> Result<Html<String>, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    page(&rooms, &caller, id, query.flash(), &Typed::default()).await
}

async fn page(
    rooms: &CaseRooms,
    caller: &Caller,
    id: ItemId,
    flash: Option<Flash>,
    typed: &Typed,
) -> Result<Html<String>, Failure> {
    let today = china_date(caller.now);
    let present = rooms
        .cases
        .present_drawing(caller.region, id, today)
        .await?;
    let compared = match &present.process {
        Some(process) => rooms.cases.compared(caller, id, process).await?,
        None => Compared::default(),
    };
    let mut page = caller
        .page
        .clone()
        .titled("在办的办件和流程图")
        .under("事项库", "/staff/items")
        .under(&present.item_name, format!("/staff/items/{id}"))
        .with_errors(!typed.errors.is_empty());
    page.flash = flash.or(page.flash);
    let lines: Vec<MovingLine> = compared.others.iter().map(|it| line(it, typed)).collect();
    render(&MovingPage {
        page: &page,
        item_path: format!("/staff/items/{id}"),
        problems: present.problems,
        able: lines.iter().filter(|line| line.reasons.is_empty()).count(),
        lines,
        present: compared.present,
        has_more: compared.has_more,
        is_in_force: present.version.is_some(),
        reason: &typed.reason,
        errors: &typed.errors,
    })
}

fn line(other: &OtherwiseDrawn, typed: &Typed) -> MovingLine {
    let ticked = typed.cases.as_ref();
    MovingLine {
        id: other.id.to_string(),
        number: group_case_number(&other.case.number),
        version: other.case.drawing_version(),
        step: other.case.step_name(),
        reasons: other.reasons.clone(),
        is_ticked: ticked.is_none_or(|ticked| ticked.contains(&other.id)),
    }
}

/// 转到现行流程图.
pub(super) async fn send(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let value = |name: &str| {
        let mut fields = fields.iter();
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let ticked = fields.iter().filter(|(name, _)| name == "cases");
    let ticked = ticked.filter_map(|(_, id)| id.parse::<CaseId>().ok());
    let ticked: Vec<CaseId> = ticked.take(MOVING_CASES_MAX as usize).collect();
    let reason = value("reason").unwrap_or_default();
    let order = caller.order(value("command_id"), Expected::Existing);
    let mut errors = FieldErrors::default();
    if ticked.is_empty() {
        errors.add("cases", "请勾选要转的办件。");
    }
    if reason.trim().is_empty() {
        errors.add("reason", "请写明为什么转，例如：办法修订，增加现场核查。");
    }
    if errors.is_empty() {
        let cases = (ticked.as_slice(), reason);
        match rooms.cases.go_over(&caller, id, cases, &order).await {
            Ok(done) => {
                let (moved, left) = (done.moved.len(), done.left.len());
                let path = format!("/staff/items/{id}/process/running?moved={moved}&left={left}");
                return Ok(Redirect::to(&path).into_response());
            }
            Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
                errors.add("cases", failure.public.into_owned());
            }
            Err(failure) => return Err(failure),
        }
    }
    let typed = Typed {
        cases: Some(ticked),
        reason: reason.to_owned(),
        errors,
    };
    let html = page(&rooms, &caller, id, None, &typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}
