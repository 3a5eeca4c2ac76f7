//! The machine's clock, for measuring. The house itself gets its time as a parameter; a load driver measures real time.
#![expect(
    clippy::disallowed_methods,
    reason = "a load driver measures real elapsed time; nothing here decides anything about a case"
)]

use std::time::{Duration, Instant, SystemTime};

/// When something began.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it began.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// A stopwatch that begins so many microseconds later.
    pub fn later(self, microseconds: u64) -> Self {
        Self(self.0 + Duration::from_micros(microseconds))
    }

    /// The same in microseconds.
    pub fn elapsed_us(self) -> u64 {
        u64::try_from(self.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// The civil date in China (UTC+8 all year), as `2026-11-23`.
pub fn china_day() -> String {
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    day_of((seconds + 8 * 3600) / 86_400)
}

/// The date of a day counted from 1970-01-01 (the civil-from-days rule over 400-year eras).
fn day_of(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (19_782, "2024-02-29"),
            (20_781, "2026-11-24"),
        ] {
            assert_eq!(day_of(days), date);
        }
    }
}
