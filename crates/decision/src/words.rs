//! Decisions in plain Chinese: 因为……所以……. Said from the same parts that were evaluated, so that it cannot say anything else.

use dsntk_feel::IntervalType;
use dsntk_feel_parser::AstNode;
use serde_json::Value as Json;

use crate::evaluate::{DecisionStep, FiredRow};
use crate::feel::Compiled;

/// Items of a list that a sentence repeats.
const ITEMS_SHOWN_MAX: usize = 8;
/// Characters of a text that a sentence repeats.
const CHARACTERS_SHOWN_MAX: usize = 60;

/// Why a table or a boxed expression gave what it gave.
pub(crate) fn of_step(step: &DecisionStep) -> String {
    let chosen: Vec<&FiredRow> = step.rows.iter().filter(|row| row.chosen).collect();
    let result = result(step);
    if step.hit_policy.is_some() && chosen.is_empty() {
        let given = given(step);
        return if step.result.is_null() {
            format!(
                "没有一条规则符合（{given}），所以{}没有结果。",
                step.decision
            )
        } else {
            format!("没有一条规则符合（{given}），所以取默认值：{result}。")
        };
    }
    let Some(first) = chosen.first() else {
        return format!("因为{}，所以{result}。", given(step));
    };
    let numbers: Vec<String> = chosen.iter().map(|row| row.number.to_string()).collect();
    let because = if chosen.len() == 1 {
        conditions(first)
    } else {
        given(step)
    };
    let mut text = if because.is_empty() {
        format!(
            "第 {} 条规则对任何情况都适用，所以{result}",
            numbers.join("、")
        )
    } else {
        format!(
            "因为{because}，所以{result}（第 {} 条规则）",
            numbers.join("、")
        )
    };
    text.push('。');
    let notes = chosen.iter().flat_map(|row| {
        let notes = row.annotations.iter().map(|note| note.text.as_str());
        notes.chain(std::iter::once(row.description.as_str()))
    });
    let notes: Vec<&str> = notes.filter(|note| !note.is_empty()).collect();
    if !notes.is_empty() {
        text.push_str("依据：");
        text.push_str(&notes.join("；"));
        text.push('。');
    }
    text
}

/// Why a formula gave what it gave.
pub(crate) fn of_literal(step: &DecisionStep, formula: &str) -> String {
    let formula = cut(formula);
    if step.tested.is_empty() {
        return format!("{}（{formula}）。", result(step));
    }
    format!("因为{}，所以{}（{formula}）。", given(step), result(step))
}

fn given(step: &DecisionStep) -> String {
    let parts = step
        .tested
        .iter()
        .map(|tested| format!("{}是{}", tested.label, of_value(&tested.value)));
    parts.collect::<Vec<_>>().join("，")
}

fn conditions(row: &FiredRow) -> String {
    let parts = row.conditions.iter().map(|condition| {
        let value = of_value(&condition.value);
        let same = condition.words == format!("是{value}");
        if same {
            format!("{}是{value}", condition.label)
        } else {
            format!("{}是{value}（{}）", condition.label, condition.words)
        }
    });
    parts.collect::<Vec<_>>().join("，")
}

fn result(step: &DecisionStep) -> String {
    match &step.result {
        Json::Object(members) => {
            let parts = members
                .iter()
                .map(|(name, value)| format!("{name}是{}", of_value(value)));
            parts.collect::<Vec<_>>().join("，")
        }
        value => format!("{}是{}", step.decision, of_value(value)),
    }
}

