//! 诚信 (credit): bad-credit records of people and organisations, their repair (信用修复), and what a record excludes from.
//!
//! A record follows from a case: a false promise, false material, a supplement that never came. While one stands, whoever it
//! is about is excluded from 容缺受理 and 告知承诺 (国办发〔2020〕42号; 严重失信或曾作虚假承诺的，信用修复前不适用). The way out is
//! always open: hand in the material itself, and ask for the repair.
//!
//! - `model`: the records of one subject as a pure value; the subject is known by a keyed digest of its number;
//! - `store`: the table of records and its list; `service`: whether somebody is barred, and what is done with records;
//! - `pages`, `api`: the staff's list, the entry and the repair; the applicant's own records (`/my/credit`).
//!
//! It lies below the cases, which ask it before they rest on somebody's word. Which case a record follows from it learns
//! through [`SourceCases`].

mod api;
mod migrations;
pub mod model;
mod pages;
mod service;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use wuchuang_access::Directory;
use wuchuang_kernel::{CaseId, OrganisationId, PersonId, Region, Role};
use wuchuang_ledger::{Ledger, LedgerBuilder, Migration};
use wuchuang_webkit::{Failure, NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use service::{Credit, Entry};

/// The case that a record follows from, and whom it is about.
#[derive(Clone)]
pub struct SourceCase {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The item's name.
    pub item_name: String,
    /// The organisation that handles it.
    pub organisation: OrganisationId,
    /// The natural person who applied, or who acted for the organisation.
    pub person: PersonId,
    /// Whether an organisation applied.
    pub is_organisation: bool,
    /// The applicant's name.
    pub name: String,
    /// The applicant's citizen number or credit code.
    pub subject_number: String,
}

/// Who knows the cases: they lie above.
#[async_trait]
pub trait SourceCases: Send + Sync + 'static {
    /// The case with a number, however it was typed; `None` when there is none.
    ///
    /// # Errors
    /// Whatever storage reports.
    async fn source_case(
        &self,
        region: Region,
        number: &str,
    ) -> Result<Option<SourceCase>, Failure>;
}

/// Registers the stream and the projection, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::CreditStream>()
        .projection(store::CreditProjection)
}

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) credit: Credit,
    pub(crate) directory: Directory,
    pub(crate) cases: Arc<dyn SourceCases>,
}

impl Rooms {
    pub(crate) const fn ledger(&self) -> &Ledger {
        self.credit.ledger()
    }
}

/// The slice.
pub struct CreditSlice {
    rooms: Rooms,
}

impl CreditSlice {
    /// The records on an open ledger, with who knows the cases.
    pub fn new(credit: Credit, directory: Directory, cases: Arc<dyn SourceCases>) -> Self {
        Self {
            rooms: Rooms {
                credit,
                directory,
                cases,
            },
        }
    }
}

const NAVIGATION: &[NavigationItem] = &[NavigationItem {
    group: "监督",
    label: "失信记录",
    path: "/staff/credit",
    icon: "alert-triangle",
    roles: &[
        Role::CounterClerk,
        Role::Reviewer,
        Role::Approver,
        Role::Supervisor,
    ],
}];

impl Slice for CreditSlice {
    fn name(&self) -> &'static str {
        "credit"
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

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
