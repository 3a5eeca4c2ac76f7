//! Masked values are shown in full only for a reason, which is kept with who asked and when.

use wuchuang_kernel::CaseId;
use wuchuang_ledger::{StorageError, storage::execute};
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Case, rooms::CaseRooms};

/// How long a reason may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;

/// Whether the visitor reads their own case: nothing of it is masked for them.
pub(super) fn is_own(caller: &Caller, case: &Case) -> bool {
    caller
        .visitor
        .citizen()
        .is_some_and(|citizen| citizen.person == case.applicant.person)
}

/// Lets the visitor see everything, and keeps why.
pub(super) async fn reveal(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    reason: &str,
) -> Result<(), Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Failure::invalid(
            "查看完整信息请写明工作上的理由（1至200字），系统会留存记录。",
        )
        .at("reveal"));
    }
    let resource = rooms.resource(caller, case, id).await?;
    caller.require("case_reveal", &resource)?;
    keep(rooms, caller, id, reason).await?;
    Ok(())
}

async fn keep(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    reason: &str,
) -> Result<(), StorageError> {
    let ledger = rooms.cases.ledger();
    let person = caller.visitor.person().map(|person| person.to_string());
    let post = caller.visitor.staff().map(|staff| staff.post.to_string());
    execute(
        ledger.database().write(),
        "INSERT INTO case_reveal (region, id, case_id, person, post, reason, at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            caller.region.to_string().into(),
            ledger.command_id().to_string().into(),
            id.to_string().into(),
            person.clone().unwrap_or_default().into(),
            post.unwrap_or_default().into(),
            reason.into(),
            caller.now.as_microsecond().into(),
        ],
    )
    .await?;
    tracing::info!(case = %id, person = person.unwrap_or_default(), "masked values were shown");
    Ok(())
}
