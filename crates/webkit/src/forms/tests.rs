//! Forms from schema to page and back.

use std::sync::Arc;

use expect_test::{Expect, expect};

use super::{Answers, ChoiceGroup, Disclosure, Form, FormError, Lists, NoLists};
use crate::{
    language::{Language, Texts, Translator},
    markup::Choice,
    page,
};

pub(crate) const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "title": "失业登记申请表",
  "required": ["name", "number", "kind", "agree", "years"],
  "properties": {
    "name": {"type": "string", "x-label": "姓名", "minLength": 2, "maxLength": 40, "x-group": "申请人", "x-element": "person.name", "x-personal": true},
    "number": {"type": "string", "x-label": "身份证号码", "x-widget": "citizen-number", "x-group": "申请人", "x-personal": true},
    "phone": {"type": "string", "x-label": "手机号码", "x-widget": "phone", "x-hint": "用来接收短信", "x-group": "申请人"},
    "village": {"type": "string", "x-label": "住址", "x-widget": "address", "x-list": "villages", "x-group": "申请人"},
    "kind": {"type": "string", "x-label": "失业原因", "oneOf": [{"const": "1", "title": "合同到期"}, {"const": "2", "title": "单位解散"}], "x-group": "情况"},
    "years": {"type": "integer", "x-label": "工作年限", "minimum": 0, "maximum": 60, "x-group": "情况"},
    "wage": {"type": "string", "x-label": "月工资", "x-widget": "money", "x-group": "情况"},
    "skills": {"type": "array", "x-label": "技能", "items": {"enum": ["电工", "焊工", "厨师"]}, "maxItems": 2, "x-group": "情况"},
    "plate": {"type": "string", "x-label": "车牌", "pattern": "^陕G", "x-hint": "以陕G开头", "x-group": "情况"},
    "story": {"type": "string", "x-label": "说明", "x-widget": "textarea", "maxLength": 10, "x-group": "情况"},
    "agree": {"type": "boolean", "const": true, "x-label": "我承诺以上内容属实", "x-group": "情况", "x-order": 99}
  }
}"#;

pub(crate) struct Villages;

impl Lists for Villages {
    fn groups(&self, list: &str) -> Vec<ChoiceGroup> {
        let choices = vec![Choice::new("610924102200", "汉城村")];
        if list == "villages" {
            vec![ChoiceGroup {
                label: "汉王镇".to_owned(),
                choices,
            }]
        } else {
            Vec::new()
        }
    }
}

fn form() -> Form {
    Form::parse(SCHEMA).unwrap()
}

