//! Queries on ratings: invitations, the list, the figures.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{CaseId, OrganisationId, PersonId, Region};
use wuchuang_ledger::storage::Value;
use wuchuang_ledger::{
    Database, StorageError,
    storage::{find, list},
};
use wuchuang_webkit::Failure;

use crate::protected::midnight_us;

/// A rating with so many stars is a bad one (差评).
const STARS_BAD_MAX: i64 = 2;
/// How many organisations the figures list at most.
const ORGANISATIONS_MAX: i64 = 2_000;

/// An ended case that may be rated, or was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) token: String,
    pub(crate) case_id: String,
    pub(crate) person: String,
    pub(crate) item: String,
    pub(crate) item_name: String,
    pub(crate) organisation: String,
    pub(crate) organisation_name: String,
    pub(crate) ended_at_us: i64,
    pub(crate) is_rated: bool,
}

const INVITATION_COLUMNS: &str = "token, case_id, person, item, item_name, organisation, organisation_name, ended_at_us, is_rated";

/// The invitation behind a link.
pub(crate) async fn invitation(
    database: &Database,
    region: Region,
    token: &str,
) -> Result<Option<Invitation>, StorageError> {
    find(
        database.read(),
        &format!(
            "SELECT {INVITATION_COLUMNS} FROM rating_invitation WHERE region = $1 AND token = $2"
        ),
        [region.to_string().into(), token.into()],
    )
    .await
}

/// The invitation of a case.
pub(crate) async fn invitation_of_case(
    database: &Database,
    region: Region,
    case: CaseId,
) -> Result<Option<Invitation>, StorageError> {
    find(
        database.read(),
        &format!(
            "SELECT {INVITATION_COLUMNS} FROM rating_invitation WHERE region = $1 AND case_id = $2"
        ),
        [region.to_string().into(), case.to_string().into()],
    )
    .await
}

/// Where a list of invitations goes on: instant and token of the last one shown.
pub(crate) type InvitationPlace = (i64, String);

/// The invitations of a person behind a place, the newest first.
pub(crate) async fn invitations_of(
    database: &Database,
    region: Region,
    person: PersonId,
    behind: Option<InvitationPlace>,
    limit: i64,
) -> Result<Vec<Invitation>, StorageError> {
    let (before_us, after) = behind.unwrap_or((i64::MAX, String::new()));
    list(
        database.read(),
        &format!(
            "SELECT {INVITATION_COLUMNS} FROM rating_invitation WHERE region = $1 AND person = $2
             AND (ended_at_us < $3 OR (ended_at_us = $3 AND token > $4))
             ORDER BY ended_at_us DESC, token LIMIT $5"
        ),
        [
            region.to_string().into(),
            person.to_string().into(),
            before_us.into(),
            after.into(),
            limit.into(),
        ],
    )
    .await
}

/// A rating without who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RatingRow {
    pub(crate) id: String,
    pub(crate) stars: i64,
    pub(crate) channel: i64,
    pub(crate) labels: String,
    pub(crate) item_name: String,
    pub(crate) organisation_name: String,
    pub(crate) openings: i64,
    pub(crate) rated_at_us: i64,
}

impl RatingRow {
    /// Whether supervision may open it to call back.
    pub(crate) const fn is_bad(&self) -> bool {
        self.stars <= STARS_BAD_MAX
    }
}

/// Where a list of ratings goes on: behind an instant, and behind so many ratings of that very instant. The key of a rating
/// is its case's and stands in no cursor, because whose service was good is told to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RatingPlace {
    at_us: i64,
    shown: i64,
}

impl RatingPlace {
    /// Behind what was shown from a place on.
    pub(crate) fn behind(rows: &[RatingRow], from: Option<Self>) -> Option<Self> {
        let at_us = rows.last()?.rated_at_us;
        let of_instant = rows.iter().rev().take_while(|row| row.rated_at_us == at_us);
        let count = of_instant.count();
        let carried = from
            .filter(|from| from.at_us == at_us && count == rows.len())
            .map_or(0, |from| from.shown);
        Some(Self {
            at_us,
            shown: carried + i64::try_from(count).unwrap_or(i64::MAX),
        })
    }
}

