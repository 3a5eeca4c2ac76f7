//! Tables of rows from schema to page and back.

use std::sync::Arc;

use expect_test::{Expect, expect};

use crate::{
    forms::{Answers, Disclosure, FieldErrors, Form, NoLists, Submission},
    language::{Language, Texts, Translator},
    page,
};

const SCHEMA: &str = r#"{"type": "object", "title": "低保申请", "required": ["family"], "properties": {
    "family": {"type": "array", "x-label": "家庭成员", "x-hint": "包括您本人", "maxItems": 3, "items": {
        "type": "object", "required": ["name", "relation", "number"], "properties": {
            "name": {"type": "string", "x-label": "姓名", "minLength": 2, "maxLength": 40},
            "relation": {"type": "string", "x-label": "关系", "oneOf": [{"const": "1", "title": "本人"}, {"const": "2", "title": "配偶"}]},
            "number": {"type": "string", "x-label": "公民身份号码", "x-widget": "citizen-number", "x-personal": true},
            "born": {"type": "string", "x-label": "出生日期", "x-widget": "date"},
            "income": {"type": "integer", "x-label": "月收入", "minimum": 0},
            "ill": {"type": "boolean", "x-label": "重病"}
        }}},
    "debts": {"type": "array", "x-label": "债务", "items": {"type": "object", "properties": {"to": {"type": "string", "x-label": "债权人"}}}}
}}"#;

fn form() -> Form {
    Form::parse(SCHEMA).unwrap()
}

fn translator() -> Translator {
    Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
}

