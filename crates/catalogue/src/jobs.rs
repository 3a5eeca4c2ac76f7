//! What follows from a publication: the catalogue in memory and the search index take it over, at
//! once and on the day on which it comes into force.

use async_trait::async_trait;
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
};
use serde::Serialize;
use serde_json::Value;
use wuchuang_calendar::china_instant;
use wuchuang_kernel::ItemId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded, Stream};

use crate::{
    Catalogue,
    model::{ItemEvent, ServiceItem},
};

/// The job's name.
const REFRESH: &str = "catalogue_refresh";

#[derive(Serialize)]
struct Input {
    item: ItemId,
}

/// Asks for a refresh after each publication.
#[derive(Debug, Clone, Copy)]
pub struct AfterPublication;

impl Reaction for AfterPublication {
    fn kinds(&self) -> &'static [&'static str] {
        &[ServiceItem::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let day = match recorded.event::<ServiceItem>() {
            Some(ItemEvent::Published { effective_from, .. }) => *effective_from,
            Some(ItemEvent::Withdrawn { on, .. }) => *on,
            _ => return Vec::new(),
        };
        let job = NewJob::now(
            REFRESH,
            &Input {
                item: recorded.stream_id.into(),
            },
        );
        let wait = until(recorded.recorded_at, day);
        if wait.is_zero() {
            vec![job]
        } else {
            vec![job.clone(), job.after(wait)]
        }
    }
}

/// How long it is from an instant to the beginning of a day in China; zero when the day has begun.
fn until(now: Timestamp, day: Date) -> SignedDuration {
    let begins = china_instant(day, Time::midnight());
    begins.duration_since(now).max(SignedDuration::ZERO)
}

/// Brings the catalogue up to date.
pub(crate) struct Refresh(pub(crate) Catalogue);

#[async_trait]
impl Job for Refresh {
    fn name(&self) -> &'static str {
        REFRESH
    }

    async fn run(&self, _input: Value, _context: &JobContext) -> Result<(), JobFailure> {
        self.0
            .refresh()
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))
    }
}
