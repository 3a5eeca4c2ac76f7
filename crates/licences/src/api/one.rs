//! One licence for staff: read masked, as on its page, in full for a reason that is kept, its certificate, printing it and
//! taking it back.

use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_kernel::{LicenceId, china_date};
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, request::Body, throttle::Address};

use crate::{
    Rooms,
    deeds::{KeptLook, READ, id_of, kept_looks, look, opened, print, readable, revoke},
    model::{ContentField, Licence, LicenceStatus, Standing},
    tokens::grouped,
};

/// A line of what a licence permits.
#[derive(Serialize, ToSchema)]
struct LicenceContent {
    /// What it is about.
    #[schema(example = "经营场所")]
    label: String,
    /// What it says.
    #[schema(example = "城关镇河堤路12号")]
    value: String,
}

/// How much of a licence its reader may see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// The holder, or staff who gave a reason.
    Full,
    /// Staff: what they need to know that it is the right licence.
    Masked,
}

/// A licence as its page shows it.
#[derive(Serialize, ToSchema)]
pub(super) struct LicenceBody {
    /// The licence.
    id: String,
    /// 电子证照标识 (GB/T 36904).
    identifier: String,
    /// The number that people read.
    number: String,
    /// Its name.
    #[schema(example = "食品经营许可证")]
    name: String,
    /// Whether what concerns the holder is masked or left out here.
    is_masked: bool,
    /// The holder's name; a person's is masked for staff; empty after they were forgotten.
    #[schema(example = "张*明")]
    holder: String,
    /// The issuing organisation.
    organisation: String,
    /// Its name.
    organisation_name: String,
    /// The case that it follows from.
    case: String,
    /// That case's number.
    case_number: String,
    /// The day of issue.
    #[schema(example = "2026-11-20")]
    issued_on: String,
    /// The first day of validity.
    #[schema(example = "2026-11-20")]
    valid_from: String,
    /// The last day of validity; absent means without end.
    #[schema(example = "2031-11-19")]
    valid_until: Option<String>,
    /// Whether only the copy (副本) was issued yet; the original follows when the promise was found true (承诺制+副本制).
    is_copy: bool,
    /// The code beside its QR code, with which anyone can verify it; absent while masked.
    #[schema(example = "7K3M-92QF")]
    check_code: Option<String>,
    /// What it permits; empty while masked.
    contents: Vec<LicenceContent>,
    /// What it is worth today.
    status: LicenceStatus,
    /// Why it was revoked; absent while masked.
    revoke_reason: Option<String>,
    /// When it was revoked or another one took its place (RFC 3339).
    ended_at: Option<String>,
    /// The holder's copies for one purpose, in the order of their places; empty while masked.
    copies: Vec<LicenceCopy>,
}

/// A copy for one purpose (加注件).
#[derive(Serialize, ToSchema)]
struct LicenceCopy {
    /// What it may be used for.
    #[schema(example = "办理银行开户")]
    purpose: String,
    /// Until when.
    #[schema(example = "2026-12-31")]
    expires: String,
}

/// A licence to somebody who may read it.
pub(super) fn body(caller: &Caller, id: LicenceId, licence: &Licence, sight: Sight) -> LicenceBody {
    let issued = &licence.issued;
    let is_masked = sight == Sight::Masked;
    let contents = issued.contents.get().map(Vec::as_slice).unwrap_or_default();
    let (revoke_reason, ended_at) = match &licence.standing {
        Standing::InForce => (None, None),
        Standing::Revoked { reason, at } => (Some(reason.text().to_owned()), Some(at.to_string())),
        Standing::Superseded { at, .. } => (None, Some(at.to_string())),
    };
    let mut body = LicenceBody {
        id: id.to_string(),
        identifier: issued.identifier.as_str().to_owned(),
        number: issued.number.clone(),
        name: issued.name.clone(),
        is_masked,
        holder: issued.holder.masked_name(),
        organisation: issued.organisation.to_string(),
        organisation_name: issued.organisation_name.clone(),
        case: issued.case.to_string(),
        case_number: issued.case_number.clone(),
        issued_on: china_date(licence.issued_at).to_string(),
        valid_from: issued.valid_from.to_string(),
        valid_until: issued.valid_until.map(|day| day.to_string()),
        is_copy: issued.copy.is_some(),
        check_code: None,
        contents: Vec::new(),
        status: licence.status(china_date(caller.now)),
        revoke_reason: None,
        ended_at,
        copies: Vec::new(),
    };
    if is_masked {
        return body;
    }
    issued.holder.name.text().clone_into(&mut body.holder);
    body.check_code = Some(grouped(&issued.check_code));
    body.revoke_reason = revoke_reason;
    let content = |field: &ContentField| LicenceContent {
        label: field.label.clone(),
        value: field.value.clone(),
    };
    body.contents = contents.iter().map(content).collect();
    let copies = licence.annotations.iter().map(|copy| LicenceCopy {
        purpose: copy.purpose.text().to_owned(),
        expires: copy.expires.to_string(),
    });
    body.copies = copies.collect();
    body
}

/// A licence as its page shows it to staff: masked, until a reason was given with `look`.
#[utoipa::path(get, path = "/api/v1/licences/{licence}", tag = "licences",
    params(("licence" = String, Path, description = "The licence.")),
    responses((status = 200, body = LicenceBody), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn licence_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Json<LicenceBody>, Failure> {
    let id = id_of(&licence)?;
    let licence = readable(&rooms, &caller, id, READ).await?;
    Ok(Json(body(&caller, id, &licence, Sight::Masked)))
}

/// Why the whole licence must be seen. It is sent in the body, because addresses are logged and a reason may name somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookInput {
    /// Why (1 to 200 characters); it is kept with who asked.
    #[schema(example = "电话核对持证人身份", max_length = 200)]
    reason: String,
}

