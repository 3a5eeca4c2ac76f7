//! The clock before acceptance (行政许可法第32条): all defects are told at once within five working days of receipt, or
//! the case *is* accepted as of the day received. When the applicant supplies the correction, a new window opens.
//! Correction happens here and only here; it never stops the main clock.

mod correction;
mod view;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use correction::{
    Acceptance, Conclusion, CorrectionNotice, CorrectionRound, ReceiptEvent, ReceiptPhase,
};
pub use view::{ReceiptState, ReceiptView};

use super::counting::Run;
use super::due::Due;
use super::error::{ReceiptError, text_is_valid};
use super::limit::Limit;
use crate::calendar::Calendar;
use crate::day::china_date;

/// Most rounds of correction; more is a refusal in disguise.
const ROUNDS_MAX: usize = 20;

/// The clock of a case between receipt and acceptance. Stored as it is inside the state of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptClock {
    received_at: Timestamp,
    changed_at: Timestamp,
    window_working_days: u16,
    phase: ReceiptPhase,
    rounds: Vec<CorrectionRound>,
}

impl ReceiptClock {
    /// Five working days (行政许可法第32条第1款第4项).
    pub const WINDOW_WORKING_DAYS: u16 = 5;

    /// A case is received; the window of five working days opens.
    pub fn received(at: Timestamp) -> Self {
        Self {
            received_at: at,
            changed_at: at,
            window_working_days: Self::WINDOW_WORKING_DAYS,
            phase: ReceiptPhase::Examining { since: at },
            rounds: Vec::new(),
        }
    }

    /// The same with another window, where another law or a promise of the office sets one.
    ///
    /// # Errors
    /// [`ReceiptError::Window`] when it is zero or longer than twenty working days.
    pub fn received_with_window(at: Timestamp, working_days: u16) -> Result<Self, ReceiptError> {
        if !(1..=20).contains(&working_days) {
            return Err(ReceiptError::Window);
        }
        Ok(Self {
            window_working_days: working_days,
            ..Self::received(at)
        })
    }

    /// When the case was received.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// Who has to act.
    pub fn phase(&self) -> &ReceiptPhase {
        &self.phase
    }

    /// Notices and answers, in order.
    pub fn rounds(&self) -> &[CorrectionRound] {
        &self.rounds
    }

    /// The end of the window, while one runs.
    pub fn window(&self, calendar: &Calendar) -> Option<Due> {
        let ReceiptPhase::Examining { since } = self.phase else {
            return None;
        };
        Some(self.window_run(since, calendar).due())
    }

    /// The acceptance that results at an instant: decided now, or deemed as of the day received if the window is over.
    ///
    /// # Errors
    /// When concluded already, or before an earlier change.
    pub fn acceptance(
        &self,
        at: Timestamp,
        calendar: &Calendar,
    ) -> Result<Acceptance, ReceiptError> {
        self.check_open(at)?;
        Ok(self
            .deemed_acceptance(at, calendar)
            .unwrap_or(Acceptance::decided(at)))
    }

    /// The acceptance by law, once the window is over without a notice.
    pub fn deemed_acceptance(&self, now: Timestamp, calendar: &Calendar) -> Option<Acceptance> {
        let ReceiptPhase::Examining { since } = self.phase else {
            return None;
        };
        self.window_run(since, calendar)
            .due()
            .is_over(now)
            .then_some(Acceptance {
                at: since,
                deemed: true,
            })
    }

