//! Tables of what follows from each button.

use expect_test::{Expect, expect};
use wuchuang_catalogue::{
    exchange::form::{ApplicantForm, basic},
    model::{ItemMaterial, TimeLimit},
};
use wuchuang_codes::HandlingKind;
use wuchuang_licences::reuse::Stock;

use super::*;

fn content() -> ItemContent {
    ItemContent {
        conditional_acceptance_allowed: true,
        promised_limit: TimeLimit::working_days(3),
        delivery_methods: vec![DeliveryMethod::Counter, DeliveryMethod::Post],
        materials: vec![
            ItemMaterial {
                id: "m1".into(),
                name: "申请书".into(),
                ..ItemMaterial::default()
            },
            ItemMaterial {
                id: "m2".into(),
                name: "平面图".into(),
                tolerable: true,
                ..ItemMaterial::default()
            },
        ],
        ..ItemContent::default()
    }
}

fn check(content: &ItemContent, deed: Deed, typed: &[(&str, &str)], expected: &Expect) {
    let form = Form::parse(&basic("失业登记", ApplicantForm::Person).to_string()).unwrap();
    let sheet = Sheet::of(typed);
    let mut checklist = Checklist::of(content, &Stock::default(), None);
    checklist.read(&sheet);
    let mut wrong_answers = FieldErrors::new();
    if sheet.is_ticked("wrong") {
        wrong_answers.add("phone", "请填写联系电话。");
    }
    let table = Table {
        person: PersonId::from_u128(1),
        content,
        form: &form,
        wrong_answers: &wrong_answers,
        checklist: &checklist,
    };
    let mut about = About::of(content);
    let read = About::read(&sheet);
    if sheet.is_ticked("typed") {
        about = read;
    }
    let mut errors = FieldErrors::new();
    let command = about.command(deed, &table, &mut errors);
    let text = match &command {
        None => "nothing follows".to_owned(),
        Some(CaseCommand::Accept { conditional }) => format!("accept {conditional:?}"),
        Some(CaseCommand::AcceptAndGrant { opinion }) => format!("grant {}", opinion.text()),
        Some(CaseCommand::NotifyCorrection { defects, answer_by }) => {
            let names: Vec<String> = defects
                .iter()
                .map(|defect| format!("{} {}", defect.key, defect.name))
                .collect();
            format!("correct {names:?} {answer_by:?}")
        }
        Some(CaseCommand::RefuseAcceptance { ground, reason }) => {
            format!("refuse {ground:?} {}", reason.text())
        }
        Some(_) => "another".to_owned(),
    };
    let errors: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect();
    expected.assert_eq(&format!("{text}\n{}", errors.join("\n")));
}