fn pairs(typed: &[(&str, &str)]) -> Vec<(String, String)> {
    typed
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn read(typed: &[(&str, &str)]) -> Submission {
    form().read(&pairs(typed), &NoLists, &translator())
}

fn check(typed: &[(&str, &str)], expected: Expect) {
    let read = read(typed);
    let errors: Vec<String> = read
        .errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect();
    expected.assert_eq(&format!(
        "{}{}\n{}\n",
        serde_json::Value::Object(read.values),
        if read.is_rows_changed {
            " shown again"
        } else {
            ""
        },
        errors.join("\n")
    ));
}

const SELF: [(&str, &str); 5] = [
    ("family.rows", "1"),
    ("family.0.name", "李小明"),
    ("family.0.relation", "1"),
    ("family.0.number", "11010519491231002x"),
    ("family.0.income", "１２００"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    SELF.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn rows_are_tidied_typed_and_kept_in_order() {
    check(
        &with(&[
            ("family.1.name", "王芳"),
            ("family.1.relation", "2"),
            ("family.1.number", "11010519491231002X"),
            ("family.1.born", "1949年12月31日"),
            ("family.1.ill", "true"),
            ("family.1.foreign", "x"),
        ]),
        expect![[r#"
            {"family":[{"name":"李小明","relation":"1","number":"11010519491231002X","income":1200,"ill":false},{"name":"王芳","relation":"2","number":"11010519491231002X","born":"1949-12-31","ill":true}]}

        "#]],
    );
}

#[test]
fn a_mistake_names_table_row_and_column() {
    check(
        &with(&[
            ("family.1.name", "王"),
            ("family.1.number", "110105194912310021"),
            ("family.1.born", "昨天"),
            ("family.1.relation", "9"),
            ("family.2.income", "没有"),
        ]),
        expect![[r#"
            {"family":[{"name":"李小明","relation":"1","number":"11010519491231002X","income":1200,"ill":false},{"name":"王","relation":"9","number":"110105194912310021","born":"昨天","ill":false},{"income":"没有","ill":false}]}
            family.1.name: 家庭成员第 2 行：姓名至少要 2 个字，现在是 1 个，请补全
            family.1.relation: 家庭成员第 2 行：请从列出的选项中选择关系
            family.1.number: 家庭成员第 2 行：公民身份号码：身份证号码里有抄错的地方：第18位校验码和前面的对不上。请对照身份证，从左到右逐位核对后重新填写。
            family.1.born: 家庭成员第 2 行：出生日期：没有这一天。请按“年-月-日”填写，例如 2026-03-05。
            family.2.name: 家庭成员第 3 行：请填写姓名（这一项必须填）
            family.2.relation: 家庭成员第 3 行：请选择关系（这一项必须选）
            family.2.number: 家庭成员第 3 行：请填写公民身份号码（这一项必须填）
            family.2.income: 家庭成员第 3 行：月收入须填整数，例如 3，不要写单位
        "#]],
    );
}

#[test]
fn rows_without_a_word_are_left_out_and_one_is_needed_where_the_table_is() {
    check(
        &with(&[("family.1.name", " "), ("debts.rows", "2")]),
        expect![[r#"
            {"family":[{"name":"李小明","relation":"1","number":"11010519491231002X","income":1200,"ill":false}]}

        "#]],
    );
    check(
        &[("family.rows", "2")],
        expect![[r#"
            {}
            family: 家庭成员至少要填 1 行，请补上
        "#]],
    );
}

#[test]
fn no_more_rows_are_read_or_added_than_may_be() {
    let many: Vec<(String, String)> = (0..99_999)
        .map(|row| (format!("family.{row}.income"), "1".to_owned()))
        .collect();
    let read = form().read(&many, &NoLists, &translator());
    assert_eq!(read.values["family"].as_array().unwrap().len(), 4);
    assert!(read.errors.of("family").unwrap().contains("最多 3 行"));
    check(
        &[("family.rows", "18446744073709551615"), ("family.add", "1")],
        expect![[r#"
            {"family":[{"ill":false},{"ill":false},{"ill":false},{"ill":false}]} shown again
            family: 家庭成员最多 3 行，请删去多出的行
        "#]],
    );
}

#[test]
fn a_row_is_added_and_taken_out_and_what_was_typed_stays() {
    check(
        &with(&[("family.add", "1"), ("debts.0.to", "信用社")]),
        expect![[r#"
            {"family":[{"name":"李小明","relation":"1","number":"11010519491231002X","income":1200,"ill":false},{}],"debts":[{"to":"信用社"}]} shown again

        "#]],
    );
    check(
        &with(&[("family.1.name", "王"), ("family.remove", "0")]),
        expect![[r#"
            {"family":[{"name":"王","ill":false}]} shown again

        "#]],
    );
    for stale in ["7", "x", ""] {
        let read = read(&with(&[("family.remove", stale)]));
        assert!(read.is_rows_changed && !read.is_complete(), "{stale}");
        assert_eq!(
            read.values["family"].as_array().unwrap().len(),
            1,
            "{stale}"
        );
    }
    // A row that was only added is shown, and not kept.
    let added = read(&with(&[("family.add", "1")]));
    assert_eq!(added.kept(&form())["family"].as_array().unwrap().len(), 1);
}

#[test]
fn stored_rows_are_checked_as_typed_ones() {
    let check = |value: serde_json::Value, expected: Expect| {
        let answers = value.as_object().cloned().unwrap();
        let errors = form().check_all(&answers, &NoLists, &translator());
        let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        expected.assert_eq(&told.join("\n"));
    };
    let right =
        serde_json::json!({"name": "李小明", "relation": "1", "number": "11010519491231002X"});
    check(serde_json::json!({"family": [right]}), expect![""]);
    check(
        serde_json::json!({"family": []}),
        expect!["家庭成员至少要填 1 行，请补上"],
    );
    check(
        serde_json::json!({"family": "李小明"}),
        expect!["家庭成员填写有误，请检查后修改"],
    );
    check(
        serde_json::json!({"family": [right, "李小明", {"name": "王芳", "relation": "2", "number": "11010519491231002X", "secret": 1}]}),
        expect![[r#"
            家庭成员第 2 行：有表格里没有的内容，请删去
            家庭成员第 3 行：有表格里没有的内容，请删去"#]],
    );
}

#[test]
fn a_row_is_a_line_of_what_is_read_and_masked_column_by_column() {
    let read = read(&with(&[
        ("family.1.name", "王芳"),
        ("family.1.relation", "2"),
        ("family.1.number", "11010519491231002X"),
        ("family.1.ill", "true"),
    ]));
    let lines = form().describe(&read.values, &NoLists, Disclosure::Masked, &translator());
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{}：\n{}", line.label, line.text))
        .collect();
    expect![[r#"
        家庭成员：
        1. 姓名 李小明；关系 本人；公民身份号码 110105********002X；月收入 1200；重病 否
        2. 姓名 王芳；关系 配偶；公民身份号码 110105********002X；重病 是
        债务：
        未填写"#]]
    .assert_eq(&lines.join("\n"));
    let full = form().describe(&read.values, &NoLists, Disclosure::Full, &translator());
    assert!(full[0].text.contains("11010519491231002X"));
}

fn page_of(read: &Submission) -> String {
    let page = page::tests::page(Language::SimplifiedChinese);
    form()
        .render_all(&page, &read.values, &read.errors, &NoLists)
        .unwrap()
}

#[test]
fn a_page_asks_each_cell_by_its_place_and_opens_at_a_new_row() {
    let nothing = Submission::default();
    let html = page_of(&nothing);
    assert!(
        html.contains(r#"name="family.0.name""#),
        "a needed table begins with a row: {html}"
    );
    assert!(!html.contains(r#"name="debts.0.to""#), "{html}");
    assert!(
        html.contains(r#"name="debts.add""#) && html.contains(r#"name="family.remove" value="0""#)
    );
    // Enter in a field must not take the first row out.
    let first = html.find("<button").unwrap();
    assert!(
        html[first..].starts_with(r#"<button type="submit" class="visually-hidden""#),
        "{html}"
    );

    let html = page_of(&read(&with(&[("family.add", "1")])));
    assert!(
        html.contains(r#"value="李小明""#) && html.contains(r#"name="family.1.name""#),
        "{html}"
    );
    let opened = html.find("autofocus").unwrap();
    assert!(
        html[opened..].find("family.1.name")
            < html[opened..].find("family.0.name").or(Some(usize::MAX)),
        "{html}"
    );

    let html = page_of(&read(&with(&[
        ("family.1.name", "<b>"),
        ("family.2.name", "王芳"),
    ])));
    assert!(html.contains(r#"value="&#60;b&#62;""#), "{html}");
    assert!(
        html.contains(r#"id="field-family.2.relation-error""#),
        "{html}"
    );
    assert!(
        html.contains("最多 3 行。") && !html.contains(r#"name="family.add""#),
        "{html}"
    );
}

#[test]
fn tables_that_no_page_could_ask_are_refused() {
    let refused = |table: &str| {
        let schema = format!(r#"{{"type":"object","properties":{{"t":{table}}}}}"#);
        Form::parse(&schema).map_or_else(|error| error.to_string(), |_| String::from("taken"))
    };
    let column = |definition: &str| {
        refused(&format!(
            r#"{{"type":"array","x-label":"表","items":{{"type":"object","properties":{{"c":{definition}}}}}}}"#
        ))
    };
    let limits = |limits: &str| {
        refused(&format!(
            r#"{{"type":"array","x-label":"表",{limits},"items":{{"type":"object","properties":{{"c":{{"type":"string","x-label":"列"}}}}}}}}"#
        ))
    };
    let wide: Vec<String> = (0..11)
        .map(|at| format!(r#""c{at}":{{"type":"string","x-label":"列"}}"#))
        .collect();
    let report = [
        refused(r#"{"type":"array","x-label":"表","items":{"type":"object"}}"#),
        refused(r#"{"type":"array","x-label":"表","items":{"type":"object","properties":{}}}"#),
        refused(
            r#"{"type":"array","x-label":"表","items":{"type":"object","oneOf":[],"properties":{}}}"#,
        ),
        refused(&format!(
            r#"{{"type":"array","x-label":"表","items":{{"type":"object","properties":{{{}}}}}}}"#,
            wide.join(",")
        )),
        refused(
            r#"{"type":"array","x-label":"表","items":{"type":"object","required":["d"],"properties":{"c":{"type":"string","x-label":"列"}}}}"#,
        ),
        refused(r#"{"type":"string","x-label":"表","x-widget":"table"}"#),
        limits(r#""maxItems":51"#),
        limits(r#""maxItems":0"#),
        limits(r#""minItems":-1"#),
        limits(r#""minItems":4,"maxItems":3"#),
        column(r#"{"type":"string"}"#),
        column(r#"{"type":"string","x-label":"列","x-foreign":1}"#),
        column(r#"{"type":"string","x-label":"列","x-element":"person.name"}"#),
        column(r#"{"type":"string","x-label":"列","x-when":{"field":"d","values":["1"]}}"#),
        column(
            r#"{"type":"array","x-label":"列","items":{"type":"object","properties":{"d":{"type":"string","x-label":"丁"}}}}"#,
        ),
        column(r#"{"type":"string","x-label":"列"}"#),
    ];
    expect![[r#"
        字段 t：表格须在 items 的 properties 里写出各列，至少一列
        字段 t：表格须在 items 的 properties 里写出各列，至少一列
        t 用了不支持的关键字 oneOf，请删除或改用支持的写法
        字段 t：表格有 11 列，最多 10 列，请拆分或精简
        字段 t.d：列在 required 里，但没有定义
        字段 t：控件与 type 不相配，或缺少选项（enum、oneOf、x-list）
        字段 t：maxItems 是表格最多几行，须在 1 到 50 之间
        字段 t：maxItems 是表格最多几行，须在 1 到 50 之间
        字段 t：minItems 须为 0 或更大的整数
        字段 t：minItems（最少几行）不能大于 maxItems（最多几行）
        字段 t.c：请用 x-label 写出名称，最多 80 个字
        t.c 用了不支持的关键字 x-foreign，请删除或改用支持的写法
        字段 t.c：表格的列不能有 x-element：共用数据项说的是申请人，一行说的是别的人或物
        字段 t.c：表格的列不能有 x-when：有条件的内容请写成单独的一项
        字段 t.c：表格的列里不能再放表格，请另写一项
        taken"#]]
    .assert_eq(&report.join("\n"));
}

#[test]
fn a_field_of_a_cell_is_its_table() {
    let form = form();
    assert_eq!(form.field("family.2.name").unwrap().name, "family");
    assert!(form.field("other.2.name").is_none());
    let nothing = form.describe(&Answers::new(), &NoLists, Disclosure::Full, &translator());
    assert!(!nothing[0].is_answered);
    assert!(FieldErrors::new().is_empty());
}
