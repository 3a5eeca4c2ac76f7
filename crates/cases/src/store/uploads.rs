//! Which files were uploaded and are not named by a case yet. A file lies in the store before the command that names it
//! is sent; many are never named, because the applicant changed their mind. This table remembers them until a sweep has
//! either seen them on the ledger or removed them.
//!
//! Files that the house makes itself (notices, licences) are never in it, and somebody who uploads a copy of one of them
//! must not be able to have it removed: what was in the store before it was uploaded counts as named.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult};
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    Ledger, NoRow, StorageError,
    storage::{execute, find, list},
};

use super::{DraftError, DraftStore};
use crate::{
    files::{FileError, FileStore, Prepared},
    model::FileReference,
};

/// How many records are read from the ledger in one go.
const RECORDS_READ_MAX: i64 = 500;

/// The uploads of a house.
#[derive(Clone)]
pub struct UploadStore {
    ledger: Ledger,
    files: FileStore,
}

#[derive(Debug, Clone, FromQueryResult)]
struct Row {
    sha256: String,
    person: String,
    uploaded_at_us: i64,
    check_at_us: i64,
}

#[derive(FromQueryResult)]
struct RecordRow {
    seq: i64,
    payload: String,
    recorded_at_us: i64,
}

#[derive(FromQueryResult)]
struct Found {
    #[expect(dead_code, reason = "only whether there is a row is asked")]
    sha256: String,
}

impl UploadStore {
    /// The uploads beside a ledger.
    pub const fn new(ledger: Ledger, files: FileStore) -> Self {
        Self { ledger, files }
    }

    /// Keeps what a person hands in: found out what it is, freed from position data, noted, stored. It must be named by
    /// a case or a draft within `kept`.
    ///
    /// # Errors
    /// When the file is not one that the house takes, or a store fails.
    pub async fn take(
        &self,
        region: Region,
        name: &str,
        bytes: Vec<u8>,
        person: PersonId,
        kept: SignedDuration,
    ) -> Result<FileReference, FileError> {
        let prepared = Prepared::of(name, bytes, person)?;
        let sha256 = &prepared.reference().sha256;
        let is_older = self.files.has(sha256).await? && !self.is_noted(sha256).await?;
        // Noted before it is stored: a power cut between the two leaves a row without a file, never the reverse.
        self.note(region, sha256, person, kept, is_older).await?;
        self.files.keep(prepared).await
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
        person: PersonId,
        kept: SignedDuration,
        is_named: bool,
    ) -> Result<(), StorageError> {
        let now = self.ledger.now();
        // Rides along with the commands: three scans of an application would cost three flushes.
        self.ledger.write_along::<NoRow>(
            region,
            "INSERT INTO case_upload (region, sha256, person, uploaded_at_us, check_at_us, is_named) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (region, sha256, person) DO UPDATE SET uploaded_at_us = excluded.uploaded_at_us, check_at_us = excluded.check_at_us",
            [
                region.to_string().into(),
                sha256.into(),
                person.to_string().into(),
                now.as_microsecond().into(),
                later(now, kept).into(),
                is_named.into(),
            ],
        )
        .await?;
        Ok(())
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
            "SELECT sha256, person, uploaded_at_us, check_at_us FROM case_upload
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
            if in_draft(drafts, region, &row).await? {
                self.settle(region, &row, "check_at_us = $5", later(now, kept).into())
                    .await?;
            } else if self.forget_row(region, &row).await? && !self.is_noted(&row.sha256).await? {
                self.files.remove(&row.sha256).await?;
                removed += 1;
            }
        }
        Ok((looked_at, removed))
    }

    /// Reads the ledger from its end back to the oldest upload and marks what a record names; the others are returned.
    async fn unnamed(&self, region: Region, mut rows: Vec<Row>) -> Result<Vec<Row>, StorageError> {
        let mut before = i64::MAX;
        while let Some(oldest) = rows.iter().map(|row| row.uploaded_at_us).min() {
            let records: Vec<RecordRow> = list(
                self.ledger.database().read(),
                "SELECT seq, payload, recorded_at_us FROM event WHERE region = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
                [
                    region.to_string().into(),
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
            match records.last() {
                Some(last) if last.recorded_at_us >= oldest => before = last.seq,
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
        value: sea_orm::Value,
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
        Ok(removed.rows_affected() == 1)
    }
}

/// Lets the next sweep look at a forgotten person's uploads: their drafts are gone, so only what cases name stays.
pub(crate) async fn hasten<C: ConnectionTrait>(
    connection: &C,
    region: Region,
    person: PersonId,
) -> Result<(), StorageError> {
    execute(
        connection,
        "UPDATE case_upload SET check_at_us = 0 WHERE region = $1 AND person = $2 AND is_named = FALSE",
        [region.to_string().into(), person.to_string().into()],
    )
    .await?;
    Ok(())
}

async fn in_draft(drafts: &DraftStore, region: Region, row: &Row) -> Result<bool, FileError> {
    let Ok(person) = row.person.parse() else {
        return Ok(false);
    };
    let drafts = match drafts.of_person(region, person).await {
        Ok(drafts) => drafts,
        Err(DraftError::Storage(error)) => return Err(error.into()),
        // A draft that does not open is nobody's any more, but nothing is removed on that ground.
        Err(DraftError::Sealing(_)) => return Ok(true),
    };
    Ok(drafts
        .iter()
        .flat_map(|draft| &draft.content.materials)
        .flat_map(|material| &material.files)
        .any(|file| file.sha256 == row.sha256))
}

fn later(now: Timestamp, by: SignedDuration) -> i64 {
    now.checked_add(by).unwrap_or(now).as_microsecond()
}
