//! Who may see a case without masks: its applicant, and staff who gave a reason.

use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Case, reveal, rooms::CaseRooms};

/// Whether the visitor reads their own case: nothing of it is masked for them.
pub(super) fn is_own(caller: &Caller, case: &Case) -> bool {
    caller
        .visitor
        .citizen()
        .is_some_and(|citizen| citizen.person == case.applicant.person)
}

/// Lets the visitor see everything, and keeps why. Every question of a program is a look of its own.
pub(super) async fn reveal(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    reason: &str,
) -> Result<(), Failure> {
    let key = rooms.cases.ledger().command_id();
    reveal::reveal(rooms, caller, id, case, key, reason).await
}
