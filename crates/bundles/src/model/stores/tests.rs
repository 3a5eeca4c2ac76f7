//! Which stores a batch may have, and what follows for each of its parts.

use expect_test::{Expect, expect};
use serde_json::json;
use wuchuang_kernel::{BundleId, CommandId, PersonId, Personal};

use super::{super::inspection::tests::part, *};

const PERSON: PersonId = PersonId::from_u128(9);

fn store(serial: u128, name: &str) -> SubmittedStore {
    SubmittedStore {
        name: Personal::new(PERSON, name.to_owned()),
        answers: Personal::new(PERSON, json!({ "premises": format!("环城路{serial}号") })),
        key: CommandId::from_u128(100 + serial),
    }
}

fn batch(names: &[&str]) -> JointSubmission {
    let mut common = part(7, &[]);
    common.application.answers = Personal::new(PERSON, json!({ "area": 60, "premises": "总部" }));
    JointSubmission {
        bundle: BundleId::from_u128(1),
        bundle_version: 0,
        name: "食品经营许可".into(),
        refusal: REFUSAL.into(),
        person: PERSON,
        check_code: String::new(),
        parts: vec![common],
        lead: None,
        stores: (1..)
            .zip(names)
            .map(|(serial, name)| store(serial, name))
            .collect(),
    }
}

fn check_stores(names: &[&str], expected: Expect) {
    let told = match check(&batch(names)) {
        Ok(()) => "received".to_owned(),
        Err(refusal) => format!("{}: {}", refusal.code, refusal.public),
    };
    expected.assert_eq(&told);
}

#[test]
fn a_batch_has_several_stores_each_with_its_own_name() {
    check_stores(&["城关店", "汉王店"], expect!["received"]);
    check_stores(
        &["城关店"],
        expect![
            "batch_stores: 批量办理要有2至200家门店，现在是1家。只有一家的请用窗口收件，更多的请分批提交。"
        ],
    );
    check_stores(
        &["店"; 201],
        expect![
            "batch_stores: 批量办理要有2至200家门店，现在是201家。只有一家的请用窗口收件，更多的请分批提交。"
        ],
    );
    check_stores(
        &["城关店", " "],
        expect!["batch_stores: 第2行没有门店名称，请填写。"],
    );
    check_stores(
        &["城关店", "汉王店", "城关店"],
        expect![
            "batch_stores: 第3行的门店名称与前面的重复，请核对是不是同一家；不是的请写明区别。"
        ],
    );
    check_stores(
        &["城关店", &"长".repeat(61)],
        expect!["batch_stores: 第2行的门店名称太长，最多60个字。"],
    );
    let mut two = batch(&["城关店", "汉王店"]);
    two.parts.push(part(8, &[]));
    assert!(check(&two).is_err(), "a batch is of one item");
}

#[test]
fn each_store_has_a_part_with_its_own_key_and_answers() {
    let parts = parts(&batch(&["城关店", "汉王店"]));
    let told: Vec<String> = parts
        .iter()
        .map(|part| {
            let submitted = &part.submitted;
            format!(
                "{} {} {} {}",
                submitted.id.store,
                part.title(),
                submitted.key.uuid().as_u128(),
                submitted.application.answers.get().unwrap(),
            )
        })
        .collect();
    expect![[r#"
        1 城关店 · 事项7 101 {"area":60,"premises":"环城路1号"}
        2 汉王店 · 事项7 102 {"area":60,"premises":"环城路2号"}"#]]
    .assert_eq(&told.join("\n"));
    let key = parts[1].submitted.id;
    assert_eq!(
        key.to_string().parse(),
        Ok(key),
        "a key is read as it is written"
    );
    let text = serde_json::to_string(&key).unwrap();
    assert_eq!(serde_json::from_str::<PartKey>(&text).unwrap(), key);
}

#[test]
fn what_was_handed_in_before_there_were_batches_reads_as_before() {
    let mut alone = batch(&[]);
    alone.parts.push(part(8, &[]));
    let mut text = serde_json::to_value(&alone).unwrap();
    let sent = text.as_object_mut().unwrap();
    assert!(!sent.contains_key("stores"), "{sent:?}");
    let read: JointSubmission = serde_json::from_value(text).unwrap();
    let told: Vec<String> = parts(&read).iter().map(Part::title).collect();
    assert_eq!(told, ["事项7", "事项8"]);
}
