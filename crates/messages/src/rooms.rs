//! What the handlers of this slice share.

use std::sync::Arc;

use wuchuang_ledger::Ledger;

use crate::{gateway::Postman, model::Surrounding, settings::Secret};

/// Shared by all handlers; cloning is cheap.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) ledger: Ledger,
    pub(crate) postman: Arc<Postman>,
    pub(crate) surrounding: Arc<Surrounding>,
    /// Gateways that report, with the secrets of their addresses.
    pub(crate) tokens: Arc<Vec<(String, Secret)>>,
}
