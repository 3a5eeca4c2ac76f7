//! The licence store (电子证照): what a granted case ends in, and what anyone can have verified.
//!
//! - `model`: the licence as a pure value, and the numbering of licence types by authority;
//! - `jobs`: a granted case asks for its licence; the licence is issued, told to the case, its document
//!   rendered, signed and kept (`press`);
//! - `renewal`: which licence a new one replaces; `looks`: why staff saw a whole licence;
//! - `store`: licences by holder, number, QR code and file; the seal-use ledger;
//! - `verification`: by number and code, by QR code, by file, without a login; also of the
//!   cases' notices;
//! - `reuse`: what the house has of a person, as materials of a new case (免提交), for every window; `known`: what their
//!   licences say, as answers of its form;
//! - `deeds`: what is done with one licence, for pages and programs alike;
//! - `pages`, `api`: verification for everyone, "my licences", the counter's look-up, the seal-use ledger.
//!
//! It lies above the cases because it reads their decisions; cases know a licence by its identifier only.

mod api;
mod deeds;
mod issuer;
mod jobs;
mod known;
mod looks;
mod migrations;
pub mod model;
mod pages;
mod press;
mod renewal;
pub mod reuse;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod verification;

use std::sync::Arc;

use wuchuang_access::{AccessKey, Directory};
use wuchuang_cases::{files::FileStore, notices::CaseDocuments};
use wuchuang_kernel::{PersonId, Region, Role};
use wuchuang_ledger::{Job, Ledger, LedgerBuilder, Migration, StorageError};
use wuchuang_webkit::{
    Caller, Failure, NavigationItem, Routes, Slice,
    page::Site,
    throttle::{Address, BehindProxy, Throttle},
};

pub use jobs::licence_of_case;
pub use looks::LICENCE_LOOKS;
pub use migrations::MIGRATIONS;
pub use press::{Press, PressError};
pub use store::LicenceSummary;
pub use tokens::licence_token;
pub use verification::{Finding, Verdict};

use press::Workshop;
use verification::Verifier;

/// How many wrong codes an address may send within [`WRONG_CODES_WAIT`], by page and API together.
const WRONG_CODES_MAX: u32 = 10;
/// How long an address must wait then.
const WRONG_CODES_WAIT: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// Registers the streams, projections and reactions, before the ledger opens. The cases' stream must be
/// registered too.
#[must_use]
pub fn register(builder: LedgerBuilder, key: &AccessKey) -> LedgerBuilder {
    builder
        .stream::<model::LicenceStream>()
        .stream::<model::kinds::LicenceTypes>()
        .projection(store::LicenceProjection { key: key.clone() })
        .projection(store::SealProjection)
        .reaction(jobs::AfterDecision)
}

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) workshop: Workshop,
    pub(crate) verifier: Verifier,
    pub(crate) directory: Directory,
    pub(crate) key: AccessKey,
    pub(crate) wrong_codes: Arc<Throttle>,
    pub(crate) behind_proxy: bool,
}

impl BehindProxy for Rooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

impl Rooms {
    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.workshop.ledger
    }

    /// Verifies by number and code. After too many wrong ones an address waits, whether it asks by page or by API.
    ///
    /// # Errors
    /// 429 while the address must wait, or whatever storage reports.
    pub(crate) async fn verify(
        &self,
        caller: &Caller,
        Address(address): &Address,
        number: &str,
        code: &str,
    ) -> Result<Finding, Failure> {
        if let Some(seconds) = self.wrong_codes.wait_seconds(address, caller.now) {
            return Err(Failure::too_many(seconds).at("code"));
        }
        let finding = self.verifier.by_number(caller.region, number, code).await?;
        if finding.verdict == Verdict::Unknown {
            self.wrong_codes.note(address, caller.now);
        }
        Ok(finding)
    }
}

/// The licences of a house, for slices above that reuse them as materials. Cloning shares it.
#[derive(Clone)]
pub struct Licences {
    ledger: Ledger,
    key: AccessKey,
}

impl Licences {
    /// The licences on a ledger.
    pub const fn new(ledger: Ledger, key: AccessKey) -> Self {
        Self { ledger, key }
    }

    /// The licences of a person, also those of organisations for which they applied; the newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn of_person(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<LicenceSummary>, StorageError> {
        store::licences_of_person(self.ledger.database(), region, person).await
    }

    /// The licences of a holder by citizen number or credit code; the newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn of_number(
        &self,
        region: Region,
        number: &str,
    ) -> Result<Vec<LicenceSummary>, StorageError> {
        let hash = store::holder_hash(&self.key, number);
        store::licences_of_hash(self.ledger.database(), region, &hash).await
    }

    /// Whether a licence has this number, in force or not.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn has_number(&self, region: Region, number: &str) -> Result<bool, StorageError> {
        let found = store::by_number(self.ledger.database(), region, number).await?;
        Ok(found.is_some())
    }
}

/// The licence store.
pub struct LicencesSlice {
    rooms: Rooms,
}

impl LicencesSlice {
    /// The licence store on an open ledger.
    pub fn new(
        ledger: Ledger,
        key: AccessKey,
        directory: Directory,
        files: FileStore,
        press: Press,
        site: Arc<Site>,
        behind_proxy: bool,
    ) -> Self {
        let verifier = Verifier {
            ledger: ledger.clone(),
            roots: Arc::new(press.roots()),
            notices: CaseDocuments::new(ledger.clone()),
        };
        let workshop = Workshop {
            ledger,
            files,
            press,
            site,
        };
        Self {
            rooms: Rooms {
                workshop,
                verifier,
                directory,
                key,
                wrong_codes: Arc::new(Throttle::new(WRONG_CODES_MAX, WRONG_CODES_WAIT)),
                behind_proxy,
            },
        }
    }
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "办件",
        label: "证照",
        path: "/staff/licences",
        icon: "certificate",
        roles: &[Role::CounterClerk, Role::Reviewer, Role::Approver],
    },
    NavigationItem {
        group: "监督",
        label: "用印台账",
        path: "/staff/licences/seals",
        icon: "rubber-stamp",
        roles: &[
            Role::Approver,
            Role::Supervisor,
            Role::AuditAdministrator,
            Role::SecurityAdministrator,
        ],
    },
];

impl Slice for LicencesSlice {
    fn name(&self) -> &'static str {
        "licences"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger, &self.rooms.key)
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
        vec![
            Arc::new(jobs::IssueLicence {
                key: self.rooms.key.clone(),
                directory: self.rooms.directory.clone(),
            }),
            Arc::new(jobs::MakeDocument {
                workshop: self.rooms.workshop.clone(),
            }),
        ]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
