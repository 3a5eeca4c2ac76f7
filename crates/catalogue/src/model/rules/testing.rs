//! The test cases of the rules: run on the page while somebody writes them, and once more when the item is published.

use serde_json::Value;
use wuchuang_decision::{Definition, Surroundings};

use super::{ItemRules, RuleTest, value_text};

/// The input of a test case that sets the day.
pub const TODAY: &str = "今天";

/// What came of one test case.
#[derive(Debug, Clone, PartialEq)]
pub struct TestOutcome {
    /// Its place, from 1.
    pub number: usize,
    /// What came out, or why nothing did.
    pub found: Result<Value, String>,
    /// Whether it is what must come out.
    pub is_right: bool,
    /// Why, in Chinese; empty when nothing came out.
    pub explanation: String,
}

/// Runs all test cases.
pub fn run_tests(
    rules: &ItemRules,
    definition: &Definition,
    around: &Surroundings,
) -> Vec<TestOutcome> {
    let tests = (1..).zip(&rules.tests);
    tests
        .map(|(number, test)| run(number, test, definition, around))
        .collect()
}

fn run(
    number: usize,
    test: &RuleTest,
    definition: &Definition,
    around: &Surroundings,
) -> TestOutcome {
    let mut around = around.clone();
    if let Some(Value::String(day)) = test.inputs.get(TODAY)
        && let Ok(day) = day.parse()
    {
        around.today = Some(day);
    }
    // What a test case does not name is not known, as in a case of which nobody answered the question.
    let mut inputs = test.inputs.clone();
    for input in definition.inputs() {
        inputs.entry(input.name).or_insert(Value::Null);
    }
    match definition.evaluate_within(&test.decision, &Value::Object(inputs), &around) {
        Ok(answer) => TestOutcome {
            number,
            is_right: is_as_expected(&answer.result, &test.expected),
            explanation: answer.explanation,
            found: Ok(answer.result),
        },
        Err(error) => TestOutcome {
            number,
            is_right: false,
            explanation: String::new(),
            found: Err(error.to_string()),
        },
    }
}

/// Whether a result is what a test case wants. Numbers are equal by value, and of several members only the named ones count.
fn is_as_expected(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => expected.iter().all(|(name, value)| {
            let found = found.get(name);
            found.is_some_and(|found| is_as_expected(found, value))
        }),
        // A single text against several members means the one that is called 结果.
        (Value::Object(found), expected) => found
            .get(super::uses::RESULT)
            .is_some_and(|found| is_as_expected(found, expected)),
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        (found, expected) => found == expected,
    }
}

/// What is said of the test cases that fail, at most `limit` of them.
pub fn failures(rules: &ItemRules, outcomes: &[TestOutcome], limit: usize) -> Vec<String> {
    let failed = outcomes.iter().filter(|outcome| !outcome.is_right);
    failed
        .take(limit)
        .map(|outcome| {
            let test = rules.tests.get(outcome.number - 1);
            let (name, expected) = test.map_or(("", String::new()), |test| {
                (test.name.as_str(), value_text(&test.expected))
            });
            let found = match &outcome.found {
                Ok(found) => format!("实际是“{}”", value_text(found)),
                Err(reason) => format!("算不出来：{reason}"),
            };
            format!(
                "规则用例第 {} 个“{name}”没有通过：应为“{expected}”，{found}。请改规则，或改用例。",
                outcome.number
            )
        })
        .collect()
}
