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
