//! Messages: at each change that concerns a person they are told, in their inbox always, by SMS and e-mail where an
//! address is known.
//!
//! A message follows from an event and is written in the event's transaction: `case_notices` says who hears what,
//! `store` writes the rows and asks for the jobs, `jobs` sends through the `gateway`s (SMTP, Kannel, or the outbox that
//! lets nothing leave the house) and tries for days, on the number that holds now (`contact`). `callbacks` takes delivery reports, `telling` tells staff whose turn it is, `model` holds the texts that an
//! administrator may change, `pages` and `api` show inbox, outbox, texts and the jobs that gave up.

mod api;
mod callbacks;
mod case_notices;
mod contact;
pub mod gateway;
mod jobs;
mod migrations;
pub mod model;
mod notices;
mod pages;
mod rooms;
pub mod settings;
pub mod store;
pub mod telling;

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, Ledger, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice, page::Site};

pub use case_notices::{CASES, case_notices};
pub use jobs::SendMessage;
pub use migrations::MIGRATIONS;
pub use notices::{Notice, Source};
pub use settings::{Settings, SettingsError};

use gateway::Postman;
use model::{RatePath, Surrounding, TemplateStream};
use rooms::Rooms;
use store::{Mailing, MessageProjection, TemplateProjection};

/// Registers the streams, projections and reactions, with the notices of cases.
pub fn register(builder: LedgerBuilder) -> LedgerBuilder {
    register_with(builder, CASES)
}

/// The same with notices from somewhere else.
pub fn register_with(builder: LedgerBuilder, source: Source) -> LedgerBuilder {
    builder
        .stream::<TemplateStream>()
        .projection(TemplateProjection)
        .projection(MessageProjection(source))
        .reaction(Mailing(source))
}

/// The slice.
pub struct MessagesSlice {
    rooms: Rooms,
}

impl MessagesSlice {
    /// The slice on an open ledger.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(ledger: Ledger, settings: &Settings, site: &Site) -> Result<Self, SettingsError> {
        let clock = Arc::clone(ledger.clock());
        let postman = Arc::new(Postman::from_settings(settings, &site.origin, clock)?);
        Ok(Self::with_postman(ledger, postman, settings, site))
    }

    /// The slice with gateways made elsewhere.
    pub fn with_postman(
        ledger: Ledger,
        postman: Arc<Postman>,
        settings: &Settings,
        site: &Site,
    ) -> Self {
        let surrounding = Surrounding {
            signature: settings
                .signature
                .clone()
                .unwrap_or_else(|| format!("{}政务", site.county_name.trim_end_matches('县'))),
            county: site.county_name.clone(),
            telephone: site.telephone.clone(),
            origin: site.origin.clone(),
            rate: RatePath::default(),
        };
        Self {
            rooms: Rooms {
                ledger,
                postman,
                surrounding: Arc::new(surrounding),
                directory: None,
                tokens: Arc::new(settings.tokens()),
            },
        }
    }

    /// The same slice in a house: its closing messages lead to the page on which the case is rated, and its record of
    /// changes says who made them.
    #[must_use]
    pub fn in_house(mut self, rate: RatePath, directory: Directory) -> Self {
        let surrounding = Surrounding {
            rate,
            ..(*self.rooms.surrounding).clone()
        };
        self.rooms.surrounding = Arc::new(surrounding);
        self.rooms.directory = Some(directory);
        self
    }

    /// The gateways, for what must go out at once and is no message about a matter, such as a login code.
    pub fn postman(&self) -> Arc<Postman> {
        Arc::clone(&self.rooms.postman)
    }
}

/// Who is told what waits for them at their desk.
const TOLD: &[Role] = &[
    Role::CounterClerk,
    Role::Reviewer,
    Role::Approver,
    Role::Supervisor,
];
const ADMINISTRATORS: &[Role] = &[Role::SystemAdministrator];

impl Slice for MessagesSlice {
    fn name(&self) -> &'static str {
        "messages"
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
        &[
            NavigationItem {
                group: "管理",
                label: "消息模板",
                path: "/staff/admin/templates",
                icon: "message",
                roles: ADMINISTRATORS,
            },
            NavigationItem {
                group: "管理",
                label: "发件箱",
                path: "/staff/admin/outbox",
                icon: "send",
                roles: ADMINISTRATORS,
            },
            NavigationItem {
                group: "管理",
                label: "放弃的任务",
                path: "/staff/admin/jobs",
                icon: "alert-triangle",
                roles: ADMINISTRATORS,
            },
            NavigationItem {
                group: "我的账号",
                label: "消息",
                path: "/staff/messages",
                icon: "mail",
                roles: TOLD,
            },
        ]
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        vec![Arc::new(SendMessage::new(
            Arc::clone(&self.rooms.postman),
            Arc::clone(&self.rooms.surrounding),
        ))]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
