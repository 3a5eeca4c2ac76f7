//! The engine against the model evaluator of `dsntk`, which shares the expressions but has its own tables: random tables,
//! random inputs, the same answers.

use std::fmt::Write;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, Name};
use dsntk_model_evaluator::ModelEvaluator;
use proptest::prelude::*;
use serde_json::json;
use wuchuang_decision::Failure;

use crate::sketch::one_table;
use crate::sound;

const POLICIES: [&str; 11] = [
    "UNIQUE",
    "ANY",
    "PRIORITY",
    "FIRST",
    "RULE ORDER",
    "OUTPUT ORDER",
    "COLLECT",
    "COLLECT SUM",
    "COLLECT MIN",
    "COLLECT MAX",
    "COLLECT COUNT",
];

fn number_test() -> impl Strategy<Value = String> {
    let value = -3..6_i32;
    prop_oneof![
        3 => Just("-".to_owned()),
        2 => value.clone().prop_map(|a| a.to_string()),
        2 => value.clone().prop_map(|a| format!("< {a}")),
        2 => value.clone().prop_map(|a| format!(">= {a}")),
        1 => (value.clone(), 0..4_i32).prop_map(|(a, b)| format!("[{a}..{}]", a + b)),
        1 => (value.clone(), 1..4_i32).prop_map(|(a, b)| format!("({a}..{})", a + b)),
        1 => (value.clone(), value.clone()).prop_map(|(a, b)| format!("{a}, > {b}")),
        1 => (value.clone(), value).prop_map(|(a, b)| format!("not({a}, {b})")),
    ]
}

fn text_test() -> impl Strategy<Value = String> {
    let value = prop_oneof![Just("\"甲\""), Just("\"乙\""), Just("\"丙\"")];
    prop_oneof![
        Just("-".to_owned()),
        value.clone().prop_map(str::to_owned),
        (value.clone(), value.clone()).prop_map(|(a, b)| format!("{a},{b}")),
        value.prop_map(|a| format!("not({a})")),
    ]
}

fn row() -> impl Strategy<Value = String> {
    (number_test(), text_test(), number_test(), 1..4_u8)
        .prop_map(|(a, b, c, output)| format!("{a} | {b} | {c} => {output}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_same_answers(
        policy in 0..POLICIES.len(),
        rows in prop::collection::vec(row(), 1..7),
        default in any::<bool>(),
        number in -4..7_i32,
        text in prop_oneof![Just("甲"), Just("乙"), Just("丁")],
        other in -4..7_i32,
    ) {
        let policy = POLICIES[policy];
        let default = if default { "=3" } else { "" };
        let head = format!("数:number | 文:string | 另:number => 值[3,1,2]{default}");
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let file = one_table(policy, &head, &rows);
        let ours = sound(&file).evaluate("结果", &json!({ "数": number, "文": text, "另": other }));
        let theirs = theirs(&file, number, text, other);
        let mut shown = String::new();
        writeln!(shown, "{policy}\n{}\n{number} {text} {other}", rows.join("\n")).unwrap();
        match ours {
            Ok(answer) => prop_assert_eq!(answer.result, theirs, "{}", shown),
            Err(wuchuang_decision::EvaluationError::Decision {
                failure: Failure::Overlap(_) | Failure::Disagreement(_), ..
            }) => prop_assert_eq!(json!(null), theirs, "{}", shown),
            Err(error) => prop_assert!(false, "{error}\n{shown}"),
        }
    }
}

/// What the other evaluator says; its nulls with a reason count as null.
fn theirs(file: &str, number: i32, text: &str, other: i32) -> serde_json::Value {
    let definitions = dsntk_model::parse(file).unwrap();
    let evaluator = ModelEvaluator::new(&[definitions]).unwrap();
    let mut context = FeelContext::default();
    let number_value = |number: i32| Value::Number(FeelNumber::from(number));
    context.set_entry(&Name::from("数"), number_value(number));
    context.set_entry(&Name::from("文"), Value::String(text.to_owned()));
    context.set_entry(&Name::from("另"), number_value(other));
    let answer = evaluator.evaluate_invocable("http://wuchuang.example/d", "d", "结果", &context);
    plain(&answer)
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Value::List(items) => items.iter().map(plain).collect(),
        _ => json!(null),
    }
}
