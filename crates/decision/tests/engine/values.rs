//! JSON in and out.

use std::fmt::Write;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::sketch::{decision, file, input, literal};
use crate::{answered, sound};

fn check(type_ref: &str, values: &[Value], expected: Expect) {
    let elements = input("值", type_ref) + decision("同", &["值"], &literal("值")).as_str();
    let definition = sound(&file(&elements));
    let mut found = String::new();
    for value in values {
        let answer = answered(&definition, "同", json!({ "值": value }));
        writeln!(found, "{value} → {answer}").unwrap();
    }
    expected.assert_eq(&found);
}

#[test]
fn numbers_go_through_their_decimal_text() {
    check(
        "number",
        &[
            json!(0),
            json!(-0.5),
            json!(0.1),
            json!(1e21),
            json!("12345678901234567890.123"),
            json!("1.50"),
            json!(u64::MAX),
            json!("inf"),
            json!("1e999999"),
            json!(1e300),
            json!(true),
            json!([1]),
        ],
        expect![[r#"
            0 → 0
            -0.5 → -0.5
            0.1 → 0.1
            1e+21 → "1000000000000000000000"
            "12345678901234567890.123" → "12345678901234567890.123"
            "1.50" → 1.5
            18446744073709551615 → "18446744073709551615"
            "inf" → ✗ 输入“值”应是数字
            "1e999999" → ✗ 输入“值”应是数字，而且不能这样大或这样小
            1e+300 → ✗ 输入“值”应是数字，而且不能这样大或这样小
            true → ✗ 输入“值”应是数字
            [1] → ✗ 输入“值”应是数字
        "#]],
    );
}

#[test]
fn texts_become_what_was_declared() {
    check(
        "date",
        &[
            json!("2026-02-28"),
            json!("2026-02-29"),
            json!("今天"),
            json!(3),
        ],
        expect![[r#"
            "2026-02-28" → "2026-02-28"
            "2026-02-29" → ✗ 输入“值”应是日期，写成 2026-01-31
            "今天" → ✗ 输入“值”应是日期，写成 2026-01-31
            3 → ✗ 输入“值”应是日期，写成 2026-01-31
        "#]],
    );
    check(
        "dateTime",
        &[json!("2026-02-28T09:30:00"), json!("2026-02-28")],
        expect![[r#"
            "2026-02-28T09:30:00" → "2026-02-28T09:30:00"
            "2026-02-28" → ✗ 输入“值”应是日期和时间，写成 2026-01-31T09:30:00
        "#]],
    );
    check(
        "time",
        &[json!("09:30:00"), json!("9:30")],
        expect![[r#"
            "09:30:00" → "09:30:00"
            "9:30" → ✗ 输入“值”应是时间，写成 09:30:00
        "#]],
    );
    check(
        "dayTimeDuration",
        &[json!("P3D"), json!("P1Y")],
        expect![[r#"
            "P3D" → "P3D"
            "P1Y" → ✗ 输入“值”应是时长，写成 P3D 或 PT2H
        "#]],
    );
    check(
        "boolean",
        &[json!(true), json!("true"), json!(1)],
        expect![[r#"
            true → true
            "true" → ✗ 输入“值”应是“是”或“否”，写成 true 或 false
            1 → ✗ 输入“值”应是“是”或“否”，写成 true 或 false
        "#]],
    );
    check(
        "string",
        &[json!("引号\" 和 ${1+1}"), json!(1), json!(null)],
        expect![[r#"
            "引号\" 和 ${1+1}" → "引号\" 和 ${1+1}"
            1 → ✗ 输入“值”应是文字
            null → null
        "#]],
    );
    check(
        "Any",
        &[json!({ "甲": [1, { "乙 丙": null }] }), json!("1 + 1")],
        expect![[r#"
            {"甲":[1,{"乙 丙":null}]} → {"甲":[1,{"乙 丙":null}]}
            "1 + 1" → "1 + 1"
        "#]],
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let deep = (0..30).fold(json!(1), |inner, _| json!([inner]));
    check(
        "Any",
        &[deep],
        expect![[r#"
        [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] → ✗ 输入“值”第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项第 1 项嵌套不得超过 16 层
    "#]],
    );
    let elements = input("值", "Any") + decision("同", &["值"], &literal("count(值)")).as_str();
    let definition = sound(&file(&elements));
    let many: Vec<u32> = (0..501).collect();
    let long = "长".repeat(10_001);
    let huge = "长".repeat(100_000);
    for value in [json!(many), json!(long), json!(huge)] {
        let answer = answered(&definition, "同", json!({ "值": value }));
        assert!(answer.starts_with('✗'), "{answer}");
    }
}