/// A value in a sentence.
pub(crate) fn of_value(value: &Json) -> String {
    match value {
        Json::Null => "空".to_owned(),
        Json::Bool(true) => "“是”".to_owned(),
        Json::Bool(false) => "“否”".to_owned(),
        Json::Number(number) => format!(" {number} "),
        Json::String(text) => format!("“{}”", cut(text)),
        Json::Array(items) if items.is_empty() => "空列表".to_owned(),
        Json::Array(items) => {
            let shown = items.iter().take(ITEMS_SHOWN_MAX).map(of_value);
            let mut text = shown.collect::<Vec<_>>().join("、");
            if items.len() > ITEMS_SHOWN_MAX {
                text = format!("{text}等 {} 项", items.len());
            }
            text
        }
        Json::Object(members) => {
            let shown = members.iter().take(ITEMS_SHOWN_MAX);
            let shown = shown.map(|(name, value)| format!("{name}：{}", of_value(value)));
            format!("（{}）", shown.collect::<Vec<_>>().join("，"))
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS_SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A cell in Chinese, or as it is written where there are no simple words for it.
pub(crate) fn of_test(test: &Compiled) -> String {
    let AstNode::In(_, tests) = &test.node else {
        return format!("符合 {}", cut(&test.text));
    };
    of_tests(tests).unwrap_or_else(|| format!("符合 {}", cut(&test.text)))
}

fn of_tests(node: &AstNode) -> Option<String> {
    let (items, no) = match node {
        AstNode::ExpressionList(items) => (items.as_slice(), ""),
        AstNode::NegatedList(items) => (items.as_slice(), "不"),
        single => (std::slice::from_ref(single), ""),
    };
    let values: Option<Vec<String>> = items.iter().map(literal).collect();
    if let Some(values) = values {
        let is_one = values.len() == 1;
        let values = values.join("、");
        return Some(if is_one {
            format!("{no}是{values}")
        } else {
            format!("{no}是{values}之一")
        });
    }
    let parts: Option<Vec<String>> = items.iter().map(one_test).collect();
    let parts = parts?.join("，或");
    Some(if no.is_empty() {
        parts
    } else {
        format!("不符合“{parts}”")
    })
}

fn one_test(node: &AstNode) -> Option<String> {
    let with = |word: &str, value: &AstNode| Some(format!("{word}{}", literal(value)?));
    match node {
        AstNode::UnaryGt(value) => with("大于", value),
        AstNode::UnaryGe(value) => with("不小于", value),
        AstNode::UnaryLt(value) => with("小于", value),
        AstNode::UnaryLe(value) => with("不大于", value),
        AstNode::UnaryEq(value) => with("是", value),
        AstNode::UnaryNe(value) => with("不是", value),
        AstNode::Range(from, to) => {
            let (AstNode::IntervalStart(from, opens), AstNode::IntervalEnd(to, closes)) =
                (from.as_ref(), to.as_ref())
            else {
                return None;
            };
            let (from, to) = (literal(from)?, literal(to)?);
            Some(format!(
                "从{from}（{}）到{to}（{}）",
                ends(*opens),
                ends(*closes)
            ))
        }
        other => Some(format!("是{}", literal(other)?)),
    }
}

fn ends(end: IntervalType) -> &'static str {
    if end.closed() { "含" } else { "不含" }
}

/// A plain value as it is written in a file.
fn literal(node: &AstNode) -> Option<String> {
    match node {
        AstNode::String(text) => Some(format!("“{}”", cut(text))),
        AstNode::Boolean(true) => Some("“是”".to_owned()),
        AstNode::Boolean(false) => Some("“否”".to_owned()),
        AstNode::Null => Some("空".to_owned()),
        AstNode::At(text) => Some(format!("“{text}”")),
        AstNode::Name(name) => Some(name.to_string()),
        AstNode::Numeric(before, after, sign, exponent) => {
            let mut text = if before.is_empty() { "0" } else { before }.to_owned();
            if !after.is_empty() {
                text = format!("{text}.{after}");
            }
            if !exponent.is_empty() {
                text = format!("{text}e{sign}{exponent}");
            }
            Some(format!(" {text} "))
        }
        AstNode::Neg(value) => Some(format!(" -{} ", literal(value)?.trim())),
        AstNode::FunctionInvocation(function, parameters) => {
            let AstNode::Name(name) = function.as_ref() else {
                return None;
            };
            let AstNode::PositionalParameters(parameters) = parameters.as_ref() else {
                return None;
            };
            match (name.as_str(), parameters.as_slice()) {
                ("date" | "time" | "date and time" | "duration", [AstNode::String(text)]) => {
                    Some(format!("“{text}”"))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
