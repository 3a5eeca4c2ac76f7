//! Masked values of a case are shown in full to whoever may see them and gave a reason. Pages and API use this one service;
//! how the reason is kept is said in `looks`.

use wuchuang_kernel::{CaseId, CommandId};
use wuchuang_webkit::{Caller, Failure, throttle::Address};

use crate::{looks::CASE_LOOKS, model::Case, rooms::CaseRooms};

/// Lets the visitor see everything, and keeps why. The same key is kept once.
///
/// # Errors
/// 403 when the visitor may not, 422 without a reason, or whatever storage reports.
pub(crate) async fn reveal(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    key: CommandId,
    reason: (&str, &Address),
) -> Result<(), Failure> {
    let resource = rooms.resource(caller, case, id).await?;
    caller.require("case_reveal", &resource)?;
    CASE_LOOKS
        .keep(rooms.cases.ledger(), caller, id.to_string(), key, reason)
        .await
}
