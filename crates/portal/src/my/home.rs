//! The overview: what waits for the citizen first, then what is under way, then what is done.

use askama::Template;
use axum::{extract::State, response::Response};
use wuchuang_calendar::china_date;
use wuchuang_cases::store::CaseRow;
use wuchuang_kernel::group_case_number;
use wuchuang_messages::store::unread_count;
use wuchuang_webkit::{Caller, Failure, markup::ClockView, page::PageContext};

use crate::{
    rooms::{Rooms, html, person},
    view::clock_view,
    words,
};

/// How many finished cases are listed.
const DONE_MAX: usize = 30;

/// One case in a list.
#[derive(Debug)]
pub(crate) struct Matter {
    /// Where it opens.
    pub(crate) path: String,
    /// The item.
    pub(crate) item_name: String,
    /// The number in groups.
    pub(crate) number: String,
    /// The step's name.
    pub(crate) step: String,
    /// The light, while it runs.
    pub(crate) clock: Option<ClockView>,
    /// What the citizen has to do; empty when nothing.
    pub(crate) asked: String,
    /// When it was handed in.
    pub(crate) received: String,
    is_open: bool,
}

/// The citizen's cases in three heaps.
#[derive(Debug, Default)]
pub(crate) struct Matters {
    /// They must do something.
    pub(crate) waiting: Vec<Matter>,
    /// The house must.
    pub(crate) running: Vec<Matter>,
    /// Over.
    pub(crate) done: Vec<Matter>,
}

impl Matters {
    /// Reads the heaps.
    pub(crate) async fn of(rooms: &Rooms, caller: &Caller) -> Result<Self, Failure> {
        let rows = rooms
            .cases
            .of_person(caller.region, person(caller)?)
            .await?;
        let mut matters = Self::default();
        for row in &rows {
            let matter = matter(rooms, caller, row).await?;
            if !matter.asked.is_empty() {
                matters.waiting.push(matter);
            } else if matter.is_open {
                matters.running.push(matter);
            } else if matters.done.len() < DONE_MAX {
                matters.done.push(matter);
            }
        }
        Ok(matters)
    }
}

async fn matter(rooms: &Rooms, caller: &Caller, row: &CaseRow) -> Result<Matter, Failure> {
    let page = &caller.page;
    let case = match row.case_id().filter(|_| row.is_open) {
        Some(id) => rooms.cases.find(caller.region, id).await?,
        None => None,
    };
    let asked = match &case {
        Some(case) if row.stage == "correcting" => {
            page.tf("请补正 {count} 项", &[("count", &case.defects.len())])
        }
        Some(case) if !case.owed.is_empty() => {
            page.tf("请补交 {count} 份容缺材料", &[("count", &case.owed.len())])
        }
        _ => String::new(),
    };
    let clock = case
        .as_deref()
        .and_then(|case| clock_view(page, case, &rooms.ledger.calendar(), caller.now));
    Ok(Matter {
        path: format!("/my/cases/{}", row.id),
        item_name: row.item_name.clone(),
        number: group_case_number(&row.number),
        step: page.t(&row.step_name).into_owned(),
        clock,
        asked,
        received: words::day(page, china_date(row.received_at()), china_date(caller.now)),
        is_open: row.is_open,
    })
}

#[derive(Template)]
#[template(path = "portal/my/home.html")]
struct HomePage<'a> {
    page: &'a PageContext,
    matters: &'a Matters,
    drafts: usize,
    unread: u64,
    licences: usize,
    /// Applications for bundles, each a number over several of the cases below.
    joints: Vec<JointLine>,
}

/// How many applications for bundles are listed.
const JOINTS_MAX: usize = 10;

struct JointLine {
    path: String,
    name: String,
    number: String,
    received: String,
}

async fn joints(rooms: &Rooms, caller: &Caller) -> Result<Vec<JointLine>, Failure> {
    let rows = rooms
        .bundles
        .of_person(caller.region, person(caller)?)
        .await?;
    let today = china_date(caller.now);
    let lines = rows.into_iter().take(JOINTS_MAX).map(|row| JointLine {
        path: format!("/my/joints/{}", row.joint),
        number: group_case_number(&row.number),
        received: words::day(&caller.page, china_date(row.received_at()), today),
        name: row.name,
    });
    Ok(lines.collect())
}

pub(crate) async fn page(State(rooms): State<Rooms>, caller: Caller) -> Result<Response, Failure> {
    let me = person(&caller)?;
    let matters = Matters::of(&rooms, &caller).await?;
    let drafts = super::drafts::applications(&rooms, &caller).await?.len();
    let unread = unread_count(&rooms.ledger, caller.region, me).await?;
    let licences = rooms.licences.of_person(caller.region, me).await?;
    let page = caller.page.clone().titled("我的").under("首页", "/");
    html(&HomePage {
        page: &page,
        matters: &matters,
        drafts,
        unread,
        licences: licences.len(),
        joints: joints(&rooms, &caller).await?,
    })
}
