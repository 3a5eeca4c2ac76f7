//! The legal clock as pure values. `limit`, `stop`, `extension` and `step` are its parts, `event` how it moves and
//! `error` why it refuses; `receipt` is the clock before acceptance. `counting` and `due` hold the one set of counting
//! rules; `view`, `evidence` and `change` say the result in figures and words.
//!
//! # The counting rules
//!
//! 1. Day 0 is the day of acceptance and is not counted; counting starts on the next day that counts (the next working
//!    day for limits in working days, 行政许可法第82条). A limit of zero (当场办结) is due on day 0.
//! 2. A limit of *n* days is due at the end of the *n*-th counted day. A limit in calendar days that would end on a day
//!    off ends on the next working day (民法典第203条).
//! 3. A stop (行政许可法第45条) uncounts every day from the day it begins to the day it ends, **both included**: the
//!    day of the stop belongs to the procedure, and the day of the resumption is a new day 0. Counting goes on with the
//!    next day that counts. A day touched by two stops is uncounted once. Nothing else stops the clock, in particular
//!    not a supplement owed under conditional acceptance (容缺受理).
//! 4. Limits in working hours run by the second within office hours, from the instant of the start, and a stop uncounts
//!    exactly the time from its begin to its end.
//! 5. One extension adds to the statutory and to the promised limit alike, each in its own unit.
//! 6. A day is used once it has begun, so that the last day shows 0 days left and is overdue only when it is over.

mod change;
mod counting;
mod due;
mod error;
mod event;
mod evidence;
mod extension;
mod limit;
mod receipt;
mod step;
mod stop;
mod view;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use change::{DueChange, MovedDay};
pub use due::{Due, DueDates};
pub use error::{ClockError, ReceiptError};
pub use event::ClockEvent;
pub use evidence::{DayCounting, DayEvidence};
pub use extension::{Extension, ExtensionRule};
pub use limit::{ClockRule, Limit, Unit};
pub use receipt::{
    Acceptance, Conclusion, CorrectionNotice, CorrectionRound, ReceiptClock, ReceiptEvent,
    ReceiptPhase, ReceiptState, ReceiptView,
};
pub use step::{StepRun, Supplement};
pub use stop::{Stop, StopKind, StopOrder};
pub use view::{
    ClockState, ClockView, DUE_SOON_PERCENT, LimitView, StepView, StopView, SupplementView,
};

use counting::Pause;

/// The running time limit of one accepted case. Stored as it is inside the state of the case; moved only by
/// [`ClockEvent`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    rule: ClockRule,
    started_at: Timestamp,
    changed_at: Timestamp,
    phase: Phase,
    stops: Vec<Stop>,
    extension: Option<Extension>,
    supplement: Option<Supplement>,
    steps: Vec<StepRun>,
}

/// Where the clock stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Time is counted.
    Running,
    /// A special procedure is under way; time is not counted.
    Stopped {
        /// What was ordered and told to the applicant.
        order: StopOrder,
    },
    /// The case was decided, withdrawn or ended otherwise.
    Finished {
        /// When.
        at: Timestamp,
    },
}

impl Clock {
    /// Starts the clock of an accepted case. The day of acceptance is day 0; see the module's counting rules.
    pub fn start(rule: ClockRule, acceptance: Acceptance) -> Self {
        Self::start_at(rule, acceptance.at())
    }

    /// Starts a clock that has no acceptance before it: a hotline order's clock starts at dispatch, not when the
    /// department signs for it.
    pub fn start_at(rule: ClockRule, at: Timestamp) -> Self {
        Self {
            rule,
            started_at: at,
            changed_at: at,
            phase: Phase::Running,
            stops: Vec::new(),
            extension: None,
            supplement: None,
            steps: Vec::new(),
        }
    }

    /// The limits and the rule of extension.
    pub fn rule(&self) -> &ClockRule {
        &self.rule
    }

    /// The instant of acceptance (or dispatch); its date is day 0.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// Running, stopped or finished.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Stops that have ended, in order.
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// The extension, if one was granted.
    pub fn extension(&self) -> Option<&Extension> {
        self.extension.as_ref()
    }

    /// The supplement owed under conditional acceptance, if any.
    pub fn supplement(&self) -> Option<&Supplement> {
        self.supplement.as_ref()
    }

    /// Runs of the steps, in the order of their start.
    pub fn steps(&self) -> &[StepRun] {
        &self.steps
    }

    /// When the clock finished, if it has.
    pub fn finished_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Finished { at } => Some(at),
            Phase::Running | Phase::Stopped { .. } => None,
        }
    }

    /// Every stretch of uncounted time, an open stop ending at `now`.
    fn pauses(&self, now: Timestamp) -> Vec<Pause> {
        let mut pauses: Vec<Pause> = self
            .stops
            .iter()
            .map(|stop| Pause {
                from: stop.order.from,
                to: stop.to,
            })
            .collect();
        if let Phase::Stopped { order } = &self.phase {
            pauses.push(Pause {
                from: order.from,
                to: now.max(order.from),
            });
        }
        pauses
    }

    /// Units added by the extension.
    fn extra(&self) -> u16 {
        self.extension
            .as_ref()
            .map_or(0, |extension| extension.amount)
    }
}

#[cfg(test)]
mod tests;
