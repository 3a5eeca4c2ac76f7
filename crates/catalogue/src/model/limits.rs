//! Time limits as a guide states them (法定办结时限, 承诺办结时限), and what they mean for a clock.

use serde::{Deserialize, Serialize};
use wuchuang_calendar::{ClockError, ClockRule, ExtensionRule, Limit};

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// 工作日 (行政许可法 art. 82).
    WorkingDays,
    /// 自然日.
    CalendarDays,
    /// 当场办结: no time passes.
    OnTheSpot,
}

impl LimitUnit {
    /// All units, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::WorkingDays, Self::CalendarDays, Self::OnTheSpot];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WorkingDays => "working_days",
            Self::CalendarDays => "calendar_days",
            Self::OnTheSpot => "on_the_spot",
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkingDays => "工作日",
            Self::CalendarDays => "自然日",
            Self::OnTheSpot => "当场",
        }
    }

    /// Reads the stored form or the word.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|unit| unit.code() == text || unit.name() == text)
            .or(match text {
                "日" | "天" => Some(Self::CalendarDays),
                "即时" | "当日" => Some(Self::OnTheSpot),
                _ => None,
            })
    }
}

/// A time limit with the note that stands beside it in the guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimit {
    /// How many of the unit; 0 exactly when the unit is [`LimitUnit::OnTheSpot`].
    pub value: u16,
    /// What is counted.
    pub unit: LimitUnit,
    /// 时限说明; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl TimeLimit {
    /// 当场办结.
    pub const fn on_the_spot() -> Self {
        Self {
            value: 0,
            unit: LimitUnit::OnTheSpot,
            note: String::new(),
        }
    }

    /// A number of working days.
    pub const fn working_days(value: u16) -> Self {
        Self {
            value,
            unit: LimitUnit::WorkingDays,
            note: String::new(),
        }
    }

    /// A number of calendar days.
    pub const fn calendar_days(value: u16) -> Self {
        Self {
            value,
            unit: LimitUnit::CalendarDays,
            note: String::new(),
        }
    }

    /// The limit as the clock knows it.
    pub const fn limit(&self) -> Limit {
        match self.unit {
            LimitUnit::WorkingDays => Limit::working_days(self.value),
            LimitUnit::CalendarDays => Limit::calendar_days(self.value),
            LimitUnit::OnTheSpot => Limit::ON_THE_SPOT,
        }
    }

    /// `5 个工作日`, or `当场办结`.
    pub fn text(&self) -> String {
        self.limit().text()
    }

    /// The limit in hundredths of a working day, for comparing limits in different units: a calendar
    /// week has five working days. Holidays are left out, because a limit in a guide has no dates.
    pub const fn hundredths_of_working_days(&self) -> u32 {
        match self.unit {
            LimitUnit::OnTheSpot => 0,
            LimitUnit::WorkingDays => self.value as u32 * 100,
            LimitUnit::CalendarDays => self.value as u32 * 500 / 7,
        }
    }

    /// Whether this limit is longer than another.
    pub fn is_longer_than(&self, other: &Self) -> bool {
        if self.unit == other.unit {
            self.value > other.value
        } else {
            self.hundredths_of_working_days() > other.hundredths_of_working_days()
        }
    }
}

/// How the limits may be extended, once (行政许可法 art. 42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionTerms {
    /// The most that may be added, in the unit of the statutory limit.
    pub days_max: u16,
    /// Law and article that allow it.
    pub article: String,
    /// When it may be used: 复杂情形; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The rule by which a case of the item counts its time.
///
/// # Errors
/// When the promised limit is longer than the statutory one, or a limit is too long; a published
/// version has neither.
pub fn clock_rule(
    statutory: &TimeLimit,
    promised: &TimeLimit,
    extension: Option<&ExtensionTerms>,
) -> Result<ClockRule, ClockError> {
    let extension = extension.map(|terms| ExtensionRule {
        cap: terms.days_max,
        article: terms.article.clone(),
    });
    ClockRule::new(statutory.limit(), promised.limit(), extension)
}
