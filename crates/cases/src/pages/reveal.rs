//! Staff show masked values: they write why, and the page opens for them for a short while.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_kernel::CaseId;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, throttle::Address};

use crate::{reveal::reveal, rooms::CaseRooms};

use super::{case::refused, typed::Typed};

pub(super) async fn send(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    from: Address,
    Path(case): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    let case = rooms.case_for(&caller, id, "case_open").await?;
    let typed = Typed::new("reveal", pairs);
    // The form's key names the look: sent twice it is kept once.
    let key = caller
        .order(typed.plain("command_id"), Expected::Existing)
        .command_id;
    let reason = typed.text("reason");
    match reveal(&rooms, &caller, id, &case, key, (&reason, &from)).await {
        Ok(()) => Ok(Redirect::to(&format!("/staff/cases/{id}?revealed={key}")).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            refused(&rooms, &caller, id, &failure, &typed).await
        }
        Err(failure) => Err(failure),
    }
}
