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
    text: String,
    time: String,
    case_path: Option<String>,
    is_read: bool,
}

impl From<&InboxMessage> for MessageView {
    fn from(message: &InboxMessage) -> Self {
        Self {
            id: message.id.to_string(),
            subject: message.filled.subject.clone(),
            text: message.filled.text.clone(),
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
        messages: messages.iter().map(MessageView::from).collect(),
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
