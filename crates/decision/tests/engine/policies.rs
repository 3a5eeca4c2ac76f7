//! One test for each hit policy.

use std::fmt::Write;

use expect_test::{Expect, expect};
use serde_json::json;

use crate::sketch::one_table;
use crate::{answered, sound};

/// Asks a table over `甲` and `乙` for several pairs of them.
fn check(policy: &str, output: &str, rows: &[&str], pairs: &[(i64, i64)], expected: Expect) {
    let head = format!("甲:number | 乙:number => {output}");
    let definition = sound(&one_table(policy, &head, rows));
    let mut found = String::new();
    for (first, second) in pairs {
        let input = json!({ "甲": first, "乙": second });
        let answer = answered(&definition, "结果", input);
        writeln!(found, "{first} {second}: {answer}").unwrap();
    }
    expected.assert_eq(&found);
}

const PAIRS: [(i64, i64); 4] = [(1, 1), (5, 1), (5, 9), (0, 0)];
const ROWS: [&str; 3] = ["> 0 | - => 10", "> 3 | - => 20", "- | > 5 => 20"];

#[test]
fn unique_lets_one_row_fit() {
    check(
        "UNIQUE",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: ✗ 决策“结果”的命中策略是 UNIQUE，但第 1、2 条规则同时符合；请让它们的条件不重叠，或改用 FIRST
        5 9: ✗ 决策“结果”的命中策略是 UNIQUE，但第 1、2、3 条规则同时符合；请让它们的条件不重叠，或改用 FIRST
        0 0: null
    "#]],
    );
}

#[test]
fn any_wants_rows_that_agree() {
    check(
        "ANY",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: ✗ 决策“结果”的命中策略是 ANY，但第 1、2 条规则同时符合而结果不同；请让它们的结果一致
        5 9: ✗ 决策“结果”的命中策略是 ANY，但第 1、2、3 条规则同时符合而结果不同；请让它们的结果一致
        0 0: null
    "#]],
    );
    check(
        "ANY",
        "额",
        &["> 0 | - => 1", "- | > 0 => 1"],
        &PAIRS,
        expect![[r#"
            1 1: 1 ← 1 2
            5 1: 1 ← 1 2
            5 9: 1 ← 1 2
            0 0: null
        "#]],
    );
}

#[test]
fn first_takes_the_first() {
    check(
        "FIRST",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: 10 ← 1
        5 9: 10 ← 1
        0 0: null
    "#]],
    );
    // What stands after the first row that fits need not even be computable.
    check(
        "FIRST",
        "额",
        &["> 0 | - => 1", "- | - => 甲 / 乙"],
        &[(1, 0), (0, 0)],
        expect![[r#"
            1 0: 1 ← 1
            0 0: ✗ 决策“结果”算不出“第 2 条规则的输出“额””（甲 / 乙）：[division] division by zero
        "#]],
    );
}

#[test]
fn priority_takes_what_is_listed_first() {
    let rows = [
        "> 0 | - => \"警告\"",
        "> 3 | - => \"停办\"",
        "- | > 5 => \"提醒\"",
    ];
    let output = "处理[\"停办\",\"警告\",\"提醒\"]";
    check(
        "PRIORITY",
        output,
        &rows,
        &PAIRS,
        expect![[r#"
        1 1: "警告" ← 1
        5 1: "停办" ← 1(-) 2
        5 9: "停办" ← 1(-) 2 3(-)
        0 0: null
    "#]],
    );
}

#[test]
fn output_order_sorts_what_fits() {
    let rows = [
        "> 0 | - => \"警告\"",
        "> 3 | - => \"停办\"",
        "- | > 5 => \"提醒\"",
    ];
    let output = "处理[\"停办\",\"提醒\",\"警告\"]";
    check(
        "OUTPUT ORDER",
        output,
        &rows,
        &PAIRS,
        expect![[r#"
        1 1: ["警告"] ← 1
        5 1: ["停办","警告"] ← 1 2
        5 9: ["停办","提醒","警告"] ← 1 2 3
        0 0: null
    "#]],
    );
}

#[test]
fn rule_order_and_collect_keep_the_order_of_the_table() {
    check(
        "RULE ORDER",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: [10] ← 1
        5 1: [10,20] ← 1 2
        5 9: [10,20,20] ← 1 2 3
        0 0: null
    "#]],
    );
    check(
        "COLLECT",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: [10] ← 1
        5 1: [10,20] ← 1 2
        5 9: [10,20,20] ← 1 2 3
        0 0: null
    "#]],
    );
}

#[test]
fn collect_aggregates() {
    check(
        "COLLECT SUM",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: 30 ← 1 2
        5 9: 50 ← 1 2 3
        0 0: null
    "#]],
    );
    check(
        "COLLECT MIN",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: 10 ← 1 2
        5 9: 10 ← 1 2 3
        0 0: null
    "#]],
    );
    check(
        "COLLECT MAX",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 10 ← 1
        5 1: 20 ← 1 2
        5 9: 20 ← 1 2 3
        0 0: null
    "#]],
    );
    check(
        "COLLECT COUNT",
        "额",
        &ROWS,
        &PAIRS,
        expect![[r#"
        1 1: 1 ← 1
        5 1: 2 ← 1 2
        5 9: 3 ← 1 2 3
        0 0: null
    "#]],
    );
    check(
        "COLLECT SUM",
        "额",
        &["- | - => \"十\"", "- | - => 1"],
        &[(1, 1)],
        expect![[r#"
            1 1: ✗ 决策“结果”算不出汇总（COLLECT SUM）：[core::sum] invalid argument type, expected number, actual type is string
        "#]],
    );
}

#[test]
fn a_default_answers_where_no_row_fits() {
    check(
        "UNIQUE",
        "额=7",
        &["> 3 | - => 1"],
        &PAIRS,
        expect![[r#"
            1 1: 7
            5 1: 1 ← 1
            5 9: 1 ← 1
            0 0: 7
        "#]],
    );
    check(
        "COLLECT",
        "额=[]",
        &["> 3 | - => 1"],
        &PAIRS,
        expect![[r#"
            1 1: []
            5 1: [1] ← 1
            5 9: [1] ← 1
            0 0: []
        "#]],
    );
}

#[test]
fn several_outputs_are_given_by_name() {
    check(
        "UNIQUE",
        "额 | 期限",
        &["> 3 | - => 1 | \"五天\"", "<= 3 | - => 2 | null"],
        &PAIRS,
        expect![[r#"
            1 1: {"期限":null,"额":2} ← 2
            5 1: {"期限":"五天","额":1} ← 1
            5 9: {"期限":"五天","额":1} ← 1
            0 0: {"期限":null,"额":2} ← 2
        "#]],
    );
    check(
        "COLLECT",
        "额 | 期限=\"无\"",
        &["> 3 | - => 1 | \"五天\""],
        &PAIRS,
        expect![[r#"
            1 1: {"期限":"无","额":null}
            5 1: [{"期限":"五天","额":1}] ← 1
            5 9: [{"期限":"五天","额":1}] ← 1
            0 0: {"期限":"无","额":null}
        "#]],
    );
}
