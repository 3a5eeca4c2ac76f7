//! JSON to FEEL and back, value by value. Nothing is ever turned into text that is evaluated.

use std::str::FromStr;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, FeelType, Name};
use dsntk_feel_temporal::{FeelDate, FeelDateTime, FeelTime};
use serde_json::{Map, Value as Json};

use crate::limits::{INPUT_TEXT_CHARACTERS_MAX, LIST_ITEMS_MAX, VALUE_DEPTH_MAX, VALUES_MAX};
use crate::model::plain_name;

/// Digits and signs of a number written as text.
const NUMBER_CHARACTERS_MAX: usize = 40;

/// Maps an input to a value of a type, or says what it should have been.
pub(crate) fn from_json(json: &Json, feel_type: &FeelType) -> Result<Value, String> {
    Mapping { values: 0 }.value(json, feel_type, 0)
}

/// What is left of the limits while one input is mapped.
struct Mapping {
    values: usize,
}

impl Mapping {
    fn value(&mut self, json: &Json, feel_type: &FeelType, depth: usize) -> Result<Value, String> {
        self.values += 1;
        if depth > VALUE_DEPTH_MAX {
            return Err(format!("嵌套不得超过 {VALUE_DEPTH_MAX} 层"));
        }
        if self.values > VALUES_MAX {
            return Err(format!("不得超过 {VALUES_MAX} 个值"));
        }
        match (json, feel_type) {
            (Json::Null, _) => Ok(Value::Null(None)),
            (Json::Array(items), FeelType::List(item)) => self.list(items, item, depth),
            (Json::Array(items), FeelType::Any) => self.list(items, &FeelType::Any, depth),
            (single, FeelType::List(item)) => {
                Ok(Value::List(vec![self.value(single, item, depth + 1)?]))
            }
            (Json::Object(members), FeelType::Context(types)) => {
                let mut context = FeelContext::default();
                for name in types.keys() {
                    context.set_null(name.clone());
                }
                for (name, member) in members {
                    let name = Name::from(plain_name(name));
                    let of = types.get(&name).unwrap_or(&FeelType::Any);
                    let value = self
                        .value(member, of, depth + 1)
                        .map_err(|reason| format!("其中“{name}”{reason}"))?;
                    context.set_entry(&name, value);
                }
                Ok(Value::Context(context))
            }
            (Json::Object(_), FeelType::Any) => {
                let none = FeelType::Context(std::collections::BTreeMap::new());
                self.value(json, &none, depth)
            }
            (Json::Bool(flag), FeelType::Boolean | FeelType::Any) => Ok(Value::Boolean(*flag)),
            (Json::Number(number), FeelType::Number | FeelType::Any) => {
                decimal(&number.to_string())
            }
            (Json::String(text), _) => typed_text(text, feel_type),
            _ => Err(format!("应是{}", type_name(feel_type))),
        }
    }

    fn list(&mut self, items: &[Json], item: &FeelType, depth: usize) -> Result<Value, String> {
        if items.len() > LIST_ITEMS_MAX {
            return Err(format!("列表不得超过 {LIST_ITEMS_MAX} 项"));
        }
        let mut values = Vec::with_capacity(items.len());
        for (index, json) in items.iter().enumerate() {
            let value = self
                .value(json, item, depth + 1)
                .map_err(|reason| format!("第 {} 项{reason}", index + 1))?;
            values.push(value);
        }
        Ok(Value::List(values))
    }
}

fn decimal(text: &str) -> Result<Value, String> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if !plain || text.len() > NUMBER_CHARACTERS_MAX || !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err("应是数字".to_owned());
    }
    // An exponent of thousands is no figure of an office, and its digits would have to be written out.
    let exponent = text.rsplit_once(['e', 'E']).map(|(_, exponent)| exponent);
    if exponent.is_some_and(|text| text.parse::<i32>().is_ok_and(|it| it.abs() > 30)) {
        return Err("应是数字，而且不能这样大或这样小".to_owned());
    }
    FeelNumber::from_str(text)
        .map(Value::Number)
        .map_err(|_| "应是数字".to_owned())
}

