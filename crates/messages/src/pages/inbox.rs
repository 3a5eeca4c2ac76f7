//! The inbox of a citizen and of a member of staff: the same messages, read on the pages of each one's own window.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use serde::Deserialize;
use wuchuang_kernel::{MessageId, PersonId};
use wuchuang_webkit::{Caller, Failure, Resource, markup::CursorLinks, page::PageContext};

use super::{moment, shown};
use crate::{
    rooms::Rooms,
    store::{InboxMessage, Place, inbox_page, mark_all_read, mark_read, unread_count},
};

const PAGE_LENGTH: u32 = 20;

/// Whose inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inbox {
    Citizen,
    Staff,
}

impl Inbox {
    /// Where it is read.
    const fn path(self) -> &'static str {
        match self {
            Self::Citizen => "/my/messages",
            Self::Staff => "/staff/messages",
        }
    }

    /// What its owner may do with it.
    const fn action(self) -> &'static str {
        match self {
            Self::Citizen => "message_inbox",
            Self::Staff => "staff_inbox",
        }
    }
}

/// The address's query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct InboxQuery {
    #[serde(default)]
    cursor: String,
}

struct MessageView {
    id: String,
    subject: String,
    /// The text, with addresses of this house as links.
    parts: Vec<Part>,
    time: String,
    case_path: Option<String>,
    is_read: bool,
}

/// A piece of a message: words, or a link of the house with what it leads to.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    text: String,
    path: Option<String>,
}

/// What a page of the house is called where a message leads to it. No message leads a citizen to the pages of staff.
fn leads_to(path: &str, inbox: Inbox) -> Option<&'static str> {
    let first = path.strip_prefix('/')?.split(['?', '/']).next();
    match (inbox, first) {
        (Inbox::Citizen, Some("progress")) => Some("查进度"),
        (Inbox::Citizen, Some("rate")) => Some("去评价"),
        (Inbox::Citizen, Some("my")) => Some("我的办件"),
        (Inbox::Staff, Some("staff")) => Some("去办理"),
        _ => None,
    }
}

/// The text in pieces. An SMS needs the whole address; on a page it is a link with a name, and an address that somebody
/// else wrote into a message stays a text.
fn parts(text: &str, origin: &str, inbox: Inbox) -> Vec<Part> {
    let words = |text: &str| Part {
        text: text.to_owned(),
        path: None,
    };
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(origin).filter(|_| !origin.is_empty()) {
        let tail = &rest[at + origin.len()..];
        let length = tail
            .find(|sign: char| !sign.is_ascii_graphic())
            .unwrap_or(tail.len());
        let (path, behind) = tail.split_at(length);
        match leads_to(path, inbox) {
            Some(name) => {
                parts.push(words(&rest[..at]));
                parts.push(Part {
                    text: name.to_owned(),
                    path: Some(path.to_owned()),
                });
            }
            None => parts.push(words(&rest[..at + origin.len() + length])),
        }
        rest = behind;
    }
    parts.push(words(rest));
    parts.retain(|part| !part.text.is_empty());
    parts
}

impl MessageView {
    fn of(message: &InboxMessage, origin: &str, inbox: Inbox) -> Self {
        let case = message.case.filter(|_| inbox == Inbox::Citizen);
        Self {
            id: message.id.to_string(),
            subject: message.filled.subject.clone(),
            parts: parts(&message.filled.text, origin, inbox),
            time: moment(message.created_at.as_microsecond()),
            case_path: case.map(|case| format!("/my/cases/{case}")),
            is_read: message.is_read,
        }
    }
}

#[derive(Template)]
#[template(path = "messages/inbox.html")]
struct InboxPage<'a> {
    page: &'a PageContext,
    path: &'static str,
    messages: Vec<MessageView>,
    unread: u64,
    links: CursorLinks,
}

#[derive(Template)]
#[template(path = "messages/staff_inbox.html")]
struct StaffInboxPage<'a> {
    page: &'a PageContext,
    path: &'static str,
    messages: Vec<MessageView>,
    unread: u64,
    links: CursorLinks,
}

/// Whose inbox it is. The rule of the route lets citizens, or staff, in; this asks again for the very person.
///
/// # Errors
/// 401 or 403 for whoever has no inbox.
pub(crate) fn owner(caller: &Caller, inbox: Inbox) -> Result<PersonId, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let resource = Resource {
        kind: "message_inbox",
        owner: Some(person),
        ..Resource::default()
    };
    caller.require(inbox.action(), &resource)?;
    Ok(person)
}

/// A page of an inbox, ready for either template.
struct Read {
    messages: Vec<MessageView>,
    unread: u64,
    links: CursorLinks,
}

