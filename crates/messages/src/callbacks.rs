//! Where providers report what became of a message. The address carries a secret, the answer is always the same, and
//! a report may come twice, late, or about a message that nobody knows.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use wuchuang_kernel::MessageId;
use wuchuang_ledger::NewJob;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    gateway::{DeliveryReport, report_of},
    model::MessageChannel,
    rooms::Rooms,
    store::{Attempt, Report, SEND, SendInput, report_record},
};

/// What Kannel puts into the address that we gave it.
#[derive(Debug, Deserialize)]
pub(crate) struct KannelReport {
    #[serde(default)]
    message: String,
    #[serde(default)]
    kind: String,
}

/// `GET /callbacks/kannel/{token}?message=…&kind=1`.
pub(crate) async fn kannel(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
    Query(sent): Query<KannelReport>,
) -> Result<StatusCode, Failure> {
    let Some(gateway) = gateway_of(&rooms, &token) else {
        return Err(Failure::not_found());
    };
    let kind = sent.kind.parse().ok().and_then(report_of);
    let (Some(report), Ok(message)) = (kind, sent.message.parse::<MessageId>()) else {
        return Ok(StatusCode::OK);
    };
    let record = Report {
        attempt: Attempt {
            region: caller.region,
            message,
            at: caller.now,
        },
        gateway,
        report,
    };
    let has_changed = report_record(rooms.ledger.database(), &record).await?;
    let is_failure = report == DeliveryReport::Failed;
    if has_changed
        && is_failure
        && rooms
            .postman
            .has_after(MessageChannel::Sms, &record.gateway)
    {
        let input = SendInput {
            message,
            after: Some(record.gateway),
        };
        rooms
            .ledger
            .job_add(caller.region, NewJob::now(SEND, &input))
            .await?;
    }
    Ok(StatusCode::OK)
}

/// The gateway whose token it is. Every token is compared, each in constant time, so that the time tells nothing.
fn gateway_of(rooms: &Rooms, token: &str) -> Option<String> {
    let mut found = None;
    for (name, secret) in rooms.tokens.iter() {
        if bool::from(secret.reveal().as_bytes().ct_eq(token.as_bytes())) {
            found = Some(name.clone());
        }
    }
    found
}