/// A text as the type that was declared.
fn typed_text(text: &str, feel_type: &FeelType) -> Result<Value, String> {
    if text.chars().count() > INPUT_TEXT_CHARACTERS_MAX {
        return Err(format!("不得超过 {INPUT_TEXT_CHARACTERS_MAX} 个字符"));
    }
    let wrong = || format!("应是{}", type_name(feel_type));
    match feel_type {
        FeelType::String | FeelType::Any => Ok(Value::String(text.to_owned())),
        FeelType::Number => decimal(text.trim()),
        FeelType::Date => FeelDate::from_str(text.trim())
            .map(Value::Date)
            .map_err(|_| wrong()),
        FeelType::DateTime => FeelDateTime::try_from(text.trim())
            .map(Value::DateTime)
            .map_err(|_| wrong()),
        FeelType::Time => FeelTime::from_str(text.trim())
            .map(Value::Time)
            .map_err(|_| wrong()),
        FeelType::DaysAndTimeDuration | FeelType::YearsAndMonthsDuration => {
            Value::try_from_xsd_duration(text.trim())
                .ok()
                .filter(|value| value.type_of() == *feel_type)
                .ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

/// A text value as the type that a column declares; anything else stays what it is.
pub(crate) fn typed(value: Value, feel_type: &FeelType) -> Value {
    match (&value, feel_type) {
        (Value::String(text), FeelType::Date | FeelType::DateTime | FeelType::Time) => {
            typed_text(text, feel_type).unwrap_or(value)
        }
        _ => value,
    }
}

/// The name of a type in Chinese, with how it is written.
pub(crate) fn type_name(feel_type: &FeelType) -> String {
    match feel_type {
        FeelType::Boolean => "“是”或“否”，写成 true 或 false".to_owned(),
        FeelType::Number => "数字".to_owned(),
        FeelType::String => "文字".to_owned(),
        FeelType::Date => "日期，写成 2026-01-31".to_owned(),
        FeelType::Time => "时间，写成 09:30:00".to_owned(),
        FeelType::DateTime => "日期和时间，写成 2026-01-31T09:30:00".to_owned(),
        FeelType::DaysAndTimeDuration => "时长，写成 P3D 或 PT2H".to_owned(),
        FeelType::YearsAndMonthsDuration => "时长，写成 P1Y6M".to_owned(),
        FeelType::List(item) => format!("列表，每项是{}", type_name(item)),
        FeelType::Context(_) => "一组有名字的值".to_owned(),
        other => other.to_string(),
    }
}

/// Maps a value to JSON; a value with no JSON of its own, such as a function, is refused.
pub(crate) fn to_json(value: &Value) -> Result<Json, String> {
    let mut left = VALUES_MAX;
    json(value, 0, &mut left)
}

fn json(value: &Value, depth: usize, left: &mut usize) -> Result<Json, String> {
    if depth > VALUE_DEPTH_MAX || *left == 0 {
        return Err(format!(
            "结果太大：不得超过 {VALUES_MAX} 个值、{VALUE_DEPTH_MAX} 层"
        ));
    }
    *left -= 1;
    match value {
        Value::Null(None) => Ok(Json::Null),
        Value::Null(Some(reason)) => Err(reason.clone()),
        Value::Boolean(flag) => Ok(Json::Bool(*flag)),
        Value::Number(number) => Ok(number_json(&number.to_string())),
        Value::String(text) => Ok(Json::String(text.clone())),
        Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::DaysAndTimeDuration(_)
        | Value::YearsAndMonthsDuration(_)
        | Value::Range(..) => Ok(Json::String(value.to_string())),
        Value::List(items) | Value::ExpressionList(items) => {
            if items.len() > LIST_ITEMS_MAX {
                return Err(format!("列表不得超过 {LIST_ITEMS_MAX} 项"));
            }
            let items = items.iter().map(|item| json(item, depth + 1, left));
            Ok(Json::Array(items.collect::<Result<_, _>>()?))
        }
        Value::Context(context) => {
            let mut members = Map::new();
            for (name, member) in context.iter() {
                members.insert(name.to_string(), json(member, depth + 1, left)?);
            }
            Ok(Json::Object(members))
        }
        _ => Err("结果不是可以保存的值（函数或类型）".to_owned()),
    }
}

/// A number, as text where JSON's usual reader would lose digits of it.
fn number_json(text: &str) -> Json {
    // `7.00` and `7` are the same amount and should be the same answer.
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    };
    let text = if text == "-0" { "0" } else { text };
    if let Ok(whole) = text.parse::<i64>() {
        return Json::from(whole);
    }
    // Of a fraction such as a third the last of its 34 digits mean nothing; the figures of an amount do.
    let whole = text
        .split('.')
        .next()
        .unwrap_or(text)
        .trim_start_matches('-');
    match text.parse::<f64>() {
        Ok(number) if whole.len() <= 15 => Json::from(number),
        _ => Json::String(text.to_owned()),
    }
}
