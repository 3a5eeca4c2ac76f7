//! The proof that what happened to a case is on the ledger.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_ledger::InclusionProof;
use wuchuang_webkit::{Caller, Failure};

use crate::{api::body::case_id, rooms::CaseRooms};

/// Which record is to be proved.
#[derive(Debug, Deserialize, IntoParams)]
pub(in crate::api) struct ProofQuery {
    /// The record's place in the case; absent: the last one.
    version: Option<i64>,
}

/// The signed checkpoint of a proof.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointAnswer {
    /// Whose ledger it is about: the county's code.
    #[schema(example = "610924")]
    region: String,
    /// Its number.
    number: i64,
    /// The first record under it.
    first_seq: i64,
    /// The last record under it.
    last_seq: i64,
    /// The Merkle root over the records' hashes.
    root: String,
    /// The last record's hash.
    head_hash: String,
    /// When it was signed, in microseconds since 1970 UTC.
    signed_at_us: i64,
    /// The signature, in hexadecimal.
    signature: String,
}

/// The way from a record to a signed root.
#[derive(Debug, Serialize, ToSchema)]
struct InclusionAnswer {
    /// The record's hash.
    hash: String,
    /// The hashes beside the way to the root, lowest first.
    path: Vec<String>,
    /// The checkpoint.
    checkpoint: CheckpointAnswer,
}

/// The proof that a record of a case is on the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct ProofAnswer {
    /// The record's place in the case.
    version: i64,
    /// The record's place in the region's chain.
    seq: i64,
    /// The proof; absent while no checkpoint covers the record yet (a few minutes).
    inclusion: Option<InclusionAnswer>,
    /// The public key under which checkpoints are signed, as PEM.
    public_key: String,
}

fn inclusion_answer(proof: InclusionProof) -> InclusionAnswer {
    let checkpoint = proof.checkpoint;
    InclusionAnswer {
        hash: proof.hash,
        path: proof.path,
        checkpoint: CheckpointAnswer {
            region: checkpoint.region,
            number: checkpoint.number,
            first_seq: checkpoint.first_seq,
            last_seq: checkpoint.last_seq,
            root: checkpoint.root,
            head_hash: checkpoint.head_hash,
            signed_at_us: checkpoint.signed_at_us,
            signature: checkpoint.signature,
        },
    }
}

/// The proof that what happened to a case is on the ledger.
#[utoipa::path(get, path = "/api/v1/cases/{case}/proof", tag = "cases",
    params(("case" = String, Path, description = "The case."), ProofQuery),
    responses((status = 200, body = ProofAnswer), (status = 403), (status = 404, description = "No such case, or no such record of it.")))]
pub(in crate::api) async fn case_proof(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<ProofAnswer>, Failure> {
    let id = case_id(&case)?;
    rooms.case_for(&caller, id, "case_read").await?;
    let lines = rooms.cases.history(caller.region, id).await?;
    let line = match query.version {
        Some(version) => lines.iter().find(|line| line.version == version),
        None => lines.last(),
    }
    .ok_or_else(Failure::not_found)?;
    let ledger = rooms.cases.ledger();
    let proof = ledger.proof(caller.region, line.seq).await?;
    Ok(Json(ProofAnswer {
        version: line.version,
        seq: line.seq,
        inclusion: proof.map(inclusion_answer),
        public_key: ledger.public_key_pem()?,
    }))
}
