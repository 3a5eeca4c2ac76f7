//! Gaps and overlaps by name.

use std::fmt::Write;

use expect_test::{Expect, expect};

use crate::sketch::one_table;
use crate::sound;

fn check(policy: &str, head: &str, rows: &[&str], expected: Expect) {
    let definition = sound(&one_table(policy, head, rows));
    let table = &definition.tables()[0];
    let mut found = format!("checked: {}\n", table.checked);
    if let Some(note) = &table.note {
        writeln!(found, "note: {note}").unwrap();
    }
    for gap in &table.gaps {
        writeln!(found, "gap: {gap}").unwrap();
    }
    for overlap in &table.overlaps {
        writeln!(found, "rows {:?}: {}", overlap.rows, overlap.situation).unwrap();
    }
    expected.assert_eq(&found);
}

#[test]
fn numbers() {
    let head = "年龄:number => 值";
    check(
        "UNIQUE",
        head,
        &["< 18 => 1", "[18..60] => 2", "> 60 => 3"],
        expect![[r#"
            checked: true
        "#]],
    );
    check(
        "UNIQUE",
        head,
        &["< 18 => 1", "[18..60) => 2", "> 60 => 3"],
        expect![[r#"
            checked: true
            gap: 年龄是 60 
        "#]],
    );
    check(
        "UNIQUE",
        head,
        &["<= 18 => 1", "[18..60] => 2", ">= 50 => 3"],
        expect![[r#"
            checked: true
            rows [1, 2]: 年龄是 18 
            rows [2, 3]: 年龄从 50 （含）到 60 （含）
        "#]],
    );
    check(
        "UNIQUE",
        head,
        &["> 1.5 => 1", "< -2e1 => 2", "0, 1 => 3"],
        expect![[r#"
            checked: true
            gap: 年龄从 -20 （含）到 0 （不含）或从 0 （不含）到 1 （不含）或从 1 （不含）到 1.5 （含）
        "#]],
    );
    check(
        "FIRST",
        head,
        &["> 10 => 1", "> 5 => 2"],
        expect![[r#"
        checked: true
        gap: 年龄不大于 5 
    "#]],
    );
    check(
        "FIRST",
        head,
        &["> 10 => 1", "- => 2"],
        expect![[r#"
        checked: true
    "#]],
    );
}

#[test]
fn whole_numbers_and_days_have_nothing_between() {
    check(
        "UNIQUE",
        "年龄:integer => 值",
        &["<= 17 => 1", "[18..59] => 2", ">= 60 => 3"],
        expect![[r#"
            checked: true
        "#]],
    );
    check(
        "UNIQUE",
        "年龄:number => 值",
        &["<= 17 => 1", ">= 18 => 2"],
        expect![[r#"
            checked: true
            gap: 年龄从 17 （不含）到 18 （不含）
        "#]],
    );
    check(
        "UNIQUE",
        "日:date => 值",
        &[
            "<= date(\"2025-12-31\") => 1",
            "[date(\"2026-01-01\")..date(\"2026-06-30\")] => 2",
            ">= date(\"2026-07-02\") => 3",
        ],
        expect![[r#"
            checked: true
            gap: 日从 2026-06-30 （不含）到 2026-07-02 （不含）
        "#]],
    );
}

#[test]
fn texts_flags_and_listed_values() {
    let head = "类:string[\"甲\",\"乙\",\"丙\"] | 贫:boolean => 值";
    check(
        "UNIQUE",
        head,
        &[
            "\"甲\" | true => 1",
            "\"甲\" | false => 2",
            "\"乙\",\"丙\" | true => 3",
        ],
        expect![[r#"
            checked: true
            gap: 类是“丙”、“乙”之一，且贫是“否”
        "#]],
    );
    check(
        "UNIQUE",
        head,
        &["not(\"甲\") | - => 1", "- | true => 2"],
        expect![[r#"
            checked: true
            gap: 类是“甲”，且贫是“否”
            rows [1, 2]: 类是“丙”、“乙”之一，且贫是“是”
        "#]],
    );
    check(
        "UNIQUE",
        "类:string => 值",
        &["\"甲\" => 1", "not(\"甲\") => 2"],
        expect![[r#"
            checked: true
            note: “类”没有列出允许的文字，只检查了表里写到的文字
        "#]],
    );
}

#[test]
fn several_columns() {
    check(
        "UNIQUE",
        "年龄:number[[0..150]] | 面积:number => 值",
        &["< 60 | - => 1", ">= 60 | > 100 => 2", ">= 65 | <= 100 => 3"],
        expect![[r#"
            checked: true
            gap: 年龄从 60 （含）到 65 （不含），且面积不大于 100 
        "#]],
    );
}

#[test]
fn what_the_policy_allows_is_no_finding() {
    let rows = ["> 1 => 1", "> 2 => 1", "> 3 => 2"];
    check(
        "ANY",
        "数:number => 值=0",
        &rows,
        expect![[r#"
        checked: true
        rows [1, 3]: 数大于 3 
        rows [2, 3]: 数大于 3 
    "#]],
    );
    check(
        "COLLECT",
        "数:number => 值",
        &rows,
        expect![[r#"
        checked: true
    "#]],
    );
    check(
        "UNIQUE",
        "数:number => 值=0",
        &["> 1 => 1"],
        expect![[r#"
            checked: true
        "#]],
    );
}

#[test]
fn what_is_not_checked_says_so() {
    check(
        "UNIQUE",
        "数:number | 另:number => 值",
        &["> 另 | - => 1"],
        expect![[r#"
            checked: false
            note: 第 1 条规则的条件“数”（> 另）不是与固定值的简单比较
        "#]],
    );
    check(
        "UNIQUE",
        "列:Any => 值",
        &["\"甲\" => 1"],
        expect![[r#"
        checked: false
        note: “列”不是数字、日期、是否或列出了取值的文字，或条件与列的类型不同
    "#]],
    );
    check(
        "UNIQUE",
        "文:string => 值",
        &["contains(?, \"甲\") => 1"],
        expect![[r#"
            checked: false
            note: 第 1 条规则的条件“文”（contains(?, "甲")）不是与固定值的简单比较
        "#]],
    );
    check(
        "UNIQUE",
        "列:Any | 数:number => 值",
        &["- | > 1 => 1"],
        expect![[r#"
            checked: true
            gap: 数不大于 1 
        "#]],
    );
}
