//! The built-in functions: a closed list, all total. Names with a space are FEEL's.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::compare::{equal, order};
use super::value::{List, Value, date, date_time};
use crate::limits::EXPRESSION_TEXT_MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Count,
    Sum,
    Min,
    Max,
    ListContains,
    Contains,
    StartsWith,
    EndsWith,
    TextLength,
    Substring,
    UpperCase,
    LowerCase,
    Absolute,
    Floor,
    Ceiling,
    Number,
    Text,
    Date,
    DateTime,
}

/// Name, function, fewest and most arguments.
const FUNCTIONS: [(&str, Function, usize, usize); 19] = [
    ("count", Function::Count, 1, 1),
    ("sum", Function::Sum, 1, 50),
    ("min", Function::Min, 1, 50),
    ("max", Function::Max, 1, 50),
    ("list contains", Function::ListContains, 2, 2),
    ("contains", Function::Contains, 2, 2),
    ("starts with", Function::StartsWith, 2, 2),
    ("ends with", Function::EndsWith, 2, 2),
    ("string length", Function::TextLength, 1, 1),
    ("substring", Function::Substring, 2, 3),
    ("upper case", Function::UpperCase, 1, 1),
    ("lower case", Function::LowerCase, 1, 1),
    ("abs", Function::Absolute, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("ceiling", Function::Ceiling, 1, 1),
    ("number", Function::Number, 1, 1),
    ("string", Function::Text, 1, 1),
    ("date", Function::Date, 1, 1),
    ("date and time", Function::DateTime, 1, 1),
];

impl Function {
    /// The function of a name with the number of arguments it takes.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        FUNCTIONS
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, function, fewest, most)| (*function, *fewest, *most))
    }

    /// All names, for the message about an unknown one.
    pub(super) fn names() -> String {
        let names: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
        names.join("、")
    }

    pub(super) fn call<'v>(self, arguments: &[Value<'v>]) -> Value<'v> {
        let result = match self {
            Self::Count => count(arguments),
            Self::Sum => sum(arguments),
            Self::Min => extreme(arguments, std::cmp::Ordering::Less),
            Self::Max => extreme(arguments, std::cmp::Ordering::Greater),
            Self::ListContains => list_contains(arguments),
            Self::Contains => texts(arguments, |text, part| text.contains(part)),
            Self::StartsWith => texts(arguments, |text, part| text.starts_with(part)),
            Self::EndsWith => texts(arguments, |text, part| text.ends_with(part)),
            Self::TextLength => {
                text(arguments).map(|text| Value::Number(Decimal::from(text.chars().count())))
            }
            Self::Substring => substring(arguments),
            Self::UpperCase => text(arguments).map(|text| made(text.to_uppercase())),
            Self::LowerCase => text(arguments).map(|text| made(text.to_lowercase())),
            Self::Absolute => number(arguments).map(|number| Value::Number(number.abs())),
            Self::Floor => number(arguments).map(|number| Value::Number(number.floor())),
            Self::Ceiling => number(arguments).map(|number| Value::Number(number.ceil())),
            Self::Number => to_number(arguments),
            Self::Text => arguments.first().and_then(Value::to_text).map(Value::Text),
            Self::Date => to_date(arguments),
            Self::DateTime => text(arguments).and_then(date_time).map(Value::DateTime),
        };
        result.unwrap_or(Value::Null)
    }
}

fn made<'v>(text: String) -> Value<'v> {
    if text.len() > EXPRESSION_TEXT_MAX {
        return Value::Null;
    }
    Value::Text(Cow::Owned(text))
}

fn text<'a>(arguments: &'a [Value<'_>]) -> Option<&'a str> {
    match arguments.first()? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Part of a text by FEEL's rules: characters count from 1, from the end when negative; a length is at least 1.
fn substring<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    let whole = text(arguments)?;
    let whole_number = |value: &Value<'_>| match value {
        Value::Number(number) if number.fract().is_zero() => i64::try_from(*number).ok(),
        _ => None,
    };
    let from = whole_number(arguments.get(1)?)?;
    let characters = whole.chars().count();
    let before = match from {
        0 => return None,
        from if from > 0 => usize::try_from(from - 1).ok()?,
        from => characters.checked_sub(usize::try_from(from.checked_neg()?).ok()?)?,
    };
    if before >= characters {
        return None;
    }
    let length = match arguments.get(2) {
        None => characters,
        Some(length) => usize::try_from(whole_number(length)?)
            .ok()
            .filter(|length| *length > 0)?,
    };
    Some(made(whole.chars().skip(before).take(length).collect()))
}

fn number(arguments: &[Value<'_>]) -> Option<Decimal> {
    match arguments.first()? {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn texts<'v>(arguments: &[Value<'v>], holds: fn(&str, &str) -> bool) -> Option<Value<'v>> {
    match arguments {
        [Value::Text(text), Value::Text(part)] => Some(Value::Boolean(holds(text, part))),
        _ => None,
    }
}

/// The members of the one list argument, or the arguments themselves.
fn members<'v>(arguments: &[Value<'v>]) -> List<'v> {
    match arguments {
        [Value::List(list)] => list.clone(),
        _ => List::Made(arguments.to_vec()),
    }
}

fn count<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    match arguments.first()? {
        Value::List(list) => Some(Value::Number(Decimal::from(list.len()))),
        _ => None,
    }
}

fn sum<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    let mut total = Decimal::ZERO;
    for member in members(arguments).iter() {
        match member {
            Value::Number(number) => total = total.checked_add(number)?,
            _ => return None,
        }
    }
    Some(Value::Number(total))
}

fn extreme<'v>(arguments: &[Value<'v>], wanted: std::cmp::Ordering) -> Option<Value<'v>> {
    let list = members(arguments);
    let mut best = list.get(0)?;
    for member in list.iter().skip(1) {
        if order(&member, &best)? == wanted {
            best = member;
        }
    }
    Some(best)
}

fn list_contains<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    match arguments {
        [Value::List(list), wanted] => Some(Value::Boolean(
            list.iter()
                .any(|member| equal(&member, wanted) == Some(true)),
        )),
        _ => None,
    }
}

fn to_number<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    match arguments.first()? {
        Value::Number(number) => Some(Value::Number(*number)),
        Value::Text(text) => text.trim().parse().ok().map(Value::Number),
        _ => None,
    }
}

fn to_date<'v>(arguments: &[Value<'v>]) -> Option<Value<'v>> {
    match arguments.first()? {
        Value::Date(date) => Some(Value::Date(*date)),
        Value::DateTime(at) => Some(Value::Date(at.date())),
        Value::Text(text) => date(text)
            .or_else(|| date_time(text).map(jiff::civil::DateTime::date))
            .map(Value::Date),
        _ => None,
    }
}
