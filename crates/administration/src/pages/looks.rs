//! Who looked at whose masked data, when, why and from where: the audit's list.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use serde::Deserialize;
use wuchuang_cases::looks::LookFilter;
use wuchuang_kernel::{Channel, PersonId};
use wuchuang_webkit::{
    Caller, Failure,
    display::encode,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use super::{Cursor, html, moment};
use crate::{
    Rooms,
    looks::{self, lookers, page_of},
};

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
    /// 办件 or 证照.
    kind: &'static str,
    at: String,
    who: String,
    /// The organisation of the post in which they looked.
    organisation: String,
    number: String,
    title: String,
    owner: String,
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
    let (found, next) = page_of(&rooms, &caller, &filter, &cursor, PAGE_ROWS).await?;
    let next = next.map(|next| format!("{}&cursor={next}", query.address()));
    let page = caller.page.clone().titled("查看完整信息的记录");
    html(&LooksPage {
        page: &page,
        people: people(&rooms, &caller).await?,
        looks: found.into_iter().map(Look::from).collect(),
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
    for person in lookers(rooms, caller).await? {
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

impl From<looks::Look> for Look {
    fn from(look: looks::Look) -> Self {
        Self {
            kind: look.book.name,
            at: moment(look.row.at_us),
            who: named(&look.who),
            number: look.number_shown(),
            owner: look.row.owner_shown(),
            organisation: look.organisation,
            title: look.row.title,
            reason: look.row.reason,
            channel: Channel::from_code(&look.row.channel).map_or("", Channel::name),
            address: look.row.address,
        }
    }
}
