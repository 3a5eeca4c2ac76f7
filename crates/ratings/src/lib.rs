//! Ratings (好差评): one for each service, five grades with the national labels, never forced.
//!
//! - `model`: the rating as a pure value, the national labels;
//! - `projection`: whoever's case ended is invited by a link that cannot be guessed; ratings without who
//!   gave them; counters of each day, from which 评价率 and 满意率 are computed;
//! - `jobs`: a rating is told to its case, which then knows that it was rated and nothing more;
//! - `pages`, `api`: rating by link or from "my" pages, and the staff page of grades and figures.
//!
//! The rater is protected (GB/T 39735): the staff of an organisation see grades by item over whole months, where enough
//! people rated (`protected`). Only supervision may open a bad rating
//! to call back, with a reason that stays on the ledger (`opening`).

mod api;
mod intake;
mod jobs;
mod migrations;
pub mod model;
mod opening;
mod pages;
mod projection;
mod protected;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wuchuang_access::AccessKey;
use wuchuang_kernel::{CaseId, Role};
use wuchuang_ledger::{Job, Ledger, LedgerBuilder, Migration};
use wuchuang_webkit::{NavigationItem, Routes, Slice};

pub use migrations::MIGRATIONS;
pub use store::{Figures, figures};

/// How long a token is, in hexadecimal characters (128 bits).
const TOKEN_CHARACTERS: usize = 32;

/// What the link of a case's rating carries: `/rate/{token}`. It follows from the installation's key, so
/// that the closing message and the page agree without asking each other, and nobody can guess it.
pub fn rating_token(key: &AccessKey, case: CaseId) -> String {
    let mut digest = key.digest("rating-token", &case.to_string());
    digest.truncate(TOKEN_CHARACTERS);
    digest
}

/// The path of the page on which a case is rated: `/rate/…`. Whoever gives it out adds by which way, so that the
/// national channel is the true one: `?via=web`, `sms`, `mail`, `qr` ([`model::RatingChannel::from_link`]).
pub fn rating_path(key: &AccessKey, case: CaseId) -> String {
    format!("/rate/{}", rating_token(key, case))
}

/// Registers the stream, the projection and the reaction, before the ledger opens. The cases' stream must be
/// registered too.
#[must_use]
pub fn register(builder: LedgerBuilder, key: &AccessKey) -> LedgerBuilder {
    builder
        .stream::<model::RatingStream>()
        .projection(projection::RatingProjection { key: key.clone() })
        .reaction(jobs::AfterRating)
}

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) ledger: Ledger,
}

/// The ratings.
pub struct RatingsSlice {
    rooms: Rooms,
    key: AccessKey,
}

impl RatingsSlice {
    /// The ratings on an open ledger.
    pub const fn new(ledger: Ledger, key: AccessKey) -> Self {
        Self {
            rooms: Rooms { ledger },
            key,
        }
    }
}

const NAVIGATION: &[NavigationItem] = &[NavigationItem {
    group: "监督",
    label: "好差评",
    path: "/staff/ratings",
    icon: "star",
    roles: &[
        Role::CounterClerk,
        Role::Reviewer,
        Role::Approver,
        Role::Supervisor,
    ],
}];

impl Slice for RatingsSlice {
    fn name(&self) -> &'static str {
        "ratings"
    }

    fn migrations(&self) -> &'static [Migration] {
        MIGRATIONS
    }

    fn register(&self, ledger: LedgerBuilder) -> LedgerBuilder {
        register(ledger, &self.key)
    }

    fn policies(&self) -> &'static str {
        include_str!("policies.cedar")
    }

    fn english(&self) -> &'static str {
        include_str!("../locales/en.po")
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn jobs(&self) -> Vec<Arc<dyn Job>> {
        vec![Arc::new(jobs::RecordRating)]
    }

    fn routes(&self) -> Routes {
        pages::routes()
            .and(api::routes())
            .with_state(self.rooms.clone())
    }
}
