//! What is answered with a task: checked against the questions of the drawing, then variables of the process.

use serde_json::{Map, Value};
use wuchuang_bpmn::{ElementId, Process, QuestionKind, TaskQuestion, Variables};
use wuchuang_kernel::Rejection;

/// How long an answer may be, in characters.
const ANSWER_CHARACTERS_MAX: usize = 500;

/// The variables that answers give. An answer that is not there is an empty variable, so that a gateway never meets a name
/// that it does not know.
pub(super) fn variables(
    process: &Process,
    element: &ElementId,
    given: &Map<String, Value>,
) -> Result<Variables, Rejection> {
    let questions = process.questions(element);
    let known = |name: &String| questions.iter().any(|question| *question.id == **name);
    if let Some(unknown) = given.keys().find(|name| !known(name)) {
        let text = format!("这个环节没有“{unknown}”这个问题。请刷新页面后重填。");
        return Err(Rejection::new("answer_unknown", text).at("answers"));
    }
    questions
        .iter()
        .map(|question| {
            let value = given.get(&*question.id).unwrap_or(&Value::Null);
            let value = answer(question, value)?;
            if question.is_required && value.is_null() {
                let text = format!("请回答“{}”。", question.label);
                return Err(refused(question, "answer_missing", text));
            }
            Ok((question.id.to_string(), value))
        })
        .collect()
}

fn refused(question: &TaskQuestion, code: &'static str, text: String) -> Rejection {
    Rejection::new(code, text).at(format!("answer_{}", question.id))
}

/// One answer as its question wants it; forms send texts, programs values.
fn answer(question: &TaskQuestion, value: &Value) -> Result<Value, Rejection> {
    let text = match value {
        Value::Null => return Ok(Value::Null),
        Value::Bool(_) if question.kind == QuestionKind::YesNo => return Ok(value.clone()),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            let text = format!("“{}”的回答不是这个问题要的。请重填。", question.label);
            return Err(refused(question, "answer_kind", text));
        }
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text.chars().count() > ANSWER_CHARACTERS_MAX {
        let text = format!("“{}”最多写500字，请精简。", question.label);
        return Err(refused(question, "answer_too_long", text));
    }
    let (value, wanted) = match &question.kind {
        QuestionKind::Text => (Some(Value::String(text)), ""),
        QuestionKind::Number => (text.parse::<i64>().ok().map(Value::from), "整数"),
        QuestionKind::YesNo => (yes_no(&text), "是或否"),
        QuestionKind::Choice(choices) => (
            choices
                .iter()
                .any(|(value, _)| **value == *text)
                .then_some(Value::String(text)),
            "列出的选项",
        ),
    };
    value.ok_or_else(|| {
        let text = format!("“{}”应是{wanted}。请重填。", question.label);
        refused(question, "answer_kind", text)
    })
}

fn yes_no(text: &str) -> Option<Value> {
    match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => None,
    }
}