impl fmt::Display for RatingPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.at_us, self.shown)
    }
}

impl FromStr for RatingPlace {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let read = || {
            let (at_us, shown) = text.split_once('-')?;
            let shown = shown.parse::<u32>().ok()?;
            Some(Self {
                at_us: at_us.parse().ok()?,
                shown: i64::from(shown),
            })
        };
        read().ok_or_else(|| Failure::invalid("翻页位置不对，请回到第一页。").at("cursor"))
    }
}

/// Which ratings.
#[derive(Debug, Clone, Default)]
pub(crate) struct RatingFilter {
    /// Only those of one organisation.
    pub(crate) organisation: Option<OrganisationId>,
    /// Only bad ones.
    pub(crate) is_bad: bool,
    /// Only those of these days, both included.
    pub(crate) days: Option<(Date, Date)>,
    /// Those behind this place.
    pub(crate) from: Option<RatingPlace>,
}

/// Ratings, the newest first.
pub(crate) async fn ratings(
    database: &Database,
    region: Region,
    filter: &RatingFilter,
    limit: i64,
) -> Result<Vec<RatingRow>, StorageError> {
    let from = filter.from.unwrap_or(RatingPlace {
        at_us: i64::MAX,
        shown: 0,
    });
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        from.at_us.into(),
        from.shown.into(),
        limit.into(),
    ];
    let mut conditions = String::new();
    if let Some(organisation) = filter.organisation {
        values.push(organisation.to_string().into());
        conditions.push_str(" AND organisation = $5");
    }
    if filter.is_bad {
        values.push(STARS_BAD_MAX.into());
        let _ = write!(conditions, " AND stars <= ${}", values.len());
    }
    if let Some((first, last)) = filter.days {
        values.push(midnight_us(first).into());
        let _ = write!(conditions, " AND rated_at_us >= ${}", values.len());
        let behind = last.tomorrow().map_or(i64::MAX, midnight_us);
        values.push(behind.into());
        let _ = write!(conditions, " AND rated_at_us < ${}", values.len());
    }
    list(
        database.read(),
        &format!(
            "SELECT id, stars, channel, labels, item_name, organisation_name, openings, rated_at_us FROM rating
             WHERE region = $1 AND rated_at_us <= $2{conditions}
             ORDER BY rated_at_us DESC, id DESC LIMIT $4 OFFSET $3"
        ),
        values,
    )
    .await
}

/// The figures of one organisation over a period.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Figures {
    /// The organisation.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// How many cases ended.
    pub ended: i64,
    /// How many ratings came in.
    pub rated: i64,
    /// 非常不满意.
    pub stars_1: i64,
    /// 不满意.
    pub stars_2: i64,
    /// 基本满意.
    pub stars_3: i64,
    /// 满意.
    pub stars_4: i64,
    /// 非常满意.
    pub stars_5: i64,
}

impl Figures {
    /// 评价率: ratings for each ended case, in hundredths of a percent. A case may be rated long after it
    /// ended, so that a period can have more ratings than endings.
    pub const fn rating_rate(&self) -> Option<i64> {
        share(self.rated, self.ended)
    }

    /// 满意率: three stars and more among the grades, in hundredths of a percent.
    pub const fn satisfaction_rate(&self) -> Option<i64> {
        let content = self.stars_3 + self.stars_4 + self.stars_5;
        share(content, content + self.bad())
    }

    /// 差评: one and two stars.
    pub const fn bad(&self) -> i64 {
        self.stars_1 + self.stars_2
    }

