//! The commands that the rules refused: who wanted what, when, and why it was not done.

use std::str::FromStr;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{Actor, ActorKind, Channel, Region, Rejection, Role, group_case_number};
use wuchuang_ledger::{Database, StorageError};
use wuchuang_webkit::{Caller, Failure, markup::CursorLinks, page::PageContext};

use super::{html, moment};
use crate::{
    Rooms,
    store::{self, RefusedRow},
};

/// How many stand on one page.
const PAGE_ROWS: usize = 50;

/// A place in the list: the instant and the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    at_us: i64,
    command: String,
}

impl Cursor {
    /// Instant and identifier.
    pub(crate) fn place(&self) -> (i64, &str) {
        (self.at_us, &self.command)
    }
}

impl Default for Cursor {
    fn default() -> Self {
        Self {
            at_us: i64::MAX,
            command: String::new(),
        }
    }
}

impl FromStr for Cursor {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::invalid("翻页位置不对，请回到第一页。").at("cursor");
        let (at, command) = text.split_once('-').ok_or_else(wrong)?;
        if command.len() != 32 || !command.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        Ok(Self {
            at_us: at.parse().map_err(|_| wrong())?,
            command: command.to_owned(),
        })
    }
}

/// A refused command as people and programs read it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Refusal {
    /// The command's identifier.
    pub(crate) command_id: String,
    /// What kind of matter it was for: `case`, `service_item`.
    pub(crate) stream_kind: String,
    /// Which one.
    pub(crate) stream_id: String,
    /// `citizen`, `staff`, `program` (a department's, with a token of a post) or `system`.
    pub(crate) actor_kind: &'static str,
    /// The person, where one was known.
    pub(crate) person: Option<String>,
    /// Through which window.
    pub(crate) channel: String,
    /// The rule, as a stable code.
    pub(crate) code: String,
    /// The sentence that the person read.
    pub(crate) detail: String,
    /// When, RFC 3339.
    pub(crate) recorded_at: String,
    #[serde(skip)]
    at_us: i64,
}

impl Refusal {
    fn of(row: RefusedRow) -> Self {
        let rejection: Option<Rejection> = serde_json::from_str(&row.answer).ok();
        let actor: Actor = serde_json::from_str(&row.actor).unwrap_or(Actor::SYSTEM);
        let at = jiff::Timestamp::from_microsecond(row.recorded_at_us).unwrap_or_default();
        Self {
            actor_kind: match actor.kind {
                ActorKind::Staff { .. } if actor.program.is_some() => "program",
                ActorKind::Citizen => "citizen",
                ActorKind::Staff { .. } => "staff",
                ActorKind::System => "system",
            },
            person: actor.person.map(|person| person.to_string()),
            channel: row.channel,
            code: rejection
                .as_ref()
                .map(|found| found.code.to_string())
                .unwrap_or_default(),
            detail: rejection
                .map(|found| found.public.into_owned())
                .unwrap_or_default(),
            recorded_at: at.to_string(),
            at_us: row.recorded_at_us,
            command_id: row.command_id,
            stream_kind: row.stream_kind,
            stream_id: row.stream_id,
        }
    }
}

/// What kind of matter a stream holds, in words.
fn kind_words(kind: &str) -> &'static str {
    match kind {
        "case" => "办件",
        "service_item" => "事项",
        "licence" => "证照",
        "licence_type" => "证照种类",
        "rating" => "评价",
        "citizen" => "申请人登记",
        "staff" => "账号和岗位",
        "organisation" => "机构",
        "privacy" => "个人信息处理",
        "message_template" => "消息模板",
        "working_calendar" => "工作日历",
        _ => "其他",
    }
}

/// A refused command as the page shows it.
struct Line {
    moment: String,
    who: String,
    channel: &'static str,
    kind: &'static str,
    /// The number of a case.
    number: String,
    /// Where the visitor may open it.
    path: Option<String>,
    detail: String,
}

async fn line(rooms: &Rooms, caller: &Caller, refusal: Refusal) -> Result<Line, Failure> {
    let name = match refusal.person.as_deref().and_then(|text| text.parse().ok()) {
        Some(person) if matches!(refusal.actor_kind, "staff" | "program") => {
            let name = rooms.directory.staff_name(caller.region, person).await?;
            name.to_string()
        }
        _ => String::new(),
    };
    // Who applies stays unnamed here: oversight asks how the house answers, not whom.
    let who = match refusal.actor_kind {
        "staff" if name.is_empty() => "已注销的账号".to_owned(),
        "staff" => name,
        "program" => format!("{name}的部门程序"),
        "system" => "系统".to_owned(),
        _ => "群众".to_owned(),
    };
    let case = match refusal.stream_id.parse() {
        Ok(case) if refusal.stream_kind == "case" => rooms.cases.row(caller.region, case).await?,
        _ => None,
    };
    let may_open = caller.visitor.has_role(Role::Supervisor);
    Ok(Line {
        moment: moment(refusal.at_us),
        who,
        channel: Channel::from_code(&refusal.channel).map_or("", Channel::name),
        kind: kind_words(&refusal.stream_kind),
        path: case
            .as_ref()
            .filter(|_| may_open)
            .map(|case| format!("/staff/cases/{}", case.id)),
        number: case
            .map(|case| group_case_number(&case.number))
            .unwrap_or_default(),
        detail: refusal.detail,
    })
}

/// One page of refusals and where the next one begins.
pub(crate) async fn page_of(
    database: &Database,
    region: Region,
    cursor: &Cursor,
    rows_max: usize,
) -> Result<(Vec<Refusal>, Option<String>), StorageError> {
    let limit = i64::try_from(rows_max + 1).unwrap_or(i64::MAX);
    let mut rows = store::refused(database, region, (cursor.at_us, &cursor.command), limit).await?;
    let has_more = rows.len() > rows_max;
    rows.truncate(rows_max);
    let next = rows
        .last()
        .filter(|_| has_more)
        .map(|row| format!("{}-{}", row.recorded_at_us, row.command_id));
    Ok((rows.into_iter().map(Refusal::of).collect(), next))
}

#[derive(Deserialize)]
pub(crate) struct CursorQuery {
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "administration/refusals.html")]
struct RefusalsPage<'a> {
    page: &'a PageContext,
    lines: Vec<Line>,
    links: CursorLinks,
}

pub(crate) async fn refusals_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<CursorQuery>,
) -> Result<Html<String>, Failure> {
    let cursor = query
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()?
        .unwrap_or_default();
    let (refusals, next) =
        page_of(rooms.ledger.database(), caller.region, &cursor, PAGE_ROWS).await?;
    let mut lines = Vec::with_capacity(refusals.len());
    for refusal in refusals {
        lines.push(line(&rooms, &caller, refusal).await?);
    }
    let page = caller.page.titled("被拒绝的操作");
    html(&RefusalsPage {
        page: &page,
        lines,
        links: CursorLinks {
            previous: query.cursor.map(|_| "/staff/admin/refusals".to_owned()),
            next: next.map(|next| format!("/staff/admin/refusals?cursor={next}")),
            summary: String::new(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        let text = format!("12-{}", "a".repeat(32));
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!((cursor.at_us, cursor.command.len()), (12, 32));
        for wrong in ["", "12", "x-y", "12-'; DROP TABLE event"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }
}
