//! How a clock moves. `check` decides, `apply` cannot fail, and the named transitions are both in one, so that a
//! ledger can store the event and replay it, and a caller without a ledger has one consuming call.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{ClockError, check_text};
use super::extension::Extension;
use super::limit::Limit;
use super::step::{StepRun, Supplement};
use super::stop::{Stop, StopOrder};
use super::{Clock, Phase};
use crate::calendar::Calendar;

/// Most stops, and most runs of steps, one clock keeps.
const ENTRIES_MAX: usize = 200;

/// One change of a clock, as stored on a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ClockEvent {
    /// A special procedure began; counting stops at `order.from`.
    Stopped {
        /// What was ordered and told to the applicant.
        order: StopOrder,
    },
    /// The special procedure ended.
    Resumed {
        /// When.
        at: Timestamp,
    },
    /// The limits were extended.
    Extended {
        /// The extension.
        extension: Extension,
    },
    /// Conditional acceptance: the applicant owes materials. Does not stop the clock.
    SupplementPromised {
        /// Names of the materials.
        materials: Vec<String>,
        /// Time allowed.
        limit: Limit,
        /// When.
        at: Timestamp,
    },
    /// Everything owed has arrived.
    SupplementSupplied {
        /// When.
        at: Timestamp,
    },
    /// A step got the case.
    StepStarted {
        /// Key of the step.
        step: String,
        /// Its limit.
        limit: Limit,
        /// When.
        at: Timestamp,
    },
    /// A step gave the case on.
    StepFinished {
        /// Key of the step.
        step: String,
        /// When.
        at: Timestamp,
    },
    /// The case was decided or ended otherwise; an open stop and open steps end with it.
    Finished {
        /// When.
        at: Timestamp,
    },
}

impl ClockEvent {
    /// When it takes effect.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Stopped { order } => order.from,
            Self::Extended { extension } => extension.granted_at,
            Self::Resumed { at }
            | Self::SupplementPromised { at, .. }
            | Self::SupplementSupplied { at }
            | Self::StepStarted { at, .. }
            | Self::StepFinished { at, .. }
            | Self::Finished { at } => *at,
        }
    }
}

