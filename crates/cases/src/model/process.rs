//! Where a case stands in its process, and the narrow door behind which the process engine stands.
//!
//! An item without a drawing has its named steps one after the other: [`Process`]. One with a drawing moves as `super::drawn`
//! says; a case never changes between the two.

use serde::{Deserialize, Serialize};

use super::{drawn::DrawnPosition, terms::ItemTerms};

/// Where an accepted case stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at")]
pub enum Position {
    /// In a review step.
    Step {
        /// Which.
        step: String,
    },
    /// All steps are done; the decision is due.
    Decision,
    /// In a drawn process, perhaps with several tasks open, perhaps with the decision due.
    Drawn(Box<DrawnPosition>),
}

impl Position {
    /// Whether all that lies before the decision is done.
    pub fn is_decision_due(&self) -> bool {
        match self {
            Self::Step { .. } => false,
            Self::Decision => true,
            Self::Drawn(position) => position.is_over,
        }
    }
}

impl From<DrawnPosition> for Position {
    fn from(position: DrawnPosition) -> Self {
        Self::Drawn(Box::new(position))
    }
}

/// A move that the process does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// The case is not in that step.
    #[error("the case is not in step {0}")]
    NotThere(String),
    /// The step to return to is not before the present one.
    #[error("step {0} is not before the present one")]
    NotBefore(String),
}

/// A process that a case runs through between acceptance and decision.
pub trait Process {
    /// Where an accepted case begins.
    fn start(&self) -> Position;

    /// Where it stands after a step was completed.
    ///
    /// # Errors
    /// When the case is not in that step.
    fn complete(&self, position: &Position, step: &str) -> Result<Position, ProcessError>;

    /// Where it stands after it was sent back.
    ///
    /// # Errors
    /// When the step is not before the present one.
    fn send_back(&self, position: &Position, to: &str) -> Result<Position, ProcessError>;
}

/// The national stages with the item's steps in order.
impl Process for ItemTerms {
    fn start(&self) -> Position {
        at(self, 0)
    }

    fn complete(&self, position: &Position, step: &str) -> Result<Position, ProcessError> {
        match (position, index(self, step)) {
            (Position::Step { step: here }, Some(index)) if here == step => Ok(at(self, index + 1)),
            _ => Err(ProcessError::NotThere(step.to_owned())),
        }
    }

    fn send_back(&self, position: &Position, to: &str) -> Result<Position, ProcessError> {
        let here = match position {
            Position::Decision => self.steps.len(),
            Position::Step { step } => index(self, step).unwrap_or(0),
            Position::Drawn(_) => 0,
        };
        match index(self, to) {
            Some(index) if index < here => Ok(at(self, index)),
            _ => Err(ProcessError::NotBefore(to.to_owned())),
        }
    }
}

fn index(terms: &ItemTerms, step: &str) -> Option<usize> {
    terms.steps.iter().position(|known| known.id == step)
}

fn at(terms: &ItemTerms, index: usize) -> Position {
    terms
        .steps
        .get(index)
        .map_or(Position::Decision, |step| Position::Step {
            step: step.id.clone(),
        })
}
