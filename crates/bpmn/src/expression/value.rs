//! Values that expressions work with. They borrow from the variables, so that a condition on one field of a large form
//! copies nothing.

use std::borrow::Cow;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Number, Value as Json};

/// A value of the language.
#[derive(Clone, Debug)]
pub(crate) enum Value<'v> {
    Null,
    Boolean(bool),
    Number(Decimal),
    Text(Cow<'v, str>),
    Date(Date),
    DateTime(DateTime),
    List(List<'v>),
    Context(&'v Map<String, Json>),
}

/// A list from a variable, or one made by an expression.
#[derive(Clone, Debug)]
pub(crate) enum List<'v> {
    Given(&'v [Json]),
    Made(Vec<Value<'v>>),
}

impl<'v> List<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Given(list) => list.len(),
            Self::Made(list) => list.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value<'v>> {
        match self {
            Self::Given(list) => list.get(index).map(Value::from_json),
            Self::Made(list) => list.get(index).cloned(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value<'v>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

impl<'v> Value<'v> {
    /// A variable's value.
    pub(crate) fn from_json(json: &'v Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Boolean(*truth),
            Json::Number(number) => decimal(number).map_or(Self::Null, Self::Number),
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Array(list) => Self::List(List::Given(list)),
            Json::Object(map) => Self::Context(map),
        }
    }

    /// The value as it is stored in variables. Dates become ISO text.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(truth) => Json::Bool(*truth),
            Self::Number(number) => json_number(*number),
            Self::Text(text) => Json::String(text.clone().into_owned()),
            Self::Date(date) => Json::String(date.to_string()),
            Self::DateTime(at) => Json::String(at.to_string()),
            Self::List(List::Given(list)) => Json::Array(list.to_vec()),
            Self::List(List::Made(list)) => Json::Array(list.iter().map(Self::to_json).collect()),
            Self::Context(map) => Json::Object((*map).clone()),
        }
    }

    /// The value within a longer text; null, lists and objects have none.
    pub(crate) fn to_text(&self) -> Option<Cow<'v, str>> {
        Some(match self {
            Self::Null | Self::List(_) | Self::Context(_) => return None,
            Self::Boolean(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.normalize().to_string()),
            Self::Text(text) => text.clone(),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::DateTime(at) => Cow::Owned(at.to_string()),
        })
    }
}

/// A JSON number as a decimal; `None` when it has more than 28 digits before the point.
fn decimal(number: &Number) -> Option<Decimal> {
    if let Some(whole) = number.as_i64() {
        return Some(Decimal::from(whole));
    }
    if let Some(whole) = number.as_u64() {
        return Some(Decimal::from(whole));
    }
    let text = number.to_string();
    Decimal::from_str(&text)
        .or_else(|_| Decimal::from_scientific(&text))
        .ok()
}

/// Whole numbers stay whole; fractions become the nearest double, which prints the same decimal text.
fn json_number(number: Decimal) -> Json {
    let plain = number.normalize();
    if plain.scale() == 0
        && let Some(whole) = plain.to_i64()
    {
        return Json::from(whole);
    }
    plain
        .to_string()
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map_or(Json::Null, Json::Number)
}

/// `2026-01-31`.
pub(crate) fn date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// `2026-01-31T08:30:00`, without an offset: the engine speaks of civil time in China only.
pub(crate) fn date_time(text: &str) -> Option<DateTime> {
    (text.len() <= 30 && text.contains('T'))
        .then(|| text.parse().ok())
        .flatten()
}
