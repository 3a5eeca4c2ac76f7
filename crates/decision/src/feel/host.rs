//! What a decision may know of the world around it: the day and the working calendar, both given by whoever asks.
//! Expressions call them as `today()`, `working days after(date, days)`, `working days between(from, to)` and
//! `is working day(date)`.

use std::fmt;
use std::sync::Arc;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope, FeelType, Name};
use dsntk_feel_temporal::FeelDate;
use jiff::civil::Date;

use super::scope::function_value;

/// Days that may be counted at once; some 27 years of them.
const DAYS_MAX: i64 = 10_000;

/// A working calendar. Dates outside of what it knows are answered with nothing.
pub trait WorkingDays: Send + Sync {
    /// The date so many working days after a date, the day after it being the first; before it, for negative numbers.
    fn after(&self, date: Date, days: i32) -> Option<Date>;

    /// How many working days lie after the first date, up to and including the second.
    fn between(&self, from: Date, to: Date) -> Option<i64>;

    /// Whether offices work on that day.
    fn is_working_day(&self, date: Date) -> Option<bool>;
}

/// What an evaluation is given besides the inputs.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// The day, in China, on which the decision is made. Without it `today()` cannot be answered.
    pub today: Option<Date>,
    /// The working calendar in force. Without it working days cannot be counted.
    pub working_days: Option<Arc<dyn WorkingDays>>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Surroundings")
            .field("today", &self.today)
            .field("working_days", &self.working_days.is_some())
            .finish()
    }
}

/// The functions with the names of their parameters.
pub(super) const HOST_FUNCTIONS: [(&str, &[&str]); 4] = [
    ("today", &[]),
    ("working days after", &["date", "days"]),
    ("working days between", &["from", "to"]),
    ("is working day", &["date"]),
];

/// The functions as values for an evaluation.
pub(crate) fn functions(around: &Surroundings) -> Vec<(Name, Value)> {
    HOST_FUNCTIONS
        .into_iter()
        .map(|(name, parameters)| {
            let around = around.clone();
            let body: Evaluator = Box::new(move |scope| answer(name, scope, &around));
            let parameters = parameters
                .iter()
                .map(|parameter| (Name::from(*parameter), FeelType::Any))
                .collect();
            let value = function_value(parameters, body, FeelContext::default(), FeelType::Any);
            (Name::from(name), value)
        })
        .collect()
}

fn answer(name: &str, scope: &FeelScope, around: &Surroundings) -> Value {
    let answered = match name {
        "today" => today(around),
        "working days after" => after(scope, around),
        "working days between" => between(scope, around),
        _ => is_working_day(scope, around),
    };
    answered.unwrap_or_else(|reason| Value::Null(Some(reason.to_owned())))
}

const NO_CALENDAR: &str = "没有给出工作日历，算不了工作日";
const NOT_COVERED: &str = "日期超出了工作日历";

fn today(around: &Surroundings) -> Result<Value, &'static str> {
    let today = around.today.ok_or("没有给出今天的日期，today() 没有结果")?;
    feel_date(today)
}

fn after(scope: &FeelScope, around: &Surroundings) -> Result<Value, &'static str> {
    let date = date(scope, "date")?;
    let days = match scope.get_value(&Name::from("days")) {
        Some(Value::Number(days)) if days.is_integer() => i64::try_from(days)
            .ok()
            .filter(|days| days.abs() <= DAYS_MAX)
            .and_then(|days| i32::try_from(days).ok())
            .ok_or("working days after 的天数太大")?,
        _ => return Err("working days after 的第二个参数应是整数天数"),
    };
    let calendar = around.working_days.as_ref().ok_or(NO_CALENDAR)?;
    feel_date(calendar.after(date, days).ok_or(NOT_COVERED)?)
}

fn between(scope: &FeelScope, around: &Surroundings) -> Result<Value, &'static str> {
    let (from, to) = (date(scope, "from")?, date(scope, "to")?);
    let calendar = around.working_days.as_ref().ok_or(NO_CALENDAR)?;
    let days = calendar.between(from, to).ok_or(NOT_COVERED)?;
    Ok(Value::Number(days.into()))
}

fn is_working_day(scope: &FeelScope, around: &Surroundings) -> Result<Value, &'static str> {
    let date = date(scope, "date")?;
    let calendar = around.working_days.as_ref().ok_or(NO_CALENDAR)?;
    let is_working = calendar.is_working_day(date).ok_or(NOT_COVERED)?;
    Ok(Value::Boolean(is_working))
}

fn date(scope: &FeelScope, parameter: &str) -> Result<Date, &'static str> {
    let value = match scope.get_value(&Name::from(parameter)) {
        Some(Value::Date(date)) => date,
        Some(Value::DateTime(at)) => at.date(),
        _ => return Err("参数应是日期，例如 date(\"2026-01-31\")"),
    };
    let (year, month, day) = value.as_tuple();
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
    date.ok_or(NOT_COVERED)
}

fn feel_date(date: Date) -> Result<Value, &'static str> {
    let month = u32::from(date.month().unsigned_abs());
    let day = u32::from(date.day().unsigned_abs());
    let date = FeelDate::new(i32::from(date.year()), month, day).ok_or(NOT_COVERED)?;
    Ok(Value::Date(date))
}
