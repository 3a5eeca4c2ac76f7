//! What the handlers of this slice share.

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_ledger::Ledger;

use crate::{gateway::Postman, model::Surrounding, settings::Secret};

/// Shared by all handlers; cloning is cheap.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) ledger: Ledger,
    pub(crate) postman: Arc<Postman>,
    pub(crate) surrounding: Arc<Surrounding>,
    /// Who is who, for the record of changes; a slice that stands alone names nobody.
    pub(crate) directory: Option<Directory>,
    /// Gateways that report, with the secrets of their addresses.
    pub(crate) tokens: Arc<Vec<(String, Secret)>>,
}
