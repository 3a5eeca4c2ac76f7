//! What must not be let in: each thing gets a sentence of its own and the name of its field, and leaves nothing
//! behind.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use wuchuang_codes::CitizenNumber;

use super::{check_problem, text_of};
use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse, request},
    pictures::photograph,
};

/// How a wrong application differs from a right one, and the field that the problem names.
fn wrong_applications() -> Vec<(Value, &'static str)> {
    let files: Vec<Value> = (0..51)
        .map(|_| json!({"sha256": "ab".repeat(32), "name": "照片.png"}))
        .collect();
    let long = "长".repeat(101);
    vec![
        (json!({"item": "0".repeat(32)}), "item"),
        (json!({"item": "nothing"}), "item"),
        (json!({"item": null}), "item"),
        (json!({"item_version": -1}), "item_version"),
        (json!({"applicant": {"name": ""}}), "applicant.name"),
        (json!({"applicant": {"name": long}}), "applicant.name"),
        (json!({"applicant": {"name": 7}}), "applicant.name"),
        (json!({"applicant": {"kind": "ghost"}}), "applicant.kind"),
        (
            json!({"applicant": {"number": "61092419900101002"}}),
            "applicant.number",
        ),
        (
            json!({"applicant": {"number": "610924199001010021"}}),
            "applicant.number",
        ),
        (json!({"applicant": {"phone": "12345"}}), "applicant.phone"),
        (
            json!({"applicant": {"email": "a".repeat(201)}}),
            "applicant.email",
        ),
        (
            json!({"applicant": {"address": "址".repeat(201)}}),
            "applicant.address",
        ),
        (
            json!({"applicant": {"kind": "organisation"}}),
            "applicant.handler",
        ),
        (json!({"applicant": {"admin": true}}), "applicant.admin"),
        (json!({"answers": {"kind": "赌场"}}), "answers.kind"),
        (json!({"answers": {"area": "大"}}), "answers.area"),
        (
            json!({"answers": {"address_village": "110101001001"}}),
            "answers.address_village",
        ),
        (
            json!({"answers": {"goods": "物".repeat(501)}}),
            "answers.goods",
        ),
        (json!({"delivery": {"way": "pigeon"}}), "delivery.way"),
        (
            json!({"delivery": {"way": "post", "address": " "}}),
            "delivery.address",
        ),
        (
            json!({"materials": [{"requirement": "m1", "files": files}]}),
            "materials",
        ),
        (
            json!({"materials": [{"requirement": "m1"}]}),
            "materials[0]",
        ),
        (json!({"materials": [{"paper_copies": 1}]}), "materials[0]"),
        (
            json!({"materials": [{"name": "证".repeat(121), "paper_copies": 1}]}),
            "materials[0]",
        ),
        (
            json!({"materials": [{"requirement": "m99", "name": "x", "paper_copies": 1}]}),
            "materials",
        ),
        (
            json!({"materials": [{"requirement": "m1", "files": [{"sha256": "../../keys/master.key", "name": "a"}]}]}),
            "materials",
        ),
        (json!({"stage": "closed"}), "stage"),
    ]
}

