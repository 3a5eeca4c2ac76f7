//! Every template with its sample, with long names and with long tables.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wuchuang_documents::data::{
    self, Certificate, Correction, Defect, OneTimeNotice, Receipt, TemplateData,
};
use wuchuang_documents::{DocumentError, DocumentTemplate, Documents, FontSource};

use crate::{DOCUMENTS, poppler, text_of};

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A folder of the caller's choice receives the PDFs, so that a person can look at them.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("WUCHUANG_TEST_PDF_FOLDER") {
        std::fs::write(
            std::path::Path::new(&folder).join(format!("{name}.pdf")),
            pdf,
        )
        .expect("the folder exists");
    }
}

#[test]
fn every_sample_renders_and_reads_as_text() {
    for template in DocumentTemplate::ALL {
        let sample = data::sample(template);
        let pdf = DOCUMENTS
            .render(template, &sample)
            .unwrap_or_else(|error| panic!("{}: {error}", template.name()));
        keep(template.name(), &pdf);
        let text = text_of(&pdf);
        let mut expected = vec![squeeze(
            sample
                .pointer("/head/organisation")
                .and_then(Value::as_str)
                .expect("text"),
        )];
        for field in [
            "/case/applicant_name",
            "/case/item_name",
            "/item_name",
            "/holder_name",
            "/head/verification/code",
        ] {
            expected.extend(sample.pointer(field).and_then(Value::as_str).map(squeeze));
        }
        for words in expected {
            assert!(
                text.contains(&words),
                "{}: {words} is missing in {text}",
                template.name()
            );
        }
        assert!(
            text.contains("测试"),
            "{}: a test authority must be named as such",
            template.name()
        );
    }
}

#[test]
fn every_template_prints_its_title() {
    for template in DocumentTemplate::ALL {
        let title = match template {
            DocumentTemplate::DecisionGranted => "准予行政许可决定书",
            DocumentTemplate::DecisionRefused => "不予行政许可决定书",
            DocumentTemplate::Certificate => "食品经营许可证",
            DocumentTemplate::Inspection => "联合踏勘笔录",
            other => other.title(),
        };
        let pdf = DOCUMENTS
            .render(template, &data::sample(template))
            .expect("samples render");
        let text = text_of(&pdf);
        assert!(
            text.contains(title),
            "{}: {title} is missing in {text}",
            template.name()
        );
    }
}

