//! Counts wrong answers, so that nobody tries passwords, codes or check codes in bulk, and tells from which address a
//! request comes, which is what such counters count by.
//!
//! It lives in webkit because sign-in, the progress page and every later page that answers strangers need the same
//! counter. The counters are kept in memory: they are short-lived, and a restart that forgets them helps nobody who
//! must wait for it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;

/// How many counters are kept at hand; the oldest are forgotten first.
const COUNTERS_MAX: u64 = 100_000;
/// The longest text of an IPv6 address.
const ADDRESS_LENGTH_MAX: usize = 45;

#[derive(Debug, Clone, Copy)]
struct Counter {
    wrong: u32,
    since: Timestamp,
}

/// After so many wrong answers one must wait.
#[derive(Debug)]
pub struct Throttle {
    wrong_max: u32,
    wait: SignedDuration,
    counters: Cache<String, Counter>,
    // Counting reads and writes; the cache alone would let two wrong answers at once count as one.
    counting: Mutex<()>,
}

impl Throttle {
    /// At most `wrong_max` wrong answers within `wait`; then one waits until `wait` is over.
    pub fn new(wrong_max: u32, wait: SignedDuration) -> Self {
        Self {
            wrong_max,
            wait,
            counters: Cache::new(COUNTERS_MAX),
            counting: Mutex::new(()),
        }
    }

    /// How many seconds (at least 1) a key must still wait; `None` when it may try.
    pub fn wait_seconds(&self, key: &str, now: Timestamp) -> Option<i64> {
        let counter = self.current(key, now)?;
        (counter.wrong >= self.wrong_max).then(|| {
            (self.wait - now.duration_since(counter.since))
                .as_secs()
                .max(1)
        })
    }

    /// The same in minutes, rounded up.
    pub fn wait_minutes(&self, key: &str, now: Timestamp) -> Option<i64> {
        self.wait_seconds(key, now)
            .map(|seconds| (seconds + 59) / 60)
    }

    /// Notes a wrong answer (or a thing that is counted, such as a message sent).
    pub fn note(&self, key: &str, now: Timestamp) {
        let _counting = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counter = self.current(key, now).unwrap_or(Counter {
            wrong: 0,
            since: now,
        });
        counter.wrong = counter.wrong.saturating_add(1);
        if counter.wrong == self.wrong_max {
            // The wait begins with the answer that was one too many.
            counter.since = now;
        }
        self.counters.insert(key.to_owned(), counter);
    }

    /// Forgets a key after a right answer.
    pub fn clear(&self, key: &str) {
        self.counters.invalidate(key);
    }

    fn current(&self, key: &str, now: Timestamp) -> Option<Counter> {
        let mut counter = self.counters.get(key)?;
        if counter.since > now {
            // The clock was set back. What was counted "later than now" counts as counted now, so that nobody waits
            // longer than `wait`.
            counter.since = now;
            self.counters.insert(key.to_owned(), counter);
        }
        (now.duration_since(counter.since) < self.wait).then_some(counter)
    }
}

/// What a slice's shared state says about the road to it.
pub trait BehindProxy {
    /// Whether a proxy that the configuration names stands before the program, whose `X-Forwarded-For` is believed.
    fn is_behind_proxy(&self) -> bool;
}

/// The address from which a request comes; behind a proxy the last one that the proxy wrote down. Empty when nobody
/// knows.
#[derive(Debug, Clone)]
pub struct Address(pub String);

impl Address {
    /// The address of a request.
    pub fn of(parts: &Parts, is_behind_proxy: bool) -> Self {
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .map(str::trim)
            .filter(|address| {
                is_behind_proxy && !address.is_empty() && address.len() <= ADDRESS_LENGTH_MAX
            });
        let connected = || {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0.ip().to_string())
                .unwrap_or_default()
        };
        Self(forwarded.map_or_else(connected, str::to_owned))
    }
}

impl<S: BehindProxy + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state.is_behind_proxy()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        start + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn after_the_last_wrong_answer_one_waits() {
        let throttle = Throttle::new(5, SignedDuration::from_mins(15));
        for minute in 0..5 {
            assert_eq!(
                throttle.wait_seconds("a", at(60 * minute)),
                None,
                "{minute}"
            );
            throttle.note("a", at(60 * minute));
        }
        assert_eq!(throttle.wait_minutes("a", at(240)), Some(15));
        assert_eq!(throttle.wait_seconds("a", at(240)), Some(900));
        assert_eq!(throttle.wait_seconds("b", at(240)), None);
        assert_eq!(throttle.wait_minutes("a", at(1_139)), Some(1));
        assert_eq!(throttle.wait_seconds("a", at(1_139)), Some(1));
        assert_eq!(throttle.wait_seconds("a", at(1_140)), None);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nobody_wait_longer() {
        let throttle = Throttle::new(1, SignedDuration::from_mins(15));
        throttle.note("a", at(0));
        assert_eq!(throttle.wait_seconds("a", at(-7_200)), Some(900));
        assert_eq!(throttle.wait_seconds("a", at(-7_200 + 899)), Some(1));
        assert_eq!(throttle.wait_seconds("a", at(-7_200 + 900)), None);
    }

    #[test]
    fn slow_mistakes_never_wait() {
        let throttle = Throttle::new(10, SignedDuration::from_mins(1));
        for turn in 0..100 {
            throttle.note("a", at(7 * turn));
            assert_eq!(throttle.wait_seconds("a", at(7 * turn)), None, "{turn}");
        }
    }

    #[test]
    fn a_right_answer_and_time_forget() {
        let throttle = Throttle::new(2, SignedDuration::from_mins(15));
        throttle.note("a", at(0));
        throttle.clear("a");
        throttle.note("a", at(0));
        assert_eq!(throttle.wait_seconds("a", at(0)), None);
        throttle.note("a", at(960));
        assert_eq!(throttle.wait_seconds("a", at(960)), None);
    }

    #[test]
    fn the_word_of_a_proxy_counts_only_where_one_stands() {
        let (mut parts, ()) = Request::builder()
            .header("x-forwarded-for", "203.0.113.9, 192.0.2.1")
            .body(())
            .unwrap()
            .into_parts();
        let connected: SocketAddr = "198.51.100.7:1234".parse().unwrap();
        parts.extensions.insert(ConnectInfo(connected));
        assert_eq!(Address::of(&parts, true).0, "192.0.2.1");
        assert_eq!(Address::of(&parts, false).0, "198.51.100.7");
        parts
            .headers
            .insert("x-forwarded-for", "x".repeat(46).parse().unwrap());
        assert_eq!(Address::of(&parts, true).0, "198.51.100.7");
    }
}
