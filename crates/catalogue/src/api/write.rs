//! Working copies, publications and withdrawals.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::item_id;
use crate::{model::ItemCommand, rooms::Rooms};

/// A working copy as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct DraftInput {
    /// The item's place in its stream as the sender saw it; 0 for a new item, absent for any.
    #[schema(example = 0)]
    expected_version: Option<i64>,
    /// The elements; what is absent takes its default.
    #[schema(value_type = Object)]
    content: Value,
}

/// The answer to a command.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CommandAnswer {
    /// The item.
    item: String,
    /// Its place in its stream after the command.
    #[schema(example = 1)]
    stream_version: i64,
    /// The place of the last event in the county's chain.
    #[schema(example = 42)]
    seq: i64,
}

fn expected(version: Option<i64>) -> Expected {
    version.map_or(Expected::Any, Expected::Version)
}

pub(super) async fn command(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    command: ItemCommand,
    expected: Expected,
) -> Result<Json<CommandAnswer>, Failure> {
    let receipt = rooms
        .send(item_id(item)?, command, caller.order(None, expected))
        .await?;
    Ok(Json(CommandAnswer {
        item: receipt.stream.to_string(),
        stream_version: receipt.version,
        seq: receipt.last_seq,
    }))
}

/// Creates or replaces the working copy.
#[utoipa::path(post, path = "/api/v1/items/{item}/draft", tag = "items", request_body = DraftInput,
    params(("item" = String, Path, description = "The item; a new one is named by a UUID of the sender's."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "An element does not read.")))]
pub(super) async fn item_draft(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<DraftInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let content = serde_json::from_value(input.content).map_err(|error| {
        Failure::invalid(format!("事项要素读不出来：{error}。请对照接口说明改正。")).at("content")
    })?;
    let draft = ItemCommand::Draft {
        content: Box::new(content),
    };
    command(
        &rooms,
        &caller,
        &item,
        draft,
        expected(input.expected_version),
    )
    .await
}

/// The day of a publication.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PublishInput {
    /// The first day on which the version is in force; not before today.
    #[schema(value_type = String, example = "2026-12-01")]
    effective_from: Date,
    /// The item's place in its stream as the sender saw it; absent for any.
    expected_version: Option<i64>,
}

/// Makes the working copy the next version.
#[utoipa::path(post, path = "/api/v1/items/{item}/publish", tag = "items", request_body = PublishInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The working copy is not complete; the detail names the first problem.")))]
pub(super) async fn item_publish(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<PublishInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let expected = input
        .expected_version
        .map_or(Expected::Existing, Expected::Version);
    let publish = ItemCommand::Publish {
        effective_from: input.effective_from,
    };
    command(&rooms, &caller, &item, publish, expected).await
}

/// The day and reason of a withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WithdrawInput {
    /// The first day on which the item is no longer in force; not before today.
    #[schema(value_type = String, example = "2026-12-01")]
    on: Date,
    /// Why, for the public.
    #[schema(example = "事项已下放到各镇办理")]
    reason: String,
    /// The item into which it goes (归类合并), in force today; whoever opens the guide of this one is led there.
    #[schema(value_type = Option<String>)]
    successor: Option<ItemId>,
}

/// Takes the item out of force.
#[utoipa::path(post, path = "/api/v1/items/{item}/withdraw", tag = "items", request_body = WithdrawInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 422, description = "It cannot be withdrawn.")))]
pub(super) async fn item_withdraw(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<WithdrawInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let withdraw = ItemCommand::Withdraw {
        on: input.on,
        reason: input.reason,
        successor: input.successor,
    };
    command(&rooms, &caller, &item, withdraw, Expected::Existing).await
}

/// Why a withdrawal is taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TakeBackInput {
    /// Why.
    #[schema(example = "合并方案改到明年")]
    reason: String,
}

/// Takes a withdrawal back before its day.
#[utoipa::path(post, path = "/api/v1/items/{item}/take-back", tag = "items", request_body = TakeBackInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 422, description = "It is not withdrawn, or its day has come.")))]
pub(super) async fn item_take_back(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<TakeBackInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let reason = input.reason;
    let take_back = ItemCommand::TakeBack { reason };
    command(&rooms, &caller, &item, take_back, Expected::Existing).await
}

/// Where whoever asks for a withdrawn item is led.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct LeadInput {
    /// The item that is asked for in its place, in force today.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabc")]
    successor: ItemId,
}

/// Leads whoever opens the guide of a withdrawn item to another one than before.
#[utoipa::path(post, path = "/api/v1/items/{item}/lead", tag = "items", request_body = LeadInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 422, description = "It is not withdrawn, or the other is not in force.")))]
pub(super) async fn item_lead(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<LeadInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let successor = input.successor;
    let lead = ItemCommand::Lead { successor };
    command(&rooms, &caller, &item, lead, Expected::Existing).await
}
