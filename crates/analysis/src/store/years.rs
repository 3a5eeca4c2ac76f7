//! The tables of earlier years: the years that were brought, and their lines.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::list,
};

use crate::model::{
    month::Month,
    year::{EarlierMonth, EarlierYear, EarlierYearStream, YearEvent},
};

/// How many years are listed at most.
const YEARS_MAX: i64 = 200;

const YEARS: Table = Table {
    name: "analysis_year",
    columns: &[
        "region",
        "year",
        "revision",
        "line_count",
        "reason",
        "imported_by",
        "imported_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

const LINES: Table = Table {
    name: "analysis_earlier",
    columns: &[
        "region", "year", "revision", "month", "item", "channel", "applied", "accepted", "refused",
    ],
    key_columns: 6,
    existing: Existing::Impossible,
};

/// Writes the earlier years.
pub(crate) struct YearProjection;

impl Projection for YearProjection {
    fn name(&self) -> &'static str {
        "analysis_years"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[EarlierYearStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["analysis_year", "analysis_earlier"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let (Some(YearEvent::Imported(year)), Some(state)) = (
            recorded.event::<EarlierYearStream>(),
            recorded.state::<EarlierYearStream>(),
        ) else {
            return Ok(());
        };
        let revision = i64::from(state.revision);
        let by = recorded.actor.person;
        sheet.put(
            &YEARS,
            [
                recorded.region.to_string().into(),
                i64::from(year.year).into(),
                revision.into(),
                i64::try_from(year.lines()).unwrap_or(i64::MAX).into(),
                year.reason.clone().into(),
                by.map(|by| by.to_string()).unwrap_or_default().into(),
                recorded.recorded_at.as_microsecond().into(),
            ],
        );
        put_lines(sheet, recorded.region, revision, year);
        // Rows are written before statements: what the year had before goes once the new lines are there.
        sheet.run(
            "DELETE FROM analysis_earlier WHERE region = $1 AND year = $2 AND revision < $3",
            [
                recorded.region.to_string().into(),
                i64::from(year.year).into(),
                revision.into(),
            ],
        );
        Ok(())
    }
}

fn put_lines(sheet: &mut Sheet, region: Region, revision: i64, year: &EarlierYear) {
    for item in &year.items {
        for EarlierMonth(number, channel, applied, accepted, refused) in &item.months {
            let month = i16::try_from(year.year)
                .ok()
                .and_then(|year| Month::new(year, i8::try_from(*number).ok()?));
            let Some(month) = month else { continue };
            sheet.put(
                &LINES,
                [
                    region.to_string().into(),
                    i64::from(year.year).into(),
                    revision.into(),
                    month.to_string().into(),
                    item.item.to_string().into(),
                    channel.code().into(),
                    i64::from(*applied).into(),
                    i64::from(*accepted).into(),
                    i64::from(*refused).into(),
                ],
            );
        }
    }
}

/// A year that was brought.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct YearRow {
    pub(crate) year: i64,
    pub(crate) revision: i64,
    pub(crate) line_count: i64,
    pub(crate) reason: String,
    pub(crate) imported_by: String,
    imported_at_us: i64,
}

impl YearRow {
    /// When it was brought.
    pub(crate) fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.imported_at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The years that were brought, the newest first.
pub(crate) async fn years(
    database: &Database,
    region: Region,
) -> Result<Vec<YearRow>, StorageError> {
    list(
        database.read(),
        "SELECT year, revision, line_count, reason, imported_by, imported_at_us FROM analysis_year
         WHERE region = $1 ORDER BY year DESC LIMIT $2",
        [region.to_string().into(), YEARS_MAX.into()],
    )
    .await
}
