//! The list of records for the staff: people masked.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{china_date, group_case_number};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    markup::{Choice, CursorLinks, Tone},
    page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    model::CreditStanding,
    store::{self, Place, RecordRow},
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;

struct Line {
    path: String,
    day: String,
    name: String,
    ground: &'static str,
    number: String,
    item_name: String,
    organisation_name: String,
    standing: &'static str,
    tone: Tone,
}

/// How a standing is marked.
pub(super) const fn tone(standing: CreditStanding) -> Tone {
    match standing {
        CreditStanding::Unrepaired => Tone::Bad,
        CreditStanding::Asked => Tone::Warning,
        CreditStanding::Repaired => Tone::Good,
    }
}

impl From<RecordRow> for Line {
    fn from(row: RecordRow) -> Self {
        Self {
            path: format!("/staff/credit/{}", row.subject),
            day: Timestamp::from_microsecond(row.recorded_at_us)
                .map_or_else(|_| String::new(), |at| china_date(at).to_string()),
            name: row.name_masked(),
            ground: row.ground().name(),
            number: group_case_number(&row.case_number),
            standing: row.standing().name(),
            tone: tone(row.standing()),
            item_name: row.item_name,
            organisation_name: row.organisation_name,
        }
    }
}

#[derive(Template)]
#[template(path = "credit/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    standing: String,
    standings: Vec<Choice>,
    lines: Vec<Line>,
    links: CursorLinks,
    may_record: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    standing: String,
    cursor: Option<String>,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    let standing = CreditStanding::from_code(&query.standing);
    let from = query.cursor.as_deref().map(Place::read).transpose()?;
    let database = rooms.ledger().database();
    let rows = store::records(database, caller.region, standing, from, PAGE_ROWS).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE_ROWS);
    let code = standing.map_or("", CreditStanding::code);
    let first = format!("/staff/credit?standing={code}");
    let next = Place::behind(&rows)
        .filter(|_| is_full)
        .map(|place| format!("{first}&cursor={place}"));
    let may_record = caller.may("credit_record", &Resource::default());
    let page = caller.page.titled("失信记录");
    html(&ListPage {
        page: &page,
        standing: code.to_owned(),
        standings: CreditStanding::ALL
            .map(|one| Choice::new(one.code(), one.name()))
            .to_vec(),
        lines: rows.into_iter().map(Line::from).collect(),
        links: CursorLinks {
            previous: query.cursor.map(|_| first),
            next,
            summary: String::new(),
        },
        may_record,
    })
}
