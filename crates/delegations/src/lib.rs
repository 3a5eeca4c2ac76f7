//! Delegation (下放、委托、赋权): which organisation may receive or decide which item in the place of its department, from which
//! day to which, by which public document; and the matrix 谁受理、谁审批、谁办结 that follows from items and delegations.
//!
//! It changes no case that was taken in before. `cases` asks here whether a counter takes an item (`Delegations::held`); what a
//! counter takes in with the whole power is handled by its organisation to the end, in the department's name when it was
//! entrusted (行政许可法 art. 24), else in its own.
//!
//! `model` (pure), `store` (the table), `service` (the one door), `matrix`, `nearby` (where whoever applies may choose), `demo` (what the demonstration county delegates), `pages`, `api`.

mod api;
pub mod demo;
pub mod matrix;
mod migrations;
pub mod model;
mod nearby;
mod pages;
mod rooms;
mod service;
mod store;

use std::sync::Arc;

use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use model::{Delegation, DelegationWay, Extent};
pub use nearby::{Nearby, nearby};
pub use rooms::DelegationRooms;
pub use service::Delegations;
pub use store::Given;

/// Registers the stream and the projection, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::DelegationStream>()
        .projection(store::DelegationProjection)
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "事项",
        label: "下放和授权",
        path: "/staff/delegations",
        icon: "list-check",
        roles: &Role::ALL,
    },
    NavigationItem {
        group: "事项",
        label: "谁受理谁审批",
        path: "/staff/delegations/matrix",
        icon: "list-check",
        roles: &Role::ALL,
    },
];

/// The slice.
pub struct DelegationsSlice {
    rooms: DelegationRooms,
}

impl DelegationsSlice {
    /// The slice with what its handlers share.
    pub const fn new(rooms: DelegationRooms) -> Self {
        Self { rooms }
    }
}

impl Slice for DelegationsSlice {
    fn name(&self) -> &'static str {
        "delegations"
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
        Vec::new()
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
