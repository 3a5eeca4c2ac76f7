//! Which source answers which question.

use expect_test::{Expect, expect};
use jiff::civil::date;
use serde_json::json;
use wuchuang_kernel::LicenceId;
use wuchuang_webkit::{
    forms::NoLists,
    language::{Language, Texts},
};

use super::*;

const NUMBER: &str = "61092419900101002X";

fn translator() -> Translator {
    Translator::new(Language::SimplifiedChinese, Arc::new(Texts::default()))
}

fn citizen() -> CitizenEntry {
    CitizenEntry {
        person: PersonId::from_u128(1),
        name: "王小明".to_owned(),
        number: NUMBER.to_owned(),
        phone: "13891500000".to_owned(),
        phone_is_proved: true,
    }
}

fn person_form() -> Form {
    let schema = json!({"type": "object", "properties": {
        "name": {"type": "string", "x-label": "姓名", "x-element": "applicant.name"},
        "phone": {"type": "string", "x-label": "电话", "x-widget": "phone", "x-element": "applicant.phone"},
        "address": {"type": "string", "x-label": "住址", "maxLength": 10, "x-element": "applicant.address"},
        "area": {"type": "number", "x-label": "面积", "x-element": "business.area"},
        "bank": {"type": "string", "x-label": "账号", "x-element": "person.bank_account"},
        "other": {"type": "string", "x-label": "其他"},
    }});
    Form::parse(&schema.to_string()).unwrap()
}

fn organisation_form() -> Form {
    let schema = json!({"type": "object", "properties": {
        "organisation": {"type": "string", "x-label": "单位", "x-element": "organisation.name"},
        "code": {"type": "string", "x-label": "代码", "x-element": "organisation.number"},
        "address": {"type": "string", "x-label": "住所", "x-element": "organisation.address"},
        "contact": {"type": "string", "x-label": "联系人", "x-element": "organisation.contact"},
    }});
    Form::parse(&schema.to_string()).unwrap()
}

fn said(kind: ApplicantKind, number: &str, month: i8, pairs: &[(&str, Value)]) -> Statement {
    let day = date(2026, month, 6);
    let source = if month % 2 == 0 {
        KnownSource::Licence {
            licence: LicenceId::from_u128(9),
            name: "食品经营许可证".to_owned(),
            number: "JY1".to_owned(),
            issued_on: day,
        }
    } else {
        KnownSource::EarlierCase {
            case: CaseId::from_u128(3),
            number: "610924SPJU20260506000412".to_owned(),
            item: "食品经营许可".to_owned(),
            received_on: day,
        }
    };
    let at = day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    Statement {
        source,
        at,
        kind,
        number: number.to_owned(),
        by_element: pairs
            .iter()
            .map(|(element, value)| ((*element).to_owned(), value.clone()))
            .collect(),
    }
}

fn known(form: &Form, statements: &[Statement]) -> Vec<KnownAnswer> {
    let (translator, citizen) = (translator(), citizen());
    let asked = Asked {
        form,
        lists: &NoLists,
        translator: &translator,
        citizen: &citizen,
    };
    asked.answers(statements)
}

