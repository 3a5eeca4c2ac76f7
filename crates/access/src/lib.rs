//! People, organisations, regions, posts, sessions, and the gate that decides every action.
//!
//! Floor 1, above webkit: every other slice asks here who somebody is (`Directory`), and the roof
//! puts `identify` and `CedarGate` before all routes. Names, numbers and phones of citizens lie
//! sealed on the ledger; passwords, factors, sessions and tokens are operational and never on it.
//!
//! Rooms: `model` (pure rules), `store` (tables and queries), `gate`, `session`, `tokens`,
//! `identify` (who stands before a page), `sign_in` (pages), `admin` (administrators' pages),
//! `api` (JSON), `founding` (the first people of an empty house), `divisions` (its towns and villages from a table),
//! `privacy` (deleting and holding personal data), `demo` (the demonstration county's people).

mod admin;
mod api;
mod api_tokens;
pub mod demo;
mod divisions;
mod founding;
mod gate;
mod identify;
mod keys;
mod migrations;
pub mod model;
mod password;
mod privacy;
mod rooms;
mod secrets;
mod session;
mod sign_in;
mod store;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::{Arc, OnceLock};

use wuchuang_kernel::{Region, Role};
use wuchuang_ledger::{Ledger, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use divisions::{DIVISIONS_BYTES_MAX, read_divisions};
pub use founding::{FirstAccount, FoundingError};
pub use gate::{CedarGate, GateError};
pub use identify::{Identifier, identify, refuse_useless_token};
pub use keys::AccessKey;
pub use migrations::MIGRATIONS;
pub use password::PasswordError;
pub use privacy::{PrivacyError, order_of_keeper};
pub use session::Sessions;
pub use sign_in::codes::{CodeDelivery, CodeSendError, CodeSender, DemoCodeSender};
pub use store::{
    CitizenDetails, CitizenEntry, Directory, Division, Organisation, Post, StaffEntry, StaffFilter,
    Villages,
};

/// The slice's policies.
pub const POLICIES: &str = include_str!("policies.cedar");

/// Registers the slice's streams and projections, before the ledger opens.
#[must_use]
pub fn register(builder: LedgerBuilder, key: &AccessKey) -> LedgerBuilder {
    builder
        .stream::<model::organisation::OrganisationStream>()
        .stream::<model::staff::StaffStream>()
        .stream::<model::citizen::CitizenStream>()
        .stream::<model::privacy::PrivacyStream>()
        .projection(store::projection::OrganisationProjection)
        .projection(store::projection::StaffProjection)
        .projection(store::projection::CitizenProjection { key: key.clone() })
        .projection(privacy::PrivacyProjection)
}

/// What an installation tells the slice.
pub struct AccessOptions {
    /// The county.
    pub region: Region,
    /// The slice's key.
    pub key: AccessKey,
    /// Sends codes to citizens' phones.
    pub sender: Arc<dyn CodeSender>,
    /// Whether the site is reached over https, so that the cookie may be marked `Secure`.
    pub is_secure: bool,
    /// Whether a proxy stands before the program, whose `X-Forwarded-For` is to be believed.
    pub behind_proxy: bool,
}

/// The slice.
pub struct AccessSlice {
    rooms: rooms::Rooms,
    region: Region,
    key: AccessKey,
}

impl AccessSlice {
    /// The slice over an open ledger.
    ///
    /// # Errors
    /// When the machine has too little memory to compute a password.
    pub fn new(ledger: Ledger, options: AccessOptions) -> Result<Self, PasswordError> {
        let passwords = password::Passwords::new(Arc::clone(ledger.randomness()))?;
        let directory = Directory::new(ledger, options.key.clone());
        let rooms = rooms::Rooms {
            sessions: Sessions::new(directory.clone(), options.is_secure),
            tokens: tokens::Tokens::new(directory.clone()),
            secrets: secrets::Secrets::new(directory.clone(), passwords),
            codes: sign_in::codes::Codes::new(directory.clone()),
            sender: options.sender,
            gate: Arc::new(OnceLock::new()),
            wrong: Arc::new(rooms::Wrong::new()),
            behind_proxy: options.behind_proxy,
            directory,
        };
        Ok(Self {
            rooms,
            region: options.region,
            key: options.key,
        })
    }

    /// People, organisations and divisions, for the other slices.
    pub fn directory(&self) -> Directory {
        self.rooms.directory.clone()
    }

    /// The sessions, for the daily chore that sweeps old ones.
    pub fn sessions(&self) -> Sessions {
        self.rooms.sessions.clone()
    }

    /// The state of the middleware [`identify`].
    pub fn identifier(&self) -> Identifier {
        Identifier {
            region: self.region,
            sessions: self.rooms.sessions.clone(),
            tokens: self.rooms.tokens.clone(),
        }
    }

    /// Tells the slice the gate, once it is made from the policies of all slices: the page of API
    /// tokens offers the actions that its visitor may do.
    pub fn use_gate(&self, gate: Arc<CedarGate>) {
        // A second gate would be a mistake of the roof; the first stays.
        let _first_stays = self.rooms.gate.set(gate);
    }
}

impl Slice for AccessSlice {
    fn name(&self) -> &'static str {
        "access"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger, &self.key)
    }

    fn policies(&self) -> &'static str {
        POLICIES
    }

    fn english(&self) -> &'static str {
        include_str!("../locales/en.po")
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        const READERS: &[Role] = &[
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::AuditAdministrator,
            Role::Supervisor,
        ];
        &[
            NavigationItem {
                group: "管理",
                label: "机构",
                path: "/staff/organisations",
                icon: "building",
                roles: READERS,
            },
            NavigationItem {
                group: "管理",
                label: "人员与岗位",
                path: "/staff/people",
                icon: "users",
                roles: READERS,
            },
            NavigationItem {
                group: "管理",
                label: "个人信息",
                path: "/staff/privacy",
                icon: "lock",
                roles: &[Role::SecurityAdministrator, Role::AuditAdministrator],
            },
            NavigationItem {
                group: "管理",
                label: "接口令牌",
                path: "/staff/tokens",
                icon: "key",
                roles: &[Role::SystemAdministrator, Role::SecurityAdministrator],
            },
            NavigationItem {
                group: "我的账号",
                label: "切换岗位",
                path: "/staff/post",
                icon: "id",
                roles: &Role::ALL,
            },
            NavigationItem {
                group: "我的账号",
                label: "修改密码",
                path: "/staff/password",
                icon: "lock",
                roles: &Role::ALL,
            },
            NavigationItem {
                group: "我的账号",
                label: "动态验证码",
                path: "/staff/factor",
                icon: "device-mobile",
                roles: &Role::ALL,
            },
        ]
    }

    fn routes(&self) -> Routes {
        sign_in::routes()
            .and(admin::routes())
            .and(api::routes())
            .and(api_tokens::routes())
            .with_state(self.rooms.clone())
    }
}
