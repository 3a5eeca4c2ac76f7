//! What a slice gives to the roof. Adding a window is a new crate and one line in `app`.

use std::sync::Arc;

use wuchuang_kernel::Role;
use wuchuang_ledger::{Job, LedgerBuilder, Migration};

use crate::routes::Routes;

/// One link of the staff navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavigationItem {
    /// The group's words: 办件, 事项, 管理.
    pub group: &'static str,
    /// The link's words.
    pub label: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// The roles that see it.
    pub roles: &'static [Role],
}

/// A slice of the house. Everything has a default, so that a room that is not needed is absent.
pub trait Slice: Send + Sync {
    /// The slice's name, as its crate's folder.
    fn name(&self) -> &'static str;

    /// Its schema changes, oldest first.
    fn migrations(&self) -> &'static [Migration] {
        &[]
    }

    /// Its streams, projections and reactions.
    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        ledger
    }

    /// Its Cedar policies.
    fn policies(&self) -> &'static str {
        ""
    }

    /// Its English texts (a PO file).
    fn english(&self) -> &'static str {
        ""
    }

    /// Its links in the staff navigation.
    fn navigation(&self) -> &'static [NavigationItem] {
        &[]
    }

    /// The handlers of its jobs.
    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        Vec::new()
    }

    /// Its routes.
    fn routes(&self) -> Routes {
        Routes::new()
    }
}
