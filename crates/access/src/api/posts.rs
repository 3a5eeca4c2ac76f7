//! Posts: given, changed and ended by the security administrator, never by oneself.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{PostId, Role};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::people::{Seen, StaffDone, send};
use crate::{
    admin::{Typed, details, read_person, write},
    model::staff::{PostDetails, StaffCommand},
    rooms::Rooms,
};

/// A post to be given, or as it is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostInput {
    /// The organisation.
    #[schema(example = "0199f1a7c5b07d0e8a4b6c2d1e3f4a5b")]
    organisation: String,
    /// The post's title.
    #[schema(example = "综合窗口", max_length = 40)]
    title: String,
    /// What it entitles to: `counter_clerk`, `reviewer`, `approver`, `supervisor`, `catalogue_manager`,
    /// `system_administrator`, `security_administrator`, `audit_administrator`.
    #[schema(example = json!(["counter_clerk"]))]
    roles: Vec<String>,
    /// The code of the region that it reaches; the county's when absent.
    #[schema(example = "610924")]
    reach: Option<String>,
    /// The version of the member of staff that was seen; another one is refused with 409.
    expected_version: Option<i64>,
}

/// A post that was given.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostAnswer {
    /// The post.
    post: String,
    /// The version of the member of staff after the deed.
    #[schema(example = 3)]
    version: i64,
}

/// The post that the body describes; what does not read is named.
async fn wanted(rooms: &Rooms, caller: &Caller, input: PostInput) -> Result<PostDetails, Failure> {
    if input
        .roles
        .iter()
        .any(|role| Role::from_code(role).is_none())
    {
        return Err(Failure::invalid("有不认识的权限，请使用接口说明里列出的代码。").at("roles"));
    }
    let typed = Typed {
        organisation: input.organisation,
        title: input.title.trim().to_owned(),
        reach: input.reach.unwrap_or_else(|| caller.region.to_string()),
        roles: input.roles,
    };
    details(rooms, caller, &typed).await?.map_err(|errors| {
        let first = errors.iter().next();
        first.map_or_else(
            || Failure::internal("a post was refused without a reason"),
            |error| Failure::invalid(error.message.clone()).at(error.field.clone()),
        )
    })
}

/// Gives somebody a post.
#[utoipa::path(post, path = "/api/v1/staff/{person}/posts", tag = "access", request_body = PostInput,
    params(("person" = String, Path, description = "The member of staff."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = PostAnswer), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "A field is wrong, it is oneself, or the post would join two of the three administrators.")))]
pub(super) async fn post_give(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<PostInput>,
) -> Result<(StatusCode, Json<PostAnswer>), Failure> {
    let person = read_person(&person)?;
    let expected = input
        .expected_version
        .map_or(Expected::Existing, Expected::Version);
    let details = wanted(&rooms, &caller, input).await?;
    let order = caller.order(None, expected);
    // The key makes the post's identifier, so that what is sent twice is one post.
    let post = PostId::from_u128(order.command_id.uuid().as_u128());
    let command = StaffCommand::GivePost { post, details };
    let receipt = write(&rooms, person, command, order).await??;
    let answer = PostAnswer {
        post: post.to_string(),
        version: receipt.version,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn post_id(text: &str) -> Result<PostId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// Changes a post.
#[utoipa::path(put, path = "/api/v1/staff/{person}/posts/{post}", tag = "access", request_body = PostInput,
    params(("person" = String, Path, description = "The member of staff."), ("post" = String, Path, description = "The post."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = StaffDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "A field is wrong, the post is over, it is oneself, or it would join two of the three administrators.")))]
pub(super) async fn post_change(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((person, post)): Path<(String, String)>,
    Body(input): Body<PostInput>,
) -> Result<Json<StaffDone>, Failure> {
    let post = post_id(&post)?;
    let version = input.expected_version;
    let details = wanted(&rooms, &caller, input).await?;
    let command = StaffCommand::ChangePost { post, details };
    send(&rooms, &caller, &person, command, version).await
}

/// Ends a post today.
#[utoipa::path(post, path = "/api/v1/staff/{person}/posts/{post}/end", tag = "access", request_body = Seen,
    params(("person" = String, Path, description = "The member of staff."), ("post" = String, Path, description = "The post."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = StaffDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The post is over already, or it is one's own.")))]
pub(super) async fn post_end(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((person, post)): Path<(String, String)>,
    Body(input): Body<Seen>,
) -> Result<Json<StaffDone>, Failure> {
    let command = StaffCommand::EndPost {
        post: post_id(&post)?,
    };
    send(&rooms, &caller, &person, command, input.expected_version).await
}
