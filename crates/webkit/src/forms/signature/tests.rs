//! What is a signature, what it is put under, and who may put it.

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::json;

use crate::{
    forms::{Answers, Disclosure, Form, NoLists, Signature, Submission},
    language::{Language, Texts, Translator},
};

const SCHEMA: &str = r#"{"type": "object", "title": "占道", "required": ["site", "sign"], "properties": {
    "name": {"type": "string", "x-label": "姓名", "x-element": "applicant.name", "x-group": "内容"},
    "site": {"type": "string", "x-label": "地点", "x-group": "内容"},
    "rows": {"type": "array", "x-label": "设备", "x-group": "内容", "items": {"type": "object", "properties": {"what": {"type": "string", "x-label": "名称"}}}},
    "sign": {"type": "string", "x-label": "申请人签名", "x-widget": "signature", "x-group": "签名", "x-personal": true}
}}"#;
const DRAWN: &str = "drawn:10,20 30,40 50,60;70,80 90,100";

fn form() -> Form {
    Form::parse(SCHEMA).unwrap()
}

fn translator() -> Translator {
    Translator::new(Language::SimplifiedChinese, Arc::new(Texts::new().unwrap()))
}

fn read(typed: &[(&str, &str)]) -> Submission {
    let pairs: Vec<(String, String)> = typed
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    form().read(&pairs, &NoLists, &translator())
}

fn told(read: &Submission) -> String {
    let errors = read.errors.iter();
    let errors: Vec<String> = errors.map(|error| error.message.clone()).collect();
    let sign = read.values.get("sign").and_then(|text| text.as_str());
    let sign = sign.map_or("nothing", |text| text.split('#').next().unwrap_or(text));
    format!("{sign} {}", errors.join(" "))
}

fn check(typed: &[(&str, &str)], expected: Expect) {
    let mut all = vec![("site", "河堤路")];
    all.extend(typed);
    expected.assert_eq(told(&read(&all)).trim());
}

#[test]
fn it_is_drawn_or_written_and_confirmed_or_on_paper() {
    check(
        &[("sign", DRAWN)],
        expect!["drawn:10,20 30,40 50,60;70,80 90,100"],
    );
    check(
        &[("sign.typed", " 王小明 "), ("sign.own", "true")],
        expect!["typed:王小明"],
    );
    check(&[("sign.paper", "true")], expect!["paper:"]);
    check(
        &[("sign", "paper:")],
        expect!["nothing 请填写申请人签名（这一项必须填）"],
    );
    check(
        &[("sign.typed", "王小明")],
        expect!["named:王小明 申请人签名：写了姓名还要勾选“这是我本人签署的”，才算签名。"],
    );
    check(
        &[("sign.own", "true")],
        expect!["typed: 申请人签名：请写上签名人的姓名，最多 40 个字。"],
    );
    check(&[], expect!["nothing 请填写申请人签名（这一项必须填）"]);
}

#[test]
fn nothing_else_is_a_signature() {
    for text in [
        "drawn:1,2 3,4",
        "drawn:",
        "drawn:10,20 30,40 50,60 70,80 700,80",
        "drawn:10,20 30,40 50,60 70,80 -1,80",
        "drawn:10,20<script>",
        "data:image/png;base64,AAAA",
        "drawn:10,20 30,40 50,60 70,80 90,80#zz",
    ] {
        assert!(Signature::read(text).is_err(), "{text}");
    }
    let endless = format!("drawn:{}", vec!["10,20"; 1_000_000].join(" "));
    assert!(Signature::read(&endless).is_err());
    let read = read(&[("site", "河堤路"), ("sign", &endless)]);
    assert!(!read.is_complete());
    assert!(read.values["sign"].as_str().unwrap().len() < 40_000);
}

#[test]
fn whoever_changes_an_answer_afterwards_signs_again() {
    let form = form();
    let signed = read(&[("site", "河堤路"), ("sign", DRAWN)]).values;
    let checked = |values: &Answers| form.check_all(values, &NoLists, &translator());
    assert!(checked(&signed).is_empty());
    let mut changed = signed.clone();
    changed.insert("site".into(), json!("环城路"));
    let errors = checked(&changed);
    expect!["签名以后改过填写的内容，请清除“申请人签名”，重新签名"]
        .assert_eq(errors.of("sign").unwrap());
    // What was not there before is a change too.
    let mut more = signed.clone();
    more.insert("rows".into(), json!([{"what": "围挡"}]));
    assert!(!checked(&more).is_empty());
    form.unmark(&mut changed);
    assert!(
        checked(&changed).is_empty(),
        "it is signed with what it is sent with"
    );
    let again = read(&[
        ("site", "环城路"),
        ("sign", signed["sign"].as_str().unwrap()),
    ]);
    assert!(!again.is_complete(), "the page of before signs nothing new");
}

#[test]
fn only_those_who_are_named_sign() {
    let form = form();
    let check = |sign: &str, names: &[&str], is_counter: bool| {
        let values = json!({"name": "王小明", "sign": sign});
        let errors = form.check_signers(
            values.as_object().unwrap(),
            (names, is_counter),
            &translator(),
        );
        errors.of("sign").unwrap_or_default().to_owned()
    };
    assert_eq!(check("typed:王小明", &["王小明"], false), "");
    expect!["“申请人签名”要写申请人或者代办人本人的姓名，和登记的一样"].assert_eq(&check(
        "typed:李小红",
        &["王小明"],
        false,
    ));
    assert_eq!(check("paper:", &[], true), "");
    expect!["网上的“申请人签名”不能用纸质签名，请手写，或者写姓名签署"].assert_eq(&check(
        "paper:",
        &[],
        false,
    ));
    let values = json!({"name": "王小明"});
    let names: Vec<&str> = form.names_in(values.as_object().unwrap()).collect();
    assert_eq!(names, ["王小明"]);
}

#[test]
fn others_read_only_that_it_was_signed() {
    let values = read(&[("site", "河堤路"), ("sign", DRAWN)]).values;
    let line = |disclosure: Disclosure| {
        let lines = form().describe(&values, &NoLists, disclosure, &translator());
        let line = lines.into_iter().find(|line| line.field == "sign").unwrap();
        (line.text, line.picture)
    };
    assert_eq!(line(Disclosure::Masked), ("已签名".to_owned(), None));
    let (text, picture) = line(Disclosure::Full);
    assert_eq!(text, "手写签名");
    assert!(picture.unwrap().contains("M10 20L30 40L50 60M70 80L90 100"));
}

#[test]
fn it_stands_behind_everything_that_it_is_put_under() {
    let refused = |schema: &str| Form::parse(schema).err().unwrap().to_string();
    let early = SCHEMA.replace(
        "\"x-group\": \"签名\"",
        "\"x-group\": \"先\", \"x-order\": 0",
    );
    expect!["字段 sign：签名要放在最后一组：签名的时候，前面的内容都已经填好"]
        .assert_eq(&refused(&early));
    let asked = SCHEMA.replace(
        "\"x-personal\": true",
        "\"x-when\": {\"field\": \"site\", \"values\": [\"x\"]}",
    );
    assert!(!refused(&asked).is_empty());
    let cell = SCHEMA.replace(
        "\"x-label\": \"名称\"",
        "\"x-label\": \"名称\", \"x-widget\": \"signature\"",
    );
    expect!["字段 what：表格里不能放签名"].assert_eq(&refused(&cell));
}
