//! Nothing is asked again that a licence or an earlier case answers: the answer stands there with its source, is changed with a
//! reason that the clerk reads, belongs to its applicant alone, and is gone with them.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::PersonId;

use super::{settled, sign_in, sign_in_as};
use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse},
    people::bundles::{house_on, joint_application},
    pictures::photograph,
};

const CASES: &str = "/api/v1/cases";
const KNOWN: &str = "/api/v1/cases/known";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Grants what a body applies for, and waits for its licence.
async fn granted(test: &TestHouse, county: &County, body: &Value) -> String {
    let mut clerk = test.client_as(county.clerk());
    let received = clerk.post_json(CASES, body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = text(&received.json()["case"]);
    let path = format!("{CASES}/{case}/accept-and-grant");
    let opinion = json!({"opinion": "符合条件，同意。"});
    let granted = clerk.post_json(&path, &opinion).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    test.run_jobs().await;
    case
}

/// Begins an application for the small shop; tells the address of the draft.
async fn begun(citizen: &mut Client, county: &County, key: u32) -> String {
    let key = format!("0192f0c2a4b17c3e9d5566778899{key:04}");
    let path = format!("/apply/{}", county.instant);
    let begun = citizen.post(&path, &[("command_id", &key)]).await;
    assert!(begun.status.is_redirection(), "{}", begun.text());
    begun.header("location").replace("/form/1", "")
}

fn who<'a>(number: &'a str, detail: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", "王小明"),
        ("number", number),
        ("phone", "13891500033"),
        ("address_village", "610924102001"),
        ("address_detail", detail),
        ("address_detail.reason", reason),
    ]
}

const SHOP: [(&str, &str); 5] = [
    ("shop_name", "小明杂货二店"),
    ("premises", "城关镇河堤路12号"),
    ("kind", "小食杂店"),
    ("area", "30"),
    ("goods", "粮油"),
];

/// Hands the papers and the application in; tells the case.
async fn handed_in(citizen: &mut Client, draft: &str) -> String {
    for material in 1..=4 {
        let path = format!("{draft}/materials/m{material}");
        let taken = citizen.upload(&path, "材料.png", &photograph()).await;
        assert!(taken.status.is_redirection(), "{path}: {}", taken.text());
    }
    let delivery = [("method", "electronic"), ("address", "")];
    citizen.post(&format!("{draft}/delivery"), &delivery).await;
    let check = format!("{draft}/check");
    let summary = citizen.get(&check).await.text();
    assert!(summary.contains("理由：搬到五组"), "{summary}");
    let (_, rest) = summary
        .split_once("name=\"command_id\" value=\"")
        .expect(&summary);
    let key = rest[..36].split('"').next().unwrap().to_owned();
    let send = [("command_id", key.as_str()), ("declared", "true")];
    let sent = citizen.post(&check, &send).await;
    assert!(sent.status.is_redirection(), "{}", sent.text());
    let (_, case) = sent.header("location").split_once("/apply/done/").unwrap();
    case.to_owned()
}

