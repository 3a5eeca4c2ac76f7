//! What belongs to somebody: a citizen's own cases, the papers and files of a case, a licence from its issue to its
//! revocation; and everybody who is refused.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wuchuang_kernel::{Role, SessionId};
use wuchuang_webkit::{Citizen, Visitor};

use super::{
    check_problem,
    contract::Contract,
    programs::{call, make, post_of},
    text_of,
};
use crate::{
    county::{County, citizen_number, resident},
    harness::{Answer, Client, TestHouse},
    pictures::photograph,
};

/// The applicant of a case, signed in.
pub(super) fn applicant(case: &Value) -> Visitor {
    Visitor::Citizen(Citizen {
        person: text_of(&case["applicant"], "person").parse().unwrap(),
        session: SessionId::from_u128(9),
        name: "王小明".to_owned(),
        phone: "13891500000".to_owned(),
    })
}

pub(super) async fn case_as_seen(test: &TestHouse, county: &County, case: &str) -> Value {
    let mut supervisor = test.client_as(county.supervisor());
    let answer = supervisor.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Reads something that the document tells, and must get it.
async fn must_get(contract: &Contract, client: &mut Client, path: &str) -> Answer {
    let answer = client.get(path).await;
    contract.check(&Method::GET, path, &answer);
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
    answer
}

async fn must_refuse(test: &TestHouse, who: Visitor, path: &str) {
    let answer = test.client_as(who).get(path).await;
    check_problem(&answer, 403, "forbidden", None);
    let answer = test.client().get(path).await;
    check_problem(&answer, 401, "sign_in", None);
}

#[tokio::test]
async fn a_citizen_pages_through_their_own_cases() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut clerk = test.client_as(county.clerk());
        let mut sent = BTreeSet::new();
        // The same person, for an organisation and for themself.
        let mut own = county.instant_application(1);
        own["applicant"]["name"] = json!("李小红");
        for body in [
            county.standard_application(1),
            own,
            county.instant_application(2),
        ] {
            let answer = clerk.post_json("/api/v1/cases", &body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            sent.insert(text_of(&answer.json(), "case"));
        }
        let mut persons = Vec::new();
        for case in &sent {
            persons.push(case_as_seen(&test, &county, case).await);
        }
        let mut found = BTreeSet::new();
        for seen in &persons {
            let mut citizen = test.client_as(applicant(seen));
            let mut cursor = String::new();
            loop {
                let path = format!("/api/v1/my/cases?limit=1{cursor}");
                let page = must_get(&contract, &mut citizen, &path).await.json();
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= 1, "{engine} {page}");
                found.extend(items.iter().map(|item| text_of(item, "id")));
                let Some(next) = page["next_cursor"].as_str() else {
                    break;
                };
                cursor = format!("&cursor={next}");
            }
        }
        assert_eq!(found, sent, "{engine}");
        let mut stranger = test.client_as(resident(77));
        let none = must_get(&contract, &mut stranger, "/api/v1/my/cases").await;
        assert_eq!(none.json()["items"], json!([]), "{engine}");
        let wrong = stranger.get("/api/v1/my/cases?cursor=%27%20OR%201").await;
        check_problem(&wrong, 422, "invalid", Some("cursor"));
        must_refuse(&test, county.clerk(), "/api/v1/my/cases").await;
        must_refuse(&test, county.clerk(), "/api/v1/my/licences").await;
    }
}

/// A granted case with a scan, its papers and its certificate.
async fn granted(test: &TestHouse, county: &County) -> Value {
    let mut clerk = test.client_as(county.clerk());
    let file = clerk
        .upload("/api/v1/files", "王小明的身份证.png", &photograph())
        .await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    let mut body = county.instant_application(1);
    body["materials"][0] = json!({
        "requirement": "m1",
        "files": [{"sha256": file.json()["sha256"], "name": "王小明的身份证.png"}],
    });
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = text_of(&received.json(), "case");
    let path = format!("/api/v1/cases/{case}/accept-and-grant");
    let opinion = json!({"opinion": "符合条件，同意。"});
    let answer = clerk.post_json(&path, &opinion).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    test.run_jobs().await;
    case_as_seen(test, county, &case).await
}

