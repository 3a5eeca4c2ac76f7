//! Who waits behind whom. Messages and licences wait for commits and cost next to nothing: many of them run at once.
//! Papers (typeset and signed) cost milliseconds of processor time each: they run one after the other, and their
//! makers do it on a thread of the lowest priority. Whoever opens a paper gets it made at once.

/// Where a job waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What somebody waits for: a licence, a message.
    Prompt,
    /// What is made when there is time, or when somebody opens it.
    Papers,
}

impl Lane {
    /// All lanes.
    pub(crate) const ALL: [Self; 2] = [Self::Prompt, Self::Papers];

    /// The stored form.
    pub(crate) const fn number(self) -> i64 {
        self as i64
    }

    /// How many jobs are claimed in one go.
    pub(super) const fn claim_max(self) -> i64 {
        match self {
            Self::Prompt => 64,
            Self::Papers => 8,
        }
    }

    /// How many jobs run at once. Prompt ones wait for commits, and those that wait together share a flush.
    pub(super) const fn concurrent_max(self) -> usize {
        match self {
            Self::Prompt => 32,
            Self::Papers => 1,
        }
    }
}
