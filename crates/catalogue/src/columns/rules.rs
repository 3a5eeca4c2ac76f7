//! Sheet 规则用例: the test cases of the rules.

use super::{Column, Input};
use crate::model::rules::{RuleTest, inputs_text, read_inputs, read_value, value_text};

/// Sheet 规则用例.
pub(super) fn test_columns() -> Vec<Column<RuleTest>> {
    columns! { RuleTest {
        text(name) "用例名称", "name", 24.0, "必填，例如“六十周岁当天”";
        text(decision) "决策", "decision", 16.0, "规则文件里决策的名称";
        own(|one| inputs_text(&one.inputs), |one, text, _| { one.inputs = read_inputs(text)?; Ok(()) }, Input::Lines)
            "输入", "inputs", 36.0, "每行一个，例如“年龄 = 65”；“今天 = 2026-11-22”指定日期";
        own(|one| value_text(&one.expected), |one, text, _| { one.expected = read_value(text)?; Ok(()) }, Input::Line)
            "应有结果", "expected", 24.0, "例如“准予”；有几个结果的写“结果”那一个";
    } }
}