    /// Several organisations together.
    pub fn total(rows: &[Self]) -> Self {
        let sum = |part: fn(&Self) -> i64| rows.iter().map(part).sum();
        Self {
            organisation: String::new(),
            organisation_name: String::new(),
            ended: sum(|row| row.ended),
            rated: sum(|row| row.rated),
            stars_1: sum(|row| row.stars_1),
            stars_2: sum(|row| row.stars_2),
            stars_3: sum(|row| row.stars_3),
            stars_4: sum(|row| row.stars_4),
            stars_5: sum(|row| row.stars_5),
        }
    }
}

/// A share in hundredths of a percent, rounded down: 100 % means all of them.
const fn share(part: i64, whole: i64) -> Option<i64> {
    if whole == 0 {
        None
    } else {
        Some(part * 10_000 / whole)
    }
}

/// The figures from a day through a day, one row an organisation; of one organisation or of all.
///
/// # Errors
/// When they cannot be read.
pub async fn figures(
    database: &Database,
    region: Region,
    organisation: Option<OrganisationId>,
    (first, last): (Date, Date),
) -> Result<Vec<Figures>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        first.to_string().into(),
        last.to_string().into(),
        ORGANISATIONS_MAX.into(),
    ];
    let condition = if let Some(organisation) = organisation {
        values.push(organisation.to_string().into());
        " AND organisation = $5"
    } else {
        ""
    };
    // PostgreSQL sums BIGINT to NUMERIC, which the rows do not read; the sums fit well into BIGINT.
    list(
        database.read(),
        &format!(
            "SELECT organisation, MAX(organisation_name) AS organisation_name, CAST(SUM(ended) AS BIGINT) AS ended,
                CAST(SUM(rated) AS BIGINT) AS rated, CAST(SUM(stars_1) AS BIGINT) AS stars_1,
                CAST(SUM(stars_2) AS BIGINT) AS stars_2, CAST(SUM(stars_3) AS BIGINT) AS stars_3,
                CAST(SUM(stars_4) AS BIGINT) AS stars_4, CAST(SUM(stars_5) AS BIGINT) AS stars_5
             FROM rating_daily WHERE region = $1 AND day >= $2 AND day <= $3{condition}
             GROUP BY organisation ORDER BY organisation LIMIT $4"
        ),
        values,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_counts_within_an_instant_and_refuses_nonsense() {
        let row = |rated_at_us| RatingRow {
            id: "0192f0c2a4b17c3e9d5566778899aabb".into(),
            stars: 5,
            channel: 1,
            labels: String::new(),
            item_name: String::new(),
            organisation_name: String::new(),
            openings: 0,
            rated_at_us,
        };
        let first = RatingPlace::behind(&[row(9), row(7), row(7)], None).unwrap();
        assert_eq!(first.to_string(), "7-2");
        assert_eq!("7-2".parse::<RatingPlace>().unwrap(), first);
        let same = RatingPlace::behind(&[row(7), row(7)], Some(first)).unwrap();
        assert_eq!(same.to_string(), "7-4");
        let later = RatingPlace::behind(&[row(7), row(5)], Some(same)).unwrap();
        assert_eq!(later.to_string(), "5-1");
        assert_eq!(RatingPlace::behind(&[], None), None);
        for nonsense in ["", "7", "7-", "7--1", "12-'; DROP TABLE rating"] {
            assert!(nonsense.parse::<RatingPlace>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn rates_are_shares_in_hundredths_of_a_percent() {
        let row = |ended, rated, stars: [i64; 5]| Figures {
            organisation: String::new(),
            organisation_name: String::new(),
            ended,
            rated,
            stars_1: stars[0],
            stars_2: stars[1],
            stars_3: stars[2],
            stars_4: stars[3],
            stars_5: stars[4],
        };
        let none = row(0, 0, [0; 5]);
        assert_eq!((none.rating_rate(), none.satisfaction_rate()), (None, None));
        let some = row(3, 2, [1, 0, 0, 0, 1]);
        assert_eq!(
            (some.rating_rate(), some.satisfaction_rate()),
            (Some(6_666), Some(5_000))
        );
        let total = Figures::total(&[some.clone(), some]);
        assert_eq!((total.ended, total.rated, total.bad()), (6, 4, 2));
    }
}
