//! Which stores a batch may have, and what follows for each of its parts.

use expect_test::{Expect, expect};
use serde_json::json;
use wuchuang_cases::model::{MaterialSource, Undertaking};
use wuchuang_kernel::{BundleId, CommandId, MaterialId, PersonId, Personal};

use super::{super::inspection::tests::part, *};

const PERSON: PersonId = PersonId::from_u128(9);

fn store(serial: u128, name: &str) -> SubmittedStore {
    SubmittedStore {
        name: Personal::new(PERSON, name.to_owned()),
        answers: Personal::new(PERSON, json!({ "premises": format!("环城路{serial}号") })),
        key: CommandId::from_u128(100 + serial),
        materials: Vec::new(),
        undertaking: None,
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
            "batch_stores: 批量办理要有2至200家门店，现在超过200家。只有一家的请用窗口收件，更多的请分批提交。"
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

fn material(requirement: &str, name: &str) -> Material {
    Material {
        id: MaterialId::from_u128(1),
        requirement: (!requirement.is_empty()).then(|| requirement.to_owned()),
        name: name.to_owned(),
        source: MaterialSource::Uploaded,
        files: Vec::new(),
    }
}

#[test]
fn what_a_store_brings_for_itself_stands_before_what_is_for_all() {
    let common = [
        material("m1", "申请书"),
        material("m3", "平面图"),
        material("", "合同"),
    ];
    let own = [material("m3", "汉王店平面图"), material("", "照片")];
    let names = |materials: &[Material]| -> Vec<String> {
        materials.iter().map(|one| one.name.clone()).collect()
    };
    let all = with_own(&common, &own);
    assert_eq!(names(&all), ["申请书", "合同", "汉王店平面图", "照片"]);
    assert_eq!(names(&with_own(&common, &[])), ["申请书", "平面图", "合同"]);
    let keys = |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    let owed = owed(&keys(&["m3", "m5"]), &keys(&["m6", "m5"]), &all);
    assert_eq!(
        owed,
        ["m5", "m6"],
        "what is brought is not owed, nothing twice"
    );
}

#[test]
fn each_store_has_its_materials_and_the_undertaking_that_is_its_own() {
    let undertaking = |id: &str| Undertaking {
        materials: vec![id.to_owned()],
        text: format!("我承诺补齐{id}。"),
    };
    let mut sent = batch(&["城关店", "汉王店"]);
    let common = &mut sent.parts[0].application;
    common.materials = vec![material("m1", "申请书"), material("m3", "平面图")];
    common.undertaking = Some(undertaking("m5"));
    sent.stores[1].materials = vec![material("m3", "汉王店平面图")];
    sent.stores[1].undertaking = Some(undertaking("m6"));
    let told: Vec<String> = parts(&sent)
        .iter()
        .map(|part| {
            let application = &part.submitted.application;
            let names = application.materials.iter().map(|one| one.name.as_str());
            let names: Vec<&str> = names.collect();
            let owed = application.undertaking.as_ref().unwrap();
            format!("{} owes {}", names.join("、"), owed.materials.join("、"))
        })
        .collect();
    assert_eq!(
        told,
        ["申请书、平面图 owes m5", "申请书、汉王店平面图 owes m6"]
    );
    // Of the stores that differ each says its own, also that it owes nothing.
    let said = |owes: &[&str]| -> Vec<Option<Undertaking>> {
        let owes = owes.iter();
        owes.map(|id| (!id.is_empty()).then(|| undertaking(id)))
            .collect()
    };
    for owes in [
        &["m5", "m5", ""][..],
        &["m6", "m5", "m5"],
        &["", "m5", ""],
        &["", ""],
    ] {
        let mut own = said(owes);
        let common = undertaken_by_most(&mut own);
        let back: Vec<Option<Undertaking>> = own
            .iter()
            .map(|own| undertaken(common.as_ref(), own.as_ref()))
            .collect();
        assert_eq!(back, said(owes), "{owes:?}");
    }
    let mut many = said(&["m5", "m5", "m6", "m5"]);
    assert_eq!(undertaken_by_most(&mut many), Some(undertaking("m5")));
    assert_eq!(many, said(&["", "", "m6", ""]));
    // The item may be published anew in between: the same application under other names is still the same.
    let first = super::sent(&sent.stores);
    sent.stores[1].materials[0].name = "布局图".to_owned();
    sent.stores[1].undertaking.as_mut().unwrap().text = "别的文字".to_owned();
    assert_eq!(super::sent(&sent.stores), first);
    sent.stores[1].materials[0].requirement = Some("m4".to_owned());
    assert_ne!(super::sent(&sent.stores), first);
}
