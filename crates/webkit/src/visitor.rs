//! Who stands before a page: nobody known, a citizen, a member of staff in one post, or a program.
//!
//! The access slice finds out who it is; everyone else reads it here.

use wuchuang_codes::mask_phone;
use wuchuang_kernel::{
    Actor, ActorKind, ApiTokenId, Channel, OrganisationId, PersonId, PostId, Region, Role,
    SessionId, mask_name,
};

use crate::page::{VisitorKind, VisitorView};

/// Who stands before a page.
#[derive(Debug, Clone, Default)]
pub enum Visitor {
    /// Nobody signed in.
    #[default]
    Anonymous,
    /// A citizen.
    Citizen(Citizen),
    /// A member of staff in one of their posts.
    Staff(Staff),
    /// A program with a token.
    Program(Program),
}

/// A citizen who signed in.
#[derive(Clone)]
pub struct Citizen {
    /// The person.
    pub person: PersonId,
    /// Their session.
    pub session: SessionId,
    /// Their name; empty until they gave it.
    pub name: String,
    /// Their phone number, proved by a code.
    pub phone: String,
}

// Name and number stay out of logs.
impl std::fmt::Debug for Citizen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Citizen({})", self.person)
    }
}

/// A member of staff in one post.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The person.
    pub person: PersonId,
    /// Their session.
    pub session: SessionId,
    /// Their name as colleagues and citizens see it (staff act in public).
    pub name: String,
    /// The post in which they act now.
    pub post: PostId,
    /// The post's title.
    pub post_title: String,
    /// The organisation of the post.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// The region that the post reaches: a county, a town or a village.
    pub reach: Region,
    /// What the post entitles to.
    pub roles: Vec<Role>,
}

/// A program that calls the API with a token.
#[derive(Debug, Clone)]
pub struct Program {
    /// The token.
    pub token: ApiTokenId,
    /// On whose behalf: the member of staff who owns the token.
    pub staff: Box<Staff>,
    /// The actions that the token may use, a subset of its owner's.
    pub scopes: Vec<String>,
}

impl Visitor {
    /// The person, where one is known.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Anonymous => None,
            Self::Citizen(citizen) => Some(citizen.person),
            Self::Staff(staff) => Some(staff.person),
            Self::Program(program) => Some(program.staff.person),
        }
    }

    /// The member of staff, also behind a program.
    pub fn staff(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            Self::Program(program) => Some(&program.staff),
            Self::Anonymous | Self::Citizen(_) => None,
        }
    }

    /// The citizen.
    pub const fn citizen(&self) -> Option<&Citizen> {
        match self {
            Self::Citizen(citizen) => Some(citizen),
            _ => None,
        }
    }

    /// Whether the post entitles to a role.
    pub fn has_role(&self, role: Role) -> bool {
        self.staff()
            .is_some_and(|staff| staff.roles.contains(&role))
    }

    /// As the ledger records it.
    pub fn actor(&self) -> Actor {
        match (self.staff(), self) {
            (Some(staff), visitor) => Actor {
                person: Some(staff.person),
                program: match visitor {
                    Self::Program(program) => Some(program.token),
                    _ => None,
                },
                kind: ActorKind::Staff {
                    post: staff.post,
                    organisation: staff.organisation,
                },
            },
            (None, visitor) => Actor::citizen(visitor.person()),
        }
    }

    /// The window through which this visitor's commands come unless the page says otherwise.
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Anonymous | Self::Citizen(_) => Channel::Portal,
            Self::Staff(_) => Channel::Office,
            Self::Program(_) => Channel::Api,
        }
    }

    /// As the header shows them.
    pub fn view(&self) -> Option<VisitorView> {
        match self {
            Self::Anonymous => None,
            Self::Citizen(citizen) => Some(VisitorView {
                display_name: if citizen.name.is_empty() {
                    mask_phone(&citizen.phone)
                } else {
                    mask_name(&citizen.name)
                },
                kind: VisitorKind::Citizen,
                post: None,
            }),
            Self::Staff(_) | Self::Program(_) => self.staff().map(|staff| VisitorView {
                display_name: staff.name.clone(),
                kind: VisitorKind::Staff,
                post: Some(format!(
                    "{} · {}",
                    staff.post_title, staff.organisation_name
                )),
            }),
        }
    }
}