/// Lays one value over another.
fn overlay(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (name, value) in over {
                overlay(base.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

#[tokio::test]
async fn a_wrong_application_names_its_field_and_leaves_nothing() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut faults = Vec::new();
    for (over, field) in wrong_applications() {
        let mut body = county.instant_application(1);
        overlay(&mut body, &over);
        let answer = clerk.command("/api/v1/cases", "wrong", &body).await;
        let problem = answer.json();
        let named = problem["errors"][0]["field"].as_str().unwrap_or_default();
        let is_told = answer.status == StatusCode::UNPROCESSABLE_ENTITY && named == field;
        if !is_told {
            let shown: String = over.to_string().chars().take(80).collect();
            faults.push(format!(
                "{shown}: {} {named:?}, not {field:?}",
                answer.status
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let list = clerk.get("/api/v1/cases?closed=true").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "{list}");
    // Nor is anybody registered for an application that was refused.
    let number = CitizenNumber::parse(&citizen_number(1)).unwrap();
    let region = test.house.configuration().site.region;
    let directory = test.house.slices().access().directory();
    let found = directory.citizen_find_by_number(region, &number).await;
    assert!(found.unwrap().is_none());
}

#[tokio::test]
async fn a_body_that_is_too_large_or_of_another_kind_is_explained() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut large = county.instant_application(1);
    large["applicant"]["name"] = "名".repeat(10 * 1024 * 1024 / 3).into();
    let answer = clerk.post_json("/api/v1/cases", &large).await;
    check_problem(&answer, 413, "too_large", None);
    for (kind, body, status, code, field) in [
        ("text/plain", "{}", 422, "invalid", Some("Content-Type")),
        ("application/json", "", 422, "invalid", None),
        ("application/json", "{", 422, "invalid", None),
        ("application/json", "[]", 422, "invalid", None),
        ("application/json", "{}", 422, "invalid", Some("item")),
    ] {
        let sent = request(Method::POST, "/api/v1/cases")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        check_problem(&clerk.send(sent).await, status, code, field);
    }
    // Brackets that never close must cost neither stack nor time.
    let deep = request(Method::POST, "/api/v1/cases")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("[".repeat(500_000)))
        .unwrap();
    check_problem(&clerk.send(deep).await, 422, "invalid", None);
}

#[tokio::test]
async fn a_key_that_cannot_be_kept_is_refused() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(1);
    // Were it left out silently, a second sending would make a second case.
    for key in ["k".repeat(256).as_str(), " ", "钥匙"] {
        let answer = clerk.command("/api/v1/cases", key, &body).await;
        check_problem(&answer, 422, "invalid", Some("Idempotency-Key"));
    }
    let longest = "k".repeat(255);
    let first = clerk.command("/api/v1/cases", &longest, &body).await;
    let again = clerk.command("/api/v1/cases", &longest, &body).await;
    assert_eq!((first.status, first.text()), (again.status, again.text()));
}

async fn refused_upload(clerk: &mut Client, content: &[u8]) {
    let answer = clerk.upload("/api/v1/files", "文件.pdf", content).await;
    check_problem(&answer, 422, "invalid", Some("file"));
}

#[tokio::test]
async fn files_are_looked_at_and_their_names_lead_nowhere() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    refused_upload(&mut clerk, b"").await;
    refused_upload(&mut clerk, b"\x7fELF\x02\x01\x01").await;
    refused_upload(&mut clerk, b"<html><script>alert(1)</script>").await;
    refused_upload(
        &mut clerk,
        &[b"%PDF-1.7\n".as_slice(), &vec![b' '; 21 << 20]].concat(),
    )
    .await;
    let none = request(Method::POST, "/api/v1/files")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Body::from(photograph()))
        .unwrap();
    let answer = clerk.send(none).await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");

    let kept = clerk
        .upload("/api/v1/files", "../../keys/master.key", &photograph())
        .await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
    let name = text_of(&kept.json(), "name");
    assert!(!name.contains('/') && !name.contains('\\'), "{name}");
    let mut body = county.instant_application(1);
    body["materials"][0] = json!({
        "requirement": "m1",
        "files": [{"sha256": kept.json()["sha256"], "name": "..\\..\\a/../b\u{0}\n.png"}],
    });
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = text_of(&received.json(), "case");
    let seen = clerk
        .post_json(
            &format!("/api/v1/cases/{case}/reveal"),
            &json!({"reason": "核对原件"}),
        )
        .await;
    let name = text_of(&seen.json()["materials"][0]["files"][0], "name");
    let is_plain = |sign: char| sign != '/' && sign != '\\' && !sign.is_control();
    assert!(name.chars().all(is_plain), "{name:?}");
    for wrong in ["..%2F..%2Fkeys%2Fmaster.key", "..", "%00", &"ab".repeat(32)] {
        let answer = clerk
            .get(&format!("/staff/cases/{case}/files/{wrong}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    for wrong in [
        "/assets/..%2F..%2FCargo.toml",
        "/assets/../data/keys/master.key",
    ] {
        let answer = clerk.get(wrong).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
