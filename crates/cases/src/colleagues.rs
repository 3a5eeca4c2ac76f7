//! Into whose hands a case may go: the active staff of its organisation who handle cases. Pages and API ask here before
//! they send the command, because a decision cannot look into the directory.

use wuchuang_access::StaffEntry;
use wuchuang_kernel::{PersonId, Region, Role};
use wuchuang_ledger::StorageError;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::Case, rooms::CaseRooms};

/// The roles that handle cases.
const HANDLING: [Role; 3] = [Role::CounterClerk, Role::Reviewer, Role::Approver];

/// Who may hold the case, by account name, each once.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn colleagues(
    rooms: &CaseRooms,
    region: Region,
    case: &Case,
) -> Result<Vec<StaffEntry>, StorageError> {
    let mut found = Vec::new();
    for role in HANDLING {
        found.extend(
            rooms
                .directory
                .staff_of(region, case.organisation, Some(role))
                .await?,
        );
    }
    found.sort_by(|one, other| one.account.cmp(&other.account));
    found.dedup_by(|one, other| one.person == other.person);
    Ok(found)
}

/// The colleague that a form or a program names.
///
/// # Errors
/// 422 when nobody of the case's organisation is named, or whatever storage reports.
pub(crate) async fn colleague(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    named: &str,
) -> Result<PersonId, Failure> {
    let ask = || Failure::invalid("请选择交给哪位同事：本单位在岗的工作人员。").at("person");
    let named: PersonId = named.parse().map_err(|_| ask())?;
    // The visitor may do it here, so they are one of them.
    if caller.visitor.person() == Some(named) {
        return Ok(named);
    }
    let found = colleagues(rooms, caller.region, case).await?;
    found
        .iter()
        .any(|colleague| colleague.person == named)
        .then_some(named)
        .ok_or_else(ask)
}
