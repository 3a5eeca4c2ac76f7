//! Counts wrong answers, so that nobody can try passwords or codes in bulk. The counters are kept
//! in memory: they are short-lived, and a restart that forgets them helps nobody who must wait for
//! it.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;

/// How many counters are kept at hand.
const COUNTERS_MAX: u64 = 100_000;

#[derive(Debug, Clone, Copy)]
struct Counter {
    wrong: u32,
    first_at: Timestamp,
}

/// After so many wrong answers one must wait.
#[derive(Debug)]
pub(crate) struct Throttle {
    wrong_max: u32,
    wait: SignedDuration,
    counters: Cache<String, Counter>,
    // Counting reads and writes; moka alone would let two wrong answers at once count as one.
    counting: Mutex<()>,
}

impl Throttle {
    /// At most `wrong_max` wrong answers within `wait`; then one waits until `wait` is over.
    pub(crate) fn new(wrong_max: u32, wait: SignedDuration) -> Self {
        Self {
            wrong_max,
            wait,
            counters: Cache::new(COUNTERS_MAX),
            counting: Mutex::new(()),
        }
    }

    /// How many minutes (at least 1) a key must still wait; `None` when it may try.
    pub(crate) fn wait_minutes(&self, key: &str, now: Timestamp) -> Option<i64> {
        let counter = self.current(key, now)?;
        if counter.wrong < self.wrong_max {
            return None;
        }
        let left = self.wait - now.duration_since(counter.first_at);
        Some((left.as_secs() + 59) / 60).map(|minutes| minutes.max(1))
    }

    /// Notes a wrong answer (or a thing that is counted, such as a message sent).
    pub(crate) fn note(&self, key: &str, now: Timestamp) {
        let _counting = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counter = self.current(key, now).unwrap_or(Counter {
            wrong: 0,
            first_at: now,
        });
        counter.wrong = counter.wrong.saturating_add(1);
        if counter.wrong == self.wrong_max {
            // The wait begins with the answer that was one too many.
            counter.first_at = now;
        }
        self.counters.insert(key.to_owned(), counter);
    }

    /// Forgets a key after a right answer.
    pub(crate) fn clear(&self, key: &str) {
        self.counters.invalidate(key);
    }

    fn current(&self, key: &str, now: Timestamp) -> Option<Counter> {
        self.counters
            .get(key)
            .filter(|counter| now.duration_since(counter.first_at) < self.wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_answers_wait_a_quarter_of_an_hour() {
        let throttle = Throttle::new(5, SignedDuration::from_mins(15));
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let at = |minutes| start + SignedDuration::from_mins(minutes);
        for minute in 0..5 {
            assert_eq!(throttle.wait_minutes("a", at(minute)), None, "{minute}");
            throttle.note("a", at(minute));
        }
        assert_eq!(throttle.wait_minutes("a", at(4)), Some(15));
        assert_eq!(throttle.wait_minutes("b", at(4)), None);
        assert_eq!(throttle.wait_minutes("a", at(18)), Some(1));
        assert_eq!(throttle.wait_minutes("a", at(19)), None);
    }

    #[test]
    fn a_right_answer_and_time_forget() {
        let throttle = Throttle::new(2, SignedDuration::from_mins(15));
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        throttle.note("a", start);
        throttle.clear("a");
        throttle.note("a", start);
        assert_eq!(throttle.wait_minutes("a", start), None);
        let later = start + SignedDuration::from_mins(16);
        throttle.note("a", later);
        assert_eq!(throttle.wait_minutes("a", later), None);
    }
}
