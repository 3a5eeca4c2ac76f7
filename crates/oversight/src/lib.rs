//! 电子监察: whether all that is approved is approved in the hall (凡批必进、三集中三到位), what was accepted or decided
//! outside of it, and what came of each finding, down to 容错纠错.
//!
//! - `model`: items in the hall, departments in the hall, findings, rounds of checks, as pure values;
//! - `rules`: pure functions that find something in facts of the ledger; `marks`: 三集中三到位 of a department;
//! - `register`: a department's own register, read from Excel;
//! - `service`: the one door to departments, findings and registers; `look`: asks the rules and opens what they find; `jobs`: when;
//! - `deeds`: what staff do, for pages and programs alike; `pages`, `api`;
//! - `demo`: what the demonstration county has in its hall.
//!
//! Nothing follows from a finding by itself: a person decides, and never about themselves.

mod api;
mod deeds;
pub mod demo;
mod jobs;
mod look;
mod marks;
mod migrations;
pub mod model;
mod pages;
mod register;
mod rules;
mod service;
mod store;

use std::sync::Arc;

use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_messages::telling::{TellStaff, WhoseTurn};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use service::Oversight;

/// Registers the streams, projections and the reaction, before the ledger opens. The stream of cases must be registered too.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::entry::EntryStream>()
        .stream::<model::hall::HallStream>()
        .stream::<model::finding::FindingStream>()
        .stream::<model::round::RoundStream>()
        .stream::<model::kinds::KindStream>()
        .projection(store::entries::EntryProjection)
        .projection(store::findings::FindingProjection)
        .projection(store::rounds::RoundProjection)
        .reaction(jobs::AfterRound)
        .reaction(WhoseTurn::<model::finding::FindingStream>::default())
}

/// The slice.
pub struct OversightSlice {
    oversight: Oversight,
}

impl OversightSlice {
    /// Oversight over an open house.
    pub const fn new(oversight: Oversight) -> Self {
        Self { oversight }
    }
}

const STAFF: &[Role] = &[
    Role::CounterClerk,
    Role::Reviewer,
    Role::Approver,
    Role::Supervisor,
];

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "监督",
        label: "监察线索",
        path: "/staff/oversight",
        icon: "shield-check",
        roles: STAFF,
    },
    NavigationItem {
        group: "监督",
        label: "进驻和授权",
        path: "/staff/entries",
        icon: "building",
        roles: STAFF,
    },
];

impl Slice for OversightSlice {
    fn name(&self) -> &'static str {
        "oversight"
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

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        vec![
            Arc::new(jobs::Look(self.oversight.clone())),
            Arc::new(jobs::OpenMissing(self.oversight.clone())),
            Arc::new(TellStaff::<model::finding::FindingStream>::new(
                self.oversight.directory.clone(),
            )),
        ]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.oversight.clone())
    }
}
