//! Applications for bundles before the staff: the list with its lights, one with its parts, and the results handed over
//! together. No personal value is on these pages but where a parcel goes, before whoever may send it; whoever may open the case of a
//! part finds the others there.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::store::CaseRow;
use wuchuang_kernel::{CaseId, JointId, china_date, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{ClockView, CursorLinks},
    page::{Flash, FlashKind, PageContext},
};

use super::{
    delivering::{DeliverForm, DeliverSection},
    html,
    many::{ManySection, ManyTyped, against},
};
use crate::{
    delivering,
    model::{
        InspectionKind, Joint, PartKey,
        inspection::{Standing, moment},
    },
    rooms::BundleRooms,
    store::{JointPlace, JointRow, joint_by_number},
    view::{End, JointView, day, longest, worst},
};

/// How many applications stand on one page.
const PAGE_ROWS: usize = 30;
pub(super) const LIST: &str = "/staff/joints";

struct Line {
    path: String,
    number: String,
    name: String,
    received: String,
    clock: ClockView,
    ended: usize,
    total: usize,
    /// Which case takes longest and where it lies.
    longest: String,
}

#[derive(Template)]
#[template(path = "bundles/joints.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: Vec<Line>,
    links: CursorLinks,
    /// A number that was looked for and not found.
    missed: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    after: String,
    #[serde(default)]
    number: String,
}

fn place_of(text: &str) -> Option<JointPlace> {
    let (at, joint) = text.split_once('-')?;
    let joint: JointId = joint.parse().ok()?;
    Some((at.parse().ok()?, joint.to_string()))
}

fn line(page: &PageContext, caller: &Caller, row: JointRow, rows: &[CaseRow]) -> Line {
    let today = china_date(caller.now);
    Line {
        path: format!("{LIST}/{}", row.joint),
        number: group_case_number(&row.number),
        received: day(page, china_date(row.received_at())),
        name: row.name,
        clock: ClockView {
            light: worst(rows, today),
            text: String::new(),
            detail: String::new(),
        },
        ended: rows.iter().filter(|row| !row.is_open).count(),
        total: rows.len(),
        longest: longest(rows).map_or_else(String::new, |row| {
            let due = row
                .due()
                .map_or_else(String::new, |due| format!("，{}前", day(page, due)));
            format!(
                "{}：{}，{}{due}",
                row.item_name, row.organisation_name, row.step_name
            )
        }),
    }
}

pub(super) async fn list_page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let number: String = query
        .number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .collect::<String>()
        .to_uppercase();
    if !number.is_empty() {
        let database = rooms.bundles.cases().ledger().database();
        if let Some(row) = joint_by_number(database, caller.region, &number).await? {
            return Ok(Redirect::to(&format!("{LIST}/{}", row.joint)).into_response());
        }
    }
    let limit = i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX);
    let mut found = rooms
        .list(caller.region, place_of(&query.after), limit)
        .await?;
    let has_more = found.len() > PAGE_ROWS;
    found.truncate(PAGE_ROWS);
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|(row, _)| format!("{LIST}?after={}-{}", row.received_at_us, row.joint));
    let page = caller.page.clone().titled("一件事办件");
    let body = html(&ListPage {
        lines: found
            .into_iter()
            .map(|(row, rows)| line(&page, &caller, row, &rows))
            .collect(),
        links: CursorLinks {
            previous: (!query.after.is_empty()).then(|| LIST.to_owned()),
            next,
            summary: String::new(),
        },
        missed: (!number.is_empty()).then_some(number),
        page: &page,
    })?;
    Ok(body.into_response())
}

#[derive(Template)]
#[template(path = "bundles/joint.html")]
struct JointPage<'a> {
    page: &'a PageContext,
    view: &'a JointView,
    progress: String,
    path: String,
    /// How it stands on the spot (联合踏勘、联合验收); empty when no part needs it.
    on_the_spot: Vec<String>,
    /// What the visitor may hand over now.
    deliver: Option<DeliverSection<'a>>,
    /// The cases that the visitor may open.
    open: Vec<CaseId>,
    /// The cases of a batch that the visitor may act on together.
    many: Option<ManySection>,
    typed: &'a ManyTyped,
    /// Cases with a level that does not agree, in words.
    against: Vec<(CaseId, String)>,
    /// How many stores of a batch stand where; empty for other applications.
    standing: String,
    errors: &'a FieldErrors,
}

