//! Counting working days in constant time. A rank is the number of working days up to and including a day, measured
//! from a fixed origin; the difference of two ranks is a count, and finding the day of a rank is adding working days.
//! Lists of a hundred thousand open cases compute their lights with a few array look-ups each.
//!
//! Days are numbered from Monday 1969-12-29. Inside the span covered by notices both directions are tables; outside,
//! weekdays alone count and the rank has a closed form.

use jiff::civil::Date;

const ORIGIN: Date = Date::constant(1969, 12, 29);
const SECONDS_PER_DAY: i64 = 86_400;

/// The number of a civil day, counted from the origin.
pub(crate) fn day_number(date: Date) -> i64 {
    date.duration_since(ORIGIN).as_secs() / SECONDS_PER_DAY
}

/// The civil day of a number; numbers beyond the supported range give the last or first day of it.
pub(crate) fn day_of(number: i64) -> Date {
    let beyond = if number > 0 { Date::MAX } else { Date::MIN };
    jiff::Span::new()
        .try_days(number)
        .and_then(|span| ORIGIN.checked_add(span))
        .unwrap_or(beyond)
}

/// Whether a numbered day is Monday to Friday.
pub(crate) fn is_weekday(number: i64) -> bool {
    number.rem_euclid(7) < 5
}

/// Weekdays up to and including a numbered day.
fn weekday_rank(number: i64) -> i64 {
    number.div_euclid(7) * 5 + (number.rem_euclid(7) + 1).min(5)
}

/// The numbered day that has a weekday rank.
fn weekday_of_rank(rank: i64) -> i64 {
    let index = rank - 1;
    index.div_euclid(5) * 7 + index.rem_euclid(5)
}

/// Ranks of a contiguous span of days, and weekday arithmetic outside it.
#[derive(Debug)]
pub(crate) struct RankTable {
    /// Number of the first covered day.
    first: i64,
    /// Working days from the first covered day to the indexed one, inclusive.
    counts: Vec<u32>,
    /// Offsets of the covered working days, ascending.
    working: Vec<u32>,
}

impl RankTable {
    /// Builds the table for `length` days from `first`; `is_working` is asked once per day.
    pub(crate) fn build(first: i64, length: u32, is_working: impl Fn(i64) -> bool) -> Self {
        let mut counts = Vec::with_capacity(length as usize);
        let mut working = Vec::with_capacity(length as usize);
        let mut count = 0;
        for offset in 0..length {
            if is_working(first + i64::from(offset)) {
                count += 1;
                working.push(offset);
            }
            counts.push(count);
        }
        Self {
            first,
            counts,
            working,
        }
    }

    /// Working days up to and including a numbered day.
    pub(crate) fn rank(&self, number: i64) -> i64 {
        let Ok(offset) = usize::try_from(number - self.first) else {
            return weekday_rank(number);
        };
        let before = weekday_rank(self.first - 1);
        match self.counts.get(offset) {
            Some(count) => before + i64::from(*count),
            None => before + self.total() + weekday_rank(number) - weekday_rank(self.last()),
        }
    }

    /// The working day that has a rank.
    pub(crate) fn select(&self, rank: i64) -> i64 {
        let before = weekday_rank(self.first - 1);
        let Ok(index) = usize::try_from(rank - before - 1) else {
            return weekday_of_rank(rank);
        };
        match self.working.get(index) {
            Some(offset) => self.first + i64::from(*offset),
            None => weekday_of_rank(rank - before - self.total() + weekday_rank(self.last())),
        }
    }

    fn total(&self) -> i64 {
        i64::try_from(self.working.len()).expect("a table of at most a few hundred years fits")
    }

    fn last(&self) -> i64 {
        self.first - 1
            + i64::try_from(self.counts.len()).expect("a table of at most a few hundred years fits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_and_select_agree_inside_and_outside_the_table() {
        // A table in which every third day works, so that no weekday arithmetic can answer by luck.
        let table = RankTable::build(700, 100, |number| number % 3 == 0);
        let mut previous = table.rank(599);
        for number in 600..1000 {
            let works = if (700..800).contains(&number) {
                number % 3 == 0
            } else {
                is_weekday(number)
            };
            let rank = table.rank(number);
            assert_eq!(rank - previous, i64::from(works), "day {number}");
            if works {
                assert_eq!(table.select(rank), number);
            }
            previous = rank;
        }
    }

    #[test]
    fn day_numbers_round_trip_before_and_after_the_origin() {
        for number in [-800_000, -1, 0, 1, 20_000, 2_000_000] {
            assert_eq!(day_number(day_of(number)), number);
        }
        assert_eq!(day_of(i64::MAX), Date::MAX);
    }
}
