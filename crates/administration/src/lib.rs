//! The administrators' window: what keeps the house honest and in step with the year.
//!
//! - the working calendar: the yearly notice is pasted, previewed line by line, imported on the
//!   ledger, and every open deadline is computed anew;
//! - the ledger's page: its end, its signed checkpoints, a check of the whole chain, and the proof that
//!   one record is on it;
//! - the commands that the rules refused, because oversight reads what was refused too;
//! - who looked at whose masked data, when, why and from where (个人信息保护法 art. 51);
//! - the state of the system: engine, records, waiting jobs, how long the signing certificate holds.
//!
//! People, posts and roles are the access slice's pages. Who changes the calendar does not read the
//! ledger, and who reads the ledger changes nothing (three separate administrators).

mod api;
mod calendar;
mod check;
mod findings;
mod jobs;
mod looks;
pub mod migrations;
mod model;
mod pages;
mod seal;
mod store;
mod system;

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_cases::Cases;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, Ledger, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use calendar::calendar_put_in_force;
pub use findings::{WAY_OUT, finding_words};
pub use jobs::{DEADLINES_REPROJECT, ImportedYear};
pub use migrations::MIGRATIONS;
pub use model::{
    CALENDAR_STREAM, CalendarCommand, CalendarEvent, ImportedNotices, WorkingCalendar,
};
pub use seal::Seal;

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) ledger: Ledger,
    /// For the deadlines that a notice would move.
    pub(crate) cases: Cases,
    /// Who is who.
    pub(crate) directory: Directory,
    /// With which papers are sealed.
    pub(crate) seal: Seal,
}

/// The administrators' window.
pub struct AdministrationSlice {
    rooms: Rooms,
}

/// Registers the stream, the projection and the reaction, before the ledger opens.
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    builder
        .stream::<WorkingCalendar>()
        .projection(store::CalendarNotices)
        .reaction(jobs::AfterImport)
}

impl AdministrationSlice {
    /// The window on the cases' ledger.
    pub fn new(cases: Cases, directory: Directory, seal: Seal) -> Self {
        Self {
            rooms: Rooms {
                ledger: cases.ledger().clone(),
                cases,
                directory,
                seal,
            },
        }
    }
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "管理",
        label: "工作日历",
        path: "/staff/admin/calendar",
        icon: "calendar",
        roles: &[Role::SystemAdministrator],
    },
    NavigationItem {
        group: "管理",
        label: "系统状态",
        path: "/staff/admin/system",
        icon: "settings",
        roles: &[Role::SystemAdministrator],
    },
    NavigationItem {
        group: "监督",
        label: "账本",
        path: "/staff/admin/ledger",
        icon: "shield-check",
        roles: &[Role::AuditAdministrator, Role::Supervisor],
    },
    NavigationItem {
        group: "监督",
        label: "被拒绝的操作",
        path: "/staff/admin/refusals",
        icon: "history",
        roles: &[Role::AuditAdministrator, Role::Supervisor],
    },
    NavigationItem {
        group: "监督",
        label: "查看留痕",
        path: "/staff/admin/looks",
        icon: "eye",
        roles: &[Role::AuditAdministrator],
    },
];

impl Slice for AdministrationSlice {
    fn name(&self) -> &'static str {
        "administration"
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
            Arc::new(jobs::PutCalendarInForce),
            Arc::new(jobs::CheckLedger),
        ]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