async fn page_of(
    rooms: &Rooms,
    caller: &Caller,
    inbox: Inbox,
    query: &InboxQuery,
) -> Result<Read, Failure> {
    let person = owner(caller, inbox)?;
    let behind = Place::from_cursor(&query.cursor);
    let mut messages = inbox_page(
        &rooms.ledger,
        caller.region,
        person,
        (&rooms.surrounding, &caller.page.translator),
        (&behind, PAGE_LENGTH + 1),
    )
    .await?;
    let has_more = messages.len() > PAGE_LENGTH as usize;
    messages.truncate(PAGE_LENGTH as usize);
    let next = messages
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}?cursor={}", inbox.path(), last.place.cursor()));
    Ok(Read {
        unread: unread_count(&rooms.ledger, caller.region, person).await?,
        messages: messages
            .iter()
            .map(|message| MessageView::of(message, &rooms.surrounding.origin, inbox))
            .collect(),
        links: CursorLinks {
            previous: (behind != Place::start()).then(|| inbox.path().to_owned()),
            next,
            summary: String::new(),
        },
    })
}

pub(super) async fn list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Html<String>, Failure> {
    let read = page_of(&rooms, &caller, Inbox::Citizen, &query).await?;
    let page = caller
        .page
        .clone()
        .titled("我的消息")
        .under("首页", "/")
        .under("我的办件", "/my");
    shown(&InboxPage {
        page: &page,
        path: Inbox::Citizen.path(),
        messages: read.messages,
        unread: read.unread,
        links: read.links,
    })
}

pub(super) async fn staff_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Html<String>, Failure> {
    let read = page_of(&rooms, &caller, Inbox::Staff, &query).await?;
    let page = caller.page.clone().titled("消息");
    shown(&StaffInboxPage {
        page: &page,
        path: Inbox::Staff.path(),
        messages: read.messages,
        unread: read.unread,
        links: read.links,
    })
}

async fn mark(
    rooms: &Rooms,
    caller: &Caller,
    inbox: Inbox,
    message: &str,
) -> Result<Redirect, Failure> {
    let person = owner(caller, inbox)?;
    let message: MessageId = message.parse().map_err(|_| Failure::not_found())?;
    if mark_read(&rooms.ledger, caller.region, person, message).await? {
        Ok(Redirect::to(inbox.path()))
    } else {
        Err(Failure::not_found())
    }
}

pub(super) async fn read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<Redirect, Failure> {
    mark(&rooms, &caller, Inbox::Citizen, &message).await
}

pub(super) async fn staff_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<Redirect, Failure> {
    mark(&rooms, &caller, Inbox::Staff, &message).await
}

pub(super) async fn read_all(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Redirect, Failure> {
    let person = owner(&caller, Inbox::Citizen)?;
    mark_all_read(&rooms.ledger, caller.region, person).await?;
    Ok(Redirect::to(Inbox::Citizen.path()))
}

pub(super) async fn staff_read_all(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Redirect, Failure> {
    let person = owner(&caller, Inbox::Staff)?;
    mark_all_read(&rooms.ledger, caller.region, person).await?;
    Ok(Redirect::to(Inbox::Staff.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://zwfw.example.gov.cn";

    #[track_caller]
    fn check(text: &str, pieces: &[(&str, &str)]) {
        check_in(Inbox::Citizen, text, pieces);
    }

    #[track_caller]
    fn check_in(inbox: Inbox, text: &str, pieces: &[(&str, &str)]) {
        let found = parts(text, ORIGIN, inbox);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|part| (part.text.as_str(), part.path.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(found, pieces, "{text}");
    }

    #[test]
    fn addresses_of_the_house_are_links_and_others_stay_words() {
        check("没有网址。", &[("没有网址。", "")]);
        check(
            "查进度：https://zwfw.example.gov.cn/progress",
            &[("查进度：", ""), ("查进度", "/progress")],
        );
        check(
            "欢迎评价：https://zwfw.example.gov.cn/rate/5ecret?via=web 不公开身份。",
            &[
                ("欢迎评价：", ""),
                ("去评价", "/rate/5ecret?via=web"),
                (" 不公开身份。", ""),
            ],
        );
        check_in(
            Inbox::Staff,
            "请签收。办理：https://zwfw.example.gov.cn/staff/supervision/1",
            &[("请签收。办理：", ""), ("去办理", "/staff/supervision/1")],
        );
        for foreign in [
            "请看 https://elsewhere.example/my 。",
            "请看 https://zwfw.example.gov.cn.evil.example/my 。",
            "请看 https://zwfw.example.gov.cn/staff/cases 。",
        ] {
            let found = parts(foreign, ORIGIN, Inbox::Citizen);
            assert!(
                found.iter().all(|part| part.path.is_none()),
                "{foreign}: {found:?}"
            );
        }
    }
}
