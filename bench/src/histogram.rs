//! How long answers took, in buckets whose width grows with the value: every quantile is exact to within 1.6 percent,
//! and recording costs an index and an addition.

/// Buckets of equal width inside each power of two.
const STEPS: usize = 64;
/// Powers of two above the first [`STEPS`] values: up to about 70 seconds in microseconds.
const POWERS: usize = 21;

/// A histogram of durations in microseconds.
#[derive(Debug, Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    largest_us: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            buckets: vec![0; STEPS * (POWERS + 1)],
            count: 0,
            largest_us: 0,
        }
    }
}

fn bucket_of(value_us: u64) -> usize {
    let power = (value_us / STEPS as u64)
        .checked_ilog2()
        .map_or(0, |power| power as usize + 1);
    let step = usize::try_from(value_us >> power.saturating_sub(1)).unwrap_or(usize::MAX) % STEPS;
    (power * STEPS + step).min(STEPS * (POWERS + 1) - 1)
}

/// The largest value that falls into a bucket.
fn top_of(bucket: usize) -> u64 {
    let (power, step) = (bucket / STEPS, (bucket % STEPS) as u64);
    match power {
        0 => step,
        power => ((STEPS as u64 + step + 1) << (power - 1)) - 1,
    }
}

impl Histogram {
    /// Counts one duration.
    pub fn record(&mut self, value_us: u64) {
        self.buckets[bucket_of(value_us)] += 1;
        self.count += 1;
        self.largest_us = self.largest_us.max(value_us);
    }

    /// Adds what another thread counted.
    pub fn add(&mut self, other: &Self) {
        for (own, others) in self.buckets.iter_mut().zip(&other.buckets) {
            *own += others;
        }
        self.count += other.count;
        self.largest_us = self.largest_us.max(other.largest_us);
    }

    /// How many were counted.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The duration that `share` per thousand of all do not exceed, in microseconds; 0 when nothing was counted.
    pub fn quantile_us(&self, share_per_thousand: u64) -> u64 {
        let wanted = (self.count * share_per_thousand).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return top_of(bucket).min(self.largest_us);
            }
        }
        self.largest_us
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, bucket_of, top_of};

    #[test]
    fn every_value_falls_into_a_bucket_that_is_at_most_1_6_percent_wide() {
        for value in (0..5_000_u64).chain((5_000..60_000_000).step_by(7_919)) {
            let bucket = bucket_of(value);
            let top = top_of(bucket);
            assert!(top >= value, "{value} > {top}");
            assert!(
                (top - value) * 64 <= value.max(1),
                "{value} in a bucket to {top}"
            );
            assert!(bucket == 0 || top_of(bucket - 1) < value, "{value}");
        }
    }

    #[test]
    fn quantiles_of_a_thousand_values() {
        let mut histogram = Histogram::default();
        let mut other = Histogram::default();
        for value in 1..=1_000 {
            if value % 2 == 0 {
                &mut histogram
            } else {
                &mut other
            }
            .record(value);
        }
        histogram.add(&other);
        assert_eq!(histogram.count(), 1_000);
        assert!((500..=508).contains(&histogram.quantile_us(500)));
        assert!((990..=1_000).contains(&histogram.quantile_us(990)));
        assert_eq!(histogram.quantile_us(1_000), 1_000);
        assert_eq!(Histogram::default().quantile_us(990), 0);
    }
}
