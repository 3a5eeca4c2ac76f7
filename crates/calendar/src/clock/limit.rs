//! Time limits and the rule a clock runs by: the statutory and the promised limit side by side.

use serde::{Deserialize, Serialize};

use super::error::ClockError;
use super::extension::ExtensionRule;

/// What a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 工作日: days on which offices work (行政许可法第82条).
    WorkingDays,
    /// 自然日: every day of the calendar; the last day moves off a day off.
    CalendarDays,
    /// 工作小时: hours within office hours.
    WorkingHours,
}

impl Unit {
    /// The unit with its measure word, to follow a number.
    pub fn text(self) -> &'static str {
        match self {
            Self::WorkingDays => "个工作日",
            Self::CalendarDays => "日",
            Self::WorkingHours => "个工作小时",
        }
    }
}

/// A time limit: an amount of one unit. Zero means on the spot (当场办结).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// How many of the unit, at most [`Limit::AMOUNT_MAX`].
    pub amount: u16,
    /// What is counted.
    pub unit: Unit,
}

impl Limit {
    /// Ten years of calendar days; no limit in law is longer.
    pub const AMOUNT_MAX: u16 = 3_660;
    /// 当场办结.
    pub const ON_THE_SPOT: Self = Self::working_days(0);

    /// A limit in working days.
    pub const fn working_days(amount: u16) -> Self {
        Self {
            amount,
            unit: Unit::WorkingDays,
        }
    }

    /// A limit in calendar days.
    pub const fn calendar_days(amount: u16) -> Self {
        Self {
            amount,
            unit: Unit::CalendarDays,
        }
    }

    /// A limit in working hours.
    pub const fn working_hours(amount: u16) -> Self {
        Self {
            amount,
            unit: Unit::WorkingHours,
        }
    }

    /// `5 个工作日`, or `当场办结`.
    pub fn text(self) -> String {
        if self.amount == 0 {
            "当场办结".to_owned()
        } else {
            format!("{} {}", self.amount, self.unit.text())
        }
    }

    /// The same limit with units added by an extension.
    pub(super) fn plus(self, extra: u16) -> Self {
        Self {
            amount: self.amount.saturating_add(extra),
            unit: self.unit,
        }
    }

    pub(super) fn check(self) -> Result<(), ClockError> {
        if self.amount > Self::AMOUNT_MAX {
            Err(ClockError::LimitTooLong { limit: self })
        } else {
            Ok(())
        }
    }
}

/// What a clock is started with: the limit of the law, the limit promised in the guide, and how it may be extended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    statutory: Limit,
    promised: Limit,
    extension: Option<ExtensionRule>,
}

impl ClockRule {
    /// A rule with both limits; `extension` is absent where the law knows none.
    ///
    /// # Errors
    /// [`ClockError::PromiseLongerThanLaw`] when both limits have one unit and the promised one is longer. Limits in
    /// different units cannot be compared without dates; for them the earlier due date binds
    /// ([`super::DueDates::binding`]).
    pub fn new(
        statutory: Limit,
        promised: Limit,
        extension: Option<ExtensionRule>,
    ) -> Result<Self, ClockError> {
        statutory.check()?;
        promised.check()?;
        if statutory.unit == promised.unit && promised.amount > statutory.amount {
            return Err(ClockError::PromiseLongerThanLaw {
                promised,
                statutory,
            });
        }
        Ok(Self {
            statutory,
            promised,
            extension,
        })
    }

    /// A rule in which one limit serves as both, as for hotline orders and ratings.
    ///
    /// # Errors
    /// [`ClockError::LimitTooLong`].
    pub fn single(limit: Limit, extension: Option<ExtensionRule>) -> Result<Self, ClockError> {
        Self::new(limit, limit, extension)
    }

    /// 法定时限.
    pub fn statutory(&self) -> Limit {
        self.statutory
    }

    /// 承诺时限.
    pub fn promised(&self) -> Limit {
        self.promised
    }

    /// How the clock may be extended, if at all.
    pub fn extension(&self) -> Option<&ExtensionRule> {
        self.extension.as_ref()
    }
}
