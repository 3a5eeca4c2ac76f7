//! The ledger for programs: the key of its checkpoints, the checkpoints, proofs of single records, refused commands.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use super::PageQuery;
use crate::{
    Rooms,
    pages::{Refusal, refusals_of},
    store,
};

/// The public key under which checkpoints are signed, as PEM.
#[utoipa::path(get, path = "/api/v1/ledger/public-key", tag = "ledger",
    responses((status = 200, body = String, content_type = "application/x-pem-file")))]
pub(super) async fn public_key(State(rooms): State<Rooms>) -> Result<impl IntoResponse, Failure> {
    let pem = rooms.ledger.public_key_pem()?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem))
}

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointItem {
    /// Its number, from 1.
    number: i64,
    /// The first record under it.
    first_seq: i64,
    /// The last record under it.
    last_seq: i64,
    /// The Merkle root over the records' hashes.
    root: String,
    /// When it was signed, in microseconds since 1970 UTC.
    signed_at_us: i64,
    /// The signature, in hexadecimal.
    signature: String,
}

/// One page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckpointList {
    /// The checkpoints, the newest first.
    items: Vec<CheckpointItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Checkpoints, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger/checkpoints", tag = "ledger", params(PageQuery),
    responses((status = 200, body = CheckpointList)))]
pub(super) async fn checkpoint_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<CheckpointList>, Failure> {
    let before = match &query.cursor {
        None => i64::MAX,
        Some(text) => text
            .parse()
            .map_err(|_| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor"))?,
    };
    let limit = i64::from(query.limit());
    let found = store::checkpoints(rooms.ledger.database(), caller.region, before, limit).await?;
    let next_cursor = found
        .last()
        .filter(|last| last.number > 1)
        .map(|last| last.number.to_string());
    let items = found
        .into_iter()
        .map(|checkpoint| CheckpointItem {
            number: checkpoint.number,
            first_seq: checkpoint.first_seq,
            last_seq: checkpoint.last_seq,
            root: checkpoint.root,
            signed_at_us: checkpoint.signed_at_us,
            signature: checkpoint.signature,
        })
        .collect();
    Ok(Json(CheckpointList { items, next_cursor }))
}

/// The proof that a record is under a signed checkpoint.
#[utoipa::path(get, path = "/api/v1/ledger/proofs/{seq}", tag = "ledger",
    params(("seq" = i64, Path, description = "The record's place in the chain.")),
    responses((status = 200, description = "The proof: `seq`, `hash`, `path` and `checkpoint`."), (status = 404, description = "No such record, or no checkpoint covers it yet.")))]
pub(super) async fn proof_read(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(seq): Path<i64>,
) -> Result<impl IntoResponse, Failure> {
    let proof = rooms
        .ledger
        .proof(caller.region, seq)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(Json(proof))
}

/// One page of refused commands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusalList {
    /// The refusals, the newest first.
    items: Vec<Refusal>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Commands that the rules refused, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger/refusals", tag = "ledger", params(PageQuery),
    responses((status = 200, body = RefusalList)))]
pub(super) async fn refusal_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<RefusalList>, Failure> {
    let (cursor, limit) = (query.place()?, usize::from(query.limit()));
    let (items, next_cursor) =
        refusals_of(rooms.ledger.database(), caller.region, &cursor, limit).await?;
    Ok(Json(RefusalList { items, next_cursor }))
}
