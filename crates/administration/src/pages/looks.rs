//! Who looked at whose masked data, when, why and from where: the audit's list.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use serde::Deserialize;
use wuchuang_cases::looks::{LookFilter, LookRow};
use wuchuang_kernel::{Channel, PersonId, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    display::encode,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use super::{Cursor, html, moment};
use crate::Rooms;

/// How many stand on one page.
const PAGE_ROWS: usize = 50;
/// The page's address.
const PATH: &str = "/staff/admin/looks";

/// The filters, as the address carries them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LooksQuery {
    #[serde(default)]
    person: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    cursor: Option<String>,
}

impl LooksQuery {
    /// The list with these filters, without its place.
    fn address(&self) -> String {
        format!(
            "{PATH}?person={}&from={}&until={}",
            encode(&self.person),
            encode(&self.from),
            encode(&self.until)
        )
    }

    /// What is no filter is none, and does not come back in a link.
    fn tidied(self) -> Self {
        let day = |text: String| {
            if text.parse::<jiff::civil::Date>().is_ok() {
                text
            } else {
                String::new()
            }
        };
        Self {
            person: self
                .person
                .parse::<PersonId>()
                .map_or_else(|_| String::new(), |person| person.to_string()),
            from: day(self.from),
            until: day(self.until),
            cursor: self.cursor,
        }
    }
}

/// One look as the page shows it.
struct Look {
    at: String,
    who: String,
    /// The organisation of the post in which they looked.
    organisation: String,
    number: String,
    item: String,
    applicant: String,
    reason: String,
    channel: &'static str,
    address: String,
}

#[derive(Template)]
#[template(path = "administration/looks.html")]
struct LooksPage<'a> {
    page: &'a PageContext,
    query: &'a LooksQuery,
    people: Vec<Choice>,
    looks: Vec<Look>,
    links: CursorLinks,
    is_narrowed: bool,
}

pub(crate) async fn looks_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<LooksQuery>,
) -> Result<Html<String>, Failure> {
    let query = query.tidied();
    let cursor: Cursor = query
        .cursor
        .as_deref()
        .map(str::parse)
        .transpose()?
        .unwrap_or_default();
    let filter = LookFilter {
        person: query.person.parse().ok(),
        from: query.from.parse().ok(),
        until: query.until.parse().ok(),
    };
    let limit = i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX);
    let mut rows = rooms
        .cases
        .looks(caller.region, &filter, cursor.place(), limit)
        .await?;
    let has_more = rows.len() > PAGE_ROWS;
    rows.truncate(PAGE_ROWS);
    let next = rows
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}&cursor={}-{}", query.address(), last.at_us, last.id));
    let mut looks = Vec::with_capacity(rows.len());
    for row in rows {
        looks.push(look(&rooms, &caller, row).await?);
    }
    let page = caller.page.clone().titled("查看完整信息的记录");
    html(&LooksPage {
        page: &page,
        people: people(&rooms, &caller).await?,
        looks,
        links: CursorLinks {
            previous: query.cursor.as_ref().map(|_| query.address()),
            next,
            summary: String::new(),
        },
        is_narrowed: ![&query.person, &query.from, &query.until]
            .iter()
            .all(|value| value.is_empty()),
        query: &query,
    })
}

/// Everybody who looked, by name.
async fn people(rooms: &Rooms, caller: &Caller) -> Result<Vec<Choice>, Failure> {
    let mut people = Vec::new();
    for person in rooms.cases.lookers(caller.region).await? {
        let name = rooms.directory.staff_name(caller.region, person).await?;
        people.push(Choice::new(person.to_string(), named(&name)));
    }
    people.sort_by(|one, other| one.label.cmp(&other.label));
    Ok(people)
}

fn named(name: &str) -> String {
    if name.is_empty() {
        "已注销的账号".to_owned()
    } else {
        name.to_owned()
    }
}

async fn look(rooms: &Rooms, caller: &Caller, row: LookRow) -> Result<Look, Failure> {
    let name = match row.person.parse() {
        Ok(person) => rooms.directory.staff_name(caller.region, person).await?,
        Err(_) => "".into(),
    };
    let post = match row.post.parse() {
        Ok(post) => rooms.directory.post(caller.region, post).await?,
        Err(_) => None,
    };
    let organisation = match post {
        Some(post) => {
            let found = rooms
                .directory
                .organisation_name(caller.region, post.organisation)
                .await?;
            found.to_string()
        }
        None => String::new(),
    };
    Ok(Look {
        at: moment(row.at_us),
        who: named(&name),
        organisation,
        number: group_case_number(&row.number),
        applicant: row.applicant_shown(),
        item: row.item_name,
        reason: row.reason,
        channel: Channel::from_code(&row.channel).map_or("", Channel::name),
        address: row.address,
    })
}
