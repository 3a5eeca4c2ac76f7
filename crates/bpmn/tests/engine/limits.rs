//! What is not even read: not XML, not BPMN, too large, hostile.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_bpmn::{
    IncidentCode, PositionState, Refusal, Variables, advance, check_file, limits, start,
};

use crate::sketch::{bpmn, process};

fn check(bytes: &[u8], expected: Expect) {
    let report = check_file(bytes);
    assert!(!report.deployable);
    let lines: Vec<String> = report
        .problems
        .iter()
        .take(3)
        .map(ToString::to_string)
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn what_is_no_bpmn_is_refused() {
    check(
        b"",
        expect!["第 1 行 错误（xml）：不是合格的 XML：文件是空的；请用建模工具重新导出"],
    );
    check(
        b"hello",
        expect!["第 1 行 错误（xml）：不是合格的 XML：第 1 列附近有语法错误；请用建模工具重新导出"],
    );
    check(
        b"<a><b></a>",
        expect![
            "第 1 行 错误（xml）：不是合格的 XML：第 7 列的结束标签“a”应是“b”；请用建模工具重新导出"
        ],
    );
    check(
        b"<html/>",
        expect![
            "第 1 行 错误（not-bpmn）：根元素是“html”，不是 BPMN 2.0 的 definitions；请导出为 BPMN 2.0 XML"
        ],
    );
    check(
        b"\xB3\xC2\xBA\xC3",
        expect![
            "第 1 行 错误（encoding）：文件不是 UTF-8 编码（可能是 GBK 或 UTF-16）；请用 UTF-8 另存后再导入"
        ],
    );
    check(
        b"<definitions/>",
        expect![
            "第 1 行 错误（not-bpmn）：根元素是“definitions”，不是 BPMN 2.0 的 definitions；请导出为 BPMN 2.0 XML"
        ],
    );
}

#[test]
fn hostile_text_is_refused_cheaply() {
    check(
        b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>",
        expect![
            "第 1 行 错误（doctype）：文件含有 DOCTYPE 或实体声明，出于安全不予读取；请删去“<!DOCTYPE …>”"
        ],
    );
    check(
        &vec![b' '; limits::XML_BYTES_MAX + 1],
        expect![
            "第 1 行 错误（file-too-large）：文件 2097153 字节，超过上限 2097152 字节；请拆成几个流程，用“调用活动”连接"
        ],
    );
    check(
        "<a>".repeat(10_000).as_bytes(),
        expect!["第 1 行 错误（too-deep）：元素嵌套超过 64 层；请把内层子流程改为“调用活动”"],
    );
    check(
        format!("<a {}/>", "b='c' ".repeat(1_000)).as_bytes(),
        expect!["第 1 行 错误（too-many-attributes）：一个元素的属性超过 128 个"],
    );
    check(
        "<a xmlns:b='c'/>\n".repeat(1_000).as_bytes(),
        expect!["第 501 行 错误（too-many-namespaces）：命名空间声明超过 500 个"],
    );
    check(
        format!("<a>{}</a>", "<b/>".repeat(250_000)).as_bytes(),
        expect!["第 1 行 错误（xml）：XML 节点超过 200000 个；请拆成几个流程，用“调用活动”连接"],
    );
}

#[test]
fn too_many_elements_are_refused() {
    let mut sketch = "start s -> t0\n".to_owned();
    for number in 0..3_000 {
        let _ = writeln!(sketch, "user t{number} -> t{}", number + 1);
    }
    sketch.push_str("end t3000");
    check(
        bpmn(&sketch).as_bytes(),
        expect![
            "第 1 行 错误（too-many-elements）：元素共 6003 个，超过上限 5000 个；请拆成几个流程，用“调用活动”连接"
        ],
    );
}

#[test]
fn a_large_drawing_of_joins_is_read_in_time() {
    let mut sketch = "start s -> g0\n".to_owned();
    for number in 0..400 {
        let _ = writeln!(
            sketch,
            "and g{number} -> a{number} | b{number}\nuser a{number} -> j{number}\nuser b{number} -> j{number}\nand j{number} -> g{}",
            number + 1
        );
    }
    sketch.push_str("end g400");
    let report = check_file(bpmn(&sketch).as_bytes());
    expect!["true None"].assert_eq(&format!(
        "{} {:?}",
        report.deployable,
        report.problems.first().map(ToString::to_string)
    ));
}

#[test]
fn variables_are_bounded() {
    let process = process("start s -> A\nuser A -> e\nend e");
    let large = Variables::from_iter([("x".to_owned(), "字".repeat(300_000).into())]);
    assert_eq!(
        start(&process, large, "k").unwrap_err(),
        Refusal::VariablesTooLarge
    );
    let mut deep = serde_json::Value::Null;
    for _ in 0..60 {
        deep = serde_json::json!([deep]);
    }
    let deep = Variables::from_iter([("x".to_owned(), deep)]);
    assert_eq!(
        start(&process, deep, "k").unwrap_err(),
        Refusal::VariablesTooLarge
    );
}

#[test]
fn tokens_are_bounded() {
    let process = process(
        "start s -> S
         sub S { -> g
           start i -> x
           end x
         }
         and g -> S | S2
         sub S2 { -> h
           start i2 -> x2
           end x2
         }
         xor h -> S",
    );
    let step = start(&process, Variables::new(), "k").unwrap();
    let positions = step.instance.positions(&process);
    assert!(positions.len() <= limits::TOKENS_MAX, "{}", positions.len());
    let full = PositionState::Incident(IncidentCode::TooManyTokens);
    assert!(positions.iter().any(|position| position.state == full));
    assert!(
        positions
            .iter()
            .all(|position| position.state == full || position.state == PositionState::Inside)
    );
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let one = process("start s -> A\nuser A -> e\nend e");
    let other = process("start s -> A\nuser A -> B\nuser B -> e\nend e");
    let step = start(&one, Variables::new(), "k").unwrap();
    let refusal = advance(&other, &step.instance, wuchuang_bpmn::Event::Cancelled).unwrap_err();
    assert_eq!(refusal, Refusal::OtherVersion);
    let stored = serde_json::to_string(&step.instance).unwrap();
    for (from, to) in [
        ("\"at\":1", "\"at\":900"),
        ("\"next\":3", "\"next\":1"),
        ("\"of\":0", "\"of\":7"),
    ] {
        assert!(stored.contains(from), "{stored}");
        let damaged = serde_json::from_str(&stored.replace(from, to)).unwrap();
        let refusal = advance(&one, &damaged, wuchuang_bpmn::Event::Cancelled).unwrap_err();
        assert_eq!(refusal, Refusal::Corrupt);
    }
}
