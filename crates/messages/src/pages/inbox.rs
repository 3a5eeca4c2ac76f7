//! The citizen's inbox.

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

/// What a page of the house is called where a message leads to it.
fn leads_to(path: &str) -> Option<&'static str> {
    match path.strip_prefix('/')?.split(['?', '/']).next() {
        Some("progress") => Some("查进度"),
        Some("rate") => Some("去评价"),
        Some("my") => Some("我的办件"),
        _ => None,
    }
}

/// The text in pieces. An SMS needs the whole address; on a page it is a link with a name, and an address that somebody
/// else wrote into a message stays a text.
fn parts(text: &str, origin: &str) -> Vec<Part> {
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
        match leads_to(path) {
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
    fn of(message: &InboxMessage, origin: &str) -> Self {
        Self {
            id: message.id.to_string(),
            subject: message.filled.subject.clone(),
            parts: parts(&message.filled.text, origin),
            time: moment(message.created_at.as_microsecond()),
            case_path: message.case.map(|case| format!("/my/cases/{case}")),
            is_read: message.is_read,
        }
    }
}

#[derive(Template)]
#[template(path = "messages/inbox.html")]
struct InboxPage<'a> {
    page: &'a PageContext,
    messages: Vec<MessageView>,
    unread: u64,
    links: CursorLinks,
}

/// Whose inbox it is. The rule of the route lets citizens in; this asks again for the very person.
///
/// # Errors
/// 401 or 403 for whoever has no inbox.
pub(crate) fn owner(caller: &Caller) -> Result<PersonId, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let resource = Resource {
        kind: "message_inbox",
        owner: Some(person),
        ..Resource::default()
    };
    caller.require("message_inbox", &resource)?;
    Ok(person)
}

pub(super) async fn list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Html<String>, Failure> {
    let person = owner(&caller)?;
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
        .map(|last| format!("/my/messages?cursor={}", last.place.cursor()));
    let links = CursorLinks {
        previous: (behind != Place::start()).then(|| "/my/messages".to_owned()),
        next,
        summary: String::new(),
    };
    let page = caller
        .page
        .clone()
        .titled("我的消息")
        .under("首页", "/")
        .under("我的办件", "/my");
    shown(&InboxPage {
        unread: unread_count(&rooms.ledger, caller.region, person).await?,
        messages: messages
            .iter()
            .map(|message| MessageView::of(message, &rooms.surrounding.origin))
            .collect(),
        links,
        page: &page,
    })
}

pub(super) async fn read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<Redirect, Failure> {
    let person = owner(&caller)?;
    let message: MessageId = message.parse().map_err(|_| Failure::not_found())?;
    if mark_read(&rooms.ledger, caller.region, person, message).await? {
        Ok(Redirect::to("/my/messages"))
    } else {
        Err(Failure::not_found())
    }
}

pub(super) async fn read_all(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Redirect, Failure> {
    let person = owner(&caller)?;
    mark_all_read(&rooms.ledger, caller.region, person).await?;
    Ok(Redirect::to("/my/messages"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://zwfw.example.gov.cn";

    fn check(text: &str, pieces: &[(&str, &str)]) {
        let found = parts(text, ORIGIN);
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
        for foreign in [
            "请看 https://elsewhere.example/my 。",
            "请看 https://zwfw.example.gov.cn.evil.example/my 。",
            "请看 https://zwfw.example.gov.cn/staff/cases 。",
        ] {
            let found = parts(foreign, ORIGIN);
            assert!(
                found.iter().all(|part| part.path.is_none()),
                "{foreign}: {found:?}"
            );
        }
    }
}
