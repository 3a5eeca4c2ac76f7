//! Puts the imported notices in force. The calendar is held in memory by each server, so it is read
//! from the ledger at start, after an import, and from time to time, because another server may have
//! taken the import.

use wuchuang_calendar::Calendar;
use wuchuang_kernel::Region;
use wuchuang_ledger::{Ledger, LoadError};

use crate::model::{CALENDAR_STREAM, WorkingCalendar};

/// Lays the region's imported notices over the built-in years. It may be called at any time; when
/// nothing new was imported nothing changes.
///
/// # Errors
/// When the notices cannot be read from the ledger.
pub async fn calendar_put_in_force(ledger: &Ledger, region: Region) -> Result<(), LoadError> {
    let Some((_, imported)) = ledger
        .load::<WorkingCalendar>(region, CALENDAR_STREAM)
        .await?
    else {
        return Ok(());
    };
    let present = ledger.calendar();
    let notices = imported.in_force();
    let is_known = notices
        .iter()
        .all(|(year, notice)| present.notice(*year) == Some(*notice));
    if !is_known {
        let base = Calendar::embedded().with_office_hours(present.office_hours().clone());
        let earlier = imported.before(&base);
        ledger.set_calendar(imported.over(base), earlier);
        tracing::info!(years = notices.len(), "the working calendar was renewed");
    }
    Ok(())
}
