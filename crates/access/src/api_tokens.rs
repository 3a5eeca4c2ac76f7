//! The JSON API of tokens for departments' programs. Only people use it: a token makes no tokens.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::{ApiTokenId, PostId};
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    admin::{
        post_tokens::{Wish, give, holder, is_administrator},
        scopes::{grantable, words},
    },
    api::instant,
    rooms::{Rooms, owned_by},
    tokens::TokenRow,
};

/// The routes of this room.
pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Act("token_give"), routes!(token_list))
        .api(Rule::Act("token_give"), routes!(token_create))
        .api(Rule::Act("token_give"), routes!(scope_list))
        .api(Rule::Act("token_manage"), routes!(token_revoke))
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenInput {
    /// The post as which the program acts; never an administrator's.
    #[schema(example = "0199f1a7c5b07d0e8a4b6c2d1e3f4a5b")]
    post: String,
    /// The program's name, which the history of a case shows.
    #[schema(example = "民政业务系统")]
    name: String,
    /// The actions that it may do; each must be one that the post may do.
    #[schema(example = json!(["case_read", "case_review"]))]
    scopes: Vec<String>,
    /// For how many days, 1 to 366.
    #[schema(example = 90, minimum = 1, maximum = 366)]
    days: u16,
}

/// A made token.
#[derive(Debug, Serialize, ToSchema)]
struct TokenAnswer {
    /// Its identifier.
    id: String,
    /// The token itself; it is told this once.
    token: String,
    /// Until when it works (RFC 3339).
    expires_at: String,
}

/// A token that works.
#[derive(Debug, Serialize, ToSchema)]
struct TokenBody {
    /// Its identifier.
    id: String,
    /// The program's name or purpose.
    name: String,
    /// Who holds the post.
    person: String,
    /// The post as which it acts.
    post: String,
    /// Who made it; empty: the holder.
    made_by: String,
    /// The actions that it may do.
    scopes: Vec<String>,
    /// Until when it works (RFC 3339).
    expires_at: String,
}

/// The tokens that work.
#[derive(Debug, Serialize, ToSchema)]
struct TokenList {
    /// The newest first, at most 500.
    items: Vec<TokenBody>,
}

impl From<TokenRow> for TokenBody {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            person: row.person,
            post: row.post,
            made_by: row.made_by,
            scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
            expires_at: instant(row.expires_at_us),
        }
    }
}

/// Lists the tokens that work.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access", responses((status = 200, body = TokenList)))]
async fn token_list(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<TokenList>, Failure> {
    let rows = rooms.tokens.list_working(caller.region).await?;
    let items = rows.into_iter().map(TokenBody::from).collect();
    Ok(Json(TokenList { items }))
}

/// An action that a token may be given.
#[derive(Debug, Serialize, ToSchema)]
struct ScopeItem {
    /// Its code, as a token names it.
    #[schema(example = "case_read")]
    scope: String,
    /// What it is called.
    #[schema(example = "查看办件（个人信息隐去）")]
    name: String,
}

/// The actions that a token may be given.
#[derive(Debug, Serialize, ToSchema)]
struct ScopeList {
    /// The actions, by code.
    items: Vec<ScopeItem>,
}

/// What a token for a post may be given: what a program in that post may do.
#[utoipa::path(get, path = "/api/v1/posts/{post}/scopes", tag = "access",
    params(("post" = String, Path, description = "The post; never an administrator's.")),
    responses((status = 200, body = ScopeList), (status = 401), (status = 403), (status = 404, description = "Nobody holds the post, or it is an administrator's.")))]
async fn scope_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(post): Path<String>,
) -> Result<Json<ScopeList>, Failure> {
    let post: PostId = post.parse().map_err(|_| Failure::not_found())?;
    let held = holder(&rooms, caller.region, post).await?;
    let staff = held
        .filter(|staff| !is_administrator(staff))
        .ok_or_else(Failure::not_found)?;
    let items = grantable(&rooms, &staff)
        .into_iter()
        .map(|scope| ScopeItem {
            name: words(&rooms, &scope).to_owned(),
            scope,
        });
    Ok(Json(ScopeList {
        items: items.collect(),
    }))
}

/// Makes a token for a department's program.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = TokenInput,
    responses((status = 201, body = TokenAnswer), (status = 403),
        (status = 422, description = "The post is nobody's or an administrator's, or a scope is beyond the post; the problem names the field.")))]
async fn token_create(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<TokenInput>,
) -> Result<(StatusCode, Json<TokenAnswer>), Failure> {
    let wish = Wish {
        post: &input.post,
        name: &input.name,
        scopes: input.scopes,
        days: i64::from(input.days),
    };
    let made = give(&rooms, &caller, wish).await??;
    let answer = TokenAnswer {
        id: made.id.to_string(),
        token: made.text,
        expires_at: made.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Revokes a token; one that is revoked already stays so.
#[utoipa::path(delete, path = "/api/v1/tokens/{token}", tag = "access",
    params(("token" = String, Path, description = "The identifier.")),
    responses((status = 204), (status = 403), (status = 404, description = "No such token.")))]
async fn token_revoke(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<StatusCode, Failure> {
    let token: ApiTokenId = token.parse().map_err(|_| Failure::not_found())?;
    let owner = rooms.tokens.owner(caller.region, token).await?;
    let owner = owner.ok_or_else(Failure::not_found)?;
    caller.require("token_manage", &owned_by("api_token", owner))?;
    rooms.tokens.revoke(caller.region, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
