//! A form to rows and back, and what a change of the rows leaves as it was.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wuchuang_webkit::forms::Form;

use super::{
    elements::{element, elements},
    rows::{Row, rows, schema},
};
use crate::exchange::form::{ApplicantForm, basic};

fn before() -> Value {
    json!({"type": "object", "title": "申请表", "required": ["kind"], "properties": {
        "kind": {"type": "string", "x-label": "类别", "oneOf": [{"const": "1", "title": "新办", "description": "第一次"}, {"const": "2", "title": "延续"}], "x-group": "内容"},
        "old_number": {"type": "string", "x-label": "原证号", "pattern": "^[0-9]+$", "maxLength": 12, "x-group": "内容", "x-when": {"field": "kind", "values": ["2"]}},
        "area": {"type": "integer", "x-label": "面积", "minimum": 1, "x-group": "内容"}
    }})
}

#[test]
fn a_form_that_nobody_touched_comes_out_as_it_went_in() {
    let form = before();
    assert_eq!(schema(&form, &rows(&form).unwrap(), &elements()), form);
    for applicant in [ApplicantForm::Person, ApplicantForm::Organisation] {
        let form = basic("申请表", applicant);
        assert_eq!(schema(&form, &rows(&form).unwrap(), &elements()), form);
    }
}

/// The properties after a change of the rows.
fn check_changed(change: impl FnOnce(&mut Vec<Row>), expected: &Expect) {
    let mut rows = rows(&before()).unwrap();
    change(&mut rows);
    let after = schema(&before(), &rows, &elements());
    Form::parse(&after.to_string()).unwrap();
    let lines = after["properties"].as_object().unwrap().iter();
    let lines: Vec<_> = lines.map(|(name, own)| format!("{name} {own}\n")).collect();
    expected.assert_eq(&format!("{}{}\n", lines.concat(), after["required"]));
}

#[test]
fn a_renamed_or_added_choice_keeps_the_values_of_the_others() {
    check_changed(
        |rows| {
            rows.truncate(2);
            rows[0].choices = "新办\n\n 延续 \n变更".to_owned();
            rows[1].when_values = "延续\n变更".to_owned();
        },
        &expect![[r#"
            kind {"type":"string","x-label":"类别","x-group":"内容","oneOf":[{"const":"1","title":"新办","description":"第一次"},{"const":"2","title":"延续"},{"const":"变更","title":"变更"}]}
            old_number {"type":"string","pattern":"^[0-9]+$","x-label":"原证号","x-group":"内容","maxLength":12,"x-when":{"field":"kind","values":["2","变更"]}}
            ["kind"]
        "#]],
    );
}

#[test]
fn another_way_of_answering_drops_the_bounds_of_the_old_one() {
    check_changed(
        |rows| {
            rows.remove(1);
            rows[1].way = "text".to_owned();
            rows[1].length_max = "20".to_owned();
        },
        &expect![[r#"
            kind {"type":"string","oneOf":[{"const":"1","title":"新办","description":"第一次"},{"const":"2","title":"延续"}],"x-label":"类别","x-group":"内容"}
            area {"type":"string","x-label":"面积","x-group":"内容","maxLength":20}
            ["kind"]
        "#]],
    );
}

#[test]
fn an_element_brings_its_rules_and_a_new_question_its_own() {
    check_changed(
        |rows| {
            rows.clear();
            let element = json!({"type": "object", "properties": {"plate_number": element("plate_number").unwrap().definition}});
            rows.extend(super::rows::rows(&element).unwrap());
            rows.push(Row {
                label: "有无证件".to_owned(),
                way: "tick".to_owned(),
                ..Row::blank("q1".to_owned(), "内容".to_owned())
            });
        },
        &expect![[r#"
            plate_number {"type":"string","x-element":"vehicle.plate","x-label":"车牌号码","x-group":"填写信息","maxLength":10}
            q1 {"type":"boolean","x-label":"有无证件","x-group":"内容","x-widget":"checkbox"}
            ["q1"]
        "#]],
    );
}

fn with_table() -> Value {
    json!({"type": "object", "title": "申请表", "required": ["family"], "properties": {
        "family": {"type": "array", "x-label": "家庭成员", "x-group": "内容", "minItems": 2, "maxItems": 8, "items": {
            "type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "x-label": "姓名", "minLength": 2},
                "kin": {"type": "string", "x-label": "关系", "oneOf": [{"const": "1", "title": "子女"}]}
            }}}
    }})
}

#[test]
fn a_table_that_nobody_touched_comes_out_as_it_went_in() {
    let form = with_table();
    assert_eq!(schema(&form, &rows(&form).unwrap(), &elements()), form);
}

#[test]
fn a_changed_column_keeps_what_the_editor_does_not_know_of_it() {
    let form = with_table();
    let mut rows = rows(&form).unwrap();
    rows[0].rows_min.clear();
    rows[0].rows_max = "30".to_owned();
    rows[0].columns[0].label = "成员姓名".to_owned();
    rows[0].columns[1].choices = "配偶\n子女".to_owned();
    rows[0].columns.push(Row {
        label: "出生日期".to_owned(),
        way: "date".to_owned(),
        ..Row::blank("c1".to_owned(), String::new())
    });
    let after = schema(&form, &rows, &elements());
    Form::parse(&after.to_string()).unwrap();
    expect![[r#"{"type":"array","items":{"type":"object","required":["name","c1"],"properties":{"name":{"type":"string","minLength":2,"x-label":"成员姓名"},"kin":{"type":"string","x-label":"关系","oneOf":[{"const":"配偶","title":"配偶"},{"const":"1","title":"子女"}]},"c1":{"type":"string","x-label":"出生日期","x-widget":"date"}}},"x-label":"家庭成员","x-group":"内容","maxItems":30}"#]]
    .assert_eq(&after["properties"]["family"].to_string());
}

#[test]
fn a_question_becomes_a_table_and_a_table_a_question() {
    let mut questions = rows(&before()).unwrap();
    questions.truncate(1);
    questions[0].way = "table".to_owned();
    questions[0].columns = vec![Row {
        label: "姓名".to_owned(),
        ..Row::blank("c1".to_owned(), String::new())
    }];
    let table = schema(&before(), &questions, &elements());
    expect![[r#"{"type":"array","x-label":"类别","x-group":"内容","x-widget":"table","items":{"type":"object","required":["c1"],"properties":{"c1":{"type":"string","x-label":"姓名"}}}}"#]]
    .assert_eq(&table["properties"]["kind"].to_string());
    let mut back = rows(&table).unwrap();
    back[0].way = "text".to_owned();
    let text = schema(&table, &back, &elements());
    Form::parse(&text.to_string()).unwrap();
    expect![[r#"{"type":"string","x-label":"类别","x-group":"内容"}"#]]
        .assert_eq(&text["properties"]["kind"].to_string());
}