#[tokio::test]
async fn papers_and_files_go_to_those_who_may_read_the_case() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let seen = granted(&test, &county).await;
    let case = text_of(&seen, "id");
    let mut citizen = test.client_as(applicant(&seen));

    let list = format!("/api/v1/cases/{case}/notices");
    let papers = must_get(&contract, &mut citizen, &list).await.json();
    let papers = papers["items"].as_array().unwrap();
    assert!(!papers.is_empty());
    let document = text_of(&papers[0], "document");
    let pdf = must_get(&contract, &mut citizen, &document).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    let slip = citizen.get(&format!("/api/v1/cases/{case}/pickup")).await;
    check_problem(&slip, 422, "invalid", None);

    let sha256 = text_of(&seen["materials"][0]["files"][0], "sha256");
    let scan = format!("/api/v1/cases/{case}/files/{sha256}");
    let file = must_get(&contract, &mut citizen, &scan).await;
    assert!(!file.body.is_empty());
    let name = file.header("content-disposition");
    assert!(name.contains(&sha256) && name.is_ascii(), "{name}");
    let absent = format!("/api/v1/cases/{case}/files/{}", "ab".repeat(32));
    let answer = citizen.get(&absent).await;
    check_problem(&answer, 404, "not_found", None);
    for path in [&list, &document, &scan] {
        must_refuse(&test, resident(77), path).await;
        must_get(&contract, &mut test.client_as(county.approver()), path).await;
    }

    // A token that reads cases reads what is masked; files need to be named.
    let post = post_of(&test, "scjg-review").await;
    for (scope, status) in [
        ("case_read", StatusCode::FORBIDDEN),
        ("case_file_read", StatusCode::OK),
    ] {
        let made = make(&test, Role::SecurityAdministrator, &post, &[scope]).await;
        let token = text_of(&made.json(), "token");
        let answer = call(&test, &token, Method::GET, &scan, Value::Null).await;
        assert_eq!(answer.status, status, "{scope}");
    }
}

#[tokio::test]
async fn a_licence_is_read_verified_and_revoked() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let seen = granted(&test, &county).await;
    let id = text_of(&seen["licence"], "id");
    let mut holder = test.client_as(applicant(&seen));

    let own = must_get(&contract, &mut holder, "/api/v1/my/licences").await;
    let own = &own.json()["items"][0];
    assert_eq!(own["id"], id.as_str(), "{own}");
    assert_eq!(own["holder"], "王小明", "nothing of the own is masked");
    let mine = format!("/api/v1/my/licences/{id}");
    must_get(&contract, &mut holder, &mine).await;
    let pdf = must_get(&contract, &mut holder, &format!("{mine}/document")).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    must_refuse(&test, resident(77), &mine).await;

    copies(&test, &contract, &mut holder, &mine).await;
    staff_look(&test, &county, &contract, &id).await;
    print_once(&test, &county, &contract, &id).await;
    let path = format!("/api/v1/licences/{id}");
    must_refuse(&test, applicant(&seen), &path).await;
    let mut approver = test.client_as(county.approver());

    verify(&test, &contract, &pdf.body, "valid").await;
    revoke(&test, &county, &contract, &id).await;
    verify(&test, &contract, &pdf.body, "revoked").await;
    let body = must_get(&contract, &mut holder, &mine).await.json();
    assert_eq!(body["revoke_reason"], "持证人申请注销。", "{body}");

    let seals = must_get(&contract, &mut approver, "/api/v1/seal-uses").await;
    assert!(!seals.json()["items"].as_array().unwrap().is_empty());
    let wrong = approver.get("/api/v1/seal-uses?cursor=x").await;
    check_problem(&wrong, 422, "invalid", Some("cursor"));
    must_refuse(&test, county.clerk(), "/api/v1/seal-uses").await;
}

/// A holder makes a copy for one purpose; nobody else can.
async fn copies(test: &TestHouse, contract: &Contract, holder: &mut Client, mine: &str) {
    let path = format!("{mine}/copies");
    let body = json!({"purpose": "办理银行开户", "expires": "2026-12-31"});
    let answer = test.client_as(resident(77)).command(&path, "", &body).await;
    check_problem(&answer, 403, "forbidden", None);
    let past = json!({"purpose": "办理银行开户", "expires": "2020-12-31"});
    let answer = holder.command(&path, "", &past).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let answer = holder.command(&path, "copy-1", &body).await;
        contract.check(&Method::POST, &path, &answer);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let seen = must_get(contract, holder, mine).await.json();
    assert_eq!(seen["copies"], json!([body]), "one copy for one key");
    let pdf = must_get(contract, holder, &format!("{path}/0")).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    let answer = holder.get(&format!("{path}/1")).await;
    check_problem(&answer, 404, "not_found", None);
}