fn check(form: &Form, statements: &[Statement], expected: &Expect) {
    let told: Vec<String> = known(form, statements)
        .iter()
        .map(|one| {
            let was = one.was.get().unwrap();
            format!("{}={was} {}", one.field, one.source.words(&translator()))
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn the_newest_source_that_the_form_takes_answers() {
    let person = ApplicantKind::Person;
    check(
        &person_form(),
        &[
            said(
                person,
                NUMBER,
                3,
                &[
                    ("applicant.address", json!("三组")),
                    ("business.area", json!(80)),
                ],
            ),
            said(
                person,
                NUMBER,
                6,
                &[("applicant.address", json!("二组14号"))],
            ),
            // Too long for this form, so the next newest answers.
            said(
                person,
                NUMBER,
                7,
                &[("applicant.address", json!("紫阳县汉王镇汉城村二组14号"))],
            ),
        ],
        &expect![[r#"
            name="王小明" 取自登记的个人信息
            phone="13891500000" 取自登记的个人信息
            address="二组14号" 取自《食品经营许可证》（2026年6月6日发）
            area=80 取自2026年3月6日办理的“食品经营许可”（办件号 610924 SPJU 20260506 000412）"#]],
    );
}

#[test]
fn nothing_is_taken_that_is_sensitive_or_speaks_of_somebody_else() {
    check(
        &person_form(),
        &[
            said(
                ApplicantKind::Person,
                NUMBER,
                3,
                &[("person.bank_account", json!("62220000000"))],
            ),
            said(
                ApplicantKind::Person,
                "610924198001011234",
                5,
                &[("applicant.address", json!("别人家"))],
            ),
            said(
                ApplicantKind::Organisation,
                NUMBER,
                7,
                &[("applicant.address", json!("公司"))],
            ),
        ],
        &expect![[r#"
            name="王小明" 取自登记的个人信息
            phone="13891500000" 取自登记的个人信息"#]],
    );
}

#[test]
fn all_answers_of_an_organisation_speak_of_the_same_one() {
    let of = |number: &str, month, name: &str, address: Option<&str>| {
        let mut pairs = vec![
            ("organisation.name", json!(name)),
            ("organisation.number", json!(number)),
        ];
        pairs.extend(address.map(|address| ("organisation.address", json!(address))));
        said(ApplicantKind::Organisation, number, month, &pairs)
    };
    let statements = [
        of("B", 7, "乙公司", None),
        of("A", 5, "甲公司", Some("甲路")),
        of("B", 3, "乙公司", Some("乙路")),
    ];
    check(
        &organisation_form(),
        &statements,
        &expect![[r#"
            organisation="乙公司" 取自2026年7月6日办理的“食品经营许可”（办件号 610924 SPJU 20260506 000412）
            code="B" 取自2026年7月6日办理的“食品经营许可”（办件号 610924 SPJU 20260506 000412）
            address="乙路" 取自2026年3月6日办理的“食品经营许可”（办件号 610924 SPJU 20260506 000412）
            contact="王小明" 取自登记的个人信息"#]],
    );
    let known = known(&organisation_form(), &statements);
    let brings = |answers: Value| {
        let form = organisation_form();
        let brought = brought(&known, &form, answers.as_object().unwrap());
        let fields: Vec<String> = brought.into_iter().map(|one| one.field).collect();
        fields.join(" ")
    };
    // Another address is another answer of the same organisation; another code is another organisation.
    assert_eq!(
        brings(json!({"code": "B", "address": "丙路"})),
        "organisation code address"
    );
    assert_eq!(brings(json!({"code": "C", "address": "丙路"})), "");
}

#[test]
fn a_page_keeps_the_reason_and_the_case_tells_it() {
    let form = person_form();
    let mut known = known(
        &form,
        &[said(
            ApplicantKind::Person,
            NUMBER,
            3,
            &[("applicant.address", json!("三组"))],
        )],
    );
    let pairs = [("address.reason".to_owned(), " 搬家 ".to_owned())];
    read_reasons(&mut known, &pairs);
    let answers = json!({"name": "王小明", "phone": "13900000000", "address": "四组"});
    let answers = answers.as_object().unwrap();
    let notes = notes(&known, answers, &translator());
    assert!(notes["address"].is_changed && notes["address"].reason.as_deref() == Some("搬家"));
    assert_eq!(
        (notes["phone"].is_changed, notes["phone"].reason.as_ref()),
        (false, None)
    );
    let brought = brought(&known, &form, answers);
    assert_eq!(brought.len(), 1);
    let told = brought[0].told(&form, answers, &NoLists, Disclosure::Masked, &translator());
    expect!["原：三组（取自2026年3月6日办理的“食品经营许可”（办件号 610924 SPJU 20260506 000412）），申请人改为：四组，理由：搬家"].assert_eq(&told);
}
