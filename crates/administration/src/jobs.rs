//! What follows an import, and the long check of the chain.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::{
    calendar::calendar_put_in_force,
    findings::finding_words,
    model::{CalendarEvent, WorkingCalendar},
    store::{self, CheckRow},
};

/// The job by which open deadlines are computed anew; whoever keeps deadlines registers its handler.
/// Its input is [`ImportedYear`].
pub const DEADLINES_REPROJECT: &str = "deadlines_reproject";
/// The job that puts the imported notices in force.
const CALENDAR_PUT_IN_FORCE: &str = "calendar_put_in_force";
/// The job that checks the whole chain.
pub(crate) const LEDGER_CHECK: &str = "ledger_check";

/// The year whose notice was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedYear {
    /// The year.
    pub year: i16,
}

/// Asks for the calendar to be renewed after an import.
pub(crate) struct AfterImport;

impl Reaction for AfterImport {
    fn kinds(&self) -> &'static [&'static str] {
        &[WorkingCalendar::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let Some(CalendarEvent::NoticeImported { notice, .. }) =
            recorded.event::<WorkingCalendar>()
        else {
            return Vec::new();
        };
        let input = ImportedYear {
            year: notice.year(),
        };
        vec![NewJob::now(CALENDAR_PUT_IN_FORCE, &input)]
    }
}

/// Renews the calendar of this server, then asks for the deadlines. The second job is asked for only
/// here, because computed under the old calendar the deadlines would stay as they were.
pub(crate) struct PutCalendarInForce;

#[async_trait]
impl Job for PutCalendarInForce {
    fn name(&self) -> &'static str {
        CALENDAR_PUT_IN_FORCE
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: ImportedYear =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        calendar_put_in_force(&context.ledger, context.region)
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        context
            .ledger
            .job_add(context.region, NewJob::now(DEADLINES_REPROJECT, &input))
            .await?;
        Ok(())
    }
}

/// Which check.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CheckInput {
    pub(crate) check: String,
    /// When it was asked for, in microseconds since 1970 UTC; absent in jobs that an earlier version asked for.
    #[serde(default)]
    pub(crate) asked_at_us: Option<i64>,
}

/// Checks the whole chain and leaves the report for the page.
pub(crate) struct CheckLedger;

#[async_trait]
impl Job for CheckLedger {
    fn name(&self) -> &'static str {
        LEDGER_CHECK
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: CheckInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let ledger = &context.ledger;
        let report = ledger
            .verify(context.region)
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        let sentences: Vec<String> = report.findings.iter().map(finding_words).collect();
        let now_us = ledger.now().as_microsecond();
        let row = CheckRow {
            id: input.check,
            asked_at_us: input.asked_at_us.unwrap_or(now_us),
            done_at_us: Some(now_us),
            records: report.records,
            checkpoints: report.checkpoints,
            findings: sentences.join("\n"),
        };
        store::check_finish(ledger.database(), context.region, &row).await?;
        Ok(())
    }
}