/// What was typed on the page, and what is told of the last deed.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) deliver: DeliverForm,
    pub(super) many: ManyTyped,
    pub(super) flash: Option<Flash>,
}

impl JointPage<'_> {
    fn may_open(&self, case: &CaseId) -> bool {
        self.open.contains(case)
    }

    fn against(&self, case: &CaseId) -> &str {
        let mut against = self.against.iter();
        let found = against.find(|(known, _)| known == case);
        found.map_or("", |(_, words)| words.as_str())
    }
}

pub(crate) async fn found(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &str,
) -> Result<(JointId, Box<Joint>), Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    Ok((id, rooms.get(caller.region, id).await?))
}

pub(super) async fn show(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    typed: &Typed,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let mut page = caller
        .page
        .clone()
        .titled(&joint.name)
        .under("一件事办件", LIST)
        .with_errors(!errors.is_empty());
    page.flash.clone_from(&typed.flash);
    let at = (caller.region, caller.now);
    let view = JointView::of(&rooms.bundles, &page, at, (id, joint)).await?;
    let cases = delivering::cases(rooms, caller, joint).await?;
    html(&JointPage {
        progress: view.progress(&page),
        path: format!("{LIST}/{id}"),
        on_the_spot: on_the_spot(joint),
        deliver: DeliverSection::of(&delivering::ready(caller, joint, &cases), &typed.deliver),
        many: ManySection::of(rooms, caller, joint, &cases, &typed.many).await?,
        typed: &typed.many,
        // What a level says of a case is for those who may open it.
        against: cases
            .iter()
            .filter(|(_, _, resource)| caller.may("case_open", resource))
            .map(|(id, case, _)| (*id, against(case)))
            .filter(|(_, words)| !words.is_empty())
            .collect(),
        standing: if joint.is_batch() {
            standing(&view)
        } else {
            String::new()
        },
        open: cases
            .iter()
            .filter(|(_, _, resource)| caller.may("case_open", resource))
            .map(|(case, _, _)| *case)
            .collect(),
        view: &view,
        page: &page,
        errors,
    })
}

/// How many stores stand where: 技术审查 2 家，补正 1 家.
fn standing(view: &JointView) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for part in &view.parts {
        let place = match part.end {
            End::Granted => "已办结",
            End::Refused => part.refused,
            End::Withdrawn => "已撤回",
            End::Open => part.step.as_str(),
        };
        match counts.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => counts.push((place, 1)),
        }
    }
    let told = counts
        .iter()
        .map(|(place, count)| format!("{place} {count} 家"));
    let told: Vec<String> = told.collect();
    told.join("，")
}

/// How the parts stand that are looked at together.
fn on_the_spot(joint: &Joint) -> Vec<String> {
    let mut told = Vec::new();
    for kind in InspectionKind::ALL {
        let needing = joint.parts.iter().map(|part| &part.submitted);
        let needing: Vec<PartKey> = needing
            .filter(|part| part.inspections.contains(&kind))
            .map(|part| part.id)
            .collect();
        if needing.is_empty() {
            continue;
        }
        let passed = needing
            .iter()
            .filter(|part| joint.standing(**part, kind) == Standing::Passed)
            .count();
        let mut text = format!(
            "{}：{} 项要参加，{passed} 项合格",
            kind.name(),
            needing.len()
        );
        let mut open = joint.inspections.iter();
        if let Some(open) = open.find(|one| one.kind == kind && one.is_open()) {
            text = format!("{text}，约在{}", moment(open.appointment.at));
        }
        told.push(text);
    }
    told
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    delivered: Option<usize>,
    received: Option<usize>,
    acted: Option<usize>,
}

impl PageQuery {
    /// What was just done.
    fn flash(&self) -> Option<Flash> {
        let text = match (self.delivered, self.received, self.acted) {
            (Some(count), ..) => format!("已一次送达 {count} 项结果。"),
            (_, Some(count), _) => format!("已收件：{count} 家门店，各自的办件和编号见下面。"),
            (.., Some(count)) => format!("已办理 {count} 家门店。"),
            _ => return None,
        };
        Some(Flash {
            kind: FlashKind::Success,
            text,
        })
    }
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Html<String>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let typed = Typed {
        flash: query.flash(),
        ..Typed::default()
    };
    show(&rooms, &caller, (id, &joint), &typed, &FieldErrors::new()).await
}
