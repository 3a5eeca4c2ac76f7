//! Counts wrong check codes by the address that sends them, so that nobody finds a case by trying.
//!
//! It lives here because the progress page is the only page of this slice that answers strangers about
//! one matter. The counters are kept in memory: they live for a minute.

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

use crate::rooms::Rooms;

/// How many wrong answers an address may give in a minute. A hall's visitors share one address, and
/// thirty-one characters in six places are still far out of reach at this pace.
const WRONG_MAX: u32 = 10;
/// How long they are counted.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// How many addresses are counted at once; the oldest are forgotten first.
const ADDRESSES_MAX: u64 = 100_000;
/// The longest text of an IPv6 address.
const ADDRESS_LENGTH_MAX: usize = 45;

#[derive(Debug, Clone, Copy)]
struct Counter {
    wrong: u32,
    since: Timestamp,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Throttle {
    counters: Cache<String, Counter>,
    // Counting reads and writes; without this two wrong answers at once would count as one.
    counting: Mutex<()>,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        Self {
            counters: Cache::new(ADDRESSES_MAX),
            counting: Mutex::new(()),
        }
    }

    /// How many seconds an address must wait; `None` when it may try.
    pub(crate) fn wait_seconds(&self, address: &Address, now: Timestamp) -> Option<i64> {
        let counter = self.current(address, now)?;
        (counter.wrong >= WRONG_MAX).then(|| {
            (WINDOW - now.duration_since(counter.since))
                .as_secs()
                .max(1)
        })
    }

    /// Notes a wrong answer.
    pub(crate) fn note(&self, address: &Address, now: Timestamp) {
        let _counting = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counter = self.current(address, now).unwrap_or(Counter {
            wrong: 0,
            since: now,
        });
        counter.wrong += 1;
        if counter.wrong == WRONG_MAX {
            // The wait begins with the answer that was one too many.
            counter.since = now;
        }
        self.counters.insert(address.0.clone(), counter);
    }

    fn current(&self, address: &Address, now: Timestamp) -> Option<Counter> {
        self.counters
            .get(&address.0)
            .filter(|counter| now.duration_since(counter.since) < WINDOW)
    }
}

/// The address from which a request comes; behind a proxy that the configuration names, the last one
/// that the proxy wrote down.
#[derive(Debug, Clone)]
pub(crate) struct Address(pub(crate) String);

impl FromRequestParts<Rooms> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, rooms: &Rooms) -> Result<Self, Infallible> {
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .map(str::trim)
            .filter(|address| {
                rooms.behind_proxy && !address.is_empty() && address.len() <= ADDRESS_LENGTH_MAX
            });
        let connected = || {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0.ip().to_string())
                .unwrap_or_default()
        };
        Ok(Self(forwarded.map_or_else(connected, str::to_owned)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_wrong_codes_an_address_waits_a_minute() {
        let throttle = Throttle::new();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let at = |seconds| start + SignedDuration::from_secs(seconds);
        let (one, other) = (Address("192.0.2.1".into()), Address("192.0.2.2".into()));
        for second in 0..10 {
            assert_eq!(throttle.wait_seconds(&one, at(second)), None, "{second}");
            throttle.note(&one, at(second));
        }
        assert_eq!(throttle.wait_seconds(&one, at(9)), Some(60));
        assert_eq!(throttle.wait_seconds(&other, at(9)), None);
        assert_eq!(throttle.wait_seconds(&one, at(68)), Some(1));
        assert_eq!(throttle.wait_seconds(&one, at(69)), None);
    }

    #[test]
    fn slow_mistakes_never_wait() {
        let throttle = Throttle::new();
        let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let address = Address("192.0.2.1".into());
        for minute in 0..30 {
            let now = start + SignedDuration::from_mins(minute);
            assert_eq!(throttle.wait_seconds(&address, now), None);
            throttle.note(&address, now);
        }
    }
}
