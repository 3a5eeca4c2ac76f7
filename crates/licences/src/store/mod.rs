//! The licence store's tables and queries.

mod projection;
mod seals;

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{LicenceId, OrganisationId, PersonId, Region, mask_name};
use wuchuang_ledger::storage::Value;
use wuchuang_ledger::{
    Database, StorageError,
    storage::{find, list},
};

use crate::model::{LicenceStatus, titled};

pub(crate) use projection::{LicenceProjection, holder_hash};
pub(crate) use seals::{SealProjection, SealRow, seals};

/// How many licences of one holder are listed.
const LICENCES_OF_MAX: i64 = 200;

const COLUMNS: &str = "id, identifier, number, name, holder_name, holder_kind, holder_person, organisation, \
     organisation_name, case_id, case_number, valid_from, valid_until, standing, document_sha256, issued_at_us, is_copy";

/// A licence as lists show it and as another case may reuse it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LicenceSummary {
    /// Which one.
    pub id: String,
    /// 电子证照标识.
    pub identifier: String,
    /// The number that people read.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The holder's name; empty after they were forgotten.
    pub holder_name: String,
    /// `person` or `organisation`.
    pub holder_kind: String,
    /// The holder, or who applied for the organisation.
    pub holder_person: String,
    /// The issuing organisation.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// The case that it follows from.
    pub case_id: String,
    /// That case's number.
    pub case_number: String,
    /// The first day of validity.
    pub valid_from: String,
    /// The last day of validity; `None` means 长期.
    pub valid_until: Option<String>,
    /// Whether it stands, as stored.
    pub standing: String,
    /// SHA-256 of the signed document; empty until it was made.
    pub document_sha256: String,
    /// When it was issued, in microseconds since 1970 UTC.
    pub issued_at_us: i64,
    /// Whether only the copy was issued yet (承诺制+副本制).
    pub is_copy: bool,
}

impl LicenceSummary {
    /// Its name, with 副本 while there is only the copy.
    pub fn title(&self) -> String {
        titled(&self.name, self.is_copy)
    }

    /// What it is worth on a day.
    pub fn status(&self, today: Date) -> LicenceStatus {
        let last = self.valid_until.as_deref().and_then(|day| day.parse().ok());
        LicenceStatus::of(&self.standing, last, today)
    }

    /// The licence's identifier.
    pub fn licence(&self) -> Option<LicenceId> {
        self.id.parse().ok()
    }

    /// The holder's name as strangers may see it: people masked, organisations in full.
    pub fn holder_masked(&self) -> String {
        if self.holder_kind == "organisation" {
            self.holder_name.clone()
        } else {
            mask_name(&self.holder_name)
        }
    }

    /// `2026-11-20 至 2031-11-19`, or `… 至 长期`.
    pub fn validity(&self) -> String {
        format!(
            "{} 至 {}",
            self.valid_from,
            self.valid_until.as_deref().unwrap_or("长期")
        )
    }
}

async fn one(
    database: &Database,
    region: Region,
    column: &'static str,
    value: &str,
) -> Result<Option<LicenceSummary>, StorageError> {
    find(
        database.read(),
        &format!("SELECT {COLUMNS} FROM licence WHERE region = $1 AND {column} = $2 LIMIT 1"),
        [region.to_string().into(), value.into()],
    )
    .await
}

/// The licence with a number or a national identifier.
pub(crate) async fn by_number(
    database: &Database,
    region: Region,
    text: &str,
) -> Result<Option<LicenceSummary>, StorageError> {
    let column = if text.contains('.') {
        "identifier"
    } else {
        "number"
    };
    one(database, region, column, text).await
}

/// The licence whose QR code carries a token.
pub(crate) async fn by_token(
    database: &Database,
    region: Region,
    token: &str,
) -> Result<Option<LicenceSummary>, StorageError> {
    one(database, region, "token", token).await
}

/// The licence whose signed document has this SHA-256.
pub(crate) async fn by_document(
    database: &Database,
    region: Region,
    sha256: &str,
) -> Result<Option<LicenceSummary>, StorageError> {
    one(database, region, "document_sha256", sha256).await
}

/// The licences of a person, also those of organisations for which the person applied; the newest
/// first.
///
/// # Errors
/// When they cannot be read.
pub async fn licences_of_person(
    database: &Database,
    region: Region,
    person: PersonId,
) -> Result<Vec<LicenceSummary>, StorageError> {
    of(database, region, "holder_person", person.to_string()).await
}

/// The licences of a holder by the keyed hash of their number; the newest first.
pub(crate) async fn licences_of_hash(
    database: &Database,
    region: Region,
    hash: &str,
) -> Result<Vec<LicenceSummary>, StorageError> {
    if hash.is_empty() {
        return Ok(Vec::new());
    }
    of(database, region, "holder_hash", hash.to_owned()).await
}

async fn of(
    database: &Database,
    region: Region,
    column: &'static str,
    value: String,
) -> Result<Vec<LicenceSummary>, StorageError> {
    list(
        database.read(),
        &format!("SELECT {COLUMNS} FROM licence WHERE region = $1 AND {column} = $2 ORDER BY issued_at_us DESC, id DESC LIMIT $3"),
        [region.to_string().into(), value.into(), LICENCES_OF_MAX.into()],
    )
    .await
}

/// Which licences a list shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListFilter {
    /// Only those of one issuing organisation; all of them otherwise.
    pub(crate) organisation: Option<OrganisationId>,
    /// Only those of one holder.
    pub(crate) person: Option<PersonId>,
    /// Those before this place: instant and identifier.
    pub(crate) before: Option<(i64, String)>,
}

/// Licences, the newest first.
pub(crate) async fn page(
    database: &Database,
    region: Region,
    filter: &ListFilter,
    limit: i64,
) -> Result<Vec<LicenceSummary>, StorageError> {
    let (before_us, before_id) = filter.before.clone().unwrap_or((i64::MAX, String::new()));
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        before_us.into(),
        before_id.into(),
        limit.into(),
    ];
    let mut conditions = String::new();
    let columns = [
        ("organisation", filter.organisation.map(|id| id.to_string())),
        ("holder_person", filter.person.map(|id| id.to_string())),
    ];
    for (column, value) in columns {
        if let Some(value) = value {
            values.push(value.into());
            // Writing to a String cannot fail.
            let _ = write!(conditions, " AND {column} = ${}", values.len());
        }
    }
    list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM licence WHERE region = $1
             AND (issued_at_us < $2 OR (issued_at_us = $2 AND id < $3)){conditions}
             ORDER BY issued_at_us DESC, id DESC LIMIT $4"
        ),
        values,
    )
    .await
}
