//! The choices that a form writes out itself.

use serde_json::{Map, Value};

use super::{
    FormError,
    parse::{texts, wrong},
};
use crate::markup::Choice;

/// How many choices a field may have; longer lists come from `x-list`.
const CHOICES_MAX: usize = 300;

/// `enum`, or `oneOf` of `{const, title}`, on the field itself or on the `items` of an array.
pub(super) fn read_choices(
    name: &str,
    definition: &Map<String, Value>,
) -> Result<Vec<Choice>, FormError> {
    let holder = definition
        .get("items")
        .and_then(Value::as_object)
        .unwrap_or(definition);
    let mut choices: Vec<Choice> = texts(holder.get("enum"))
        .into_iter()
        .map(|value| Choice::new(value.clone(), value))
        .collect();
    for option in holder
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let read = |key: &str| option.get(key).and_then(Value::as_str);
        let value = read("const")
            .ok_or_else(|| wrong(name, "oneOf 的每一项须写 const（值）和 title（名称）"))?;
        choices.push(Choice {
            value: value.to_owned(),
            label: read("title").unwrap_or(value).to_owned(),
            hint: read("description").unwrap_or_default().to_owned(),
        });
    }
    if choices.len() > CHOICES_MAX {
        return Err(wrong(name, "选项超过 300 个，请改用 x-list"));
    }
    Ok(choices)
}
