//! Files and expressions that want to cost too much. Each must be answered, and quickly.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::json;
use wuchuang_decision::{Definition, check_file};

use crate::sketch::{decision, escaped, file, input, literal, table};

/// How long anything here may take on a slow machine in a debug build.
const PATIENCE: Duration = Duration::from_mins(1);

#[expect(clippy::disallowed_methods, reason = "the test is about real time")]
fn now() -> Instant {
    Instant::now()
}

/// The codes of what was found, within the time.
fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let begun = now();
    let report = check_file(bytes);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    let mut codes: Vec<&'static str> = report.problems.iter().map(|problem| problem.code).collect();
    codes.dedup();
    codes
}

fn expression(text: &str) -> Vec<&'static str> {
    let elements = input("列", "Any") + decision("值", &["列"], &literal(text)).as_str();
    codes(file(&elements).as_bytes())
}

#[test]
fn files() {
    assert_eq!(codes(b""), ["xml"]);
    assert_eq!(codes(b"\xff\xfe<\0"), ["encoding"]);
    assert_eq!(codes(b"<html/>"), ["not-dmn"]);
    assert_eq!(codes("<a>".repeat(300_000).as_bytes()), ["too-deep"]);
    assert_eq!(codes("x".repeat(5_000_000).as_bytes()), ["file-too-large"]);
    let bomb = "<!DOCTYPE d [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><d>&b;</d>";
    assert_eq!(codes(bomb.as_bytes()), ["doctype"]);
    let whole = file(&decision("值", &[], &literal("1")));
    for end in 0..whole.len() {
        codes(&whole.as_bytes()[..end]);
    }
}

#[test]
fn tables() {
    let rule = "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>";
    let head =
        "<decisionTable><input><inputExpression><text>数</text></inputExpression></input><output/>";
    let with = |rows: usize| {
        let logic = format!("{head}{}</decisionTable>", rule.repeat(rows));
        file(&(input("数", "number") + decision("值", &["数"], &logic).as_str()))
    };
    assert_eq!(codes(with(100_000).as_bytes()), ["file-too-large"]);
    assert_eq!(codes(with(20_000).as_bytes()), ["too-many-rows"]);
    // As many as are allowed, each another one, so that the search for gaps has something to do.
    let rows: Vec<String> = (0..1_000)
        .map(|row| {
            format!(
                "[{row}..{}] | [{}..{}] => {row}",
                row + 500,
                1_000 - row,
                1_400 - row
            )
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let logic = table("FIRST", "甲:number | 乙:number => 值", &rows);
    let elements = input("甲", "number")
        + input("乙", "number").as_str()
        + decision("值", &["甲", "乙"], &logic).as_str();
    codes(file(&elements).as_bytes());
}

#[test]
fn expressions() {
    assert_eq!(expression(&"(".repeat(3_000)), ["expression-too-deep"]);
    assert_eq!(
        expression(&format!("1{}", " + 1".repeat(900))),
        ["expression-too-deep"]
    );
    assert_eq!(expression(&"-".repeat(3_000)), expression("-"));
    assert_eq!(expression(&"x".repeat(10_000)), ["expression-too-long"]);
    assert_eq!(
        expression("for i in 1..1000000000 return i"),
        ["loop-unbounded"]
    );
    assert_eq!(expression("for i in 1..列 return i"), ["loop-unbounded"]);
    assert_eq!(
        expression("for a in 列, b in 列, c in 列 return a"),
        ["too-much-work"]
    );
    assert_eq!(
        expression("for a in (for x in 列, y in 列 return x) return (for b in 列 return b)"),
        ["too-much-work"]
    );
    assert_eq!(
        expression("列[some x in 列 satisfies every y in 列 satisfies x = y]"),
        ["too-much-work"]
    );
    let nested = format!("{}1", "if true then ".repeat(200));
    assert!(!expression(&nested).is_empty());
}

#[test]
fn functions_that_call_each_other_many_times() {
    let mut elements = String::new();
    for level in 0..20 {
        let body = if level == 0 {
            "1".to_owned()
        } else {
            let call = format!("f{}()", level - 1);
            vec![call; 10].join(" + ")
        };
        let requires = if level == 0 {
            String::new()
        } else {
            format!(
                "<knowledgeRequirement><requiredKnowledge href=\"#f{}\"/></knowledgeRequirement>",
                level - 1
            )
        };
        write!(elements,
            "<businessKnowledgeModel id=\"f{level}\" name=\"f{level}\"><encapsulatedLogic><literalExpression><text>{}</text></literalExpression></encapsulatedLogic>{requires}</businessKnowledgeModel>",
            escaped(&body)).unwrap();
    }
    elements.push_str(&decision("值", &["!f19"], &literal("f19()")));
    assert!(codes(file(&elements).as_bytes()).contains(&"too-much-work"));
}

#[test]
fn evaluation_gives_up_instead_of_panicking() {
    let elements = input("列", "Any")
        + decision(
            "值",
            &["列"],
            &literal("sort(列, function(x, y) x < y or y < x)"),
        )
        .as_str();
    let definition = Definition::parse(&file(&elements)).unwrap();
    let list: Vec<u32> = (0..400).map(|at| at * 7_919 % 401).collect();
    let begun = now();
    // Whatever an order that contradicts itself gives, the caller gets it as a value.
    let answer = definition.evaluate("值", &json!({ "列": list }));
    assert!(begun.elapsed() < PATIENCE);
    drop(answer);
}
