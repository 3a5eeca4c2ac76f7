//! What is counted of cases, and what follows from the numbers alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::month::{Month, Period};

/// A month is a peak (高峰) from so many applications on…
pub(crate) const PEAK_MIN: i64 = 10;
/// …and from so many percent of an usual month on.
pub(crate) const PEAK_PERCENT: i64 = 150;

/// The figures of some cases. A month is the one in which the application came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DemandFigures)]
pub(crate) struct Figures {
    /// 申请: how many applications came in.
    pub(crate) applied: i64,
    /// How many of them are cases of this house. Earlier years tell of the others only how many were accepted and refused.
    pub(crate) own: i64,
    /// 受理: how many of them were accepted.
    pub(crate) accepted: i64,
    /// 补正: how many had to be corrected, each once.
    pub(crate) corrected: i64,
    /// 不予受理.
    pub(crate) not_accepted: i64,
    /// 不予许可, or decided against otherwise. Earlier years tell this and the one before together, here.
    pub(crate) refused: i64,
    /// 准予.
    pub(crate) granted: i64,
    /// 撤回.
    pub(crate) withdrawn: i64,
    /// 终止.
    pub(crate) terminated: i64,
    /// How many ended after their last day.
    pub(crate) late: i64,
    /// How many ended with a decision that reached the applicant.
    pub(crate) ended: i64,
    /// How many calendar days those took together.
    pub(crate) days: i64,
}

impl Figures {
    /// These and others together.
    pub(crate) const fn add(&mut self, other: &Self) {
        self.applied += other.applied;
        self.own += other.own;
        self.accepted += other.accepted;
        self.corrected += other.corrected;
        self.not_accepted += other.not_accepted;
        self.refused += other.refused;
        self.granted += other.granted;
        self.withdrawn += other.withdrawn;
        self.terminated += other.terminated;
        self.late += other.late;
        self.ended += other.ended;
        self.days += other.days;
    }

    /// How many calendar days a case took, in tenths; `None` where none ended.
    pub(crate) const fn days_mean_tenths(&self) -> Option<i64> {
        if self.ended == 0 {
            None
        } else {
            Some((self.days * 10 + self.ended / 2) / self.ended)
        }
    }

    /// The same as people read it.
    pub(crate) fn days_words(&self) -> String {
        self.days_mean_tenths().map_or_else(
            || "—".to_owned(),
            |tenths| format!("{}.{}", tenths / 10, tenths % 10),
        )
    }

    /// A number that only own cases tell, as people read it.
    pub(crate) fn told(&self, number: i64) -> String {
        if self.own == 0 {
            "—".to_owned()
        } else {
            number.to_string()
        }
    }

    /// 不予受理 and 不予许可.
    pub(crate) const fn turned_down(&self) -> i64 {
        self.not_accepted + self.refused
    }
}

/// How much more or less it is, in percent; `None` where there was nothing before.
pub(crate) const fn change_percent(before: i64, now: i64) -> Option<i64> {
    if before == 0 {
        None
    } else {
        Some((now - before) * 100 / before)
    }
}

/// The same as people read it.
pub(crate) fn change_words(before: i64, now: i64) -> String {
    match change_percent(before, now) {
        None if now > 0 => "新增".to_owned(),
        None => "—".to_owned(),
        Some(0) => "持平".to_owned(),
        Some(percent) if percent > 0 => format!("+{percent}%"),
        Some(percent) => format!("{percent}%"),
    }
}

/// Numbers by month, one for each month of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Series {
    pub(crate) period: Period,
    pub(crate) numbers: Vec<i64>,
}

impl Series {
    /// Nothing in any month.
    pub(crate) fn empty(period: Period) -> Self {
        let length = usize::try_from(period.last.since(period.first) + 1).unwrap_or_default();
        Self {
            period,
            numbers: vec![0; length],
        }
    }

    /// Adds to a month; months outside of the period are left out.
    pub(crate) fn add(&mut self, month: Month, number: i64) {
        let place = usize::try_from(month.since(self.period.first)).ok();
        if let Some(here) = place.and_then(|place| self.numbers.get_mut(place)) {
            *here += number;
        }
    }

    /// The sum of the months of another period.
    pub(crate) fn within(&self, part: Period) -> i64 {
        let months = self.period.months().zip(&self.numbers);
        months
            .filter(|(month, _)| (part.first..=part.last).contains(month))
            .map(|(_, number)| number)
            .sum()
    }

    /// What an usual month brings: the mean of the months in which anything came, rounded; 0 without any.
    pub(crate) fn usual(&self) -> i64 {
        let months = i64::try_from(self.numbers.iter().filter(|number| **number > 0).count());
        let months = months.unwrap_or(i64::MAX);
        if months == 0 {
            return 0;
        }
        (self.numbers.iter().sum::<i64>() + months / 2) / months
    }

    /// The months with peaks, the earliest first. One month alone is no peak: there is nothing that it stands out of.
    pub(crate) fn peaks(&self) -> Vec<(Month, i64)> {
        let usual = self.usual();
        let is_peak = |number: i64| number >= PEAK_MIN && number * 100 >= usual * PEAK_PERCENT;
        let months = self.period.months().zip(self.numbers.iter().copied());
        months.filter(|(_, number)| is_peak(*number)).collect()
    }
}