impl Clock {
    /// Whether an event may happen now. The calendar is needed to know whether the limit has run out.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn check(&self, event: &ClockEvent, calendar: &Calendar) -> Result<(), ClockError> {
        if self.finished_at().is_some() {
            return Err(ClockError::Finished);
        }
        if event.at() < self.changed_at {
            return Err(ClockError::OutOfOrder);
        }
        match event {
            ClockEvent::Stopped { order } => self.check_stop(order),
            ClockEvent::Resumed { .. } => match self.phase {
                Phase::Stopped { .. } => Ok(()),
                Phase::Running | Phase::Finished { .. } => Err(ClockError::NotStopped),
            },
            ClockEvent::Extended { extension } => self.check_extension(extension, calendar),
            ClockEvent::SupplementPromised {
                materials, limit, ..
            } => self.check_supplement(materials, *limit),
            ClockEvent::SupplementSupplied { .. } => match &self.supplement {
                Some(Supplement {
                    supplied_at: None, ..
                }) => Ok(()),
                Some(_) | None => Err(ClockError::NoSupplementOwed),
            },
            ClockEvent::StepStarted { step, limit, .. } => self.check_step_start(step, *limit),
            ClockEvent::StepFinished { step, .. } if self.open_step(step) => Ok(()),
            ClockEvent::StepFinished { step, .. } => {
                Err(ClockError::StepNotRunning { step: step.clone() })
            }
            ClockEvent::Finished { .. } => Ok(()),
        }
    }

    /// The clock after an event. An event that cannot have happened leaves the clock as it is.
    #[must_use]
    pub fn apply(mut self, event: ClockEvent) -> Self {
        self.changed_at = self.changed_at.max(event.at());
        match event {
            ClockEvent::Stopped { order } => {
                if self.phase == Phase::Running {
                    self.phase = Phase::Stopped { order };
                }
            }
            ClockEvent::Resumed { at } => self.end_stop(at, Phase::Running),
            ClockEvent::Extended { extension } => self.extension = Some(extension),
            ClockEvent::SupplementPromised {
                materials,
                limit,
                at,
            } => {
                self.supplement = Some(Supplement {
                    materials,
                    limit,
                    promised_at: at,
                    supplied_at: None,
                });
            }
            ClockEvent::SupplementSupplied { at } => {
                if let Some(supplement) = &mut self.supplement {
                    supplement.supplied_at = Some(at);
                }
            }
            ClockEvent::StepStarted { step, limit, at } => {
                self.steps.push(StepRun {
                    step,
                    limit,
                    started_at: at,
                    finished_at: None,
                });
            }
            ClockEvent::StepFinished { step, at } => self.end_steps(at, |run| run.step == step),
            ClockEvent::Finished { at } => {
                self.end_stop(at, Phase::Finished { at });
                self.phase = Phase::Finished { at };
                self.end_steps(at, |_| true);
            }
        }
        self
    }

    /// `check` and `apply` in one.
    ///
    /// # Errors
    /// As [`Clock::check`].
    pub fn then(self, event: ClockEvent, calendar: &Calendar) -> Result<Self, ClockError> {
        self.check(&event, calendar)?;
        Ok(self.apply(event))
    }

    /// Stops counting for a special procedure.
    ///
    /// # Errors
    /// When stopped already, not told in writing, out of order, or an on-the-spot item.
    pub fn stop(self, order: StopOrder, calendar: &Calendar) -> Result<Self, ClockError> {
        self.then(ClockEvent::Stopped { order }, calendar)
    }

    /// Takes counting up again.
    ///
    /// # Errors
    /// When not stopped, or out of order.
    pub fn resume(self, at: Timestamp, calendar: &Calendar) -> Result<Self, ClockError> {
        self.then(ClockEvent::Resumed { at }, calendar)
    }

    /// Extends both limits, once.
    ///
    /// # Errors
    /// When extended before, above the cap, without a reason or a person, or after the statutory limit ran out.
    pub fn extend(self, extension: Extension, calendar: &Calendar) -> Result<Self, ClockError> {
        self.then(ClockEvent::Extended { extension }, calendar)
    }

    /// Ends the clock.
    ///
    /// # Errors
    /// When ended already, or out of order.
    pub fn finish(self, at: Timestamp, calendar: &Calendar) -> Result<Self, ClockError> {
        self.then(ClockEvent::Finished { at }, calendar)
    }

    fn check_stop(&self, order: &StopOrder) -> Result<(), ClockError> {
        order.check()?;
        if self.rule.promised().amount == 0 {
            return Err(ClockError::OnTheSpot);
        }
        if self.stops.len() >= ENTRIES_MAX {
            return Err(ClockError::TooMany);
        }
        match &self.phase {
            Phase::Stopped { order } => Err(ClockError::AlreadyStopped {
                kind: order.kind.clone(),
            }),
            Phase::Running | Phase::Finished { .. } => Ok(()),
        }
    }

    fn check_extension(
        &self,
        extension: &Extension,
        calendar: &Calendar,
    ) -> Result<(), ClockError> {
        let rule = self
            .rule
            .extension()
            .ok_or(ClockError::ExtensionNotProvided)?;
        if self.rule.promised().amount == 0 {
            return Err(ClockError::OnTheSpot);
        }
        if self.extension.is_some() {
            return Err(ClockError::ExtendedBefore);
        }
        if !(1..=rule.cap).contains(&extension.amount) {
            let article = rule.article.clone();
            return Err(ClockError::ExtensionCap {
                amount: extension.amount,
                cap: rule.cap,
                article,
            });
        }
        check_text("延长理由", &extension.reason)?;
        check_text("批准人", &extension.authorised_by)?;
        let due = self.due_dates(calendar, extension.granted_at).statutory;
        if due.is_over(extension.granted_at) {
            Err(ClockError::ExtensionTooLate { due: due.date })
        } else {
            Ok(())
        }
    }

    fn check_supplement(&self, materials: &[String], limit: Limit) -> Result<(), ClockError> {
        if self.supplement.is_some() {
            return Err(ClockError::SupplementPromisedBefore);
        }
        if !(1..=50).contains(&materials.len()) {
            return Err(ClockError::SupplementMaterials);
        }
        materials
            .iter()
            .try_for_each(|material| check_text("容缺材料", material))?;
        let promised = self.rule.promised();
        let fits = limit.unit == promised.unit && (1..=promised.amount).contains(&limit.amount);
        if fits {
            Ok(())
        } else {
            Err(ClockError::SupplementTooLong { promised })
        }
    }

    fn check_step_start(&self, step: &str, limit: Limit) -> Result<(), ClockError> {
        check_text("环节", step)?;
        limit.check()?;
        if self.open_step(step) {
            return Err(ClockError::StepRuns {
                step: step.to_owned(),
            });
        }
        if self.steps.len() >= ENTRIES_MAX {
            Err(ClockError::TooMany)
        } else {
            Ok(())
        }
    }

    fn open_step(&self, step: &str) -> bool {
        self.steps
            .iter()
            .any(|run| run.step == step && run.finished_at.is_none())
    }

    fn end_stop(&mut self, at: Timestamp, next: Phase) {
        if let Phase::Stopped { order } = &self.phase {
            self.stops.push(Stop {
                order: order.clone(),
                to: at,
            });
            self.phase = next;
        }
    }

    fn end_steps(&mut self, at: Timestamp, which: impl Fn(&StepRun) -> bool) {
        for run in self
            .steps
            .iter_mut()
            .filter(|run| run.finished_at.is_none() && which(run))
        {
            run.finished_at = Some(at);
        }
    }
}
