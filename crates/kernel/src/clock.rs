//! The clock as a parameter. Nothing else in the house may ask the machine for the time, so that a
//! test, the simulator or a replay can set it.

use std::sync::Mutex;

use jiff::{Timestamp, civil, tz};

/// Tells the present instant. Passed in wherever a decision depends on time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// The present civil date in China (UTC+08:00 all year, as legal time limits are counted).
    fn today(&self) -> civil::Date {
        china_date(self.now())
    }
}

/// China has one time zone without daylight saving time since 1992, so a fixed offset is exact for
/// every date that this product can meet.
fn china() -> tz::TimeZone {
    tz::TimeZone::fixed(tz::offset(8))
}

/// The civil date in China at an instant.
pub fn china_date(at: Timestamp) -> civil::Date {
    at.to_zoned(china()).date()
}

/// The civil date and time in China at an instant.
pub fn china_time(at: Timestamp) -> civil::DateTime {
    at.to_zoned(china()).datetime()
}

/// The machine's clock; the only place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told to move: for tests and for the simulator.
#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// A clock that shows `start` until it is moved.
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock by a span; moving backwards is allowed, because real clocks jump too.
    pub fn advance(&self, span: jiff::SignedDuration) {
        let mut now = self.lock();
        *now = now.checked_add(span).unwrap_or(*now);
    }

    /// Sets the clock.
    pub fn set(&self, to: Timestamp) {
        *self.lock() = to;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_in_china_runs_eight_hours_ahead() {
        let late: Timestamp = "2026-11-22T16:30:00Z".parse().unwrap();
        assert_eq!(china_date(late), civil::date(2026, 11, 23));
        assert_eq!(china_time(late).hour(), 0);
    }

    #[test]
    fn a_test_clock_moves_only_when_told() {
        let clock = TestClock::at(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), clock.now());
        clock.advance(jiff::SignedDuration::from_hours(24));
        assert_eq!(clock.today(), civil::date(1970, 1, 2));
    }
}
