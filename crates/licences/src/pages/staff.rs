//! Staff pages: the counter's look-up and the seal-use ledger. Plain Chinese.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{Role, china_date};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{CursorLinks, Tone},
    page::PageContext,
};

use super::{html, own::tone};
use crate::{
    Rooms,
    deeds::find,
    model::{Approval, LicenceStatus},
    store::{self, LicenceSummary, ListFilter, SealRow},
    verification::moment,
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;

struct Line {
    path: String,
    name: String,
    number: String,
    holder: String,
    organisation: String,
    validity: String,
    status: LicenceStatus,
    tone: Tone,
}

#[derive(Template)]
#[template(path = "licences/find.html")]
struct FindPage<'a> {
    page: &'a PageContext,
    number: &'a str,
    searched: bool,
    lines: Vec<Line>,
    errors: &'a FieldErrors,
}

fn lines(caller: &Caller, found: Vec<LicenceSummary>) -> Vec<Line> {
    let today = china_date(caller.now);
    found
        .into_iter()
        .map(|found| {
            let status = found.status(today);
            Line {
                path: format!("/staff/licences/{}", found.id),
                holder: found.holder_masked(),
                validity: found.validity(),
                name: found.title(),
                number: found.number,
                organisation: found.organisation_name,
                status,
                tone: tone(status),
            }
        })
        .collect()
}

/// The licences that one's own organisation issued last: what a clerk is asked about most.
pub(super) async fn find_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let filter = ListFilter {
        organisation: caller.visitor.staff().map(|staff| staff.organisation),
        ..ListFilter::default()
    };
    let database = rooms.ledger().database();
    let found = store::page(database, caller.region, &filter, PAGE_ROWS).await?;
    let page = caller.page.clone().titled("证照");
    html(&FindPage {
        page: &page,
        number: "",
        searched: false,
        lines: lines(&caller, found),
        errors: &FieldErrors::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct FindForm {
    #[serde(default)]
    number: String,
}

/// The number comes in the body, because addresses are kept in logs and histories.
pub(super) async fn find_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<FindForm>,
) -> Result<Response, Failure> {
    let number = form.number.trim();
    let mut errors = FieldErrors::new();
    let found = match find(&rooms, &caller, number).await {
        Ok(found) => found,
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            errors.add("number", failure.public);
            Vec::new()
        }
        Err(failure) => return Err(failure),
    };
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = caller
        .page
        .clone()
        .titled("证照")
        .with_errors(!errors.is_empty());
    let body = html(&FindPage {
        page: &page,
        number,
        searched: errors.is_empty(),
        lines: lines(&caller, found),
        errors: &errors,
    })?;
    Ok((status, body).into_response())
}

/// A use of the seal with the name of who asked for it.
pub(crate) struct SealUse {
    pub(crate) row: SealRow,
    pub(crate) used_at: Timestamp,
    pub(crate) actor: String,
    /// What each level of approval said, and who.
    pub(crate) approvals: Vec<(Approval, String)>,
}

/// What was sealed, in words.
pub(crate) fn seal_kind(code: &str) -> &'static str {
    match code {
        "licence" => "证照",
        "annotation" => "加注件",
        "print" => "证照打印",
        _ => "文书",
    }
}

struct SealLine {
    row: SealRow,
    moment: String,
    actor: String,
    kind: &'static str,
    /// 镇审核：同意（王某）, one for each level; when they said it stands on the page of the case.
    approvals: Vec<String>,
}

#[derive(Template)]
#[template(path = "licences/seals.html")]
struct SealsPage<'a> {
    page: &'a PageContext,
    lines: Vec<SealLine>,
    links: CursorLinks,
}

#[derive(Deserialize)]
pub(super) struct SealsQuery {
    cursor: Option<i64>,
}

/// Uses of the seal before a place in the chain, the newest first. Approvers see the seals of their own
/// organisation; supervision and the administrators see all.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn seal_uses(
    rooms: &Rooms,
    caller: &Caller,
    before_seq: i64,
    limit: i64,
) -> Result<Vec<SealUse>, Failure> {
    let sees_all = [
        Role::Supervisor,
        Role::AuditAdministrator,
        Role::SecurityAdministrator,
    ]
    .into_iter()
    .any(|role| caller.visitor.has_role(role));
    let organisation = caller
        .visitor
        .staff()
        .map(|staff| staff.organisation)
        .filter(|_| !sees_all);
    let database = rooms.ledger().database();
    let found = store::seals(database, caller.region, organisation, before_seq, limit).await?;
    let mut uses = Vec::with_capacity(found.len());
    for row in found {
        let mut approvals = Vec::new();
        for approval in row.approvals() {
            let by = approval.by.map(|person| person.to_string());
            let by = actor_name(rooms, caller, &by.unwrap_or_default()).await?;
            approvals.push((approval, by));
        }
        uses.push(SealUse {
            approvals,
            used_at: Timestamp::from_microsecond(row.used_at_us).unwrap_or_default(),
            actor: actor_name(rooms, caller, &row.actor).await?,
            row,
        });
    }
    Ok(uses)
}

/// What one level said, in words.
fn told((approval, by): &(Approval, String)) -> String {
    format!("{}：{}（{by}）", approval.level, approval.verdict.name())
}

pub(super) async fn seals_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<SealsQuery>,
) -> Result<Html<String>, Failure> {
    let before = query.cursor.unwrap_or(i64::MAX);
    let found = seal_uses(&rooms, &caller, before, PAGE_ROWS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE_ROWS);
    let next = found
        .last()
        .filter(|_| is_full)
        .map(|last| format!("/staff/licences/seals?cursor={}", last.row.seq));
    let line = |found: SealUse| SealLine {
        moment: moment(found.used_at),
        actor: found.actor,
        kind: seal_kind(&found.row.kind),
        approvals: found.approvals.iter().map(told).collect(),
        row: found.row,
    };
    let lines = found.into_iter().map(line).collect();
    let page = caller.page.clone().titled("用印台账");
    html(&SealsPage {
        page: &page,
        lines,
        links: CursorLinks {
            previous: query.cursor.map(|_| "/staff/licences/seals".to_owned()),
            next,
            summary: String::new(),
        },
    })
}

/// Staff act in public; an applicant's name is nobody's business here.
async fn actor_name(rooms: &Rooms, caller: &Caller, actor: &str) -> Result<String, Failure> {
    let Ok(person) = actor.parse() else {
        return Ok("系统（依据办件决定）".to_owned());
    };
    let name = rooms.directory.staff_name(caller.region, person).await?;
    Ok(if name.is_empty() {
        "申请人".to_owned()
    } else {
        name.to_string()
    })
}