#[tokio::test]
async fn a_known_answer_says_its_source_and_another_one_its_reason() {
    for (engine, test) in TestHouse::both().await {
        let (county, _) = settled(&test).await;
        let mut citizen = test.client();
        sign_in(&mut citizen).await;
        granted(&test, &county, &county.instant_application(33)).await;

        let draft = begun(&mut citizen, &county, 1).await;
        let page = format!("{draft}/form/1");
        let shown = citizen.get(&page).await.text();
        for words in [
            "取自登记的个人信息",
            "<summary>取自《",
            "三组12号",
            "name=\"address_detail.reason\"",
        ] {
            assert!(shown.contains(words), "{engine} {words} {shown}");
        }
        assert!(!shown.contains("name=\"phone.reason\""), "{engine} {shown}");

        // Somebody else who begins the same application sees nothing of it.
        let mut other = test.client();
        sign_in_as(&mut other, 44).await;
        let theirs = begun(&mut other, &county, 2).await;
        let theirs = other.get(&format!("{theirs}/form/1")).await.text();
        assert!(
            !theirs.contains("三组12号") && !theirs.contains("取自《"),
            "{theirs}"
        );

        let number = citizen_number(33);
        let refused = citizen.post(&page, &who(&number, "五组1号", " ")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let refused = refused.text();
        for words in [
            "“详细住址”和《",
            "请写明为什么改，或者改回原来的内容。",
            "href=\"#field-address_detail.reason\"",
            "value=\"五组1号\"",
            "data-known=\"address_detail\" open",
        ] {
            assert!(refused.contains(words), "{engine} {words} {refused}");
        }
        // It stands in the way at the end, too, and is not handed in.
        let check = citizen.get(&format!("{draft}/check")).await.text();
        assert!(check.contains("“详细住址”和《"), "{engine} {check}");

        let saved = citizen
            .post(&page, &who(&number, "五组1号", "搬到五组"))
            .await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());
        let second = citizen.get(&format!("{draft}/form/2")).await.text();
        assert!(second.contains("城关镇河堤路12号"), "{engine} {second}");
        let saved = citizen.post(&format!("{draft}/form/2"), &SHOP).await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());
        let case = handed_in(&mut citizen, &draft).await;

        let desk = test.client_as(county.supervisor());
        tells(desk, engine, &case).await;
        let own = citizen.get(&format!("{CASES}/{case}")).await.json();
        let known = own["known"].as_array().unwrap().iter();
        let address = known
            .clone()
            .find(|one| one["field"] == "address_detail")
            .unwrap();
        assert_eq!(address["was"], "三组12号", "{engine} {own}");
        assert_eq!(address["reason"], "搬到五组", "{engine} {own}");
        let premises = known
            .clone()
            .find(|one| one["field"] == "premises")
            .unwrap();
        assert_eq!(premises["is_changed"], false, "{engine} {own}");

        forgotten(&test, &county, engine, &own).await;
        test.check_ledger(engine).await;
    }
}

/// The clerk reads what it was and why it changed; a program without the right to more is told only that it did.
async fn tells(mut desk: Client, engine: &str, case: &str) {
    let page = desk.get(&format!("/staff/cases/{case}")).await.text();
    assert!(
        page.contains("原：三组12号（取自《")
            && page.contains("申请人改为：五组1号，理由：搬到五组"),
        "{engine} {page}"
    );
    let masked = desk.get(&format!("{CASES}/{case}")).await.json();
    let known = masked["known"].as_array().unwrap().iter();
    let address = known
        .clone()
        .find(|one| one["field"] == "address_detail")
        .unwrap();
    assert_eq!(address["is_changed"], true, "{engine} {masked}");
    assert!(
        address["was"].is_null() && address["reason"].is_null(),
        "{engine} {masked}"
    );
}

/// After the person was forgotten neither the case nor a new form knows anything.
async fn forgotten(test: &TestHouse, county: &County, engine: &str, case: &Value) {
    let person: PersonId = text(&case["applicant"]["person"]).parse().unwrap();
    let region = test.house.configuration().site.region;
    test.house.ledger().forget(region, person).await.unwrap();
    test.run_jobs().await;
    let mut clerk = test.client_as(county.clerk());
    let page = clerk
        .get(&format!("/staff/cases/{}", text(&case["id"])))
        .await;
    assert!(
        !page.text().contains("三组12号"),
        "{engine} {}",
        page.text()
    );
    assert!(
        !page.text().contains("搬到五组"),
        "{engine} {}",
        page.text()
    );
    let asked = json!({"item": county.instant.to_string(), "number": citizen_number(33)});
    let known = clerk.post_json(KNOWN, &asked).await;
    assert_eq!(known.status, StatusCode::OK, "{engine} {}", known.text());
    let told = known.text();
    assert!(
        !told.contains("licence:") && !told.contains("case:"),
        "{engine} {told}"
    );
}