/// A whole licence.
#[derive(Serialize, ToSchema)]
pub(super) struct LicenceOpened {
    /// With this the certificate can be had for 15 minutes, by whoever gave the reason.
    open: String,
    /// Where the signed certificate is.
    #[schema(example = "/api/v1/licences/0192f0c2…/document?open=0192f0c3…")]
    document: String,
    /// The licence.
    licence: LicenceBody,
}

/// A licence without masks, for a reason about the work that is kept. Every question of a program is a look of its own.
#[utoipa::path(post, path = "/api/v1/licences/{licence}/look", tag = "licences", request_body = LookInput,
    params(("licence" = String, Path, description = "The licence.")),
    responses((status = 200, body = LicenceOpened), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The reason is missing or too long.")))]
pub(super) async fn licence_look(
    State(rooms): State<Rooms>,
    caller: Caller,
    from: Address,
    Path(licence): Path<String>,
    Body(input): Body<LookInput>,
) -> Result<Json<LicenceOpened>, Failure> {
    let id = id_of(&licence)?;
    // A key of its own, never the sender's: a key that was used before would keep no second reason.
    let key = rooms.ledger().command_id();
    let found = look(&rooms, &caller, id, key, (&input.reason, &from)).await?;
    Ok(Json(LicenceOpened {
        open: key.to_string(),
        document: format!("/api/v1/licences/{id}/document?open={key}"),
        licence: body(&caller, id, &found, Sight::Full),
    }))
}

/// A look that was kept.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenQuery {
    /// What the look answered as `open`.
    #[serde(default)]
    open: String,
}

/// The signed certificate of a licence, as PDF, behind a look whose reason is kept; it is made now if nobody asked before.
#[utoipa::path(get, path = "/api/v1/licences/{licence}/document", tag = "licences",
    params(("licence" = String, Path, description = "The licence."), OpenQuery),
    responses((status = 200, description = "The certificate.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its holder's data."),
        (status = 422, description = "No look of the last 15 minutes by the same caller opens it.")))]
pub(super) async fn licence_document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Query(query): Query<OpenQuery>,
) -> Result<Response, Failure> {
    opened(&rooms, &caller, id_of(&licence)?, &query.open).await
}

/// A look at a whole licence.
#[derive(Debug, Serialize, ToSchema)]
struct LookLine {
    /// When (RFC 3339).
    at: String,
    /// Who.
    who: String,
    /// Why.
    #[schema(example = "电话核对持证人身份")]
    reason: String,
}

/// Looks at a whole licence.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LookList {
    /// The last one first, at most 100.
    items: Vec<LookLine>,
}

/// Who saw the whole licence and why, for supervision.
#[utoipa::path(get, path = "/api/v1/licences/{licence}/looks", tag = "licences",
    params(("licence" = String, Path, description = "The licence.")),
    responses((status = 200, body = LookList), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn licence_look_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Json<LookList>, Failure> {
    let id = id_of(&licence)?;
    // That there is such a licence, and nothing of it.
    rooms.workshop.licence(caller.region, id).await?;
    let kept = kept_looks(&rooms, &caller, id).await?;
    let line = |look: KeptLook| LookLine {
        at: look.at.to_string(),
        who: look.who,
        reason: look.reason,
    };
    Ok(Json(LookList {
        items: kept.into_iter().map(line).collect(),
    }))
}

/// 打印证照: the sealed certificate to be printed, by the authority that issued it or the counter at which it waits. That
/// it was printed, where and by whom is in the seal-use ledger.
#[utoipa::path(post, path = "/api/v1/licences/{licence}/print", tag = "licences",
    params(("licence" = String, Path, description = "The licence."), ("Idempotency-Key" = Option<String>, Header, description = "The same key counts as one print.")),
    responses((status = 200, description = "The certificate.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its holder's data."), (status = 422, description = "The licence is not in force, or its certificate is not made yet.")))]
pub(super) async fn licence_print(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Response, Failure> {
    let order = caller.order(None, Expected::Existing);
    print(&rooms, &caller, id_of(&licence)?, order).await
}

/// Why a licence is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevokeInput {
    /// Why, for the holder.
    #[schema(example = "持证人已注销经营主体。")]
    reason: String,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LicenceDone {
    /// The licence's version after the deed.
    #[schema(example = 3)]
    version: i64,
    /// The record's place in the region's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// The record's hash, in hexadecimal.
    hash: String,
    /// When it was recorded (RFC 3339).
    recorded_at: String,
}

impl From<Receipt> for LicenceDone {
    fn from(receipt: Receipt) -> Self {
        Self {
            version: receipt.version,
            seq: receipt.last_seq,
            hash: receipt.hash,
            recorded_at: receipt.recorded_at.to_string(),
        }
    }
}

/// 注销: takes a licence back.
#[utoipa::path(post, path = "/api/v1/licences/{licence}/revoke", tag = "licences", request_body = RevokeInput,
    params(("licence" = String, Path, description = "The licence."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = LicenceDone), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The reason is missing, or the licence is not in force.")))]
pub(super) async fn licence_revoke(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Body(input): Body<RevokeInput>,
) -> Result<Json<LicenceDone>, Failure> {
    let order = caller.order(None, Expected::Existing);
    let receipt = revoke(&rooms, &caller, id_of(&licence)?, &input.reason, order).await??;
    Ok(Json(receipt.into()))
}
