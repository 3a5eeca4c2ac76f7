//! Who looked at masked values of cases, over all cases: for the audit, which asks about people and days and not about one
//! case. What was looked at is named as lists name it, so that the audit's page reveals nothing itself.

use std::fmt::Write;

use jiff::civil::{Date, Time};
use sea_orm::{FromQueryResult, Value};
use wuchuang_calendar::china_instant;
use wuchuang_kernel::{PersonId, Region, mask_name};
use wuchuang_ledger::{StorageError, storage::list};

use crate::service::Cases;

/// How many people are offered as a filter.
const PEOPLE_MAX: i64 = 500;

/// One look.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LookRow {
    /// Its key.
    pub id: String,
    /// The case.
    pub case_id: String,
    /// The case's number.
    pub number: String,
    /// The case's item.
    pub item_name: String,
    applicant_kind: String,
    applicant_name: String,
    /// Who looked.
    pub person: String,
    /// In which post.
    pub post: String,
    /// Why.
    pub reason: String,
    /// Through a page or a program; empty for looks before this was kept.
    pub channel: String,
    /// From which address; empty when nobody knows.
    pub address: String,
    /// When, in microseconds since 1970 UTC.
    pub at_us: i64,
}

impl LookRow {
    /// Whose data it was, as lists show it: persons masked, organisations in full.
    pub fn applicant_shown(&self) -> String {
        if self.applicant_kind == "organisation" {
            self.applicant_name.clone()
        } else {
            mask_name(&self.applicant_name)
        }
    }
}

/// Which looks are listed.
#[derive(Debug, Clone, Default)]
pub struct LookFilter {
    /// Only those of this member of staff.
    pub person: Option<PersonId>,
    /// Only on this day or later.
    pub from: Option<Date>,
    /// Only on this day or earlier.
    pub until: Option<Date>,
}

#[derive(FromQueryResult)]
struct Somebody {
    person: String,
}

fn begins_us(day: Date) -> i64 {
    china_instant(day, Time::midnight()).as_microsecond()
}

impl Cases {
    /// The looks before a place (instant and key), the last one first.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn looks(
        &self,
        region: Region,
        filter: &LookFilter,
        before: (i64, &str),
        limit: i64,
    ) -> Result<Vec<LookRow>, StorageError> {
        let mut values: Vec<Value> = vec![
            region.to_string().into(),
            before.0.into(),
            before.1.into(),
            limit.into(),
        ];
        let mut narrowed = String::new();
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            let _ = write!(narrowed, " AND {condition} ${}", values.len());
        };
        if let Some(person) = filter.person {
            narrow("r.person =", person.to_string().into());
        }
        if let Some(day) = filter.from {
            narrow("r.at_us >=", begins_us(day).into());
        }
        if let Some(day) = filter.until {
            narrow("r.at_us <", begins_us(day.tomorrow().unwrap_or(day)).into());
        }
        list(
            self.ledger().database().read(),
            &format!(
                "SELECT r.id, r.case_id, c.number, c.item_name, c.applicant_kind, c.applicant_name,
                    r.person, r.post, r.reason, r.channel, r.address, r.at_us
                 FROM case_reveal r JOIN case_file c ON c.region = r.region AND c.id = r.case_id
                 WHERE r.region = $1 AND (r.at_us < $2 OR (r.at_us = $2 AND r.id < $3)){narrowed}
                 ORDER BY r.at_us DESC, r.id DESC LIMIT $4"
            ),
            values,
        )
        .await
    }

    /// Everybody who looked some time, at most five hundred.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn lookers(&self, region: Region) -> Result<Vec<PersonId>, StorageError> {
        let rows: Vec<Somebody> = list(
            self.ledger().database().read(),
            "SELECT DISTINCT person FROM case_reveal WHERE region = $1 ORDER BY person LIMIT $2",
            [region.to_string().into(), PEOPLE_MAX.into()],
        )
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| row.person.parse().ok())
            .collect())
    }
}
