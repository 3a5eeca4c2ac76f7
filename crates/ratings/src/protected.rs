//! What the staff of an organisation see of its ratings: grades by item over whole months that have ended, and only where
//! enough people rated. One rating of an item on a day would name the person, and so would two periods that differ by a day
//! or a sum with all its parts but one; supervision, which calls back, sees everything (GB/T 39735).

use jiff::{Span, civil::Date, tz::TimeZone};
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Region};
use wuchuang_ledger::{Database, StorageError, storage::list};

use crate::{
    pages::Period,
    store::{Figures, figures},
};

/// How many ratings of an item a period must have before its grades are shown.
pub(crate) const RATINGS_MIN: i64 = 5;
/// How many items are listed.
const ITEMS_MAX: i64 = 2_000;

/// The grades of one item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ItemGrades {
    pub(crate) item_name: String,
    pub(crate) rated: i64,
    pub(crate) stars_1: i64,
    pub(crate) stars_2: i64,
    pub(crate) stars_3: i64,
    pub(crate) stars_4: i64,
    pub(crate) stars_5: i64,
}

/// The whole months of a period that have ended; `None` when none has.
pub(crate) fn ended_months(period: Period, today: Date) -> Option<Period> {
    let first = period.first.first_of_month();
    let last = period.last.last_of_month().min(
        today
            .first_of_month()
            .checked_sub(Span::new().days(1))
            .ok()?,
    );
    (first <= last).then_some(Period { first, last })
}

/// The items of an organisation that enough people rated in a period of whole months.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn grades_by_item(
    database: &Database,
    region: Region,
    organisation: OrganisationId,
    period: Period,
) -> Result<Vec<ItemGrades>, StorageError> {
    let from = midnight_us(period.first);
    let until = period
        .last
        .checked_add(Span::new().days(1))
        .map_or(i64::MAX, midnight_us);
    list(
        database.read(),
        "SELECT MAX(item_name) AS item_name, CAST(COUNT(*) AS BIGINT) AS rated,
            CAST(SUM(CASE WHEN stars = 1 THEN 1 ELSE 0 END) AS BIGINT) AS stars_1,
            CAST(SUM(CASE WHEN stars = 2 THEN 1 ELSE 0 END) AS BIGINT) AS stars_2,
            CAST(SUM(CASE WHEN stars = 3 THEN 1 ELSE 0 END) AS BIGINT) AS stars_3,
            CAST(SUM(CASE WHEN stars = 4 THEN 1 ELSE 0 END) AS BIGINT) AS stars_4,
            CAST(SUM(CASE WHEN stars = 5 THEN 1 ELSE 0 END) AS BIGINT) AS stars_5
         FROM rating WHERE region = $1 AND organisation = $2 AND rated_at_us >= $3 AND rated_at_us < $4
         GROUP BY item HAVING COUNT(*) >= $5 ORDER BY item LIMIT $6",
        [
            region.to_string().into(),
            organisation.to_string().into(),
            from.into(),
            until.into(),
            RATINGS_MIN.into(),
            ITEMS_MAX.into(),
        ],
    )
    .await
}

/// The figures of an organisation over whole months: how many cases ended and were rated, and the grades of those items
/// alone that are shown, so that nothing can be subtracted.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn figures_of(
    database: &Database,
    region: Region,
    organisation: OrganisationId,
    period: Period,
    items: &[ItemGrades],
) -> Result<Vec<Figures>, StorageError> {
    let days = (period.first, period.last);
    let mut rows = figures(database, region, Some(organisation), days).await?;
    let sum = |part: fn(&ItemGrades) -> i64| items.iter().map(part).sum();
    for row in &mut rows {
        row.stars_1 = sum(|item| item.stars_1);
        row.stars_2 = sum(|item| item.stars_2);
        row.stars_3 = sum(|item| item.stars_3);
        row.stars_4 = sum(|item| item.stars_4);
        row.stars_5 = sum(|item| item.stars_5);
    }
    Ok(rows)
}

/// The first instant of a day in China, in microseconds.
pub(crate) fn midnight_us(day: Date) -> i64 {
    let china = TimeZone::fixed(jiff::tz::offset(8));
    day.to_zoned(china)
        .map_or(i64::MIN, |midnight| midnight.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_whole_months_that_have_ended_are_shown() {
        let today = date(2026, 11, 22);
        let ended = |first, last| {
            ended_months(Period { first, last }, today)
                .map(|period| format!("{} {}", period.first, period.last))
        };
        assert_eq!(
            ended(date(2026, 10, 24), today).as_deref(),
            Some("2026-10-01 2026-10-31")
        );
        // Two periods that differ by a day show the same.
        assert_eq!(
            ended(date(2026, 8, 3), date(2026, 9, 4)),
            ended(date(2026, 8, 4), date(2026, 9, 5))
        );
        assert_eq!(ended(date(2026, 11, 1), date(2026, 11, 21)), None);
        assert_eq!(ended(date(2027, 1, 1), date(2027, 1, 2)), None);
    }

    #[test]
    fn a_day_begins_in_china() {
        let midnight = jiff::Timestamp::from_microsecond(midnight_us(date(2026, 11, 1))).unwrap();
        assert_eq!(midnight.to_string(), "2026-10-31T16:00:00Z");
    }
}