#[test]
fn acceptance_waits_for_what_may_not_follow() {
    check(
        &content(),
        Deed::Accept,
        &[("mark-m1", "complete"), ("mark-m2", "owed")],
        &expect![[r#"
            accept Some(Conditional { materials: ["m2"], days: 3, undertaking: None })
            undertaking: 标了容缺的材料，要请申请人作出容缺承诺并签字，再勾选这一栏；不愿承诺的，请一次性告知补正。"#]],
    );
    check(
        &content(),
        Deed::Accept,
        &[("mark-m2", "complete")],
        &expect![[r#"
            accept None
            mark-m1: “申请书”还缺：请补齐或一次性告知补正。"#]],
    );
    check(
        &content(),
        Deed::Accept,
        &[
            ("typed", "true"),
            ("mark-m1", "complete"),
            ("mark-m2", "owed"),
            ("supplement-days", "0"),
            ("undertaking", "true"),
        ],
        &expect![[r#"
            accept Some(Conditional { materials: ["m2"], days: 0, undertaking: None })
            supplement-days: 请填写容缺补正期限：1 以上的整数，按工作日计。"#]],
    );
}

#[test]
fn instant_items_are_granted_in_one_sitting() {
    let instant = ItemContent {
        handling: HandlingKind::Instant,
        promised_limit: TimeLimit::on_the_spot(),
        ..content()
    };
    check(
        &instant,
        Deed::Accept,
        &[("mark-m1", "complete"), ("mark-m2", "complete")],
        &expect![[r#"
            grant 经当场核对，材料齐全，符合法定条件，准予办理。
        "#]],
    );
}

#[test]
fn one_notice_tells_everything() {
    check(
        &content(),
        Deed::Correct,
        &[
            ("typed", "true"),
            ("mark-m2", "owed"),
            ("wrong", "true"),
            ("other-defect", "照片不清楚，请重拍。"),
            ("answer-by", "2026-12-01"),
        ],
        &expect![[r#"
            correct ["material:m1 申请书", "material:m2 平面图", "field:phone 联系电话", "other:5773d3f6bcca 其他"] Some(2026-12-01)
        "#]],
    );
    check(
        &content(),
        Deed::Correct,
        &[
            ("typed", "true"),
            ("mark-m1", "complete"),
            ("mark-m2", "complete"),
            ("answer-by", "明天"),
        ],
        &expect![[r#"
            correct [] None
            other-defect: 没有要告知的内容：材料和表单都齐全时请收件并受理；另有问题请写在这里。
            answer-by: 补正日期要写成 2026-12-01 的样子，或留空。"#]],
    );
}

#[test]
fn who_is_refused_reads_why_and_where_to_go() {
    check(
        &content(),
        Deed::Refuse,
        &[("typed", "true"), ("refusal-ground", "not_competent")],
        &expect![[r#"
            refuse NotCompetent { authority: "" } 
            refusal-reason: 请写明不予受理的理由，申请人会收到。
            refusal-authority: 请写明应当向哪个机关申请（《行政许可法》第三十二条）。"#]],
    );
    check(
        &content(),
        Deed::Refuse,
        &[
            ("typed", "true"),
            ("refusal-ground", "other"),
            ("refusal-reason", "不在本县居住。"),
        ],
        &expect![[r#"
            refuse Other 不在本县居住。
        "#]],
    );
    check(
        &content(),
        Deed::Receive,
        &[],
        &expect!["nothing follows\n"],
    );
}

#[test]
fn buttons_are_read_and_enter_files_nothing() {
    let pressed = |pairs: &[(&str, &str)]| Pressed::of(&Sheet::of(pairs));
    assert_eq!(pressed(&[("deed", "accept")]), Pressed::File(Deed::Accept));
    assert_eq!(pressed(&[("deed", "check")]), Pressed::Check);
    assert_eq!(pressed(&[]), Pressed::Check);
    assert_eq!(pressed(&[("deed", "drop")]), Pressed::Check);
}

#[test]
fn delivery_and_agent_name_what_is_missing() {
    let person = PersonId::from_u128(1);
    let mut errors = FieldErrors::new();
    let about = About {
        delivery: "post".to_owned(),
        has_agent: true,
        agent_number: "1".to_owned(),
        ..About::of(&content())
    };
    assert!(matches!(
        about.delivery(&content(), person, &mut errors),
        DeliveryChoice::Post { .. }
    ));
    assert!(about.agent(person, &mut errors).is_some());
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["post-address", "agent-name", "agent-number"]);
    let mut errors = FieldErrors::new();
    let electronic = About {
        delivery: "electronic".to_owned(),
        ..About::of(&content())
    };
    assert_eq!(
        electronic.delivery(&content(), person, &mut errors),
        DeliveryChoice::Counter
    );
    assert_eq!(errors.len(), 1, "an item's methods are its own");
}

#[test]
fn an_undertaking_goes_with_the_application_when_something_is_owed() {
    let made = |typed: &[(&str, &str)]| {
        let sheet = Sheet::of(typed);
        let mut checklist = Checklist::of(&content(), &Stock::default(), None);
        checklist.read(&sheet);
        About::read(&sheet)
            .undertaking(&content(), &checklist)
            .map(|undertaking| undertaking.materials)
    };
    let (owed, signed) = (("mark-m2", "owed"), ("undertaking", "true"));
    assert_eq!(made(&[owed, signed]), Some(vec!["m2".to_owned()]));
    assert_eq!(made(&[owed]), None);
    assert_eq!(made(&[signed]), None);
}

#[test]
fn the_cells_of_a_table_are_one_wish() {
    let schema = r#"{"type": "object", "title": "申请表", "properties": {"family": {"type": "array", "x-label": "家庭成员",
        "items": {"type": "object", "properties": {"name": {"type": "string", "x-label": "姓名"}, "born": {"type": "string", "x-label": "出生"}}}}}}"#;
    let mut wrong_answers = FieldErrors::new();
    wrong_answers.add("family.0.name", "家庭成员第 1 行：请填写姓名");
    wrong_answers.add("family.2.born", "家庭成员第 3 行：没有这一天");
    let content = content();
    let mut checklist = Checklist::of(&content, &Stock::default(), None);
    checklist.read(&Sheet::of(&[
        ("mark-m1", "complete"),
        ("mark-m2", "complete"),
    ]));
    let form = Form::parse(schema).unwrap();
    let table = Table {
        person: PersonId::from_u128(1),
        content: &content,
        form: &form,
        wrong_answers: &wrong_answers,
        checklist: &checklist,
    };
    let defects = About::of(&content).defects(&table);
    let told: Vec<String> = defects
        .iter()
        .map(|defect| format!("{} {}：{}", defect.key, defect.name, defect.problem))
        .collect();
    expect!["field:family 家庭成员：家庭成员第 1 行：请填写姓名；家庭成员第 3 行：没有这一天"]
        .assert_eq(&told.join("\n"));
}
