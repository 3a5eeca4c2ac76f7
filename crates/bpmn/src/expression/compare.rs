//! Equality and order. `None` is null: the values cannot be compared.

use std::cmp::Ordering;

use super::value::{Value, date, date_time};

/// Whether two values are equal; null equals only null, values of different types give null.
pub(super) fn equal(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            Some(
                left.iter()
                    .zip(right.iter())
                    .all(|(left, right)| equal(&left, &right) == Some(true)),
            )
        }
        (Value::Context(left), Value::Context(right)) => Some(left == right),
        _ => Some(order(left, right)? == Ordering::Equal),
    }
}

/// The order of two numbers, texts or dates. A text beside a date is read as a date, because forms store dates as text.
pub(super) fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Text(right)) => Some(left.cmp(&date(right)?)),
        (Value::Text(left), Value::Date(right)) => Some(date(left)?.cmp(right)),
        (Value::DateTime(left), Value::Text(right)) => Some(left.cmp(&date_time(right)?)),
        (Value::Text(left), Value::DateTime(right)) => Some(date_time(left)?.cmp(right)),
        _ => None,
    }
}
