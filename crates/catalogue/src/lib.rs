//! The catalogue: what the county does for whom, by which law, in how many days, with which papers.
//!
//! A service item (事项) is a stream with a working copy and published versions that carry their first
//! day in force; a running case keeps the version it began with. From the one published version follow
//! the guide, the one-time notice, the search, the application form and the terms of each case, so that
//! they change together. Items go in and out as YAML and as a workbook whose mistakes come back at the
//! cell.
//!
//! Rooms: `model` (pure: elements, rules, differences), `columns` (each element as a cell, shared by
//! workbook and editor), `exchange` (YAML, workbook, the demonstration county's file), `store` (tables),
//! `catalogue` (the handle that everyone holds, with the search), `guide` (what a guide says), `lists` (the
//! public lists and their figures), `handbook` (the printed booklet), `picture` (the drawn process as an image and a list), `publication` (several items at once), `succession` (which item stands in the place of one that went into it), `pages` (staff), `public` (notice, QR
//! code, lists, handbook), `api` (JSON), `jobs` (what follows from a publication).

mod api;
mod catalogue;
mod columns;
pub mod demo;
pub mod exchange;
mod guide;
mod handbook;
pub mod identity;
mod index;
mod jobs;
mod lists;
pub mod migrations;
pub mod model;
mod named;
mod pages;
mod picture;
mod public;
mod publication;
mod rooms;
pub mod store;
mod succession;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_documents::Documents;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use catalogue::{Catalogue, CatalogueError, PublishedFilter};
pub use guide::{GuideDuty, GuideMaterial, GuideView, NoticeOptions, one_time_notice};
pub use jobs::AfterPublication;
pub use lists::list_addresses;
pub use migrations::MIGRATIONS;
pub use picture::process_picture;
pub use wuchuang_bpmn::Marks;

/// Registers the stream, the projection and the reaction, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::ServiceItem>()
        .stream::<model::grouping::Grouping>()
        .projection(store::Items)
        .reaction(AfterPublication)
}

/// The slice.
pub struct CatalogueSlice {
    rooms: rooms::Rooms,
}

impl CatalogueSlice {
    /// The slice on an open catalogue. `test_authority` marks papers of a demonstration.
    pub fn new(
        catalogue: Catalogue,
        directory: Directory,
        documents: Documents,
        test_authority: bool,
    ) -> Self {
        Self {
            rooms: rooms::Rooms::new(catalogue, directory, documents, test_authority),
        }
    }

    /// The catalogue, for the other slices.
    pub fn catalogue(&self) -> Catalogue {
        self.rooms.catalogue.clone()
    }
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "事项",
        label: "事项库",
        path: "/staff/items",
        icon: "list-check",
        roles: &Role::ALL,
    },
    NavigationItem {
        group: "事项",
        label: "时限压缩",
        path: "/staff/items/compression",
        icon: "chart-bar",
        roles: &[Role::CatalogueManager, Role::Supervisor],
    },
    NavigationItem {
        group: "事项",
        label: "优化前后",
        path: "/staff/items/optimisation",
        icon: "chart-bar",
        roles: &[Role::CatalogueManager, Role::Supervisor],
    },
    NavigationItem {
        group: "事项",
        label: "四级四同",
        path: "/staff/items/sameness",
        icon: "list-check",
        roles: &[Role::CatalogueManager, Role::Supervisor],
    },
    NavigationItem {
        group: "事项",
        label: "归类合并",
        path: "/staff/items/similar",
        icon: "list-check",
        roles: &[Role::CatalogueManager],
    },
];

/// What may be done with items, for the gate and for slices whose pages stand beside an item.
pub const POLICIES: &str = include_str!("policies.cedar");

impl Slice for CatalogueSlice {
    fn name(&self) -> &'static str {
        "catalogue"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger)
    }

    fn english(&self) -> &'static str {
        include_str!("../locales/en.po")
    }

    fn policies(&self) -> &'static str {
        POLICIES
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        vec![Arc::new(jobs::Refresh(self.rooms.catalogue.clone()))]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(public::routes())
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
