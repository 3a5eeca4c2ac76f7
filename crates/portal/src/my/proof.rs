//! The proof that a matter is on the ledger: its first record's hash, the way to a signed root, and the
//! key with which anyone can check it.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;
use wuchuang_kernel::CaseId;
use wuchuang_ledger::InclusionProof;
use wuchuang_webkit::{Caller, Failure};

use super::readable_case;
use crate::rooms::Rooms;

/// The proof of a case's first record; `None` until the next signature.
pub(crate) async fn of_case(
    rooms: &Rooms,
    caller: &Caller,
    case: CaseId,
) -> Result<Option<InclusionProof>, Failure> {
    let history = rooms.cases.history(caller.region, case).await?;
    match history.first() {
        Some(first) => Ok(rooms.ledger.proof(caller.region, first.seq).await?),
        None => Ok(None),
    }
}

pub(crate) async fn download(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let (id, case) = readable_case(&rooms, &caller, &case).await?;
    let proof = of_case(&rooms, &caller, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let body = json!({
        "number": case.number,
        "proof": proof,
        "public_key_pem": rooms.ledger.public_key_pem()?,
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"proof-{}.json\"", case.number),
        ),
    ];
    Ok((headers, body.to_string()).into_response())
}
