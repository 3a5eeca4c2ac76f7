//! Which files were uploaded and are not named by a case yet. A file lies in the store before the command that names it
//! is sent; many are never named, because the applicant changed their mind. This table remembers them until a sweep has
//! either seen them on the ledger or removed them.
//!
//! Files that the house makes itself (notices, licences) are never in it, and somebody who uploads a copy of one of them
//! must not be able to have it removed: what was in the store before it was uploaded counts as named.

use std::collections::{BTreeSet, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    Ledger, NoRow, StorageError,
    storage::{Value, execute, find, list, list_placeholder},
};

use super::{
    DraftError, DraftStore,
    forgotten::{is_paper, not_on_ledger},
};
use crate::{
    files::{FileError, FileStore, Prepared},
    model::FileReference,
};

/// Whose uploads those are that were stored before uploads were noted, and to whom a name belongs until somebody is known.
pub(crate) const NOBODY: PersonId = PersonId::from_u128(0);
/// How far beyond an upload the ledger is read back: records keep what the clock said, and it may have been set back
/// between the upload and the record that names it. A month, in microseconds.
const CLOCK_LEEWAY_US: i64 = 32 * 24 * 3_600 * 1_000_000;
/// How many records are read from the ledger in one go.
const RECORDS_READ_MAX: i64 = 500;

/// The uploads of a house.
#[derive(Clone)]
pub struct UploadStore {
    ledger: Ledger,
    files: FileStore,
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    sha256: String,
    person: String,
    for_another: bool,
    uploaded_at_us: i64,
    check_at_us: i64,
}

#[derive(Deserialize)]
struct RecordRow {
    seq: i64,
    payload: String,
    recorded_at_us: i64,
}

#[derive(Deserialize)]
struct Found {
    sha256: String,
}

/// Who brings a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bringer {
    /// The person whose matter it is for.
    Own(PersonId),
    /// Staff or a program, for somebody whom the command that names the file will tell.
    ForAnother(PersonId),
}

impl Bringer {
    const fn person(self) -> PersonId {
        match self {
            Self::Own(person) | Self::ForAnother(person) => person,
        }
    }

    const fn is_for_another(self) -> bool {
        matches!(self, Self::ForAnother(_))
    }

    /// To whom the file's name belongs.
    const fn owner(self) -> PersonId {
        match self {
            Self::Own(person) => person,
            Self::ForAnother(_) => NOBODY,
        }
    }
}

impl UploadStore {
    /// The uploads beside a ledger.
    pub const fn new(ledger: Ledger, files: FileStore) -> Self {
        Self { ledger, files }
    }

    /// Keeps what somebody hands in: found out what it is, freed from position data, noted, stored. It must be named by
    /// a case or a draft within `kept`.
    ///
    /// # Errors
    /// When the file is not one that the house takes, or a store fails.
    pub async fn take(
        &self,
        region: Region,
        name: &str,
        bytes: Vec<u8>,
        bringer: Bringer,
        kept: SignedDuration,
    ) -> Result<FileReference, FileError> {
        let prepared = Prepared::of(name, bytes, bringer.owner())?;
        let sha256 = &prepared.reference().sha256;
        let is_older = self.files.has(sha256).await? && !self.is_noted(sha256).await?;
        // Noted before it is stored: a power cut between the two leaves a row without a file, never the reverse.
        let now = self.ledger.now();
        let until = later(now, kept);
        self.note(region, sha256, bringer, now, until, is_older)
            .await?;
        self.files.keep(prepared).await
    }