fn translator() -> Translator {
    Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn check(typed: &[(&str, &str)], expected: Expect) {
    let submission = form().read(&pairs(typed), &Villages, &translator());
    let errors: Vec<String> = submission
        .errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect();
    expected.assert_eq(&format!(
        "{}\n{}\n",
        serde_json::Value::Object(submission.values),
        errors.join("\n")
    ));
}

#[test]
fn right_answers_are_tidied_and_typed() {
    check(
        &[
            ("name", "　李小明 "),
            ("number", "11010519491231002x"),
            ("phone", "１３８ ００００ ００００"),
            ("village", "610924102200"),
            ("kind", "1"),
            ("years", "１２"),
            ("wage", "3,500"),
            ("skills", "电工"),
            ("skills", "厨师"),
            ("skills", "电工"),
            ("agree", "true"),
            ("story", "甲，\r\n乙１\u{202E}"),
            ("command_id", "x"),
        ],
        expect![[r#"
            {"name":"李小明","number":"11010519491231002X","phone":"13800000000","village":"610924102200","kind":"1","years":12,"wage":"3500.00","skills":["电工","厨师"],"story":"甲，\n乙1","agree":true}

        "#]],
    );
}

#[test]
fn every_mistake_names_field_rule_and_way_out() {
    check(
        &[],
        expect![[r#"
        {"agree":false}
        name: 请填写姓名（这一项必须填）
        number: 请填写身份证号码（这一项必须填）
        kind: 请选择失业原因（这一项必须选）
        years: 请填写工作年限（这一项必须填）
        agree: 请勾选“我承诺以上内容属实”，勾选后才能继续
    "#]],
    );
    check(
        &[
            ("name", "李"),
            ("number", "110105194912310021"),
            ("phone", "1380"),
            ("village", "999999999999"),
            ("kind", "3"),
            ("years", "十年"),
            ("wage", "很多"),
            ("skills", "电工"),
            ("skills", "厨师"),
            ("skills", "焊工"),
            ("plate", "京A"),
            ("story", "一二三四五六七八九十一"),
            ("agree", "on"),
        ],
        expect![[r#"
            {"name":"李","number":"110105194912310021","phone":"1380","village":"999999999999","kind":"3","years":"十年","wage":"很多","skills":["电工","厨师","焊工"],"plate":"京A","story":"一二三四五六七八九十一","agree":true}
            name: 姓名至少要 2 个字，现在是 1 个，请补全
            number: 身份证号码里有抄错的地方：第18位校验码和前面的对不上。请对照身份证，从左到右逐位核对后重新填写。
            phone: 手机号码：电话号码应是11位，现在是4位。请填11位手机号，或带区号的座机号，如“0915-4421234”。
            village: 请从列出的选项中选择住址
            kind: 请从列出的选项中选择失业原因
            years: 工作年限须填整数，例如 3，不要写单位
            wage: 月工资：请填写数字，最多两位小数，例如 1200.50，不用写“元”。
            skills: 技能最多选 2 项，请取消几项
            plate: 车牌的写法不对，请按说明填写：以陕G开头
            story: 说明最多 10 个字，现在是 11 个，请删减
        "#]],
    );
    check(
        &[
            ("name", "李小明"),
            ("number", "11010519491231002X"),
            ("kind", "1"),
            ("agree", "on"),
            ("years", "61"),
        ],
        expect![[r#"
        {"name":"李小明","number":"11010519491231002X","kind":"1","years":61,"agree":true}
        years: 工作年限不能大于 60，请改成 60 或更小的数
    "#]],
    );
}

#[test]
fn numbers_are_shown_as_they_were_typed() {
    let schema =
        r#"{"type": "object", "properties": {"area": {"type": "number", "x-label": "面积"}}}"#;
    let form = Form::parse(schema).unwrap();
    for (typed, shown) in [
        ("12", "12"),
        ("1,200", "1200"),
        ("12.5", "12.5"),
        ("-3", "-3"),
    ] {
        let read = form.read(&pairs(&[("area", typed)]), &NoLists, &translator());
        assert!(read.is_complete(), "{typed}: {:?}", read.errors);
        check_shown(&form, &read.values, shown);
    }
    // Answers that were kept before whole numbers stayed whole.
    let kept = serde_json::json!({"area": 12.0});
    check_shown(&form, kept.as_object().unwrap(), "12");
}

#[track_caller]
fn check_shown(form: &Form, values: &Answers, shown: &str) {
    let lines = form.describe(values, &NoLists, Disclosure::Full, &translator());
    assert_eq!(lines[0].text, shown);
    let page = page::tests::page(Language::SimplifiedChinese);
    let html = form
        .render_all(&page, values, &super::FieldErrors::new(), &NoLists)
        .unwrap();
    assert!(html.contains(&format!("value=\"{shown}\"")), "{html}");
}

#[test]
fn an_answer_that_may_be_wrong_is_described_with_its_warning() {
    let schema = r#"{"type": "object", "properties": {"code": {"type": "string", "x-label": "代码", "x-widget": "credit-code"}}}"#;
    let form = Form::parse(schema).unwrap();
    let read = form.read(
        &pairs(&[("code", "11440100007482575j")]),
        &NoLists,
        &translator(),
    );
    assert!(read.is_complete(), "{:?}", read.errors);
    let lines = form.describe(&read.values, &NoLists, Disclosure::Full, &translator());
    expect!["11440100007482575J"].assert_eq(&lines[0].text);
    let warning = lines[0].warning.clone().unwrap();
    assert!(warning.contains("校验码"), "{warning}");
    let page = page::tests::page(Language::SimplifiedChinese);
    let html = form
        .render_all(&page, &read.values, &super::FieldErrors::new(), &NoLists)
        .unwrap();
    assert!(html.contains(&warning), "{html}");
}

#[test]
fn a_group_is_read_into_what_is_known() {
    let form = form();
    let first = form.read_group(
        "申请人",
        &Answers::new(),
        &pairs(&[("name", "李小明"), ("number", "11010519491231002X")]),
        &Villages,
        &translator(),
    );
    assert!(first.is_complete(), "{:?}", first.errors);
    let second = form.read_group(
        "情况",
        &first.values,
        &pairs(&[("kind", "2"), ("name", "不属于本页")]),
        &Villages,
        &translator(),
    );
    assert_eq!(second.values["name"], "李小明");
    assert_eq!(second.errors.len(), 2, "{:?}", second.errors);
    let emptied = form.read_group(
        "申请人",
        &second.values,
        &pairs(&[("name", "")]),
        &Villages,
        &translator(),
    );
    assert!(!emptied.values.contains_key("name"));
    assert!(emptied.values.contains_key("kind"));
}

#[test]
fn answers_are_described_for_checking() {
    let submission = form().read(
        &pairs(&[
            ("name", "李小明"),
            ("number", "11010519491231002X"),
            ("phone", "13800000000"),
            ("village", "610924102200"),
            ("kind", "2"),
            ("skills", "电工"),
            ("skills", "焊工"),
        ]),
        &Villages,
        &translator(),
    );
    let describe = |disclosure| {
        let lines = form().describe(&submission.values, &Villages, disclosure, &translator());
        lines
            .iter()
            .map(|line| format!("{} | {} | {}", line.group, line.label, line.text))
            .collect::<Vec<String>>()
            .join("\n")
    };
    expect![[r#"
        申请人 | 姓名 | 李小明
        申请人 | 身份证号码 | 110105********002X
        申请人 | 手机号码 | 138****0000
        申请人 | 住址 | 汉王镇汉城村
        情况 | 失业原因 | 单位解散
        情况 | 工作年限 | 未填写
        情况 | 月工资 | 未填写
        情况 | 技能 | 电工、焊工
        情况 | 车牌 | 未填写
        情况 | 说明 | 未填写
        情况 | 我承诺以上内容属实 | 否"#]]
    .assert_eq(&describe(Disclosure::Masked));
    assert!(describe(Disclosure::Full).contains("11010519491231002X"));
}

#[test]
fn the_page_keeps_what_was_typed() {
    let page = page::tests::page(Language::SimplifiedChinese);
    let form = form();
    let typed = form.read_group(
        "情况",
        &Answers::new(),
        &pairs(&[
            ("years", "十\"年"),
            ("story", "</textarea><b>"),
            ("skills", "焊工"),
        ]),
        &NoLists,
        &translator(),
    );
    let html = form
        .render_group(&page, "情况", &typed.values, &typed.errors, &NoLists)
        .unwrap();
    assert!(html.contains("value=\"十&#34;年\""), "{html}");
    assert!(!html.contains("</textarea><b>"));
    assert!(html.contains("value=\"焊工\" checked"));
    assert!(html.contains("id=\"field-years-error\""));
    assert!(html.contains("aria-invalid=\"true\""));
    let address = form
        .render_group(&page, "申请人", &typed.values, &typed.errors, &Villages)
        .unwrap();
    assert!(
        address.contains(
            "<optgroup label=\"汉王镇\"><option value=\"610924102200\">汉城村</option></optgroup>"
        ),
        "{address}"
    );
}

#[test]
fn schemas_that_are_no_forms_are_refused() {
    let table = |schema: &str| Form::parse(schema).map(|_| ()).unwrap_err().to_string();
    let field = |definition: &str| {
        table(&format!(
            r#"{{"type":"object","properties":{{"a":{definition}}}}}"#
        ))
    };
    let report = [
        table("{"),
        table("[]"),
        table(r#"{"type":"object","properties":{},"$ref":"http://x"}"#),
        table(r#"{"type":"object","properties":{"A":{"type":"string"}}}"#),
        table(r#"{"type":"object","properties":{},"required":["b"]}"#),
        field(r#"{"type":"string"}"#),
        field(r#"{"type":"object","x-label":"甲"}"#),
        field(r#"{"type":"string","x-label":"甲","x-widget":"radio"}"#),
        field(r#"{"type":"string","x-label":"甲","format":"uri"}"#),
        field(r#"{"type":"string","x-label":"甲","pattern":"("}"#),
        field(r#"{"type":"string","x-label":"甲","$ref":"/x"}"#),
    ]
    .join("\n");
    expect![[r#"
        表单定义不是正确的 JSON：EOF while parsing an object at line 1 column 1
        表单定义须为 type = object，且写明 properties
        表单 用了不支持的关键字 $ref，请删除或改用支持的写法
        字段 A：名称须以小写字母开头，只用小写字母、数字和下划线，最多 64 个
        字段 b：列在 required 里，但没有定义
        字段 a：请用 x-label 写出名称，最多 80 个字
        字段 a：type 须为 string、integer、number、boolean 或 array
        字段 a：控件与 type 不相配，或缺少选项（enum、oneOf、x-list）
        字段 a：不支持的格式 uri，可用：date、phone、mobile-phone、citizen-number、credit-code、region-code、money、email、signature
        表单定义不符合 JSON Schema："(" is not a "regex"
        a 用了不支持的关键字 $ref，请删除或改用支持的写法"#]].assert_eq(&report);
    let many: Vec<String> = (0..201)
        .map(|at| format!(r#""f{at}":{{"type":"string","x-label":"甲"}}"#))
        .collect();
    let schema = format!(r#"{{"type":"object","properties":{{{}}}}}"#, many.join(","));
    assert_eq!(
        Form::parse(&schema).unwrap_err(),
        FormError::TooManyFields { count: 201 }
    );
    assert_eq!(
        Form::parse(&" ".repeat(102_401)).unwrap_err(),
        FormError::TooLarge { bytes: 102_401 }
    );
}
