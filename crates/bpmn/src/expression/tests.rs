//! What the language says, form by form.

use expect_test::{Expect, expect};
use serde_json::json;

use super::{Expression, Names, Template, Value};

fn variables() -> serde_json::Map<String, serde_json::Value> {
    let value = json!({
        "approved": true, "amount": 1200.5, "count": 3, "name": "王府小吃店", "kind": "食品经营",
        "applicant": {"town": "西城", "age": 30}, "opinions": ["同意", "同意", "不同意"],
        "due": "2026-03-15", "empty_list": [], "huge": 1e300, "结果": "通过"
    });
    value.as_object().cloned().unwrap()
}

fn check(source: &str, expected: Expect) {
    let shown = match Expression::parse(source) {
        Ok(expression) => match expression.value_for(&variables()) {
            Ok(value) => value.to_string(),
            Err(overrun) => overrun.to_string(),
        },
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn both_spellings_are_read() {
    check("${approved == true}", expect!["true"]);
    check("#{!approved}", expect!["false"]);
    check("= approved", expect!["true"]);
    check("${approved && count >= 3}", expect!["true"]);
    check("approved and count < 3", expect!["false"]);
    check("${amount gt 1000 || false}", expect!["true"]);
    check("${kind == '食品经营'}", expect!["true"]);
    check(r#"结果 = "通过""#, expect!["true"]);
    check("${empty empty_list}", expect!["true"]);
    check("${approved ? 1 : 2}", expect!["1"]);
    check("if count > 5 then \"多\" else \"少\"", expect![[r#""少""#]]);
}

#[test]
fn numbers_are_decimals() {
    check("0.1 + 0.2 = 0.3", expect!["true"]);
    check("1 + 2 * 3 - 4 / 2", expect!["5"]);
    check("-(count) * 2", expect!["-6"]);
    check("1 / 0", expect!["null"]);
    check("huge + 1", expect!["null"]);
    check("79228162514264337593543950335 * 2", expect!["null"]);
    check("amount * 2", expect!["2401"]);
    check("1/3", expect!["0.3333333333333333"]);
}

#[test]
fn missing_is_null_and_logic_has_three_values() {
    check("missing", expect!["null"]);
    check("missing > 3", expect!["null"]);
    check("missing = null", expect!["true"]);
    check("missing != null", expect!["false"]);
    check("missing and false", expect!["false"]);
    check("missing and true", expect!["null"]);
    check("missing or true", expect!["true"]);
    check("missing or false", expect!["null"]);
    check("not(missing)", expect!["null"]);
    check("name > 3", expect!["null"]);
    check("\"1\" = 1", expect!["null"]);
    check("applicant.missing.deeper", expect!["null"]);
}

#[test]
fn paths_lists_and_ranges() {
    check("applicant.town = \"西城\"", expect!["true"]);
    check("opinions[1]", expect![[r#""同意""#]]);
    check("opinions[-1]", expect![[r#""不同意""#]]);
    check("opinions[9]", expect!["null"]);
    check("applicant.age in [18..60]", expect!["true"]);
    check("applicant.age in (30..60]", expect!["false"]);
    check("count in (1, 2, 3)", expect!["true"]);
    check("count in [1, 2]", expect!["false"]);
    check("count in (> 5, < 2)", expect!["false"]);
    check("count in ((1..3), 3)", expect!["true"]);
    check(
        "count in ]1..3[",
        expect!["第 16 个字符处：这里应当是变量、数字或文字，却遇到结尾"],
    );
    check("count between 1 and 3", expect!["true"]);
    check("\"同意\" in opinions", expect!["true"]);
    check(
        "some o in opinions satisfies o = \"不同意\"",
        expect!["true"],
    );
    check(
        "every o in opinions satisfies o = \"同意\"",
        expect!["false"],
    );
    check(
        "count = 3 and some o in opinions satisfies o = \"不同意\"",
        expect!["true"],
    );
    check("some = null and every = null", expect!["true"]);
    check("count(opinions) = 3", expect!["true"]);
    check("[1, 2] = [1, 2]", expect!["true"]);
}

#[test]
fn functions_and_dates() {
    check("sum([1, 2, 3.5])", expect!["6.5"]);
    check("max(1, 7, 3) - min([4, 2])", expect!["5"]);
    check("list contains(opinions, \"同意\")", expect!["true"]);
    check(
        "starts with(name, \"王府\") and ends with(name, \"店\")",
        expect!["true"],
    );
    check("contains(name, \"小吃\")", expect!["true"]);
    check("string length(name)", expect!["5"]);
    check(
        "substring(\"610924100001\", 1, 9) + \"/\" + substring(name, -1) + \"/\" + substring(name, 2, 1)",
        expect![[r#""610924100/店/府""#]],
    );
    check(
        "[substring(name, 0), substring(name, 6), substring(name, 1, 0), substring(name, 1.5), substring(name, -9)]",
        expect!["[null,null,null,null,null]"],
    );
    check(
        "upper case(\"ab\") + lower case(\"CD\")",
        expect![[r#""ABcd""#]],
    );
    check(
        "number(\"12.50\") + abs(-1) + floor(1.9) + ceiling(1.1)",
        expect!["16.5"],
    );
    check("string(12) + \"号\"", expect![[r#""12号""#]]);
    check("due < date(\"2026-04-01\")", expect!["true"]);
    check("@\"2026-03-15\" = due", expect!["true"]);
    check(
        "due in [@\"2026-01-01\"..@\"2026-03-14\"]",
        expect!["false"],
    );
    check(
        "date and time(\"2026-03-15T08:00:00\") > @\"2026-03-15T07:59:59\"",
        expect!["true"],
    );
    check("date(\"2026-02-30\")", expect!["null"]);
}

#[test]
fn errors_name_their_position() {
    check(
        "",
        expect!["第 1 个字符处：这里应当是变量、数字或文字，却遇到结尾"],
    );
    check(
        "${amount > }",
        expect!["第 12 个字符处：这里应当是变量、数字或文字，却遇到结尾"],
    );
    check(
        "amount > 3 4",
        expect!["第 12 个字符处：这里应当结束，却遇到“4”"],
    );
    check(
        "kind = “食品”",
        expect!["第 8 个字符处：不认识的符号““”，请改用英文引号"],
    );
    check(
        "kind = 'x",
        expect!["第 8 个字符处：文字没有结束，请补上引号"],
    );
    check(
        "a = b = c",
        expect!["第 7 个字符处：这里应当结束，却遇到“=”"],
    );
    check(
        "opinions.size()",
        expect![
            "第 14 个字符处：不能调用方法“size”；可用的函数：count、sum、min、max、list contains、contains、starts with、ends with、string length、substring、upper case、lower case、abs、floor、ceiling、number、string、date、date and time"
        ],
    );
    check(
        "count(1, 2)",
        expect!["第 1 个字符处：函数“count”需要 1 个参数，给了 2 个"],
    );
    check(
        "@\"2026-13-01\"",
        expect!["第 2 个字符处：“2026-13-01”不是日期，请写成 2026-01-31 或 2026-01-31T08:30:00"],
    );
    check(
        "1234567890123456789012345678901",
        expect!["第 1 个字符处：数字超过 28 位"],
    );
}

#[test]
fn work_depth_and_length_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(100), ")".repeat(100));
    check(
        &deep,
        expect!["第 41 个字符处：嵌套超过 40 层，请拆成几个变量"],
    );
    check(
        &"-".repeat(3000),
        expect!["第 41 个字符处：嵌套超过 40 层，请拆成几个变量"],
    );
    check(
        &"x in ((".repeat(400),
        expect!["第 281 个字符处：嵌套超过 40 层，请拆成几个变量"],
    );
    check(
        &"1+".repeat(3000),
        expect!["第 1 个字符处：表达式超过 4000 个字符，请拆成几个变量"],
    );
    check(
        &format!("{}1 = 1", "true and ".repeat(400)),
        expect!["true"],
    );
    let list = format!("[{}1]", "1,".repeat(200));
    let work = format!(
        "every a in {list} satisfies every b in {list} satisfies every c in {list} satisfies a = c"
    );
    check(&work, expect!["表达式计算量过大"]);
}

struct NoNames;
impl<'v> Names<'v> for NoNames {
    fn look_up(&self, name: &str) -> Option<Value<'v>> {
        (name == "town").then_some(Value::Text("西城".into()))
    }
}

#[test]
fn templates_mix_text_and_expressions() {
    let list = |source: &str| match Template::parse(source) {
        Ok(template) => format!("{:?}", template.render_list(&NoNames).unwrap()),
        Err(error) => error.to_string(),
    };
    expect![[r#"["窗口", "西城-审批"]"#]].assert_eq(&list("窗口, ${town}-审批"));
    expect![[r#"["西城"]"#]].assert_eq(&list("=town"));
    expect![[r#"["a", "b"]"#]].assert_eq(&list("${['a', 'b']}"));
    expect!["[]"].assert_eq(&list("${missing}"));
    expect!["第 3 个字符处：“${”没有结束，请补上“}”"].assert_eq(&list("ab${x"));
    expect!["第 6 个字符处：这里应当是变量、数字或文字，却遇到“)”"].assert_eq(&list("a-${ )}"));
}