    /// Those of these files that one of these people brought. Whoever merely knows the digest of a file has not brought it.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn brought_by(
        &self,
        region: Region,
        files: &BTreeSet<String>,
        people: &[PersonId],
    ) -> Result<HashSet<String>, StorageError> {
        if files.is_empty() || people.is_empty() {
            return Ok(HashSet::new());
        }
        let mut values: Vec<Value> = vec![region.to_string().into()];
        values.extend(files.iter().map(Value::from));
        values.extend(people.iter().map(|person| person.to_string().into()));
        let rows: Vec<Found> = list(
            self.ledger.database().read(),
            &format!(
                "SELECT DISTINCT sha256 FROM case_upload WHERE region = $1 AND sha256 IN ({}) AND person IN ({})",
                list_placeholder(2, files.len()),
                list_placeholder(2 + files.len(), people.len()),
            ),
            values,
        )
        .await?;
        Ok(rows.into_iter().map(|row| row.sha256).collect())
    }

    /// Asks over all regions, because they share the files.
    async fn is_noted(&self, sha256: &str) -> Result<bool, StorageError> {
        let row: Option<Found> = find(
            self.ledger.database().read(),
            "SELECT sha256 FROM case_upload WHERE sha256 = $1 LIMIT 1",
            [sha256.into()],
        )
        .await?;
        Ok(row.is_some())
    }

    async fn note(
        &self,
        region: Region,
        sha256: &str,
        bringer: Bringer,
        at: Timestamp,
        check_at_us: i64,
        is_named: bool,
    ) -> Result<(), StorageError> {
        // Rides along with the commands: three scans of an application would cost three flushes.
        self.ledger.write_along::<NoRow>(
            region,
            "INSERT INTO case_upload (region, sha256, person, uploaded_at_us, check_at_us, is_named, for_another) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (region, sha256, person) DO UPDATE SET uploaded_at_us = excluded.uploaded_at_us, check_at_us = excluded.check_at_us",
            [
                region.to_string().into(),
                sha256.into(),
                bringer.person().to_string().into(),
                at.as_microsecond().into(),
                check_at_us.into(),
                is_named.into(),
                bringer.is_for_another().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Notes files of the store that neither a row nor a record names, and tells how many. They have the usual time to
    /// be named from now on.
    ///
    /// # Errors
    /// Whatever storage reports; what was noted stays noted.
    pub(crate) async fn adopt(
        &self,
        region: Region,
        names: Vec<String>,
        kept: SignedDuration,
    ) -> Result<usize, StorageError> {
        // Before the ledger is read: a record that names one of them meanwhile is found by the sweep.
        let now = self.ledger.now();
        let mut unknown = BTreeSet::new();
        for name in names {
            if !self.is_noted(&name).await? && !is_paper(&self.ledger, &name).await? {
                unknown.insert(name);
            }
        }
        let unnamed = not_on_ledger(&self.ledger, unknown, &HashSet::new()).await?;
        for sha256 in &unnamed {
            let nobody = Bringer::ForAnother(NOBODY);
            self.note(region, sha256, nobody, now, later(now, kept), false)
                .await?;
        }
        Ok(unnamed.len())
    }

    /// Looks at files whose time to be named is over, at most `count_max`, and removes those that nothing names. Tells
    /// how many were looked at and how many removed.
    ///
    /// # Errors
    /// When a store fails; what was not finished is looked at again.
    pub(crate) async fn sweep(
        &self,
        region: Region,
        drafts: &DraftStore,
        kept: SignedDuration,
        count_max: i64,
    ) -> Result<(usize, usize), FileError> {
        let now = self.ledger.now();
        let rows: Vec<Row> = list(
            self.ledger.database().read(),
            "SELECT sha256, person, for_another, uploaded_at_us, check_at_us FROM case_upload
             WHERE region = $1 AND is_named = FALSE AND check_at_us <= $2 ORDER BY check_at_us LIMIT $3",
            [
                region.to_string().into(),
                now.as_microsecond().into(),
                count_max.into(),
            ],
        )
        .await?;
        let looked_at = rows.len();
        let unnamed = self.unnamed(region, rows).await?;
        let mut removed = 0;
        for row in unnamed {
            if is_paper(&self.ledger, &row.sha256).await? {
                self.settle(region, &row, "is_named = $5", true.into())
                    .await?;
            } else if in_draft(drafts, region, &row).await? {
                self.settle(region, &row, "check_at_us = $5", later(now, kept).into())
                    .await?;
            } else if self.forget_row(region, &row).await? && !self.is_noted(&row.sha256).await? {
                self.files.remove(&row.sha256).await?;
                removed += 1;
            }
        }
        Ok((looked_at, removed))
    }

    /// Marks what a record of any region names, because the regions share the files; the others are returned.
    async fn unnamed(&self, region: Region, mut rows: Vec<Row>) -> Result<Vec<Row>, StorageError> {
        for chain in self.ledger.regions().await? {
            rows = self.unnamed_in(chain, region, rows).await?;
        }
        Ok(rows)
    }

    /// Reads a chain from its end back to the oldest upload.
    async fn unnamed_in(
        &self,
        chain: Region,
        region: Region,
        mut rows: Vec<Row>,
    ) -> Result<Vec<Row>, StorageError> {
        let mut before = i64::MAX;
        while let Some(oldest) = rows.iter().map(|row| row.uploaded_at_us).min() {
            let records: Vec<RecordRow> = list(
                self.ledger.database().read(),
                "SELECT seq, payload, recorded_at_us FROM event WHERE region = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
                [
                    chain.to_string().into(),
                    before.into(),
                    RECORDS_READ_MAX.into(),
                ],
            )
            .await?;
            for record in &records {
                let (named, others): (Vec<Row>, Vec<Row>) = rows
                    .into_iter()
                    .partition(|row| record.payload.contains(&row.sha256));
                rows = others;
                for row in named {
                    self.settle(region, &row, "is_named = $5", true.into())
                        .await?;
                }
            }
            let newest = records.iter().map(|record| record.recorded_at_us).max();
            match (records.last(), newest) {
                (Some(last), Some(newest)) if newest >= oldest - CLOCK_LEEWAY_US => {
                    before = last.seq;
                }
                _ => break,
            }
        }
        Ok(rows)
    }

    /// Changes a row that nobody touched meanwhile: an upload of the same content begins anew.
    async fn settle(
        &self,
        region: Region,
        row: &Row,
        change: &str,
        value: Value,
    ) -> Result<(), StorageError> {
        execute(
            self.ledger.database().write(),
            &format!(
                "UPDATE case_upload SET {change} WHERE region = $1 AND sha256 = $2 AND person = $3 AND check_at_us = $4"
            ),
            [
                region.to_string().into(),
                row.sha256.clone().into(),
                row.person.clone().into(),
                row.check_at_us.into(),
                value,
            ],
        )
        .await?;
        Ok(())
    }

    /// Removes a row that nobody touched meanwhile, and tells whether it did.
    async fn forget_row(&self, region: Region, row: &Row) -> Result<bool, StorageError> {
        let removed = execute(
            self.ledger.database().write(),
            "DELETE FROM case_upload WHERE region = $1 AND sha256 = $2 AND person = $3 AND check_at_us = $4 AND is_named = FALSE",
            [
                region.to_string().into(),
                row.sha256.clone().into(),
                row.person.clone().into(),
                row.check_at_us.into(),
            ],
        )
        .await?;
        Ok(removed == 1)
    }
}

async fn in_draft(drafts: &DraftStore, region: Region, row: &Row) -> Result<bool, FileError> {
    let Ok(person) = row.person.parse() else {
        return Ok(false);
    };
    let found = if row.for_another {
        drafts.any_names(region, &row.sha256).await
    } else {
        drafts
            .of_person(region, person)
            .await
            .map(|drafts| drafts.iter().any(|draft| draft.content.names(&row.sha256)))
    };
    match found {
        Ok(is_named) => Ok(is_named),
        Err(DraftError::Storage(error)) => Err(error.into()),
        // A draft that does not open is nobody's any more, but nothing is removed on that ground.
        Err(DraftError::Sealing(_)) => Ok(true),
    }
}

fn later(now: Timestamp, by: SignedDuration) -> i64 {
    now.checked_add(by).unwrap_or(now).as_microsecond()
}
