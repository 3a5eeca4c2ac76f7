//! 归类 for programs: the kinds of items, and the pairs of alike items that stay two.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{model::grouping::GroupingCommand, rooms::Rooms};

pub(super) fn routes() -> Routes<Rooms> {
    let publish = Rule::Act("item_publish");
    Routes::new()
        .api(Rule::Act("item_list"), routes!(item_groups))
        .api(publish, routes!(item_group_make))
        .api(publish, routes!(item_group_write))
        .api(publish, routes!(item_group_dissolve))
        .api(publish, routes!(item_apart))
        .api(publish, routes!(item_compare_again))
}

/// One kind of items.
#[derive(Debug, Serialize, ToSchema)]
struct ItemGroupBody {
    /// Its number.
    #[schema(example = 1)]
    group: u32,
    /// What it is called.
    #[schema(example = "户外广告和招牌")]
    name: String,
    /// Its items.
    items: Vec<String>,
}

/// Two items that are alike and stay two.
#[derive(Debug, Serialize, ToSchema)]
struct ItemApartBody {
    /// One.
    one: String,
    /// The other.
    other: String,
    /// Why.
    #[schema(example = "审批权限在不同的部门")]
    reason: String,
}

/// All kinds, at most 500, and the pairs that stay two, at most 5,000.
#[derive(Debug, Serialize, ToSchema)]
struct ItemGroupList {
    /// The place of the groups in their stream, for `expected_version`.
    #[schema(example = 3)]
    stream_version: i64,
    /// The kinds by number.
    groups: Vec<ItemGroupBody>,
    /// The pairs.
    apart: Vec<ItemApartBody>,
}

/// The kinds of items (归类), and the pairs that stay two.
#[utoipa::path(get, path = "/api/v1/catalogue/groups", tag = "items",
    responses((status = 200, body = ItemGroupList), (status = 401), (status = 403)))]
async fn item_groups(State(rooms): State<Rooms>) -> Result<Json<ItemGroupList>, Failure> {
    let (stream_version, groups) = rooms.catalogue.groups().await?;
    let of_group = |(number, group): (&u32, &crate::model::grouping::ItemGroup)| ItemGroupBody {
        group: *number,
        name: group.name.clone(),
        items: group.items.iter().map(ToString::to_string).collect(),
    };
    let apart = groups
        .apart
        .iter()
        .map(|((one, other), kept)| ItemApartBody {
            one: one.to_string(),
            other: other.to_string(),
            reason: kept.reason.clone(),
        });
    Ok(Json(ItemGroupList {
        stream_version,
        groups: groups.groups.iter().map(of_group).collect(),
        apart: apart.collect(),
    }))
}

/// A kind as it is written.
#[derive(Debug, Deserialize, ToSchema)]
struct ItemGroupInput {
    /// What it is called, at most 60 characters.
    #[schema(example = "户外广告和招牌")]
    name: String,
    /// Its items, 2 to 50, all in force.
    #[schema(value_type = Vec<String>, example = json!(["0192f0c2a4b17c3e9d5566778899aabb", "0192f0c2a4b17c3e9d5566778899aabc"]))]
    items: Vec<ItemId>,
    /// The place of the groups in their stream as the sender saw it; absent for any.
    expected_version: Option<i64>,
}

/// The answer to a command about kinds.
#[derive(Debug, Serialize, ToSchema)]
struct ItemGroupAnswer {
    /// The place of the groups in their stream after the command.
    #[schema(example = 4)]
    stream_version: i64,
}

async fn send(
    rooms: &Rooms,
    caller: &Caller,
    command: GroupingCommand,
    expected: Option<i64>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    let expected = expected.map_or(Expected::Any, Expected::Version);
    let receipt = rooms.group(command, caller.order(None, expected)).await?;
    Ok(Json(ItemGroupAnswer {
        stream_version: receipt.version,
    }))
}

async fn write(
    rooms: &Rooms,
    caller: &Caller,
    group: Option<u32>,
    input: ItemGroupInput,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    for item in &input.items {
        if rooms.catalogue.published(*item).is_none() {
            let text = format!("事项 {item} 现在没有生效。请去掉它，或者先发布。");
            return Err(Failure::invalid(text).at("items"));
        }
    }
    let command = GroupingCommand::Group {
        group,
        name: input.name,
        items: input.items,
    };
    send(rooms, caller, command, input.expected_version).await
}

/// Makes a kind of several items.
#[utoipa::path(post, path = "/api/v1/catalogue/groups", tag = "items", request_body = ItemGroupInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ItemGroupAnswer), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "An item is not in force, or stands in another kind.")))]
async fn item_group_make(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<ItemGroupInput>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    write(&rooms, &caller, None, input).await
}

/// Writes a kind anew.
#[utoipa::path(post, path = "/api/v1/catalogue/groups/{group}", tag = "items", request_body = ItemGroupInput,
    params(("group" = u32, Path, description = "The kind's number."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ItemGroupAnswer), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "There is no such kind, or an item cannot be in it.")))]
async fn item_group_write(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(group): Path<u32>,
    Body(input): Body<ItemGroupInput>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    write(&rooms, &caller, Some(group), input).await
}

/// Takes a kind apart; its items stay as they are.
#[utoipa::path(post, path = "/api/v1/catalogue/groups/{group}/dissolve", tag = "items",
    params(("group" = u32, Path, description = "The kind's number."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ItemGroupAnswer), (status = 422, description = "There is no such kind.")))]
async fn item_group_dissolve(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(group): Path<u32>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    send(&rooms, &caller, GroupingCommand::Dissolve { group }, None).await
}

/// Two items, and why they stay two.
#[derive(Debug, Deserialize, ToSchema)]
struct ItemApartInput {
    /// One.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    one: ItemId,
    /// The other.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabc")]
    other: ItemId,
    /// Why, at most 500 characters.
    #[schema(example = "审批权限在不同的部门")]
    reason: String,
}

/// Two items that are alike stay two: they are not told again.
#[utoipa::path(post, path = "/api/v1/catalogue/similar/apart", tag = "items", request_body = ItemApartInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ItemGroupAnswer), (status = 422, description = "There is no reason.")))]
async fn item_apart(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<ItemApartInput>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    let (one, other, reason) = (input.one, input.other, input.reason);
    let command = GroupingCommand::KeepApart { one, other, reason };
    send(&rooms, &caller, command, None).await
}

/// Two items.
#[derive(Debug, Deserialize, ToSchema)]
struct ItemPairInput {
    /// One.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    one: ItemId,
    /// The other.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabc")]
    other: ItemId,
}

/// Two items that were kept apart are compared again.
#[utoipa::path(post, path = "/api/v1/catalogue/similar/again", tag = "items", request_body = ItemPairInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = ItemGroupAnswer)))]
async fn item_compare_again(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<ItemPairInput>,
) -> Result<Json<ItemGroupAnswer>, Failure> {
    let (one, other) = (input.one, input.other);
    send(
        &rooms,
        &caller,
        GroupingCommand::CompareAgain { one, other },
        None,
    )
    .await
}
