//! Who sends a command, through which window, and in which region.
//!
//! [`Region`] is a *place of the house*: the tenant whose chain a record stands on, and how far a post reaches. It holds
//! the digits that the configuration or a stored row gave, answers only "is it inside?", and never looks at what the
//! digits mean. What people type as a division code, and what its digits say (level, committee), is
//! `wuchuang_codes::RegionCode`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::ids::{ApiTokenId, OrganisationId, PersonId, PostId};

/// An administrative division by its code (GB/T 2260: 6 digits for a county; 9 for a town, 12 for a
/// village by the statistics bureau's extension). Each county is a tenant of the ledger and has a
/// hash chain of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 12], u8);

/// A text that is no region code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a region code has 6, 9 or 12 digits")]
pub struct InvalidRegion;

impl Region {
    /// The code's digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0[..usize::from(self.1)]).unwrap_or_default()
    }

    /// The county of this region: the first six digits.
    #[must_use]
    pub fn county(self) -> Self {
        let mut digits = [0; 12];
        digits[..6].copy_from_slice(&self.0[..6]);
        Self(digits, 6)
    }

    /// Whether `other` lies inside this region (or is it).
    pub fn contains(&self, other: &Self) -> bool {
        other.as_str().starts_with(self.as_str())
    }
}

impl FromStr for Region {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, InvalidRegion> {
        let length = u8::try_from(text.len()).map_err(|_| InvalidRegion)?;
        if !matches!(length, 6 | 9 | 12) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidRegion);
        }
        let mut digits = [0; 12];
        digits[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self(digits, length))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Region({})", self.as_str())
    }
}

impl Serialize for Region {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The window through which a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 实体: a counter of the hall.
    Counter,
    /// 智慧: a self-service terminal.
    Kiosk,
    /// 网上: the portal.
    Portal,
    /// 热线: 12345.
    Hotline,
    /// 基层: a town or village station.
    Station,
    /// The offices behind the windows: review, decision, administration.
    Office,
    /// A program that calls the API.
    Api,
    /// The system itself: jobs and timers.
    System,
}

impl Channel {
    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "窗口",
            Self::Kiosk => "自助终端",
            Self::Portal => "网上",
            Self::Hotline => "热线",
            Self::Station => "基层站点",
            Self::Office => "后台",
            Self::Api => "接口",
            Self::System => "系统",
        }
    }

    /// The stored form, also used in the JSON API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Kiosk => "kiosk",
            Self::Portal => "portal",
            Self::Hotline => "hotline",
            Self::Station => "station",
            Self::Office => "office",
            Self::Api => "api",
            Self::System => "system",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Counter,
            Self::Kiosk,
            Self::Portal,
            Self::Hotline,
            Self::Station,
            Self::Office,
            Self::Api,
            Self::System,
        ]
        .into_iter()
        .find(|channel| channel.code() == code)
    }
}

/// What a post entitles to. The Cedar policies speak of these; a post has one or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 窗口受理: receives, accepts, delivers at a counter.
    CounterClerk,
    /// 审查: works on the review steps of an item.
    Reviewer,
    /// 审批 (首席代表): decides, extends, stops the clock.
    Approver,
    /// 监督: sees everything of the centre, changes nothing.
    Supervisor,
    /// 事项管理: writes and publishes service items.
    CatalogueManager,
    /// 系统管理员: people, calendar, templates, jobs.
    SystemAdministrator,
    /// 安全管理员: roles, holds, forgetting.
    SecurityAdministrator,
    /// 审计管理员: reads every log, changes nothing.
    AuditAdministrator,
}

impl Role {
    /// All roles, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::CounterClerk,
        Self::Reviewer,
        Self::Approver,
        Self::Supervisor,
        Self::CatalogueManager,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::AuditAdministrator,
    ];

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CounterClerk => "窗口受理",
            Self::Reviewer => "审查",
            Self::Approver => "审批",
            Self::Supervisor => "监督",
            Self::CatalogueManager => "事项管理",
            Self::SystemAdministrator => "系统管理",
            Self::SecurityAdministrator => "安全管理",
            Self::AuditAdministrator => "审计管理",
        }
    }

    /// The stored form, also the one the policies use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CounterClerk => "counter_clerk",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
            Self::Supervisor => "supervisor",
            Self::CatalogueManager => "catalogue_manager",
            Self::SystemAdministrator => "system_administrator",
            Self::SecurityAdministrator => "security_administrator",
            Self::AuditAdministrator => "audit_administrator",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// What kind of actor sends a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ActorKind {
    /// A citizen acting for themself or as an agent.
    Citizen,
    /// A member of staff in one of their posts.
    Staff {
        /// The post in which the person acts.
        post: PostId,
        /// The organisation of the post.
        organisation: OrganisationId,
    },
    /// The system itself.
    System,
}

/// Who acts. Names are looked up where they are shown; the ledger keeps identifiers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person; `None` for the system and for a visitor who did not sign in.
    pub person: Option<PersonId>,
    /// The token of the program that acts in the person's post; `None` when the person does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ApiTokenId>,
    /// In which capacity.
    #[serde(flatten)]
    pub kind: ActorKind,
}

impl Actor {
    /// The system itself: jobs and timers.
    pub const SYSTEM: Self = Self {
        person: None,
        program: None,
        kind: ActorKind::System,
    };

    /// A citizen; `None` when nobody signed in (a rating by link, for example).
    pub const fn citizen(person: Option<PersonId>) -> Self {
        Self {
            person,
            program: None,
            kind: ActorKind::Citizen,
        }
    }

    /// The organisation in which a member of staff acts.
    pub const fn organisation(&self) -> Option<OrganisationId> {
        match self.kind {
            ActorKind::Staff { organisation, .. } => Some(organisation),
            ActorKind::Citizen | ActorKind::System => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_contains_its_towns_and_villages() {
        let county: Region = "610924".parse().unwrap();
        let village: Region = "610924102200".parse().unwrap();
        assert!(county.contains(&village));
        assert!(!village.contains(&county));
        assert_eq!(village.county(), county);
        for wrong in ["", "61092", "6109241", "61092x", "610924102200123"] {
            assert_eq!(wrong.parse::<Region>(), Err(InvalidRegion), "{wrong}");
        }
    }

    #[test]
    fn actors_read_as_they_were_written_before_programs_had_a_name() {
        let text = r#"{"person":null,"kind":"system"}"#;
        let actor: Actor = serde_json::from_str(text).unwrap();
        assert_eq!(actor, Actor::SYSTEM);
        assert_eq!(serde_json::to_string(&actor).unwrap(), text);
    }

    #[test]
    fn channels_read_back() {
        assert_eq!(Channel::from_code("portal"), Some(Channel::Portal));
        assert_eq!(Channel::from_code("fax"), None);
    }
}
