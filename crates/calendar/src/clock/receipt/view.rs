//! What worklists show of a case before acceptance.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ReceiptClock, ReceiptPhase};
use crate::calendar::Calendar;
use crate::clock::due::Due;
use crate::day::china_date;

/// Where a case stands before acceptance, at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReceiptState {
    /// The window runs.
    Examining,
    /// The last day of the window.
    LastDay,
    /// The window ran out: accepted by law as of the day received.
    DeemedAccepted {
        /// The day received.
        accepted_on: Date,
    },
    /// The applicant has to correct.
    WaitingForApplicant {
        /// The day the applicant was asked to answer by has passed.
        late: bool,
    },
    /// Accepted, refused or withdrawn.
    Concluded,
}

/// A receipt at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptView {
    /// Where it stands.
    pub state: ReceiptState,
    /// The last day to tell defects, while the window runs.
    pub window: Option<Due>,
    /// Working days of the window not yet begun; zero on the last day.
    pub left: i64,
}

impl ReceiptClock {
    /// The receipt at an instant.
    pub fn view(&self, calendar: &Calendar, now: Timestamp) -> ReceiptView {
        let (state, left) = match &self.phase {
            ReceiptPhase::Concluded { .. } => (ReceiptState::Concluded, 0),
            ReceiptPhase::Correcting => {
                let answer_by = self.rounds.last().and_then(|round| round.notice.answer_by);
                let late = answer_by.is_some_and(|date| china_date(now) > date);
                (ReceiptState::WaitingForApplicant { late }, 0)
            }
            ReceiptPhase::Examining { since } => {
                let run = self.window_run(*since, calendar);
                let due = run.due();
                let state = if due.is_over(now) {
                    ReceiptState::DeemedAccepted {
                        accepted_on: china_date(*since),
                    }
                } else if china_date(now) == due.date {
                    ReceiptState::LastDay
                } else {
                    ReceiptState::Examining
                };
                (state, run.left(now, &due).max(0))
            }
        };
        ReceiptView {
            state,
            window: self.window(calendar),
            left,
        }
    }
}
