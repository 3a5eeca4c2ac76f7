//! Real time, for measuring.
#![expect(
    clippy::disallowed_methods,
    reason = "a developer tool measures real elapsed time; nothing here decides anything about a case"
)]

use std::time::{Duration, Instant};

/// When something began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Waits for a condition, asking a hundred times a second: ten times as often as for a person who waits.
pub(super) fn wait_until(limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
    let stopwatch = Stopwatch::start();
    while !ready() {
        if stopwatch.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}
