//! What staff and administrators do in bulk: several claims, the worklist as a workbook, accounts and posts.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};
use wuchuang_kernel::Role;

use super::{check_problem, contract::Contract, text_of};
use crate::{
    county::{County, resident},
    harness::{Client, TestHouse, request, staff},
};

#[tokio::test]
async fn several_cases_are_claimed_at_once_and_the_list_is_a_file() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut clerk = test.client_as(county.clerk());
    let mut cases = Vec::new();
    for serial in 1..=2 {
        let body = county.instant_application(serial);
        let received = clerk.post_json("/api/v1/cases", &body).await;
        cases.push(text_of(&received.json(), "case"));
    }
    let path = "/api/v1/cases/claim";
    let absent = "0192f0c2a4b17c3e9d5566778899aabb";
    let body = json!({"cases": [cases[0], cases[1], absent]});
    let first = clerk.command(path, "claims", &body).await;
    contract.check(&Method::POST, path, &first);
    assert_eq!(first.json()["claimed"], json!(cases), "{}", first.text());
    assert_eq!(first.json()["left"], json!([absent]), "{}", first.text());
    let again = clerk.command(path, "claims", &body).await;
    assert_eq!(again.text(), first.text(), "the same key again");
    let none = clerk.post_json(path, &json!({"cases": []})).await;
    check_problem(&none, 422, "invalid", Some("cases"));
    let mut supervisor = test.client_as(county.supervisor());
    let refused = supervisor.post_json(path, &body).await;
    check_problem(&refused, 403, "forbidden", None);

    let path = "/api/v1/cases/export?mine=true";
    let file = clerk.get(path).await;
    contract.check(&Method::GET, path, &file);
    assert!(file.body.starts_with(b"PK"), "{}", file.text());
    let named = clerk.get("/api/v1/cases/export?search=x").await;
    assert!(
        named.status.is_client_error(),
        "words are not for addresses"
    );
    let refused = test.client_as(resident(1)).get(path).await;
    check_problem(&refused, 403, "forbidden", None);
}

/// Sends a command about somebody, which must be carried out.
async fn must(client: &mut Client, contract: &Contract, path: &str, body: &Value) -> Value {
    let answer = client.post_json(path, body).await;
    contract.check(&Method::POST, path, &answer);
    assert!(answer.status.is_success(), "{path} {}", answer.text());
    answer.json()
}

#[tokio::test]
async fn an_account_is_made_mended_and_blocked() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let body = json!({"account": "zhang.wei", "name": "张伟"});
    let made = must(&mut system, &contract, "/api/v1/staff", &body).await;
    let path = format!("/api/v1/staff/{}", text_of(&made, "person"));
    for (deed, body) in [
        ("correct", json!({"name": "张维", "expected_version": 1})),
        ("deactivate", json!({"reason": "调离本单位"})),
        ("reactivate", json!({})),
        ("password", json!({})),
    ] {
        must(&mut system, &contract, &format!("{path}/{deed}"), &body).await;
    }
    let stale = json!({"name": "张伟", "expected_version": 1});
    let answer = system.post_json(&format!("{path}/correct"), &stale).await;
    check_problem(&answer, 409, "stale_version", None);
    let seen = system.get(&path).await;
    contract.check(&Method::GET, &path, &seen);
    assert_eq!(seen.json()["name"], "张维", "{}", seen.text());
    let factor = request(Method::DELETE, &format!("{path}/factor"))
        .body(Body::empty())
        .unwrap();
    let answer = system.send(factor).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let answer = system
        .upload("/api/v1/staff/import", "accounts.xlsx", b"nonsense")
        .await;
    check_problem(&answer, 422, "invalid", Some("file"));

    let mut clerk = test.client_as(county.clerk());
    let refused = clerk.post_json("/api/v1/staff", &body).await;
    check_problem(&refused, 403, "forbidden", None);
    posts(&test, &county, &contract, &path).await;
}

/// The security administrator gives and ends posts; the system administrator, who made the account, does not.
async fn posts(test: &TestHouse, county: &County, contract: &Contract, person: &str) {
    let path = format!("{person}/posts");
    let post = json!({
        "organisation": county.department.to_string(),
        "title": "审查岗",
        "roles": ["reviewer"],
    });
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let refused = system.post_json(&path, &post).await;
    check_problem(&refused, 403, "forbidden", None);
    let mut security = test.client_as(staff(Role::SecurityAdministrator));
    let mut unknown = post.clone();
    unknown["roles"] = json!(["emperor"]);
    let answer = security.post_json(&path, &unknown).await;
    check_problem(&answer, 422, "invalid", Some("roles"));
    let given = security.command(&path, "post", &post).await;
    contract.check(&Method::POST, &path, &given);
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
    let again = security.command(&path, "post", &post).await;
    assert_eq!(again.text(), given.text(), "one post for one key");
    let end = format!("{path}/{}/end", text_of(&given.json(), "post"));
    must(&mut security, contract, &end, &json!({})).await;
    let seen = security.get(person).await.json();
    assert_eq!(seen["posts"], json!([]), "{seen}");
}

