//! The question "may this visitor do this?", asked at each route and, where a thing belongs to
//! somebody, of that thing. The access slice answers it with Cedar policies.

use std::sync::Arc;

use wuchuang_kernel::{OrganisationId, PersonId};

use crate::{failure::Failure, visitor::Visitor};

/// The thing that an action is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// What kind of thing: `case`, `service_item`; empty for the action as such.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// The organisation that handles it.
    pub organisation: Option<OrganisationId>,
    /// The person whom it concerns.
    pub owner: Option<PersonId>,
}

/// Decides actions.
pub trait Gate: Send + Sync + 'static {
    /// Whether the visitor may do the action on the thing.
    fn allows(&self, visitor: &Visitor, action: &'static str, resource: &Resource) -> bool;
}

/// The gate as it is shared with handlers.
#[derive(Clone)]
pub struct SharedGate(pub Arc<dyn Gate>);

impl SharedGate {
    /// Lets the visitor through or tells how to get in.
    ///
    /// # Errors
    /// 401 for a visitor who did not sign in, 403 for one who may not.
    pub fn require(
        &self,
        visitor: &Visitor,
        action: &'static str,
        resource: &Resource,
    ) -> Result<(), Failure> {
        if self.0.allows(visitor, action, resource) {
            Ok(())
        } else if matches!(visitor, Visitor::Anonymous) {
            Err(Failure::sign_in())
        } else {
            Err(Failure::forbidden(action))
        }
    }
}
