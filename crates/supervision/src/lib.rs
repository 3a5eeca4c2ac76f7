//! 审管分离 + 信息推送: what was granted reaches the department that supervises it as a task (监管任务), which it must
//! acknowledge in time and, where a promise was believed (告知承诺), check afterwards.
//!
//! - `model`: the task as a pure value: opened, acknowledged, checked, handled; whose turn it is, who is told of it;
//! - `jobs`: a granted decision opens the task; a revoked licence and a bad-credit record are noted in it;
//! - `store`: the table of tasks with the day until which the next thing is due; lights follow from it and today;
//! - `deeds`: what staff do with a task, for pages and programs alike: 签收, 核查, 注销证照, 记入失信, 处理结论;
//! - `pages`, `api`: the lists, one task, and the task on the page of its case (`watch`).
//!
//! Nothing follows from a finding by itself: whoever decided revokes the licence and enters the record, by commands of
//! their own.

mod api;
mod deeds;
mod jobs;
mod migrations;
pub mod model;
mod pages;
mod store;
mod watch;

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_cases::Cases;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, Ledger, LedgerBuilder, Migration};
use wuchuang_messages::telling::{TellStaff, WhoseTurn};
use wuchuang_webkit::{NavigationItem, Routes, Slice, throttle::BehindProxy};

pub use jobs::task_of_case;
pub use migrations::MIGRATIONS;
pub use watch::SupervisionWatch;

/// Registers the stream, the projection and the reaction, before the ledger opens. The streams of cases, licences and credit
/// must be registered too.
#[must_use]
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<model::TaskStream>()
        .projection(store::TaskProjection)
        .reaction(jobs::AfterDecision)
        .reaction(WhoseTurn::<model::TaskStream>::default())
}

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) cases: Cases,
    pub(crate) directory: Directory,
    pub(crate) behind_proxy: bool,
}

impl Rooms {
    pub(crate) const fn ledger(&self) -> &Ledger {
        self.cases.ledger()
    }
}

impl BehindProxy for Rooms {
    fn is_behind_proxy(&self) -> bool {
        self.behind_proxy
    }
}

/// The slice.
pub struct SupervisionSlice {
    rooms: Rooms,
}

impl SupervisionSlice {
    /// The tasks over the cases of an open ledger.
    pub const fn new(cases: Cases, directory: Directory, behind_proxy: bool) -> Self {
        Self {
            rooms: Rooms {
                cases,
                directory,
                behind_proxy,
            },
        }
    }
}

const NAVIGATION: &[NavigationItem] = &[NavigationItem {
    group: "监督",
    label: "监管任务",
    path: "/staff/supervision",
    icon: "eye",
    roles: &[Role::Reviewer, Role::Approver, Role::Supervisor],
}];

impl Slice for SupervisionSlice {
    fn name(&self) -> &'static str {
        "supervision"
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
            Arc::new(jobs::OpenTask),
            Arc::new(jobs::NoteRevoked),
            Arc::new(jobs::NoteCredit),
            Arc::new(jobs::IssueOriginal),
            Arc::new(TellStaff::<model::TaskStream>::new(
                self.rooms.directory.clone(),
            )),
        ]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
