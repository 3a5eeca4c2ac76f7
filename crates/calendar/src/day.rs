//! One civil day: whether offices work on it and why, in the words of the notices. Also the one place that knows
//! China's offset from universal time, because every other module speaks of civil days in China.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// China keeps UTC+08:00 all year; there is no summer time to look up.
const CHINA: Offset = Offset::constant(8);

/// The civil date in China at an instant.
pub fn china_date(at: Timestamp) -> Date {
    CHINA.to_datetime(at).date()
}

/// The time of day in China at an instant.
pub(crate) fn china_time(at: Timestamp) -> Time {
    CHINA.to_datetime(at).time()
}

/// The instant of a civil date and time in China. Dates at the very end of the supported range are clamped.
pub fn china_instant(date: Date, time: Time) -> Timestamp {
    CHINA
        .to_timestamp(date.to_datetime(time))
        .unwrap_or(if date.year() > 0 {
            Timestamp::MAX
        } else {
            Timestamp::MIN
        })
}

/// The first instant after a civil day in China.
pub(crate) fn end_of_day(date: Date) -> Timestamp {
    date.tomorrow()
        .map_or(Timestamp::MAX, |next| china_instant(next, Time::midnight()))
}

/// The short Chinese name of a date's weekday, such as 周三.
pub fn weekday_name(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// A date as people read it: `2026年10月8日 周四`.
pub(crate) fn date_text(date: Date) -> String {
    format!(
        "{}年{}月{}日 {}",
        date.year(),
        date.month(),
        date.day(),
        weekday_name(date)
    )
}

/// Saturday or Sunday.
pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Why offices work or do not work on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayKind {
    /// 工作日: Monday to Friday, and no notice says otherwise.
    Workday,
    /// 周末: Saturday or Sunday, and no notice says otherwise.
    Weekend,
    /// 放假: closed by the yearly notice; statutory days and days moved to them alike.
    Holiday {
        /// The festival, such as 国庆节.
        name: Arc<str>,
    },
    /// 调休上班: a weekend day on which offices work.
    MakeUp {
        /// The festival whose holiday it makes up for.
        name: Arc<str>,
    },
}

impl DayKind {
    /// Whether offices work.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Workday | Self::MakeUp { .. })
    }

    /// The reason in Chinese, such as `国庆节放假`.
    pub fn text(&self) -> String {
        match self {
            Self::Workday => "工作日".to_owned(),
            Self::Weekend => "周末".to_owned(),
            Self::Holiday { name } => format!("{name}放假"),
            Self::MakeUp { name } => format!("{name}调休上班"),
        }
    }
}

/// What the calendar says about one civil day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The civil date in China.
    pub date: Date,
    /// Whether offices work, and why.
    pub kind: DayKind,
    /// The year's notice has not been imported: only weekends are known.
    pub uncertain: bool,
}

impl Day {
    /// Whether offices work.
    pub fn is_working(&self) -> bool {
        self.kind.is_working()
    }

    /// `2026年10月1日 周四：国庆节放假`, with a warning when the year's notice is missing.
    pub fn text(&self) -> String {
        let warning = if self.uncertain {
            "（该年放假通知尚未导入）"
        } else {
            ""
        };
        format!("{}：{}{warning}", date_text(self.date), self.kind.text())
    }
}
