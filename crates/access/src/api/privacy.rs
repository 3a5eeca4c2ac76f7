//! Personal data: deleted or held by the security administrator, always for a reason; what was done is read by the audit
//! administrator, and says nothing about the person.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_codes::mask_citizen_number;
use wuchuang_kernel::{PersonId, mask_name};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::instant;
use crate::{
    admin::privacy::{acts, done, of_number},
    model::privacy::PrivacyAct,
    rooms::Rooms,
};

/// What was done with somebody's data.
#[derive(Debug, Serialize, ToSchema)]
struct ActBody {
    /// The record's place in the region's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// Whose data; an identifier that says nothing once they are forgotten.
    person: String,
    /// `forget`, `hold` or `lift`.
    #[schema(example = "forget")]
    act: String,
    /// `ordered`, `done` or `refused`.
    #[schema(example = "done")]
    outcome: String,
    /// Why; only where it was ordered.
    #[schema(example = "本人申请删除，无法定保存期限")]
    reason: String,
    /// Who did it; 命令行 stands for the keeper of the server.
    who: String,
    /// When (RFC 3339).
    at: String,
}

/// What was done with personal data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ActList {
    /// The newest first, at most 200.
    items: Vec<ActBody>,
}

/// What was done with personal data, by whom and why.
#[utoipa::path(get, path = "/api/v1/privacy", tag = "access", responses((status = 200, body = ActList), (status = 401), (status = 403)))]
pub(super) async fn privacy_act_list(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<ActList>, Failure> {
    let lines = acts(&rooms, caller.region).await?;
    let items = lines.into_iter().map(|(row, who)| ActBody {
        seq: row.seq,
        person: row.person,
        act: row.act,
        outcome: row.outcome,
        reason: row.reason,
        who,
        at: instant(row.at_us),
    });
    Ok(Json(ActList {
        items: items.collect(),
    }))
}

/// Whose data. It is sent in the body, because addresses are logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSearch {
    /// The citizen number.
    #[schema(example = "610924199001011233", max_length = 18)]
    number: String,
}

/// A person, masked.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonFound {
    /// The identifier.
    person: String,
    /// The name, masked.
    #[schema(example = "王*明")]
    name: String,
    /// The citizen number, masked.
    #[schema(example = "610924********1233")]
    number: String,
}

/// Finds the person whose data are to be deleted or held.
#[utoipa::path(post, path = "/api/v1/privacy/search", tag = "access", request_body = PersonSearch,
    responses((status = 200, body = PersonFound), (status = 401), (status = 403),
        (status = 422, description = "The number does not read, or nobody is registered with it.")))]
pub(super) async fn privacy_search(
    State(rooms): State<Rooms>,
    caller: Caller,
    Body(input): Body<PersonSearch>,
) -> Result<Json<PersonFound>, Failure> {
    let found = of_number(&rooms, caller.region, input.number.trim()).await??;
    Ok(Json(PersonFound {
        person: found.person.to_string(),
        name: mask_name(&found.name),
        number: mask_citizen_number(&found.number),
    }))
}

/// What is to be done, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActInput {
    /// `forget`: the data are deleted for good. `hold`: they may not be deleted. `lift`: they may again.
    #[schema(example = "hold")]
    act: String,
    /// Why (1 to 200 characters), without anything about the person.
    #[schema(example = "行政诉讼期间保留", max_length = 200)]
    reason: String,
}

/// Deletes a person's data, holds them or lifts a hold. What is deleted cannot be had back.
#[utoipa::path(post, path = "/api/v1/privacy/{person}", tag = "access", request_body = ActInput,
    params(("person" = String, Path, description = "The identifier."), ("Idempotency-Key" = Option<String>, Header, description = "The same key orders once.")),
    responses((status = 204, description = "It is done."), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The act is unknown, the reason is missing or names somebody, the data are held, or there are none.")))]
pub(super) async fn privacy_act(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    Body(input): Body<ActInput>,
) -> Result<StatusCode, Failure> {
    let person: PersonId = person.parse().map_err(|_| Failure::not_found())?;
    let act = PrivacyAct::from_code(&input.act).ok_or_else(|| {
        Failure::invalid("没有这种处理。可用 forget（删除）、hold（保留）、lift（解除保留）。")
            .at("act")
    })?;
    let order = caller.order(None, Expected::Any);
    done(&rooms, person, act, &input.reason, order).await??;
    Ok(StatusCode::NO_CONTENT)
}
