//! Life-event bundles (一件事一次办): several items of several departments as one matter for the citizen, with one guide, one
//! form, one set of materials, one number, and one delivery.
//!
//! A bundle decides nothing. Each of its parts is an ordinary case of its item, with its own department, clock and
//! decision, so that no rule of a case has a second copy; what is joined is the asking, the handing in and the handing over.
//!
//! - `model`: the bundle with its versions, and the application for one (pure);
//! - `joined`: one form and one list of materials for several items (pure);
//! - `exchange`, `demo`: bundles as files, and those of the demonstration county;
//! - `batch`: one item for several stores of one applicant, and one deed on several cases;
//! - `delivering`: results handed over together;
//! - `store`: the tables; `service`: the one door; `jobs`: what a crash left undone;
//! - `view`: an application as people read it; `pages`, `api`: the trees, the guide, the application, the staff's pages.

mod api;
mod batch;
mod belonging;
mod delivering;
pub mod demo;
pub mod exchange;
pub mod identity;
mod jobs;
pub mod joined;
mod migrations;
pub mod model;
mod pages;
mod rooms;
mod service;
pub mod speed;
pub mod store;
#[cfg(test)]
mod tests;
pub mod view;

use std::sync::Arc;

use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use pages::{TreeLeaf, leaves, progress_page};
pub use rooms::BundleRooms;
pub use service::{BatchInput, Bundles, JointInput, JointReservations, LinkedMember, StoreInput};

/// Registers the streams, the projection and the reaction, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::BundleStream>()
        .stream::<model::JointStream>()
        .projection(store::BundleProjection)
        .reaction(jobs::AfterSubmission)
        .reaction(jobs::AfterDecision)
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "办件",
        label: "连锁门店批量收件",
        path: "/staff/batches/new",
        icon: "list-check",
        roles: &[Role::CounterClerk],
    },
    NavigationItem {
        group: "办件",
        label: "一件事办件",
        path: "/staff/joints",
        icon: "list-check",
        roles: &[
            Role::CounterClerk,
            Role::Reviewer,
            Role::Approver,
            Role::Supervisor,
        ],
    },
    NavigationItem {
        group: "事项",
        label: "一件事",
        path: "/staff/bundles",
        icon: "list-check",
        roles: &Role::ALL,
    },
    NavigationItem {
        group: "事项",
        label: "一件事提速",
        path: "/staff/bundles/speed",
        icon: "chart-bar",
        roles: &[Role::CatalogueManager, Role::Supervisor],
    },
];

/// The slice.
pub struct BundlesSlice {
    rooms: BundleRooms,
}

impl BundlesSlice {
    /// The slice with what its handlers share.
    pub const fn new(rooms: BundleRooms) -> Self {
        Self { rooms }
    }
}

impl Slice for BundlesSlice {
    fn name(&self) -> &'static str {
        "bundles"
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
        let bundles = &self.rooms.bundles;
        vec![
            Arc::new(jobs::Complete(bundles.clone())),
            Arc::new(jobs::Follow(bundles.clone())),
        ]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
