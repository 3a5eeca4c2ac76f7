//! Templates and their places, as tables.

use expect_test::{Expect, expect};

use super::*;
use crate::model::RatePath;

fn surrounding() -> Surrounding {
    Surrounding {
        signature: "紫阳政务".into(),
        county: "紫阳县".into(),
        telephone: "12345".into(),
        origin: "https://zwfw.example.gov.cn".into(),
        rate: RatePath::default(),
    }
}

#[test]
fn every_default_text_is_valid_and_leaves_no_place_open() {
    for name in TemplateName::ALL {
        assert_eq!(TemplateName::from_code(name.code()), Some(name));
        let text = name.default_text();
        assert_eq!(problems(name, &text), [], "{name:?}");
        for channel in MessageChannel::ALL {
            let filled = text.sample(channel, &surrounding());
            assert!(
                !filled.text.contains(['{', '}']),
                "{name:?}: {}",
                filled.text
            );
            assert!(!filled.text.contains("  "), "{name:?}: {}", filled.text);
        }
        let sms = text.sample(MessageChannel::Sms, &surrounding()).text;
        assert!(
            sms_segments(&sms) <= 2,
            "{name:?} has {} parts: {sms}",
            sms_segments(&sms)
        );
    }
}

#[test]
fn what_the_law_wants_in_writing_names_its_document() {
    for name in [
        TemplateName::CaseCorrection,
        TemplateName::CaseNotAccepted,
        TemplateName::CaseClockStopped,
        TemplateName::CaseExtended,
        TemplateName::CaseGranted,
        TemplateName::CaseRefused,
    ] {
        let body = name.default_text().body;
        assert!(
            body.contains("{notice}") && body.contains('《'),
            "{name:?}: {body}"
        );
    }
}

fn check(sms: &str, expected: Expect) {
    let text = TemplateText {
        sms: sms.into(),
        ..TemplateName::CaseReceived.default_text()
    };
    let found: Vec<String> = problems(TemplateName::CaseReceived, &text)
        .into_iter()
        .map(|(field, sentence)| format!("{field}: {sentence}"))
        .collect();
    expected.assert_eq(&found.join("\n"));
}

#[test]
fn wrong_places_are_named() {
    check("编号{number}", expect![[""]]);
    check(
        "编号{nummer}",
        expect!["sms: “短信”里的变量 {nummer} 不能用在这条消息里，请从可用变量中选。"],
    );
    check(
        "依据{notice}",
        expect!["sms: “短信”里的变量 {notice} 不能用在这条消息里，请从可用变量中选。"],
    );
    check(
        "编号{number",
        expect!["sms: “短信”里有不成对的花括号；变量要写成 {number} 这样。"],
    );
    check(
        "编号{{number}}",
        expect!["sms: “短信”里有不成对的花括号；变量要写成 {number} 这样。"],
    );
    check(
        " ",
        expect!["sms: “短信”没有填写，请写上要告诉当事人的话。"],
    );
    check("一\n二", expect!["sms: “短信”只能写一行，请去掉换行。"]);
    check(
        &"长".repeat(151),
        expect!["sms: “短信”最多 150 字，现在 151 字，请删减。"],
    );
}

#[test]
fn an_sms_is_signed_and_a_long_item_name_is_cut() {
    let parameters = Parameters::default()
        .with(
            Parameter::Item,
            "公共场所卫生许可（除饭馆、咖啡馆、酒吧、茶座等）变更法定代表人",
        )
        .with(Parameter::Number, "12")
        .with(Parameter::Code, "{link}");
    let filled = TemplateText {
        subject: "收到{item}".into(),
        body: String::new(),
        sms: "{item}，{number}，{code}，{link}".into(),
    };
    let calendar = Calendar::embedded();
    expect!["【紫阳政务】公共场所卫生许可（除饭馆、咖啡馆、…，12，{link}，https://zwfw.example.gov.cn/progress"].assert_eq(
        &filled.fill((MessageChannel::Sms, None), &parameters, &surrounding(), &calendar).text,
    );
    expect!["收到公共场所卫生许可（除饭馆、咖啡馆、酒吧、茶座等）变更法定代表人"].assert_eq(
        &filled
            .fill(
                (MessageChannel::Email, None),
                &parameters,
                &surrounding(),
                &calendar,
            )
            .subject,
    );
}

#[test]
fn parts_are_counted_as_operators_do() {
    assert_eq!(sms_segments(&"字".repeat(70)), 1);
    assert_eq!(sms_segments(&"字".repeat(71)), 2);
    assert_eq!(sms_segments(&"字".repeat(134)), 2);
    assert_eq!(sms_segments(&"字".repeat(135)), 3);
}
