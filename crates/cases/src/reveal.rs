//! Masked values of a case are shown in full only for a reason about the work, which is kept with who asked and when.
//! Pages and API use this one service; supervisors read what was kept on the case page.

use jiff::Timestamp;
use sea_orm::FromQueryResult;
use wuchuang_kernel::{CaseId, CommandId, PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::{Caller, Failure, throttle::Address};

use crate::{model::Case, rooms::CaseRooms};

/// How long a reason may be, in characters.
pub(crate) const REASON_CHARACTERS_MAX: usize = 200;
/// For how many minutes a page stays revealed to the person who gave the reason.
const OPEN_MINUTES: i64 = 15;
/// How many looks a page lists.
const LOOKS_MAX: i64 = 100;

/// One look at masked values.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Look {
    /// Who looked.
    person: String,
    /// Why.
    pub(crate) reason: String,
    at_us: i64,
}

impl Look {
    pub(crate) fn person(&self) -> Option<PersonId> {
        self.person.parse().ok()
    }

    pub(crate) fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Lets the visitor see everything, and keeps why. The same key is kept once.
///
/// # Errors
/// 422 without a reason, 403 when the visitor may not, or whatever storage reports.
pub(crate) async fn reveal(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    case: &Case,
    key: CommandId,
    (reason, from): (&str, &Address),
) -> Result<(), Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Failure::invalid(
            "查看完整信息请写明工作上的理由（1至200字），系统会留存记录。",
        )
        .at("reason"));
    }
    let resource = rooms.resource(caller, case, id).await?;
    caller.require("case_reveal", &resource)?;
    let person = caller.visitor.person().map(|person| person.to_string());
    let post = caller.visitor.staff().map(|staff| staff.post.to_string());
    execute(
        rooms.cases.ledger().database().write(),
        "INSERT INTO case_reveal (region, id, case_id, person, post, reason, at_us, channel, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (region, id) DO NOTHING",
        [
            caller.region.to_string().into(),
            key.to_string().into(),
            id.to_string().into(),
            person.clone().unwrap_or_default().into(),
            post.unwrap_or_default().into(),
            reason.into(),
            caller.now.as_microsecond().into(),
            caller.visitor.channel().code().into(),
            from.0.clone().into(),
        ],
    )
    .await?;
    tracing::info!(case = %id, person = person.unwrap_or_default(), "masked values were shown");
    Ok(())
}

/// Whether this visitor gave a reason under this key a short while ago: a page that is loaded again stays open, a
/// link that is passed on does not open it for somebody else.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn is_open(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    key: CommandId,
) -> Result<bool, StorageError> {
    let Some(person) = caller.visitor.person() else {
        return Ok(false);
    };
    let since = caller.now.as_microsecond() - OPEN_MINUTES * 60 * 1_000_000;
    let found: Option<Look> = find(
        rooms.cases.ledger().database().read(),
        "SELECT person, reason, at_us FROM case_reveal WHERE region = $1 AND id = $2 AND case_id = $3 AND person = $4 AND at_us >= $5",
        [
            caller.region.to_string().into(),
            key.to_string().into(),
            id.to_string().into(),
            person.to_string().into(),
            since.into(),
        ],
    )
    .await?;
    Ok(found.is_some())
}

/// Who looked at a case's masked values, the last one first.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn looks(
    rooms: &CaseRooms,
    region: Region,
    id: CaseId,
) -> Result<Vec<Look>, StorageError> {
    list(
        rooms.cases.ledger().database().read(),
        "SELECT person, reason, at_us FROM case_reveal WHERE region = $1 AND case_id = $2 ORDER BY at_us DESC, id LIMIT $3",
        [
            region.to_string().into(),
            id.to_string().into(),
            LOOKS_MAX.into(),
        ],
    )
    .await
}
