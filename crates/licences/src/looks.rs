//! Staff see licences masked. The whole of one is shown for a reason about the work, which is kept with who asked and
//! when, as with cases (个人信息保护法 art. 51); supervisors and auditors read what was kept on the licence's page.

use jiff::Timestamp;
use sea_orm::FromQueryResult;
use wuchuang_kernel::{CommandId, LicenceId, PersonId, Region};
use wuchuang_ledger::{
    Ledger, StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::{Caller, Failure};

/// How long a reason may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;
/// For how many minutes a licence stays open to the person who gave the reason.
const OPEN_MINUTES: i64 = 15;
/// How many looks a page lists.
const LOOKS_MAX: i64 = 100;

/// One look at a whole licence.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Look {
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

/// Keeps why the visitor looks. The same key is kept once.
///
/// # Errors
/// 422 without a reason, or whatever storage reports.
pub(crate) async fn keep(
    ledger: &Ledger,
    caller: &Caller,
    licence: LicenceId,
    key: CommandId,
    reason: &str,
) -> Result<(), Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARACTERS_MAX {
        return Err(Failure::invalid(
            "查看完整证照请写明工作上的理由（1至200字），系统会留存记录。",
        )
        .at("look"));
    }
    let person = caller.visitor.person().map(|person| person.to_string());
    let post = caller.visitor.staff().map(|staff| staff.post.to_string());
    execute(
        ledger.database().write(),
        "INSERT INTO licence_look (region, id, licence, person, post, reason, at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (region, id) DO NOTHING",
        [
            caller.region.to_string().into(),
            key.to_string().into(),
            licence.to_string().into(),
            person.clone().unwrap_or_default().into(),
            post.unwrap_or_default().into(),
            reason.into(),
            caller.now.as_microsecond().into(),
        ],
    )
    .await?;
    tracing::info!(licence = %licence, person = person.unwrap_or_default(), "a whole licence was shown");
    Ok(())
}

/// Whether this visitor gave a reason under this key a short while ago: a page that is loaded again stays open, a link
/// that is passed on does not open it for somebody else.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn is_open(
    ledger: &Ledger,
    caller: &Caller,
    licence: LicenceId,
    key: &str,
) -> Result<bool, StorageError> {
    let (Some(person), Ok(key)) = (caller.visitor.person(), key.parse::<CommandId>()) else {
        return Ok(false);
    };
    let since = caller.now.as_microsecond() - OPEN_MINUTES * 60 * 1_000_000;
    let found: Option<Look> = find(
        ledger.database().read(),
        "SELECT person, reason, at_us FROM licence_look WHERE region = $1 AND id = $2 AND licence = $3 AND person = $4 AND at_us >= $5",
        [
            caller.region.to_string().into(),
            key.to_string().into(),
            licence.to_string().into(),
            person.to_string().into(),
            since.into(),
        ],
    )
    .await?;
    Ok(found.is_some())
}

/// Who looked at a whole licence, the last one first.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn looks(
    ledger: &Ledger,
    region: Region,
    licence: LicenceId,
) -> Result<Vec<Look>, StorageError> {
    list(
        ledger.database().read(),
        "SELECT person, reason, at_us FROM licence_look WHERE region = $1 AND licence = $2 ORDER BY at_us DESC, id LIMIT $3",
        [
            region.to_string().into(),
            licence.to_string().into(),
            LOOKS_MAX.into(),
        ],
    )
    .await
}
