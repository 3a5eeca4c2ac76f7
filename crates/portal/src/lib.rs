//! The citizens' window on the web (网上一窗): search, guides, apply, my matters, progress.
//!
//! Floor 3. It decides nothing: every page reads the catalogue and the cases, and every button sends a
//! command of `wuchuang_cases`, the same that a counter sends.
//!
//! Rooms: `pages` (home, guides, progress, help), `apply` (from the first question to the receipt), `my`
//! (overview, one case, supplying, withdrawing), `view` (a case as people outside see it; pure), `uploads`,
//! `words` (dates and limits in the visitor's language).

mod apply;
mod my;
mod pages;
mod rooms;
mod uploads;
mod view;
mod words;

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_bundles::Bundles;
use wuchuang_cases::Cases;
use wuchuang_catalogue::Catalogue;
use wuchuang_delegations::Delegations;
use wuchuang_kernel::CaseId;
use wuchuang_licences::Licences;
use wuchuang_webkit::{Routes, Slice};

use rooms::Rooms;

/// Where a finished case is rated. The roof gives it, because ratings stand on a floor above.
pub type RatePath = Arc<dyn Fn(CaseId) -> String + Send + Sync>;

/// What the slice needs.
pub struct PortalOptions {
    /// The cases.
    pub cases: Cases,
    /// The items.
    pub catalogue: Catalogue,
    /// The life-event bundles.
    pub bundles: Bundles,
    /// Which other organisations take an item.
    pub delegations: Delegations,
    /// The licences, for reuse as materials.
    pub licences: Licences,
    /// People and divisions.
    pub directory: Directory,
    /// Whether a proxy stands before the program, whose `X-Forwarded-For` is to be believed.
    pub behind_proxy: bool,
    /// Where a finished case is rated.
    pub rate_path: RatePath,
}

/// The slice.
pub struct PortalSlice {
    rooms: Rooms,
}

impl PortalSlice {
    /// The slice over an open ledger.
    pub fn new(options: PortalOptions) -> Self {
        Self {
            rooms: Rooms::new(options),
        }
    }
}

impl Slice for PortalSlice {
    fn name(&self) -> &'static str {
        "portal"
    }

    fn policies(&self) -> &'static str {
        include_str!("policies.cedar")
    }

    fn english(&self) -> &'static str {
        include_str!("../locales/en.po")
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(apply::routes())
            .and(my::routes())
            .with_state(self.rooms.clone())
    }
}
