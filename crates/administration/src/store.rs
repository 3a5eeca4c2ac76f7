//! What the administrators' window keeps and reads: the list of imported notices (a projection), the
//! reports of ledger checks (operational), and the ledger's own tables of commands and checkpoints,
//! which it only reads.

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    Checkpoint, Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{execute, execute_exactly, find, list},
};

use crate::model::{CalendarEvent, WorkingCalendar};

/// The projection of the imported notices.
pub(crate) struct CalendarNotices;

const NOTICES: Table = Table {
    name: "calendar_notice",
    columns: &[
        "region",
        "year",
        "lines",
        "days_off",
        "days_work",
        "imported_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

impl Projection for CalendarNotices {
    fn name(&self) -> &'static str {
        "calendar_notice"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[WorkingCalendar::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["calendar_notice"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(CalendarEvent::NoticeImported { notice, lines }) =
            recorded.event::<WorkingCalendar>()
        else {
            return Ok(());
        };
        let festivals = notice.festivals();
        let days_off: usize = festivals.iter().map(|festival| festival.off.len()).sum();
        let days_work: usize = festivals.iter().map(|festival| festival.work.len()).sum();
        sheet.put(
            &NOTICES,
            [
                recorded.region.to_string().into(),
                i64::from(notice.year()).into(),
                lines.clone().into(),
                count(days_off).into(),
                count(days_work).into(),
                recorded.recorded_at.as_microsecond().into(),
            ],
        );
        Ok(())
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An imported notice as the calendar page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct NoticeRow {
    /// The year.
    pub(crate) year: i64,
    /// The text as it was given.
    pub(crate) lines: String,
    /// How many days offices are closed.
    pub(crate) days_off: i64,
    /// How many weekend days offices work.
    pub(crate) days_work: i64,
    /// When it was imported, in microseconds since 1970 UTC.
    pub(crate) imported_at_us: i64,
}

/// The imported notices, the newest year first. There is at most one a year between 2000 and 2099.
pub(crate) async fn notices(
    database: &Database,
    region: Region,
) -> Result<Vec<NoticeRow>, StorageError> {
    list(
        database.read(),
        "SELECT year, lines, days_off, days_work, imported_at_us FROM calendar_notice WHERE region = $1 ORDER BY year DESC LIMIT 100",
        [region.to_string().into()],
    )
    .await
}

/// A command that the rules refused.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RefusedRow {
    pub(crate) command_id: String,
    pub(crate) stream_kind: String,
    pub(crate) stream_id: String,
    pub(crate) actor: String,
    pub(crate) channel: String,
    pub(crate) answer: String,
    pub(crate) recorded_at_us: i64,
}

/// Refused commands, the newest first, before a place in that order.
pub(crate) async fn refused(
    database: &Database,
    region: Region,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<RefusedRow>, StorageError> {
    list(
        database.read(),
        "SELECT command_id, stream_kind, stream_id, actor, channel, answer, recorded_at_us FROM command
         WHERE region = $1 AND outcome = 'rejected'
           AND (recorded_at_us < $2 OR (recorded_at_us = $2 AND command_id < $3))
         ORDER BY recorded_at_us DESC, command_id DESC LIMIT $4",
        [
            region.to_string().into(),
            before.0.into(),
            before.1.into(),
            limit.into(),
        ],
    )
    .await
}

/// The end of a region's chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) hash: String,
}

pub(crate) async fn head(
    database: &Database,
    region: Region,
) -> Result<Option<Head>, StorageError> {
    find(
        database.read(),
        "SELECT seq, hash FROM chain WHERE region = $1",
        [region.to_string().into()],
    )
    .await
}

/// Checkpoints before a number, the newest first.
pub(crate) async fn checkpoints(
    database: &Database,
    region: Region,
    before_number: i64,
    limit: i64,
) -> Result<Vec<Checkpoint>, StorageError> {
    list(
        database.read(),
        "SELECT region, number, first_seq, last_seq, root, head_hash, signed_at_us, signature FROM checkpoint
         WHERE region = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
        [region.to_string().into(), before_number.into(), limit.into()],
    )
    .await
}

/// A check of the whole chain that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct CheckRow {
    pub(crate) id: String,
    pub(crate) asked_at_us: i64,
    pub(crate) done_at_us: Option<i64>,
    pub(crate) records: i64,
    pub(crate) checkpoints: i64,
    /// One sentence a line; empty when nothing was found.
    pub(crate) findings: String,
}

const CHECK_COLUMNS: &str = "id, asked_at_us, done_at_us, records, checkpoints, findings";

/// Checks before a place (instant and check), the last one asked for first.
pub(crate) async fn checks(
    database: &Database,
    region: Region,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<CheckRow>, StorageError> {
    list(
        database.read(),
        &format!(
            "SELECT {CHECK_COLUMNS} FROM ledger_check
             WHERE region = $1 AND (asked_at_us < $2 OR (asked_at_us = $2 AND id < $3))
             ORDER BY asked_at_us DESC, id DESC LIMIT $4"
        ),
        [
            region.to_string().into(),
            before.0.into(),
            before.1.into(),
            limit.into(),
        ],
    )
    .await
}

/// One check.
pub(crate) async fn check(
    database: &Database,
    region: Region,
    id: &str,
) -> Result<Option<CheckRow>, StorageError> {
    find(
        database.read(),
        &format!("SELECT {CHECK_COLUMNS} FROM ledger_check WHERE region = $1 AND id = $2"),
        [region.to_string().into(), id.into()],
    )
    .await
}

/// Notes that a check was asked for.
pub(crate) async fn check_ask(
    database: &Database,
    region: Region,
    id: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute(
        database.write(),
        "INSERT INTO ledger_check (region, id, asked_at_us, records, checkpoints, findings) VALUES ($1, $2, $3, 0, 0, '')
         ON CONFLICT (region, id) DO NOTHING",
        [
            region.to_string().into(),
            id.into(),
            now.as_microsecond().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes the report of a check. The note that it was asked for and the job are two writes, neither of them on the ledger,
/// and only the job comes back by itself: where the note is gone (the database was put back to an earlier state, a
/// connection ended with it) the report must not go with it, so it brings the whole row along.
pub(crate) async fn check_finish(
    database: &Database,
    region: Region,
    row: &CheckRow,
) -> Result<(), StorageError> {
    execute_exactly(
        database.write(),
        "ledger check finish",
        1,
        "INSERT INTO ledger_check (region, id, asked_at_us, done_at_us, records, checkpoints, findings) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (region, id) DO UPDATE SET done_at_us = excluded.done_at_us, records = excluded.records,
            checkpoints = excluded.checkpoints, findings = excluded.findings",
        [
            region.to_string().into(),
            row.id.clone().into(),
            row.asked_at_us.into(),
            row.done_at_us.into(),
            row.records.into(),
            row.checkpoints.into(),
            row.findings.clone().into(),
        ],
    )
    .await
}

#[cfg(test)]
mod tests {
    use wuchuang_ledger::{migrate, migrations::LEDGER, testing};

    use super::*;

    #[tokio::test]
    async fn a_report_is_kept_whether_or_not_the_note_of_its_asking_is_there() {
        for (engine, database) in testing::databases().await {
            let migrations: Vec<_> = LEDGER.iter().chain(crate::MIGRATIONS).copied().collect();
            migrate(&database, &migrations).await.unwrap();
            let region: Region = "610924".parse().unwrap();
            let asked = Timestamp::from_microsecond(5).unwrap();
            let report = |id: &str, asked_at_us| CheckRow {
                id: id.to_owned(),
                asked_at_us,
                done_at_us: Some(9),
                records: 3,
                checkpoints: 1,
                findings: String::new(),
            };
            check_finish(&database, region, &report("gone", 4))
                .await
                .unwrap();
            let found = check(&database, region, "gone").await.unwrap();
            assert_eq!(found, Some(report("gone", 4)), "{engine}");
            check_ask(&database, region, "there", asked).await.unwrap();
            // The row keeps when it was asked for, also when the job is done twice.
            for _ in 0..2 {
                check_finish(&database, region, &report("there", 7))
                    .await
                    .unwrap();
            }
            let last = checks(&database, region, (i64::MAX, ""), 1).await.unwrap();
            assert_eq!(last, [report("there", 5)], "{engine}");
            let before = checks(&database, region, (5, "there"), 9).await.unwrap();
            assert_eq!(before, [report("gone", 4)], "{engine}");
        }
    }
}