/// Staff read a licence masked; all of it, and its file, only for a reason that is kept and that supervision reads.
async fn staff_look(test: &TestHouse, county: &County, contract: &Contract, id: &str) {
    let path = format!("/api/v1/licences/{id}");
    let mut approver = test.client_as(county.approver());
    let masked = must_get(contract, &mut approver, &path).await.json();
    assert_eq!(masked["status"], "valid", "{masked}");
    assert_eq!(masked["is_masked"], true, "{masked}");
    assert_eq!(masked["holder"], "王*明", "{masked}");
    assert_eq!(masked["contents"], json!([]), "{masked}");
    assert!(masked["check_code"].is_null(), "{masked}");
    for closed in ["", "?open=", "?open=0192f0c2a4b17c3e9d5566778899aabb"] {
        let answer = approver.get(&format!("{path}/document{closed}")).await;
        check_problem(&answer, 422, "invalid", Some("open"));
    }
    let look = format!("{path}/look");
    let answer = approver.post_json(&look, &json!({"reason": " "})).await;
    check_problem(&answer, 422, "invalid", Some("reason"));
    let reason = json!({"reason": "电话核对持证人身份"});
    let opened = approver.command(&look, "same", &reason).await;
    contract.check(&Method::POST, &look, &opened);
    let opened = opened.json();
    assert_eq!(opened["licence"]["holder"], "王小明", "{opened}");
    assert_eq!(opened["licence"]["is_masked"], false, "{opened}");
    let document = text_of(&opened, "document");
    let pdf = must_get(contract, &mut approver, &document).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    // What one gave a reason for opens it for nobody else, and the same key keeps no second look from being kept.
    let answer = test.client_as(county.reviewer()).get(&document).await;
    check_problem(&answer, 422, "invalid", Some("open"));
    let again = approver.command(&look, "same", &reason).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());

    let looks = format!("{path}/looks");
    let mut supervisor = test.client_as(county.supervisor());
    let kept = must_get(contract, &mut supervisor, &looks).await.json();
    let kept = kept["items"].as_array().unwrap();
    assert_eq!(kept.len(), 2, "every look is kept: {kept:?}");
    assert_eq!(kept[0]["reason"], "电话核对持证人身份");
    let answer = approver.get(&looks).await;
    check_problem(&answer, 403, "forbidden", None);

    // A department's program gives its reason as well, and only with the action in its token.
    let post = post_of(test, "scjg-review").await;
    for (scopes, status) in [
        (&["licence_read"][..], StatusCode::FORBIDDEN),
        (&["licence_read", "licence_look"][..], StatusCode::OK),
    ] {
        let made = make(test, Role::SecurityAdministrator, &post, scopes).await;
        let token = text_of(&made.json(), "token");
        let answer = call(test, &token, Method::POST, &look, reason.clone()).await;
        assert_eq!(answer.status, status, "{scopes:?} {}", answer.text());
    }
    let kept = must_get(contract, &mut supervisor, &looks).await.json();
    assert_eq!(kept["items"].as_array().unwrap().len(), 3, "{kept}");

    let search = "/api/v1/licences/search";
    let body = json!({"number": citizen_number(1)});
    let found = approver.post_json(search, &body).await;
    contract.check(&Method::POST, search, &found);
    let found = found.json();
    assert_eq!(found["items"][0]["id"], id, "{found}");
    assert_eq!(found["items"][0]["holder"], "王*明", "{found}");
    let answer = approver.post_json(search, &json!({"number": ""})).await;
    check_problem(&answer, 422, "invalid", Some("number"));
    let answer = test.client_as(resident(1)).post_json(search, &body).await;
    check_problem(&answer, 403, "forbidden", None);
}

/// A print is in the seal-use ledger, once for one key; who neither issued it nor hands it over prints nothing.
async fn print_once(test: &TestHouse, county: &County, contract: &Contract, id: &str) {
    let path = format!("/api/v1/licences/{id}/print");
    let answer = test
        .client_as(county.reviewer())
        .command(&path, "", &json!({}))
        .await;
    check_problem(&answer, 403, "forbidden", None);
    let mut approver = test.client_as(county.approver());
    for _ in 0..2 {
        let answer = approver.command(&path, "print-1", &json!({})).await;
        contract.check(&Method::POST, &path, &answer);
        assert!(answer.body.starts_with(b"%PDF"), "{}", answer.text());
    }
    let seals = must_get(contract, &mut approver, "/api/v1/seal-uses").await;
    let seals = seals.json();
    let items = seals["items"].as_array().unwrap();
    let prints = items.iter().filter(|line| line["kind"] == "print").count();
    assert_eq!(prints, 1, "{seals}");
}

/// Anybody drops the file and learns what it is worth.
async fn verify(test: &TestHouse, contract: &Contract, pdf: &[u8], verdict: &str) {
    let path = "/api/v1/verify/file";
    let answer = test.client().upload(path, "证照.pdf", pdf).await;
    contract.check(&Method::POST, path, &answer);
    assert_eq!(answer.json()["verdict"], verdict, "{}", answer.text());
    let answer = test.client().upload(path, "空.pdf", b"").await;
    check_problem(&answer, 422, "invalid", Some("file"));
}

/// Who decides revokes, for a reason, and once however often it is sent.
async fn revoke(test: &TestHouse, county: &County, contract: &Contract, id: &str) {
    let path = format!("/api/v1/licences/{id}/revoke");
    let body = json!({"reason": "持证人申请注销。"});
    let mut reviewer = test.client_as(county.reviewer());
    let answer = reviewer.command(&path, "", &body).await;
    check_problem(&answer, 403, "forbidden", None);
    let mut approver = test.client_as(county.approver());
    let answer = approver.command(&path, "", &json!({"reason": " "})).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let first = approver.command(&path, "revoke-1", &body).await;
    contract.check(&Method::POST, &path, &first);
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let again = approver.command(&path, "revoke-1", &body).await;
    assert_eq!(again.text(), first.text());
}
