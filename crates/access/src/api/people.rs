//! Accounts of staff: entered, mended, blocked and opened again, with one-time passwords. The commands are those of
//! the administrators' pages.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    admin::{drop_factor, new_password, read_person, register_with_password, write},
    model::staff::{StaffCommand, StaffStream},
    rooms::Rooms,
    store::Post,
};

/// A post that somebody holds.
#[derive(Serialize, ToSchema)]
struct PostBody {
    /// The post.
    id: String,
    /// The organisation.
    organisation: String,
    /// Its title.
    #[schema(example = "综合窗口")]
    title: String,
    /// What it entitles to.
    #[schema(example = json!(["counter_clerk"]))]
    roles: Vec<&'static str>,
    /// The code of the region that it reaches.
    #[schema(example = "610924")]
    reach: String,
    /// Since when.
    #[schema(example = "2026-11-23")]
    from: String,
}

impl From<Post> for PostBody {
    fn from(post: Post) -> Self {
        Self {
            id: post.id.to_string(),
            organisation: post.organisation.to_string(),
            title: post.title,
            roles: post.roles.into_iter().map(Role::code).collect(),
            reach: post.reach.to_string(),
            from: post.from.to_string(),
        }
    }
}

/// A member of staff with their posts.
#[derive(Serialize, ToSchema)]
pub(super) struct StaffDetails {
    /// The identifier.
    person: String,
    /// The version; send it as `expected_version` with a deed.
    #[schema(example = 2)]
    version: i64,
    /// The account name.
    #[schema(example = "zhang.wei")]
    account: String,
    /// The name.
    #[schema(example = "张伟")]
    name: String,
    /// The telephone at work.
    phone: String,
    /// Whether the account may sign in.
    is_active: bool,
    /// Whether a second factor is set up.
    has_factor: bool,
    /// The posts held today.
    posts: Vec<PostBody>,
}

/// Shows a member of staff with their posts.
#[utoipa::path(get, path = "/api/v1/staff/{person}", tag = "access",
    params(("person" = String, Path, description = "The identifier.")),
    responses((status = 200, body = StaffDetails), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn staff_show(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Json<StaffDetails>, Failure> {
    let person = read_person(&person)?;
    let (version, state) = rooms
        .directory
        .ledger()
        .load::<StaffStream>(caller.region, person.into())
        .await?
        .ok_or_else(Failure::not_found)?;
    let posts = rooms.directory.posts_of(caller.region, person).await?;
    Ok(Json(StaffDetails {
        person: person.to_string(),
        version,
        account: state.account.clone(),
        name: state.name.clone(),
        phone: state.phone.clone(),
        is_active: state.is_active,
        has_factor: rooms.secrets.has_factor(caller.region, person).await?,
        posts: posts.into_iter().map(PostBody::from).collect(),
    }))
}

/// A member of staff to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterInput {
    /// The account name, which never changes: 3 to 32 lower-case letters, digits and `. _ -`.
    #[schema(example = "zhang.wei", max_length = 32)]
    account: String,
    /// The name.
    #[schema(example = "张伟", max_length = 40)]
    name: String,
    /// The telephone at work; may be empty.
    #[serde(default)]
    #[schema(example = "0915-4420000")]
    phone: String,
}

/// An account with a one-time password.
#[derive(Serialize, ToSchema)]
pub(super) struct PasswordAnswer {
    /// The identifier.
    person: String,
    /// The account name.
    #[schema(example = "zhang.wei")]
    account: String,
    /// The one-time password; it is told this once and must be changed at the first sign-in.
    password: String,
}

/// Enters a member of staff and gives a one-time password. The same key again enters nobody twice, but gives a new
/// password.
#[utoipa::path(post, path = "/api/v1/staff", tag = "access", request_body = RegisterInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key enters nobody twice.")),
    responses((status = 201, body = PasswordAnswer), (status = 401), (status = 403),
        (status = 422, description = "The account name is taken, or a field is wrong.")))]
