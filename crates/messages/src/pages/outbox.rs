//! The administrator's outbox: every SMS and e-mail, how far it came, and a way to have it sent again.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use serde::Deserialize;
use wuchuang_codes::mask_contact;
use wuchuang_kernel::MessageId;
use wuchuang_ledger::NewJob;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    markup::{CursorLinks, Tone},
    page::PageContext,
};

use super::{moment, shown};
use crate::{
    model::{DeliveryState, MessageChannel, Parameter, Parameters, TemplateName},
    rooms::Rooms,
    store::{
        Attempt, OutboxFilter, OutboxRow, Place, SEND, SendInput, Shelf, case_of, outbox_page,
        resend_prepare,
    },
};

const PAGE_LENGTH: u32 = 50;

/// The address's query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OutboxQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    resent: String,
}

struct Link {
    label: &'static str,
    path: String,
    is_current: bool,
}

struct RowView {
    id: String,
    time: String,
    occasion: &'static str,
    channel: &'static str,
    address: String,
    text: String,
    state: &'static str,
    tone: Tone,
    /// By which gateway it went, or why it stays.
    gateway: String,
    attempts: i64,
    note: String,
    may_resend: bool,
}

#[derive(Template)]
#[template(path = "messages/outbox.html")]
struct OutboxPage<'a> {
    page: &'a PageContext,
    letters: Vec<RowView>,
    states: Vec<Link>,
    channels: Vec<Link>,
    links: CursorLinks,
    has_resent: bool,
}

const fn tone(state: DeliveryState) -> Tone {
    match state {
        DeliveryState::Delivered | DeliveryState::Sent => Tone::Good,
        DeliveryState::Waiting | DeliveryState::Kept => Tone::Plain,
        DeliveryState::Failed | DeliveryState::GaveUp => Tone::Bad,
    }
}

fn address(state: &str, channel: &str) -> String {
    format!("/staff/admin/outbox?state={state}&channel={channel}")
}

fn view(row: &OutboxRow, rooms: &Rooms, shelf: &Shelf, may_resend: bool) -> RowView {
    let state = row.delivery_state();
    let template = TemplateName::from_code(&row.template);
    // What went out is shown as it went out; what waits, as it would go out now.
    let text = row
        .sent_text
        .clone()
        .filter(|text| !text.is_empty())
        .or_else(|| {
            let parameters = serde_json::from_str(&row.parameters).ok()?;
            let (channel, case) = (row.message_channel(), case_of(&row.case_id));
            let text = shelf
                .text_at(template?, row.seq)
                .fill(
                    (channel, case),
                    &parameters,
                    &rooms.surrounding,
                    &rooms.ledger.calendar(),
                )
                .text;
            Some(rooms.surrounding.without_rate_link(&text, channel, case))
        });
    let text = text.map(|text| without_keys(&text, row));
    let note = [&row.last_error, &row.reference]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .cloned();
    RowView {
        id: row.id.clone(),
        time: moment(row.created_at_us),
        occasion: template.map_or("", TemplateName::title),
        channel: row.message_channel().name(),
        address: mask_contact(
            row.sent_to
                .as_deref()
                .filter(|to| !to.is_empty())
                .unwrap_or(&row.address),
        ),
        text: text.unwrap_or_default(),
        state: state.name(),
        tone: tone(state),
        gateway: match state {
            DeliveryState::Kept => format!("没有配置{}通道", row.message_channel().name()),
            _ => row.gateway.clone().unwrap_or_default(),
        },
        attempts: row.attempts.unwrap_or(0),
        note: note.unwrap_or_default(),
        may_resend: may_resend && state.may_be_sent_again(),
    }
}

/// The text without what opens a case to anybody: its number and its code belong to whoever the message went to.
fn without_keys(text: &str, row: &OutboxRow) -> String {
    let Ok(parameters) = serde_json::from_str::<Parameters>(&row.parameters) else {
        return text.to_owned();
    };
    let mut text = text.to_owned();
    for (parameter, shown) in [(Parameter::Number, 6), (Parameter::Code, 0)] {
        let value = parameters.given(parameter);
        if !value.is_empty() {
            let start: String = value.chars().take(shown).collect();
            text = text.replace(value, &format!("{start}••••••"));
        }
    }
    text
}

