//! When a provider is down, asking it again for each message only makes everyone wait. After a few failures in a row
//! it is left alone for a while, longer each time.

use jiff::{SignedDuration, Timestamp};

/// How many failures in a row open the circuit.
const FAILURES_MAX: u32 = 5;
/// The first wait.
const WAIT_FIRST: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait.
const WAIT_MAX: SignedDuration = SignedDuration::from_mins(15);

/// The memory of one gateway's failures.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Circuit {
    failures: u32,
    closed_again_at: Option<Timestamp>,
}

impl Circuit {
    /// Until when the provider is left alone, if it is.
    pub(super) fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.closed_again_at.filter(|until| *until > now)?;
        // Further away than any wait: the clock was set back, and the wait is over as far as anybody knows.
        (until.duration_since(now) <= WAIT_MAX).then_some(until)
    }

    /// The provider answered.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// The provider did not answer, or not with an answer about the message.
    pub(super) fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if let Some(beyond) = self.failures.checked_sub(FAILURES_MAX) {
            let wait = WAIT_FIRST
                .checked_mul(1 << beyond.min(10))
                .unwrap_or(WAIT_MAX)
                .min(WAIT_MAX);
            self.closed_again_at = now.checked_add(wait).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn five_failures_open_it_and_one_success_closes_it() {
        let mut circuit = Circuit::default();
        for _ in 0..4 {
            circuit.failed(at(0));
            assert_eq!(circuit.waits_until(at(0)), None);
        }
        circuit.failed(at(0));
        assert_eq!(circuit.waits_until(at(0)), Some(at(30)));
        assert_eq!(
            circuit.waits_until(at(30)),
            None,
            "one attempt is let through"
        );
        circuit.failed(at(30));
        assert_eq!(circuit.waits_until(at(31)), Some(at(90)));
        for _ in 0..50 {
            circuit.failed(at(0));
        }
        assert_eq!(
            circuit.waits_until(at(0)),
            Some(at(900)),
            "never longer than 15 minutes"
        );
        assert_eq!(
            circuit.waits_until(at(-7_200)),
            None,
            "the clock was set back"
        );
        circuit.succeeded();
        assert_eq!(circuit.waits_until(at(0)), None);
    }
}
