//! The case (办件) from receipt to archive: commands, legal clock, materials, notices, worklist.
//!
//! Rooms: `model` (the pure rules), `store` (tables and lists), `files` (what was handed in), `notices`
//! (documents that follow from events), `service` (the one door for every window), `own` (an applicant's cases), `kept` (what waits before a case exists), `wanted` (what a case asks its applicant for), `reuse` (what the house has already in the place of a paper), `belonging` (the whole that a case is a part of), `watched` (the supervision of what it granted), `pages` (worklist,
//! case page, decision), `api` (JSON), `reveal` (masked values for a reason), `looks` (how the reason is kept, and who saw them, for the audit), `searches` (what staff look for), `handing_on` (to whom a case may go), `jobs` (timers: deemed acceptance, archive, re-projection).

pub mod api;
mod colleagues;
pub mod files;
mod handing_on;
pub mod jobs;
pub mod kept;
pub mod looks;
pub mod migrations;
pub mod model;
pub mod notices;
mod own;
pub mod pages;
pub mod reuse;
mod reveal;
pub mod rooms;
mod searches;
pub mod service;
pub mod store;
mod submission;
#[cfg(test)]
mod testing;
pub mod wanted;

use std::sync::Arc;

use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use rooms::CaseRooms;
pub use service::attached::attached;
pub use service::{ApplicantInput, Cases, Situation, SubmissionInput, Submitted, resource};
pub use service::{belonging, known, watched};

/// Registers the stream, the projection and what asks for jobs, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    let builder = builder
        .stream::<model::CaseStream>()
        .projection(store::CaseProjection);
    jobs::register(builder)
}

const NAVIGATION: &[NavigationItem] = &[NavigationItem {
    group: "办件",
    label: "待办",
    path: "/staff/cases",
    icon: "list-check",
    roles: &[
        Role::CounterClerk,
        Role::Reviewer,
        Role::Approver,
        Role::Supervisor,
    ],
}];

/// The cases, as the roof takes them.
pub struct CaseSlice {
    rooms: CaseRooms,
}

impl CaseSlice {
    /// The slice with what its handlers share.
    pub const fn new(rooms: CaseRooms) -> Self {
        Self { rooms }
    }
}

impl Slice for CaseSlice {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger)
    }

    fn policies(&self) -> &'static str {
        include_str!("policies.cedar")
    }

    fn english(&self) -> &'static str {
        include_str!("../locales/en.po")
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        jobs::jobs(self.rooms.notices.clone(), self.rooms.cases.clone())
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(notices::routes())
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
