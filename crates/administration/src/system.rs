//! The state of the system, told once for the page and for programs.

use wuchuang_ledger::storage::Backend;
use wuchuang_webkit::{Caller, Failure, assets};

use crate::{Rooms, seal::SealState, store};

/// The state of the system.
pub(crate) struct SystemState {
    /// The program's version.
    pub(crate) version: &'static str,
    pub(crate) engine: &'static str,
    /// Whether the pages have their styles.
    pub(crate) has_assets: bool,
    pub(crate) records: i64,
    /// When the last checkpoint was signed, in microseconds since 1970 UTC.
    pub(crate) checkpoint_at_us: Option<i64>,
    pub(crate) jobs_waiting: i64,
    /// The first and the last year whose notice of holidays is known.
    pub(crate) years: Option<(i16, i16)>,
    pub(crate) seal: SealState,
}

/// Reads the state of the system.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn state(rooms: &Rooms, caller: &Caller) -> Result<SystemState, Failure> {
    let (ledger, database) = (&rooms.ledger, rooms.ledger.database());
    let head = store::head(database, caller.region).await?;
    let checkpoints = store::checkpoints(database, caller.region, i64::MAX, 1).await?;
    let calendar = ledger.calendar();
    let (mut first, mut last) = (None, None);
    for year in calendar.known_years() {
        first = first.or(Some(year));
        last = Some(year);
    }
    Ok(SystemState {
        version: env!("CARGO_PKG_VERSION"),
        engine: match database.backend() {
            Backend::Postgres => "postgresql",
            Backend::Sqlite => "sqlite",
        },
        has_assets: assets::are_built(),
        records: head.map_or(0, |head| head.seq),
        checkpoint_at_us: checkpoints.first().map(|last| last.signed_at_us),
        jobs_waiting: ledger.jobs_waiting().await?,
        years: first.zip(last),
        seal: rooms.seal.state(caller.now),
    })
}
