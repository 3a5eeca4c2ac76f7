//! The choices of a question as lines of text, and back: what was there keeps its value.

use serde_json::{Map, Value, json};

use super::rows::Row;

/// The choices as they stood: value and label.
pub(super) fn choices_before(before: &Map<String, Value>) -> Vec<Value> {
    let holder = before
        .get("items")
        .and_then(Value::as_object)
        .unwrap_or(before);
    let titled = holder
        .get("oneOf")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let plain = holder
        .get("enum")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let plain = plain
        .into_iter()
        .map(|value| json!({"const": value, "title": value}));
    titled.into_iter().chain(plain).collect()
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A choice that was there keeps its value, because stored answers know it by that; a new one is its own value.
pub(super) fn choices(row: &Row, before: &[Value]) -> Value {
    lines(&row.choices)
        .map(|label| {
            let known = before.iter().find(|choice| choice["title"] == label);
            known
                .cloned()
                .unwrap_or_else(|| json!({"const": label, "title": label}))
        })
        .collect()
}

/// The answers that ask a question, from the words that the author wrote and the definition of the question that decides.
pub(super) fn answers(deciding: &Value, words: &str) -> Vec<String> {
    let known = deciding.as_object().map(choices_before).unwrap_or_default();
    lines(words)
        .map(|word| match (deciding["type"].as_str(), word) {
            (Some("boolean"), "是") => "true".to_owned(),
            (Some("boolean"), "否") => "false".to_owned(),
            _ => known
                .iter()
                .find(|choice| choice["title"] == word)
                .and_then(|choice| choice["const"].as_str())
                .unwrap_or(word)
                .to_owned(),
        })
        .collect()
}
