//! What follows from events: tables that are read (projections) and work to be done (reactions).

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::Serialize;
use wuchuang_kernel::{PersonId, Region};

use crate::{
    event::Recorded,
    jobs::Lane,
    storage::{StorageError, Transaction},
    writer::Sheet,
};

/// Tables derived from events. They are written in the transaction of the events and can be rebuilt
/// from the ledger at any time, to the same rows.
#[async_trait]
pub trait Projection: Send + Sync + 'static {
    /// The projection's name, for logs and the comparison after a replay.
    fn name(&self) -> &'static str;

    /// The stream kinds whose events it reads.
    fn kinds(&self) -> &'static [&'static str];

    /// The tables it owns: nothing else writes them. Each has a column `region`.
    fn tables(&self) -> &'static [&'static str];

    /// Puts on the sheet what follows from one event. It must depend on the event alone.
    ///
    /// # Errors
    /// When the event cannot be projected; the whole command fails then.
    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError>;

    /// Clears the person's values from the tables, to what a replay without the person's key gives.
    ///
    /// # Errors
    /// Whatever the engine reports.
    async fn forget(
        &self,
        _region: Region,
        _person: PersonId,
        _transaction: &Transaction,
    ) -> Result<(), StorageError> {
        Ok(())
    }
}

/// A job that a reaction asks for.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// The name under which a handler is registered.
    pub name: &'static str,
    /// Identifiers only: what to do is read when it is done.
    pub input: serde_json::Value,
    /// How long after the commit it may run.
    pub delay: SignedDuration,
    /// In which lane it waits.
    pub lane: Lane,
}

impl NewJob {
    /// A job that runs as soon as it can.
    ///
    /// # Panics
    /// Never for inputs that are plain structs of identifiers, which is all a job may carry.
    pub fn now(name: &'static str, input: &impl Serialize) -> Self {
        Self {
            name,
            input: serde_json::to_value(input).expect("a job's input is a plain struct"),
            delay: SignedDuration::ZERO,
            lane: Lane::Prompt,
        }
    }

    /// The same job among the papers: it takes processor time and yields to people.
    #[must_use]
    pub const fn paper(mut self) -> Self {
        self.lane = Lane::Papers;
        self
    }

    /// The same job, later.
    #[must_use]
    pub const fn after(mut self, delay: SignedDuration) -> Self {
        self.delay = delay;
        self
    }
}

/// Pure: which jobs an event calls for. They are written in the transaction of the event.
pub trait Reaction: Send + Sync + 'static {
    /// The stream kinds whose events it reads.
    fn kinds(&self) -> &'static [&'static str];

    /// The jobs that follow.
    fn react(&self, recorded: &Recorded) -> Vec<NewJob>;

    /// The jobs that follow when a person is forgotten; written in the transaction that erases their key. They clear
    /// what lies outside of the tables, such as files.
    fn forgotten(&self, _person: PersonId) -> Vec<NewJob> {
        Vec::new()
    }
}