/// Replaces every name by one of forty characters.
fn lengthen(value: &mut Value) {
    const LONG: &str =
        "紫阳县汉王镇富硒茶文化旅游融合发展示范区农民专业合作社联合社汉江流域第一分社加工厂";
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let is_name = name.ends_with("name")
                    || matches!(name.as_str(), "organisation" | "recipient" | "material");
                match field {
                    Value::String(text) if is_name => LONG.clone_into(text),
                    other => lengthen(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(lengthen),
        _ => {}
    }
}

#[test]
fn names_of_forty_characters_fit() {
    for template in DocumentTemplate::ALL {
        let mut sample = data::sample(template);
        lengthen(&mut sample);
        let pdf = DOCUMENTS
            .render(template, &sample)
            .unwrap_or_else(|error| panic!("{}: {error}", template.name()));
        keep(&format!("long-{}", template.name()), &pdf);
        let text = text_of(&pdf);
        assert!(text.contains("汉江流域"), "{}: {text}", template.name());
    }
}

#[test]
fn optional_parts_may_be_absent() {
    fn strip(value: &mut Value) {
        const OPTIONAL: [&str; 22] = [
            "number",
            "seal",
            "verification",
            "query_code",
            "item_code",
            "applicant_identifier",
            "agent_name",
            "project_name",
            "hours",
            "basis_optional",
            "correct_until",
            "applicant_duty",
            "competent_authority",
            "result",
            "result_number",
            "situation",
            "remark",
            "copy",
            "holder_identifier",
            "valid_until",
            "licence_identifier",
            "received_for",
        ];
        match value {
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    if OPTIONAL.contains(&name.as_str()) {
                        *field = Value::Null;
                    } else if matches!(
                        name.as_str(),
                        "special_procedures" | "duties" | "bring_agent"
                    ) {
                        *field = json!([]);
                    } else {
                        strip(field);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    for template in DocumentTemplate::ALL {
        let mut sample = data::sample(template);
        strip(&mut sample);
        let pdf = DOCUMENTS
            .render(template, &sample)
            .unwrap_or_else(|error| panic!("{}: {error}", template.name()));
        keep(&format!("bare-{}", template.name()), &pdf);
    }
}

#[test]
fn a_long_table_breaks_over_pages_and_repeats_its_header() {
    let mut notice = Correction::sample();
    let defect: Defect = notice.defects[1].clone();
    notice.defects = (1..=60)
        .map(|n| Defect {
            problem: format!("问题{n}：没有标明面积"),
            ..defect.clone()
        })
        .collect();
    let pdf = DOCUMENTS
        .render_data(&notice)
        .expect("sixty defects render");
    keep("table-correction", &pdf);
    let text = text_of(&pdf);
    assert!(text.contains("问题60：没有标明面积"), "{text}");
    assert!(
        text.matches("存在的问题").count() >= 4,
        "the header repeats on each page: {text}"
    );

    let mut guide = OneTimeNotice::sample();
    guide.materials = std::iter::repeat_n(guide.materials.clone(), 20)
        .flatten()
        .collect();
    let pdf = DOCUMENTS
        .render_data(&guide)
        .expect("a hundred and twenty materials render");
    keep("table-one_time_notice", &pdf);
    assert!(text_of(&pdf).matches("必要性").count() >= 3);
}

#[test]
fn a_one_time_notice_leads_to_its_guide() {
    let mut notice = OneTimeNotice::sample();
    notice.head.verification = None;
    let told = "扫一扫，在手机上看这份办事指南";
    let plain = DOCUMENTS.render_data(&notice).expect("renders");
    assert!(!text_of(&plain).contains(told));
    notice.guide_url = Some("https://zwfw.example.gov.cn/guides/1".to_owned());
    let led = DOCUMENTS.render_data(&notice).expect("renders");
    assert!(text_of(&led).contains(told), "{}", text_of(&led));
    notice.guide_url = Some("https://紫阳.example/1".to_owned());
    assert!(
        DOCUMENTS.render_data(&notice).is_err(),
        "a code holds ASCII only"
    );
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let first = DOCUMENTS.render_data(&Receipt::sample()).expect("renders");
    let second = Documents::new(FontSource::Embedded, None)
        .expect("fonts")
        .render_data(&Receipt::sample())
        .expect("renders");
    assert!(
        first == second,
        "rendering must not depend on clock, randomness or cache"
    );
}

#[test]
fn data_is_never_read_as_typst() {
    let mut sample = Receipt::sample();
    sample.case.applicant_name = "#read(\"/etc/passwd\") *粗* $x$ \\ \"引号\" <b>".to_owned();
    let text = text_of(&DOCUMENTS.render_data(&sample).expect("renders"));
    assert!(
        text.contains("#read(\"/etc/passwd\")*粗*$x$\\\"引号\"<b>"),
        "{text}"
    );
}

#[test]
fn the_file_is_dated_by_the_document() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("document.pdf");
    std::fs::write(
        &file,
        DOCUMENTS.render_data(&Receipt::sample()).expect("renders"),
    )
    .expect("written");
    let info = poppler("pdfinfo", &["-rawdates"], &file, &[]);
    assert!(info.contains("D:20261116000000+08'00"), "{info}");
}

fn check_refusal(change: impl Fn(&mut Value), expected: Expect) {
    let mut sample = data::sample(DocumentTemplate::Receipt);
    change(&mut sample);
    let error = DOCUMENTS
        .render(DocumentTemplate::Receipt, &sample)
        .expect_err("must be refused");
    expected.assert_eq(&error.to_string());
}

#[test]
fn what_cannot_be_printed_is_refused_by_name() {
    check_refusal(
        |sample| sample["materials"][2]["name"] = json!("\u{2CEA1}记饭店执照"),
        expect![
            "字段 materials[2].name 中的“𬺡”(U+2CEA1)没有字体能印：请管理员把含此字的字体放进字体文件夹后重试"
        ],
    );
    check_refusal(
        |sample| sample["counter"] = json!("窗口\u{7}"),
        expect!["字段 counter 中有不能印的控制字符 U+0007：请删去后重试"],
    );
    check_refusal(
        |sample| sample["head"]["issued_on"] = json!("昨天"),
        expect!["文书数据缺少字段 head.issued_on：必须是日期，例如 2026-11-20"],
    );
    check_refusal(
        |sample| sample["head"]["verification"]["url"] = json!("https://紫阳.example/"),
        expect![
            "核验网址不能生成二维码：二维码内容只能用可打印的 ASCII 字符，第 9 个字符“紫”不行：请先做网址编码"
        ],
    );
    let mut large = data::sample(DocumentTemplate::Receipt);
    large["counter"] = json!("长".repeat(200_000));
    let refused = DOCUMENTS.render(DocumentTemplate::Receipt, &large);
    assert!(matches!(
        refused,
        Err(DocumentError::DataTooLarge { bytes: 600_000.. })
    ));
}

#[test]
fn a_county_may_replace_a_template() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let documents =
        Documents::new(FontSource::Embedded, Some(folder.path().to_owned())).expect("fonts");
    let own = "#set document(title: [本县收件单])\n#set text(font: \"Noto Sans SC\", lang: \"zh\")\n本县自己的收件单 #json(\"/data.json\").case.case_number";
    std::fs::write(folder.path().join("receipt.typ"), own).expect("written");
    let text = text_of(&documents.render_data(&Receipt::sample()).expect("renders"));
    assert!(
        text.contains("本县自己的收件单610924-SPJ-20261116-000412"),
        "{text}"
    );

    // Neither the file system nor the network is in reach of a template.
    for source in [
        "#read(\"/../secret\")",
        "#read(\"folder/secret\")",
        "#import \"@preview/cetz:0.4.0\"",
        "#datetime.today()",
    ] {
        std::fs::write(folder.path().join("receipt.typ"), format!("\n{source}")).expect("written");
        let error = documents.render_data(&Receipt::sample()).expect_err(source);
        assert!(
            matches!(&error, DocumentError::Template { file, line: 2, .. } if file == "receipt.typ"),
            "{source}: {error}"
        );
    }
}

#[test]
fn rare_characters_come_from_the_county_s_font_folder() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(Documents::new(FontSource::EmbeddedAndFolder(empty.path().to_owned()), None).is_ok());
    let absent = empty.path().join("absent");
    assert!(matches!(
        Documents::new(FontSource::EmbeddedAndFolder(absent), None),
        Err(DocumentError::FontFolder { .. })
    ));
}

#[test]
fn a_kind_of_licence_may_have_a_layout_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let documents =
        Documents::new(FontSource::Embedded, Some(folder.path().to_owned())).expect("fonts");
    let own = "#set document(title: [许可证])\n#set text(font: \"Noto Sans SC\", lang: \"zh\")\n本县的食品许可证 #json(\"/data.json\").holder_name";
    let food = Certificate::sample();
    let file = format!("certificate-{}.typ", food.name);
    std::fs::write(folder.path().join(&file), own).expect("written");
    let text = text_of(&documents.render_data(&food).expect("renders"));
    assert!(text.contains("本县的食品许可证"), "{text}");
    // Another kind keeps the general layout, and a name is never a way to another file.
    for name in ["营业执照", "../receipt", ""] {
        let other = Certificate {
            name: name.to_owned(),
            ..Certificate::sample()
        };
        let text = text_of(&documents.render_data(&other).expect(name));
        assert!(!text.contains("本县的食品许可证"), "{name}: {text}");
    }
}
