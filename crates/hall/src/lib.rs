//! The hall's window: the counter that receives a case with the keyboard alone (前台综合受理) and hands
//! over its result (统一窗口出件). Queue and tickets are not here yet.
//!
//! The counter writes nothing of its own: it sends the cases' commands, so that a rule has no second copy.
//! Rooms: `entry` (what the one field says), `reception` (checklist, form, buttons), `handing_over`, all
//! three pure; `pages`.
//!
//! # Keystrokes
//!
//! Reception of 失业登记 (即办件, two papers, five questions open) for a citizen who has applied before,
//! besides typed text; an identity-card reader sends number and Enter by itself. The plan is a test.
//!
//! | | key | what |
//! |---|---|---|
//! | 1 | Enter | after the citizen number: the person and their matters |
//! | 2 | Enter | after `sydj`: the items of these initials |
//! | 3 | 1 | 失业登记, before 生育登记 |
//! | 4–5 | 1 2 | both papers 齐全 |
//! | 6 | t | to the first open question: 失业原因 |
//! | 7 | Space | its first answer (each further one is an arrow) |
//! | 8 | Tab | 失业日期, typed as digits |
//! | 9–11 | Tab ×3 | past month and calendar button, 原工作单位 |
//! | 12 | Tab | 失业保险参保地, typed |
//! | 13 | Tab | 文化程度 |
//! | 14–16 | Space ↓ ↓ | 大专 |
//! | 17 | Esc | out of the fields |
//! | 18 | s | 收件并当场办结 |
//! | 19 | p | the slip |
//! | 20 | n | the next person |

mod entry;
mod handing_over;
#[cfg(test)]
mod keystrokes;
mod pages;
mod reception;
mod rooms;

use std::sync::Arc;

use wuchuang_cases::rooms::CaseRooms;
use wuchuang_catalogue::Catalogue;
use wuchuang_kernel::{CaseId, Role};
use wuchuang_licences::Licences;
use wuchuang_webkit::{NavigationItem, Routes, Slice};

use rooms::Rooms;

/// The hall's window.
pub struct HallSlice {
    rooms: Rooms,
}

impl HallSlice {
    /// The window over cases, catalogue and licences.
    pub fn new(cases: CaseRooms, catalogue: Catalogue, licences: Licences) -> Self {
        Self {
            rooms: Rooms::new(cases, catalogue, licences),
        }
    }

    /// The same window, whose last page shows the applicant the code that rates the service.
    #[must_use]
    pub fn inviting_ratings(
        mut self,
        rate_path: impl Fn(CaseId) -> String + Send + Sync + 'static,
    ) -> Self {
        self.rooms.rate_path = Some(Arc::new(rate_path));
        self
    }
}

const NAVIGATION: &[NavigationItem] = &[
    NavigationItem {
        group: "办件",
        label: "窗口收件",
        path: "/staff/counter",
        icon: "id",
        roles: &[Role::CounterClerk],
    },
    NavigationItem {
        group: "办件",
        label: "窗口出件",
        path: "/staff/counter/delivery",
        icon: "truck-delivery",
        roles: &[Role::CounterClerk],
    },
];

impl Slice for HallSlice {
    fn name(&self) -> &'static str {
        "hall"
    }

    fn policies(&self) -> &'static str {
        include_str!("policies.cedar")
    }

    fn navigation(&self) -> &'static [NavigationItem] {
        NAVIGATION
    }

    fn routes(&self) -> Routes {
        pages::routes().with_state(self.rooms.clone())
    }
}