fn filter_links(query: &OutboxQuery) -> (Vec<Link>, Vec<Link>) {
    let all = |path: String, chosen: &str| Link {
        label: "全部",
        path,
        is_current: chosen.is_empty(),
    };
    let mut states = vec![all(address("", &query.channel), &query.state)];
    states.extend(DeliveryState::ALL.map(|state| Link {
        label: state.name(),
        path: address(state.code(), &query.channel),
        is_current: query.state == state.code(),
    }));
    let mut channels = vec![all(address(&query.state, ""), &query.channel)];
    channels.extend(
        [MessageChannel::Sms, MessageChannel::Email].map(|channel| Link {
            label: channel.name(),
            path: address(&query.state, channel.code()),
            is_current: query.channel == channel.code(),
        }),
    );
    (states, channels)
}

pub(super) async fn list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(mut query): Query<OutboxQuery>,
) -> Result<Html<String>, Failure> {
    let filter = OutboxFilter {
        state: DeliveryState::from_code(&query.state),
        channel: MessageChannel::from_code(&query.channel),
    };
    // What is no filter must not come back in a link.
    query.state = filter
        .state
        .map_or_else(String::new, |state| state.code().to_owned());
    query.channel = filter
        .channel
        .map_or_else(String::new, |channel| channel.code().to_owned());
    let behind = Place::from_cursor(&query.cursor);
    let database = rooms.ledger.database();
    let mut rows = outbox_page(database, caller.region, filter, &behind, PAGE_LENGTH + 1).await?;
    let has_more = rows.len() > PAGE_LENGTH as usize;
    rows.truncate(PAGE_LENGTH as usize);
    let here = address(&query.state, &query.channel);
    let links = CursorLinks {
        previous: (behind != Place::start()).then(|| here.clone()),
        next: rows
            .last()
            .filter(|_| has_more)
            .map(|last| format!("{here}&cursor={}", last.place().cursor())),
        summary: String::new(),
    };
    let shelf = Shelf::load(database, caller.region).await?;
    let may_resend = caller.may("outbox_resend", &Resource::default());
    let (states, channels) = filter_links(&query);
    let page = caller.page.clone().titled("发件箱");
    shown(&OutboxPage {
        page: &page,
        letters: rows
            .iter()
            .map(|row| view(row, &rooms, &shelf, may_resend))
            .collect(),
        states,
        channels,
        links,
        has_resent: !query.resent.is_empty(),
    })
}

pub(super) async fn resend(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(message): Path<String>,
) -> Result<Redirect, Failure> {
    let message = message.parse().map_err(|_| Failure::not_found())?;
    send_again(&rooms, &caller, message).await?;
    Ok(Redirect::to("/staff/admin/outbox?resent=1"))
}

/// Has a message sent again.
pub(crate) async fn send_again(
    rooms: &Rooms,
    caller: &Caller,
    message: MessageId,
) -> Result<(), Failure> {
    let attempt = Attempt {
        region: caller.region,
        message,
        at: caller.now,
    };
    if !resend_prepare(rooms.ledger.database(), attempt).await? {
        return Err(Failure::invalid(
            "这条消息正在发送或已经送达，不需要重发。请刷新发件箱查看最新状态。",
        ));
    }
    let input = SendInput {
        message,
        after: None,
    };
    rooms
        .ledger
        .job_add(caller.region, NewJob::now(SEND, &input))
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_code_of_a_case_are_hidden_from_who_only_looks_after_the_sending() {
        let parameters = Parameters::default()
            .with(Parameter::Number, "610924RSJU20261122000012")
            .with(Parameter::Code, "7K3M9Q")
            .with(Parameter::Item, "失业登记");
        let row = OutboxRow {
            id: String::new(),
            seq: 1,
            recipient: String::new(),
            channel: "sms".to_owned(),
            template: "case_received".to_owned(),
            case_id: String::new(),
            address: String::new(),
            parameters: serde_json::to_string(&parameters).unwrap(),
            created_at_us: 0,
            state: None,
            gateway: None,
            attempts: None,
            reference: None,
            last_error: None,
            sent_text: None,
            sent_to: None,
        };
        let text = "已收到“失业登记”申请，编号610924RSJU20261122000012，查询码7K3M9Q。";
        assert_eq!(
            without_keys(text, &row),
            "已收到“失业登记”申请，编号610924••••••，查询码••••••。"
        );
    }
}
