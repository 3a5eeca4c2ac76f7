//! 需求分析: what people asked for over three years, and what follows for the items, the towns, the guides and the windows.
//!
//! - `model`: a count, a suggestion with what people made of it, an earlier year from Excel, as pure values;
//! - `figures`, `pairs`, `rules`: pure functions over what was counted;
//! - `store`: a row of each receipt, the figures by month, and what is read of them;
//! - `counting`: counts again what changed and makes the suggestions that follow; `jobs`: when;
//! - `sheet`: an earlier year as an Excel sheet; `book`: what pages show, as Excel;
//! - `service`, `deeds`: what pages and programs share; `pages`, `api`; `demo`.
//!
//! Figures name nobody: applicants are counted by a keyed digest that is erased with them, and pairs and towns with fewer
//! than five are not shown. Nothing follows from a suggestion by itself: a person takes it up or does not.

mod api;
mod book;
mod counting;
mod deeds;
pub mod demo;
mod figures;
mod jobs;
mod migrations;
pub mod model;
mod pages;
mod pairs;
mod rules;
mod service;
mod sheet;
mod store;

use std::sync::Arc;

use wuchuang_access::AccessKey;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use service::Analysis;

/// Registers the streams, projections and the reaction, before the ledger opens. The stream of cases must be registered too.
#[must_use]
pub fn register(builder: LedgerBuilder, key: &AccessKey) -> LedgerBuilder {
    builder
        .stream::<model::count::CountStream>()
        .stream::<model::suggestion::SuggestionStream>()
        .stream::<model::year::EarlierYearStream>()
        .projection(store::asked::AskedProjection { key: key.clone() })
        .projection(store::counts::CountProjection)
        .projection(store::suggestions::SuggestionProjection)
        .projection(store::years::YearProjection)
        .reaction(jobs::AfterStart)
}

/// The slice.
pub struct AnalysisSlice {
    analysis: Analysis,
    key: AccessKey,
}

impl AnalysisSlice {
    /// The analysis over an open house.
    pub const fn new(analysis: Analysis, key: AccessKey) -> Self {
        Self { analysis, key }
    }
}

const NAVIGATION: &[NavigationItem] = &[NavigationItem {
    group: "监督",
    label: "需求分析",
    path: "/staff/demand",
    icon: "chart-bar",
    roles: &[Role::Approver, Role::Supervisor, Role::CatalogueManager],
}];

impl Slice for AnalysisSlice {
    fn name(&self) -> &'static str {
        "analysis"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger, &self.key)
    }

    fn policies(&self) -> &'static str {
        include_str!("policies.cedar")
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        vec![Arc::new(jobs::Count(self.analysis.clone()))]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.analysis.clone())
    }
}