#[tokio::test]
async fn a_program_names_the_source_that_it_takes_and_the_reason_that_it_changes() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        granted(&test, &county, &county.instant_application(5)).await;
        let asked =
            |serial| json!({"item": county.instant.to_string(), "number": citizen_number(serial)});
        let known = clerk.post_json(KNOWN, &asked(5)).await.json();
        let items = known["items"].as_array().unwrap();
        let premises = items.iter().find(|one| one["field"] == "premises").unwrap();
        assert_eq!(premises["value"], "城关镇河堤路12号", "{engine} {known}");
        assert_eq!(premises["needs_reason"], true, "{engine} {known}");
        let source = text(&premises["source"]);
        assert!(source.starts_with("licence:"), "{engine} {known}");
        let nobody = clerk.post_json(KNOWN, &asked(6)).await.json();
        assert_eq!(nobody["items"], json!([]), "{engine}");

        let body = |serial: u32, place: &str, source: &str, reason: &str| {
            let mut body = county.instant_application(serial);
            body["answers"]["premises"] = place.into();
            body["known"] = json!([{"field": "premises", "source": source, "reason": reason}]);
            body
        };
        let old = "城关镇河堤路12号";
        for (body, field) in [
            (body(5, "城关镇环城路1号", &source, ""), "premises.reason"),
            (
                body(5, "城关镇环城路1号", &source, &"长".repeat(201)),
                "premises.reason",
            ),
            (
                body(5, old, "licence:0192f0c2a4b17c3e9d5566778899aabb", ""),
                "known[0].source",
            ),
            // What is known of somebody else is not this applicant's.
            (body(6, old, &source, ""), "known[0].source"),
        ] {
            let refused = clerk.post_json(CASES, &body).await;
            let told = refused.text();
            assert_eq!(
                refused.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{engine} {told}"
            );
            assert_eq!(
                refused.json()["errors"][0]["field"],
                field,
                "{engine} {told}"
            );
        }
        let moved = body(5, "城关镇环城路1号", &source, "换了门面");
        let first = clerk.command(CASES, "moved", &moved).await;
        assert_eq!(
            first.status,
            StatusCode::CREATED,
            "{engine} {}",
            first.text()
        );
        let again = clerk.command(CASES, "moved", &moved).await;
        assert_eq!(again.json()["case"], first.json()["case"], "{engine}");
        let kept = clerk.post_json(CASES, &body(5, old, &source, "")).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{engine} {}", kept.text());
        test.check_ledger(engine).await;
    }
}

/// The joined form of several items asks nothing again either: its known answers are named once and kept by each part.
#[tokio::test]
async fn a_program_names_what_is_known_for_several_items_at_once() {
    const JOINTS: &str = "/api/v1/joints";
    for (engine, test) in TestHouse::both().await {
        let (test, county) = house_on(test).await;
        let mut clerk = test.client_as(county.clerk());
        let body = joint_application();
        let asked = json!({"bundle": body["bundle"], "situation": body["situation"], "number": citizen_number(33)});
        let path = format!("{JOINTS}/known");
        let nobody = clerk.post_json(&path, &asked).await;
        assert_eq!(
            nobody.json()["items"],
            json!([]),
            "{engine} {}",
            nobody.text()
        );
        let first = clerk.post_json(JOINTS, &body).await;
        assert_eq!(
            first.status,
            StatusCode::CREATED,
            "{engine} {}",
            first.text()
        );
        for case in first.json()["cases"].as_array().unwrap() {
            let accept = format!("{CASES}/{}/accept", text(case));
            clerk.post_json(&accept, &json!({})).await;
        }
        let known = clerk.post_json(&path, &asked).await.json();
        let items = known["items"].as_array().unwrap();
        let village = items.iter().find(|one| one["field"] == "address_village");
        let village = village.unwrap_or_else(|| panic!("{engine} {known}"));
        assert_eq!(village["value"], "610924102200", "{engine} {known}");
        let source = text(&village["source"]);
        assert!(source.starts_with("case:"), "{engine} {known}");

        let moved = |reason: &str| {
            let mut body = joint_application();
            body["answers"]["address_village"] = json!("610924102001");
            body["known"] =
                json!([{"field": "address_village", "source": source, "reason": reason}]);
            body
        };
        let refused = clerk.post_json(JOINTS, &moved("")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let told = refused.text();
        assert!(told.contains("address_village"), "{engine} {told}");
        let sent = clerk.command(JOINTS, "moved", &moved("搬到城里")).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{engine} {}", sent.text());
        let again = clerk.command(JOINTS, "moved", &moved("搬到城里")).await;
        assert_eq!(again.json(), sent.json(), "{engine}");
        for case in sent.json()["cases"].as_array().unwrap() {
            let kept = clerk.get(&format!("{CASES}/{}", text(case))).await.json();
            let kept = kept["known"].as_array().unwrap().iter();
            let changed = kept.filter(|one| one["is_changed"] == true);
            assert_eq!(changed.count(), 1, "{engine} {}", text(case));
        }
        test.check_ledger(engine).await;
    }
}
