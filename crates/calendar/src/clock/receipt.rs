//! The clock before acceptance (行政许可法第32条): all defects are told at once within five working days of receipt, or
//! the case *is* accepted as of the day received. When the applicant supplies the correction, a new window opens.
//! Correction happens here and only here; it never stops the main clock.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counting::Run;
use super::due::Due;
use super::error::{ReceiptError, text_is_valid};
use super::limit::Limit;
use crate::calendar::Calendar;
use crate::day::china_date;

/// Most rounds of correction; more is a refusal in disguise.
const ROUNDS_MAX: usize = 20;

/// How a case came to be accepted; what the main clock starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    at: Timestamp,
    deemed: bool,
}

impl Acceptance {
    /// Accepted by a decision at an instant.
    pub fn decided(at: Timestamp) -> Self {
        Self { at, deemed: false }
    }

    /// The instant from which the case counts as accepted; its date is day 0.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Accepted by law, because no defect was told in time.
    pub fn is_deemed(&self) -> bool {
        self.deemed
    }
}

/// One notice of everything to be corrected (补正告知).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionNotice {
    /// Keys of the defective materials or fields, all at once. A later notice may only repeat keys of the first.
    pub defects: Vec<String>,
    /// When the applicant was told in writing.
    pub told_at: Timestamp,
    /// Until when the applicant is asked to answer, if the local rule sets a day.
    pub answer_by: Option<Date>,
}

/// A notice and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRound {
    /// What was asked.
    pub notice: CorrectionNotice,
    /// When the correction arrived.
    pub supplied_at: Option<Timestamp>,
}

/// How receipt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "conclusion", rename_all = "snake_case")]
pub enum Conclusion {
    /// 受理, decided or deemed.
    Accepted {
        /// What the main clock starts from.
        acceptance: Acceptance,
    },
    /// 不受理 or 不予受理.
    NotAccepted,
    /// Withdrawn by the applicant, or passed to another agency.
    Withdrawn,
}

/// Who has to act before acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum ReceiptPhase {
    /// The office examines; the window runs.
    Examining {
        /// Receipt of the materials or of the correction; its date is day 0 of the window.
        since: Timestamp,
    },
    /// The applicant corrects; no window runs.
    Correcting,
    /// Accepted, refused or withdrawn.
    Concluded {
        /// When.
        at: Timestamp,
        /// How.
        conclusion: Conclusion,
    },
}

/// One change before acceptance, as stored on a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ReceiptEvent {
    /// The applicant was told what to correct.
    CorrectionAsked {
        /// The notice.
        notice: CorrectionNotice,
    },
    /// The correction arrived; a new window opens.
    CorrectionSupplied {
        /// When.
        at: Timestamp,
    },
    /// Receipt ended.
    Concluded {
        /// When.
        at: Timestamp,
        /// How.
        conclusion: Conclusion,
    },
}

/// The clock of a case between receipt and acceptance. Stored as it is inside the state of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptClock {
    received_at: Timestamp,
    changed_at: Timestamp,
    window_working_days: u16,
    phase: ReceiptPhase,
    rounds: Vec<CorrectionRound>,
}

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
        Ok(Self { window_working_days: working_days, ..Self::received(at) })
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
        let ReceiptPhase::Examining { since } = self.phase else { return None };
        Some(self.window_run(since, calendar).due())
    }

    /// The acceptance that results at an instant: decided now, or deemed as of the day received if the window is over.
    ///
    /// # Errors
    /// When concluded already, or before an earlier change.
    pub fn acceptance(&self, at: Timestamp, calendar: &Calendar) -> Result<Acceptance, ReceiptError> {
        self.check_open(at)?;
        Ok(self.deemed_acceptance(at, calendar).unwrap_or(Acceptance::decided(at)))
    }

    /// The acceptance by law, once the window is over without a notice.
    pub fn deemed_acceptance(&self, now: Timestamp, calendar: &Calendar) -> Option<Acceptance> {
        let ReceiptPhase::Examining { since } = self.phase else { return None };
        self.window_run(since, calendar).due().is_over(now).then_some(Acceptance { at: since, deemed: true })
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
                if self.phase == ReceiptPhase::Correcting { Ok(()) } else { Err(ReceiptError::NoCorrectionAsked) }
            }
            ReceiptEvent::Concluded { at, conclusion: Conclusion::NotAccepted } => {
                self.check_open(*at)?;
                self.check_window(*at, calendar)
            }
            ReceiptEvent::Concluded { at, conclusion: Conclusion::Accepted { acceptance } } => {
                // A decision after the window is over cannot move the start of the limits.
                if self.acceptance(*at, calendar)? == *acceptance { Ok(()) } else { self.check_window(*at, calendar) }
            }
            ReceiptEvent::Concluded { at, conclusion: Conclusion::Withdrawn } => self.check_open(*at),
        }
    }

    /// The clock after an event. An event that cannot have happened leaves the clock as it is.
    #[must_use]
    pub fn apply(mut self, event: ReceiptEvent) -> Self {
        match event {
            ReceiptEvent::CorrectionAsked { notice } => {
                self.changed_at = self.changed_at.max(notice.told_at);
                self.phase = ReceiptPhase::Correcting;
                self.rounds.push(CorrectionRound { notice, supplied_at: None });
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
                    ReceiptState::DeemedAccepted { accepted_on: china_date(*since) }
                } else if china_date(now) == due.date {
                    ReceiptState::LastDay
                } else {
                    ReceiptState::Examining
                };
                (state, run.left(now, &due).max(0))
            }
        };
        ReceiptView { state, window: self.window(calendar), left }
    }

    fn window_run<'a>(&self, since: Timestamp, calendar: &'a Calendar) -> Run<'a> {
        let limit = Limit::working_days(self.window_working_days);
        Run { limit, started_at: since, pauses: &[], calendar }
    }

    fn check_open(&self, at: Timestamp) -> Result<(), ReceiptError> {
        if let ReceiptPhase::Concluded { .. } = self.phase {
            return Err(ReceiptError::Concluded);
        }
        if at < self.changed_at { Err(ReceiptError::OutOfOrder) } else { Ok(()) }
    }

    fn check_window(&self, at: Timestamp, calendar: &Calendar) -> Result<(), ReceiptError> {
        let ReceiptPhase::Examining { since } = self.phase else { return Ok(()) };
        let due = self.window_run(since, calendar).due();
        if due.is_over(at) {
            let accepted_on = china_date(since);
            return Err(ReceiptError::DeemedAccepted { accepted_on, window_ended_on: due.date });
        }
        Ok(())
    }

    fn check_notice(&self, notice: &CorrectionNotice, calendar: &Calendar) -> Result<(), ReceiptError> {
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
        let Some(first) = self.rounds.first() else { return Ok(()) };
        match notice.defects.iter().find(|defect| !first.notice.defects.contains(defect)) {
            Some(defect) => Err(ReceiptError::NewDefect { defect: defect.clone() }),
            None => Ok(()),
        }
    }
}