    /// Whether an event may happen now.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn check(&self, event: &ReceiptEvent, calendar: &Calendar) -> Result<(), ReceiptError> {
        match event {
            ReceiptEvent::CorrectionAsked { notice } => self.check_notice(notice, calendar),
            ReceiptEvent::CorrectionSupplied { at } => {
                self.check_open(*at)?;
                if self.phase == ReceiptPhase::Correcting {
                    Ok(())
                } else {
                    Err(ReceiptError::NoCorrectionAsked)
                }
            }
            ReceiptEvent::Concluded {
                at,
                conclusion: Conclusion::NotAccepted,
            } => {
                self.check_open(*at)?;
                self.check_window(*at, calendar)
            }
            ReceiptEvent::Concluded {
                at,
                conclusion: Conclusion::Accepted { acceptance },
            } => {
                // A decision after the window is over cannot move the start of the limits.
                let lawful = self.acceptance(*at, calendar)?;
                if lawful == *acceptance {
                    Ok(())
                } else {
                    Err(self.wrong_acceptance(*at, calendar))
                }
            }
            ReceiptEvent::Concluded {
                at,
                conclusion: Conclusion::Withdrawn,
            } => self.check_open(*at),
        }
    }

    /// The clock after an event. An event that cannot have happened leaves the clock as it is.
    #[must_use]
    pub fn apply(mut self, event: ReceiptEvent) -> Self {
        match event {
            ReceiptEvent::CorrectionAsked { notice } => {
                self.changed_at = self.changed_at.max(notice.told_at);
                self.phase = ReceiptPhase::Correcting;
                self.rounds.push(CorrectionRound {
                    notice,
                    supplied_at: None,
                });
            }
            ReceiptEvent::CorrectionSupplied { at } => {
                self.changed_at = self.changed_at.max(at);
                self.phase = ReceiptPhase::Examining { since: at };
                if let Some(round) = self.rounds.last_mut() {
                    round.supplied_at = Some(at);
                }
            }
            ReceiptEvent::Concluded { at, conclusion } => {
                self.changed_at = self.changed_at.max(at);
                self.phase = ReceiptPhase::Concluded { at, conclusion };
            }
        }
        self
    }

    /// `check` and `apply` in one.
    ///
    /// # Errors
    /// As [`ReceiptClock::check`].
    pub fn then(self, event: ReceiptEvent, calendar: &Calendar) -> Result<Self, ReceiptError> {
        self.check(&event, calendar)?;
        Ok(self.apply(event))
    }

    fn window_run<'a>(&self, since: Timestamp, calendar: &'a Calendar) -> Run<'a> {
        let limit = Limit::working_days(self.window_working_days);
        Run {
            limit,
            started_at: since,
            pauses: &[],
            calendar,
        }
    }

    fn check_open(&self, at: Timestamp) -> Result<(), ReceiptError> {
        if let ReceiptPhase::Concluded { .. } = self.phase {
            return Err(ReceiptError::Concluded);
        }
        if at < self.changed_at {
            Err(ReceiptError::OutOfOrder)
        } else {
            Ok(())
        }
    }

    fn check_window(&self, at: Timestamp, calendar: &Calendar) -> Result<(), ReceiptError> {
        let ReceiptPhase::Examining { since } = self.phase else {
            return Ok(());
        };
        let due = self.window_run(since, calendar).due();
        if due.is_over(at) {
            let accepted_on = china_date(since);
            return Err(ReceiptError::DeemedAccepted {
                accepted_on,
                window_ended_on: due.date,
            });
        }
        Ok(())
    }

    /// Why an acceptance that is not the lawful one is refused.
    fn wrong_acceptance(&self, at: Timestamp, calendar: &Calendar) -> ReceiptError {
        self.check_window(at, calendar)
            .err()
            .unwrap_or(ReceiptError::OutOfOrder)
    }

    fn check_notice(
        &self,
        notice: &CorrectionNotice,
        calendar: &Calendar,
    ) -> Result<(), ReceiptError> {
        self.check_open(notice.told_at)?;
        if self.phase == ReceiptPhase::Correcting {
            return Err(ReceiptError::WaitingForApplicant);
        }
        self.check_window(notice.told_at, calendar)?;
        if !(1..=100).contains(&notice.defects.len()) {
            return Err(ReceiptError::DefectCount);
        }
        if !notice.defects.iter().all(|defect| text_is_valid(defect)) {
            return Err(ReceiptError::Text);
        }
        if self.rounds.len() >= ROUNDS_MAX {
            return Err(ReceiptError::TooManyRounds);
        }
        let Some(first) = self.rounds.first() else {
            return Ok(());
        };
        match notice
            .defects
            .iter()
            .find(|defect| !first.notice.defects.contains(defect))
        {
            Some(defect) => Err(ReceiptError::NewDefect {
                defect: defect.clone(),
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
