//! Who waits behind whom. Messages and licences wait for commits and cost next to nothing: many of them run at once.
//! Papers (typeset and signed) cost milliseconds of processor time each: they run one after the other and leave the
//! processor to people while many commands come in. Whoever opens a paper gets it made at once.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::SignedDuration;

/// At so many commands a second a paper is followed by a pause as long as the making of it took.
const EVEN_COMMANDS_A_SECOND: f64 = 400.0;
/// The longest pause: papers go on under any load.
const PAUSE_MAX: Duration = Duration::from_secs(1);

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

/// How many commands the writers took up since the start.
#[derive(Debug, Default)]
pub(crate) struct Pulse(AtomicU64);

impl Pulse {
    pub(crate) fn add(&self, commands: usize) {
        self.0.fetch_add(commands as u64, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long to leave the processor to others after a paper that took so long, while so many commands came in. It
/// grows with the square of the load: nothing to notice on a county's busiest day, almost a standstill in a flood.
pub(super) fn pause(took: SignedDuration, commands: u64) -> Duration {
    let seconds = took.as_secs_f64();
    if seconds <= 0.0 {
        return Duration::ZERO;
    }
    let commands = f64::from(u32::try_from(commands).unwrap_or(u32::MAX));
    let load = commands / seconds / EVEN_COMMANDS_A_SECOND;
    Duration::from_secs_f64((seconds * load * load).min(PAUSE_MAX.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_yield_more_the_more_commands_come_in() {
        let took = SignedDuration::from_millis(10);
        for (commands, milliseconds) in [
            (0, 0),
            (1, 0),
            (4, 10),
            (8, 40),
            (40, 1_000),
            (9_999, 1_000),
        ] {
            assert_eq!(
                pause(took, commands).as_millis(),
                milliseconds,
                "{commands}"
            );
        }
        assert_eq!(pause(SignedDuration::ZERO, 5), Duration::ZERO);
    }
}