#[tokio::test]
async fn an_organisation_is_entered_changed_closed_and_opened() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let path = "/api/v1/organisations";
    let body = json!({"name": "文化和旅游局", "short_code": "WHLY", "kind": "department"});
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let made = system.command(path, "organisation", &body).await;
    contract.check(&Method::POST, path, &made);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let again = system.command(path, "organisation", &body).await;
    assert_eq!(again.text(), made.text(), "one organisation for one key");
    let taken = system.post_json(path, &body).await;
    check_problem(&taken, 422, "invalid", Some("short_code"));
    let mut odd = body.clone();
    odd["parent"] = "市政府".into();
    let answer = system.post_json(path, &odd).await;
    check_problem(&answer, 422, "invalid", Some("parent"));
    for who in [staff(Role::SecurityAdministrator), county.clerk()] {
        let answer = test.client_as(who).post_json(path, &body).await;
        check_problem(&answer, 403, "forbidden", None);
    }

    let one = format!("{path}/{}", text_of(&made.json(), "organisation"));
    let mut changed = body.clone();
    changed["phone"] = "0915-4420000".into();
    changed["expected_version"] = 1.into();
    for expected in [StatusCode::OK, StatusCode::CONFLICT] {
        let request = request(Method::PUT, &one)
            .header("content-type", "application/json")
            .body(Body::from(changed.to_string()))
            .unwrap();
        let answer = system.send(request).await;
        contract.check(&Method::PUT, &one, &answer);
        assert_eq!(answer.status, expected, "{}", answer.text());
    }
    let close = json!({"reason": "机构改革"});
    must(&mut system, &contract, &format!("{one}/close"), &close).await;
    let seen = system.get(&one).await.json();
    assert_eq!(
        (&seen["is_active"], &seen["phone"]),
        (&json!(false), &json!("0915-4420000"))
    );
    must(&mut system, &contract, &format!("{one}/reopen"), &json!({})).await;
    assert_eq!(system.get(&one).await.json()["is_active"], true);
}

/// 三权分立: the security administrator holds and deletes, the audit administrator reads that it was done, the system
/// administrator has nothing to do with it.
#[tokio::test]
async fn personal_data_are_held_and_deleted_and_what_was_done_is_read() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(1);
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let (path, search) = ("/api/v1/privacy", "/api/v1/privacy/search");
    let number = json!({"number": body["applicant"]["number"]});
    let mut security = test.client_as(staff(Role::SecurityAdministrator));
    let found = must(&mut security, &contract, search, &number).await;
    assert_eq!(found["name"], "王*明", "{found}");
    let person = format!("{path}/{}", text_of(&found, "person"));
    let unknown = json!({"act": "burn", "reason": "行政诉讼期间保留"});
    let answer = security.post_json(&person, &unknown).await;
    check_problem(&answer, 422, "invalid", Some("act"));
    let act = |act: &str| json!({"act": act, "reason": "行政诉讼期间保留"});
    for (word, status) in [
        ("hold", StatusCode::NO_CONTENT),
        ("forget", StatusCode::UNPROCESSABLE_ENTITY),
        ("lift", StatusCode::NO_CONTENT),
        ("forget", StatusCode::NO_CONTENT),
    ] {
        let answer = security.post_json(&person, &act(word)).await;
        contract.check(&Method::POST, &person, &answer);
        assert_eq!(answer.status, status, "{word} {}", answer.text());
    }
    let gone = security.post_json(search, &number).await;
    check_problem(&gone, 422, "person_unknown", Some("number"));
    let mut audit = test.client_as(staff(Role::AuditAdministrator));
    let acts = audit.get(path).await;
    contract.check(&Method::GET, path, &acts);
    let acts = acts.json();
    let outcomes: Vec<&str> = acts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes.iter().filter(|word| **word == "done").count(),
        3,
        "{acts}"
    );
    assert!(!acts.to_string().contains("王"), "{acts}");
    let answer = audit.post_json(&person, &act("hold")).await;
    check_problem(&answer, 403, "forbidden", None);
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    check_problem(&system.get(path).await, 403, "forbidden", None);
    let answer = system.post_json(search, &number).await;
    check_problem(&answer, 403, "forbidden", None);
}

#[tokio::test]
async fn an_applicants_record_is_found_and_mended_at_the_counter() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(1);
    let search = "/api/v1/applicants/search";
    let number = json!({"number": body["applicant"]["number"]});
    let nobody = clerk.post_json(search, &number).await;
    check_problem(&nobody, 404, "not_found", None);
    clerk.post_json("/api/v1/cases", &body).await;
    let found = must(&mut clerk, &contract, search, &number).await;
    assert_eq!(found["name"], "王*明", "{found}");
    let path = format!("/api/v1/applicants/{}/correct", text_of(&found, "person"));
    let silent = json!({"name": "王晓明", "phone": "13891500000", "reason": ""});
    let answer = clerk.post_json(&path, &silent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mended = json!({"name": "赵晓明", "phone": "13891500000", "reason": "核对身份证原件"});
    let answer = clerk.post_json(&path, &mended).await;
    contract.check(&Method::POST, &path, &answer);
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let found = must(&mut clerk, &contract, search, &number).await;
    assert_eq!(found["name"], "赵*明", "{found}");
    for who in [county.reviewer(), county.supervisor(), resident(1)] {
        let answer = test.client_as(who.clone()).post_json(search, &number).await;
        check_problem(&answer, 403, "forbidden", None);
        let answer = test.client_as(who).post_json(&path, &mended).await;
        check_problem(&answer, 403, "forbidden", None);
    }
}