pub(super) async fn staff_register(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<RegisterInput>,
) -> Result<(StatusCode, Json<PasswordAnswer>), Failure> {
    let account = input.account.trim().to_lowercase();
    let (name, phone) = (input.name.trim(), input.phone.trim());
    let order = caller.order(None, Expected::Any);
    let (person, password) = register_with_password(&rooms, &account, name, phone, order).await?;
    let answer = PasswordAnswer {
        person: person.to_string(),
        account,
        password,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffDone {
    /// The version of the member of staff after the deed.
    #[schema(example = 3)]
    version: i64,
    /// The record's place in the region's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// When it was recorded (RFC 3339).
    recorded_at: String,
}

impl From<Receipt> for StaffDone {
    fn from(receipt: Receipt) -> Self {
        Self {
            version: receipt.version,
            seq: receipt.last_seq,
            recorded_at: receipt.recorded_at.to_string(),
        }
    }
}

/// Sends a command about the person in the address.
pub(super) async fn send(
    rooms: &Rooms,
    caller: &Caller,
    person: &str,
    command: StaffCommand,
    expected_version: Option<i64>,
) -> Result<Json<StaffDone>, Failure> {
    let expected = expected_version.map_or(Expected::Existing, Expected::Version);
    let order = caller.order(None, expected);
    let receipt = write(rooms, read_person(person)?, command, order).await??;
    Ok(Json(receipt.into()))
}

/// Name and telephone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectInput {
    /// The name.
    #[schema(example = "张伟", max_length = 40)]
    name: String,
    /// The telephone at work; may be empty.
    #[serde(default)]
    #[schema(example = "0915-4420000")]
    phone: String,
    /// The version that was seen; another one is refused with 409.
    expected_version: Option<i64>,
}

/// Mends name and telephone.
#[utoipa::path(post, path = "/api/v1/staff/{person}/correct", tag = "access", request_body = CorrectInput,
    params(("person" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = StaffDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."), (status = 422)))]
pub(super) async fn staff_correct(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<CorrectInput>,
) -> Result<Json<StaffDone>, Failure> {
    let command = StaffCommand::Correct {
        name: input.name.trim().to_owned(),
        phone: input.phone.trim().to_owned(),
    };
    send(&rooms, &caller, &person, command, input.expected_version).await
}

/// Why an account is blocked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeactivateInput {
    /// Why.
    #[schema(example = "调离本单位")]
    reason: String,
    /// The version that was seen; another one is refused with 409.
    expected_version: Option<i64>,
}

/// Blocks an account and ends its sessions.
#[utoipa::path(post, path = "/api/v1/staff/{person}/deactivate", tag = "access", request_body = DeactivateInput,
    params(("person" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = StaffDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "It is one's own account, or blocked already.")))]
pub(super) async fn staff_deactivate(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<DeactivateInput>,
) -> Result<Json<StaffDone>, Failure> {
    let command = StaffCommand::Deactivate {
        reason: input.reason.trim().to_owned(),
    };
    send(&rooms, &caller, &person, command, input.expected_version).await
}

/// A body that says nothing but which version was seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    /// The version that was seen; another one is refused with 409.
    pub(super) expected_version: Option<i64>,
}

/// Opens a blocked account again.
#[utoipa::path(post, path = "/api/v1/staff/{person}/reactivate", tag = "access", request_body = Seen,
    params(("person" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = StaffDone), (status = 401), (status = 403), (status = 404), (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "It is one's own account, or open already.")))]
pub(super) async fn staff_reactivate(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<Seen>,
) -> Result<Json<StaffDone>, Failure> {
    let version = input.expected_version;
    send(&rooms, &caller, &person, StaffCommand::Reactivate, version).await
}

/// Sets a new one-time password and ends every session of the account.
#[utoipa::path(post, path = "/api/v1/staff/{person}/password", tag = "access",
    params(("person" = String, Path, description = "The identifier.")),
    responses((status = 200, body = PasswordAnswer), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn staff_password(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Json<PasswordAnswer>, Failure> {
    let person = read_person(&person)?;
    let order = caller.order(None, Expected::Existing);
    let (account, password) = new_password(&rooms, person, order).await?;
    Ok(Json(PasswordAnswer {
        person: person.to_string(),
        account,
        password,
    }))
}

/// Takes the second factor off an account whose holder lost it.
#[utoipa::path(delete, path = "/api/v1/staff/{person}/factor", tag = "access",
    params(("person" = String, Path, description = "The identifier.")),
    responses((status = 204, description = "It is off."), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn staff_factor_remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<StatusCode, Failure> {
    let order = caller.order(None, Expected::Existing);
    drop_factor(&rooms, read_person(&person)?, order).await?;
    Ok(StatusCode::NO_CONTENT)
}
