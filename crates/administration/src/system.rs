//! The state of the system, told once for the page and for programs.

use jiff::civil::Date;
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

/// What must be done about the yearly notice of holidays; nothing while next year's is not due. The State Council's office
/// publishes it in November, and from then on deadlines reach into the next year.
pub(crate) fn holidays_warning(years: Option<(i16, i16)>, today: Date) -> Option<String> {
    let last = years.map_or(0, |(_, last)| last);
    let missing = if last < today.year() {
        today.year()
    } else if last == today.year() && today.month() >= 11 {
        today.year() + 1
    } else {
        return None;
    };
    Some(format!(
        "{missing} 年的放假安排还没有导入，跨到 {missing} 年的期限现在只按周一至周五计算。国务院办公厅的通知发布后，请到“工作日历”导入，期限会自动重新推算。"
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::holidays_warning;

    #[test]
    fn the_notice_of_next_year_is_missed_from_november_on() {
        for (years, today, missing) in [
            (Some((2004, 2026)), date(2026, 10, 31), None),
            (Some((2004, 2026)), date(2026, 11, 1), Some("2027 年")),
            (Some((2004, 2026)), date(2027, 1, 2), Some("2027 年")),
            (Some((2004, 2027)), date(2026, 12, 31), None),
            (None, date(2026, 3, 1), Some("2026 年")),
        ] {
            let told = holidays_warning(years, today);
            assert_eq!(told.is_some(), missing.is_some(), "{years:?} {today}");
            let is_named = told
                .unwrap_or_default()
                .starts_with(missing.unwrap_or_default());
            assert!(is_named, "{years:?} {today}");
        }
    }
}
