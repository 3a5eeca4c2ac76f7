//! What pages do, programs do as well: ratings, messages and their texts, checks of the ledger, the state of the system,
//! items published together and laid side by side.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};
use wuchuang_kernel::Role;

use super::{
    check_problem,
    contract::Contract,
    holder::{applicant, case_as_seen},
    text_of,
};
use crate::{
    county::{County, resident},
    harness::{Answer, Client, TestHouse, request, staff},
};

pub(super) async fn get(contract: &Contract, client: &mut Client, path: &str) -> Value {
    let answer = client.get(path).await;
    contract.check(&Method::GET, path, &answer);
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
    answer.json()
}

pub(super) async fn command(
    contract: &Contract,
    client: &mut Client,
    (path, key): (&str, &str),
    body: &Value,
) -> Answer {
    let answer = client.command(path, key, body).await;
    contract.check(&Method::POST, path, &answer);
    answer
}

/// A case that was granted in one sitting, as the supervisor sees it.
pub(super) async fn ended(test: &TestHouse, county: &County, serial: u32) -> Value {
    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(serial);
    let received = clerk.post_json("/api/v1/cases", &body).await.json();
    let case = text_of(&received, "case");
    let path = format!("/api/v1/cases/{case}/accept-and-grant");
    let granted = clerk
        .post_json(&path, &json!({"opinion": "准予备案。"}))
        .await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    test.run_jobs_without_papers().await;
    case_as_seen(test, county, &case).await
}

#[tokio::test]
async fn citizens_rate_their_own_cases_and_supervision_calls_back() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let seen = ended(&test, &county, 1).await;
        let case = text_of(&seen, "id");
        let mut own = test.client_as(applicant(&seen));
        let list = "/api/v1/my/ratings";
        let mine = get(&contract, &mut own, list).await;
        assert_eq!(mine["items"][0]["case"], case.as_str(), "{engine} {mine}");
        assert_eq!(mine["items"][0]["is_rated"], false, "{engine}");
        let wrong = own.get("/api/v1/my/ratings?cursor=%27%20OR%201").await;
        check_problem(&wrong, 422, "invalid", Some("cursor"));

        let path = format!("/api/v1/cases/{case}/rating");
        let rating = json!({"stars": 2, "channel": "web", "text": "等得太久"});
        let mut stranger = test.client_as(resident(77));
        let refused = stranger.post_json(&path, &rating).await;
        check_problem(&refused, 403, "forbidden", None);
        let mut texts = Vec::new();
        for _ in 0..2 {
            let given = command(&contract, &mut own, (&path, "rate"), &rating).await;
            assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
            texts.push(given.text());
        }
        assert_eq!(texts[0], texts[1], "{engine}: one rating for one key");
        test.run_jobs_without_papers().await;
        let mine = get(&contract, &mut own, list).await;
        assert_eq!(mine["items"][0]["is_rated"], true, "{engine}");
        let none = get(&contract, &mut stranger, list).await;
        assert_eq!(none["items"], json!([]), "{engine}");

        opened(&test, &county, &contract, &case).await;
        test.check_ledger(engine).await;
    }
}

/// A bad rating is opened for a reason, once for one key; a good one has no name by which it could be.
async fn opened(test: &TestHouse, county: &County, contract: &Contract, case: &str) {
    let good = text_of(&ended(test, county, 2).await, "id");
    let mut terminal = test.client_as(applicant(&case_as_seen(test, county, &good).await));
    let path = format!("/api/v1/cases/{good}/rating");
    let rating = json!({"stars": 5, "channel": "hall_terminal"});
    command(contract, &mut terminal, (&path, ""), &rating).await;
    let mut supervisor = test.client_as(county.supervisor());
    let all = get(contract, &mut supervisor, "/api/v1/ratings").await;
    let ids: Vec<&Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids.len(), 2, "{all}");
    assert!(!all.to_string().contains(&good), "{all}");
    let bad = get(contract, &mut supervisor, "/api/v1/ratings?bad=true").await;
    let id = text_of(&bad["items"][0], "id");

    let path = format!("/api/v1/ratings/{id}/open");
    let silent = supervisor.post_json(&path, &json!({"reason": " "})).await;
    check_problem(&silent, 422, "reason", Some("reason"));
    let reason = json!({"reason": "按投诉回访当事人"});
    for _ in 0..2 {
        let answer = command(contract, &mut supervisor, (&path, "open"), &reason).await;
        let told = answer.json();
        assert_eq!(told["text"], "等得太久", "{told}");
        assert_eq!(told["case"], case, "{told}");
    }
    let bad = get(contract, &mut supervisor, "/api/v1/ratings?bad=true").await;
    assert_eq!(bad["items"][0]["openings"], 1, "one opening for one key");
    let other = format!("/api/v1/ratings/{good}/open");
    let answer = supervisor.post_json(&other, &reason).await;
    check_problem(&answer, 404, "not_found", None);
    for path in ["/api/v1/ratings", "/api/v1/my/ratings"] {
        let answer = test.client_as(county.clerk()).get(path).await;
        check_problem(&answer, 403, "forbidden", None);
    }
}

#[tokio::test]
async fn ratings_are_paged_without_naming_a_case() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    for serial in 1..=3 {
        let seen = ended(&test, &county, serial).await;
        let path = format!("/api/v1/cases/{}/rating", text_of(&seen, "id"));
        let mut own = test.client_as(applicant(&seen));
        let rating = json!({"stars": 5, "channel": "web"});
        let given = own.post_json(&path, &rating).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
    }
    // The clock stands still: all three were given in the same microsecond.
    let mut supervisor = test.client_as(county.supervisor());
    let (mut counted, mut cursor) = (0, String::new());
    loop {
        let path = format!("/api/v1/ratings?limit=1{cursor}");
        let page = supervisor.get(&path).await.json();
        counted += page["items"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(counted, 3);
}

#[tokio::test]
async fn messages_are_marked_as_read_all_at_once() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let seen = ended(&test, &county, 1).await;
    let other = ended(&test, &county, 2).await;
    let mut own = test.client_as(applicant(&seen));
    let is_read = |list: Value| -> Vec<bool> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["is_read"] == true).collect()
    };
    let list = "/api/v1/my/messages";
    let before = is_read(get(&contract, &mut own, list).await);
    assert!(before.len() > 1 && !before.contains(&true), "{before:?}");
    let english = own.get("/my/messages?lang=en").await.text();
    for told in ["Finished: ", "Please rate this service", "Granted: "] {
        assert!(english.contains(told), "{told}: {english}");
    }
    let path = "/api/v1/my/messages/read";
    for _ in 0..2 {
        let answer = command(&contract, &mut own, (path, ""), &Value::Null).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    assert!(!is_read(get(&contract, &mut own, list).await).contains(&false));
    let mut neighbour = test.client_as(applicant(&other));
    let theirs = is_read(get(&contract, &mut neighbour, list).await);
    assert!(
        !theirs.contains(&true),
        "nobody else's are marked: {theirs:?}"
    );
    let refused = test
        .client_as(county.clerk())
        .command(path, "", &Value::Null)
        .await;
    check_problem(&refused, 403, "forbidden", None);
}

#[tokio::test]
async fn a_message_gets_its_delivered_text_back() {
    let test = TestHouse::sqlite().await;
    let contract = Contract::of(&test.house);
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let path = "/api/v1/message-templates/case_accepted/restore";
    let untouched = command(&contract, &mut system, (path, ""), &json!({})).await;
    check_problem(&untouched, 422, "template_unchanged", None);
    let words = json!({"subject": "受理了", "body": "您的{item}已受理。", "sms": "{item}已受理。"});
    let edit = request(Method::PUT, "/api/v1/message-templates/case_accepted")
        .header("content-type", "application/json")
        .body(Body::from(words.to_string()))
        .unwrap();
    let edited = system.send(edit).await;
    assert_eq!(edited.status, StatusCode::NO_CONTENT, "{}", edited.text());
    let stale = json!({"expected_version": 7});
    let answer = command(&contract, &mut system, (path, ""), &stale).await;
    check_problem(&answer, 409, "stale_version", None);
    for _ in 0..2 {
        let answer = command(&contract, &mut system, (path, "restore"), &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    let texts = get(&contract, &mut system, "/api/v1/message-templates").await;
    let texts = texts.to_string();
    assert!(!texts.contains("受理了"), "{texts}");
    let mut auditor = test.client_as(staff(Role::AuditAdministrator));
    let answer = auditor.post_json(path, &json!({})).await;
    check_problem(&answer, 403, "forbidden", None);
}

#[tokio::test]
async fn the_ledger_is_checked_and_the_system_tells_its_state() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let path = "/api/v1/ledger/checks";
        let mut asked = Vec::new();
        for key in ["first", "first", "second"] {
            let answer = command(&contract, &mut auditor, (path, key), &Value::Null).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
            asked.push(text_of(&answer.json(), "check"));
        }
        assert_eq!(asked[0], asked[1], "{engine}: one check for one key");
        let one = format!("{path}/{}", asked[0]);
        let waiting = get(&contract, &mut auditor, &one).await;
        assert!(waiting["is_whole"].is_null(), "{engine} {waiting}");
        test.run_jobs_without_papers().await;
        let done = get(&contract, &mut auditor, &one).await;
        assert_eq!(done["is_whole"], true, "{engine} {done}");
        assert!(done["records"].as_i64().unwrap() > 10, "{engine} {done}");
        let first = get(&contract, &mut auditor, &format!("{path}?limit=1")).await;
        let next = text_of(&first, "next_cursor");
        let last = get(
            &contract,
            &mut auditor,
            &format!("{path}?limit=1&cursor={next}"),
        )
        .await;
        assert_ne!(first["items"], last["items"], "{engine}");
        assert!(last["next_cursor"].is_null(), "{engine} {last}");
        let nobody = format!("{path}/{}", "ab".repeat(16));
        check_problem(&auditor.get(&nobody).await, 404, "not_found", None);
        let mut clerk = test.client_as(county.clerk());
        let answer = clerk.post_json(path, &json!({})).await;
        check_problem(&answer, 403, "forbidden", None);

        let mut system = test.client_as(staff(Role::SystemAdministrator));
        let state = get(&contract, &mut system, "/api/v1/system").await;
        assert_eq!(state["engine"], engine.to_lowercase(), "{state}");
        assert_eq!(state["seal"]["state"], "valid", "{state}");
        assert!(state["records"].as_i64().unwrap() > 10, "{state}");
        check_problem(&auditor.get("/api/v1/system").await, 403, "forbidden", None);
    }
}

#[tokio::test]
async fn items_are_published_together_and_laid_side_by_side() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    for item in [county.standard, county.instant] {
        let path = format!("/api/v1/items/{item}/draft");
        let mut content = manager.get(&path).await.json()["content"].clone();
        content["keywords"] = json!(["一起发布"]);
        let answer = manager.post_json(&path, &json!({"content": content})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let path = "/api/v1/catalogue/publish";
    let absent = "0192f0c2a4b17c3e9d5566778899aabb";
    let body = json!({
        "items": [county.standard.to_string(), absent, county.instant.to_string()],
        "effective_from": "2026-11-24",
    });
    let first = command(&contract, &mut manager, (path, "together"), &body).await;
    let done = first.json();
    let both = json!([county.standard.to_string(), county.instant.to_string()]);
    assert_eq!(done["published"], both, "{done}");
    assert_eq!(done["left"][0]["item"], absent, "{done}");
    let again = command(&contract, &mut manager, (path, "together"), &body).await;
    assert_eq!(again.text(), first.text(), "the same key again");
    let new = command(&contract, &mut manager, (path, "anew"), &body).await;
    let left = new.json()["left"].clone();
    assert_eq!(
        left.as_array().unwrap().len(),
        3,
        "nothing is changed: {left}"
    );
    for (items, field) in [(json!([]), "items"), (json!(["失业登记"]), "items")] {
        let body = json!({"items": items, "effective_from": "2026-11-24"});
        let answer = manager.post_json(path, &body).await;
        check_problem(&answer, 422, "invalid", Some(field));
    }
    let refused = test.client_as(county.clerk()).post_json(path, &body).await;
    check_problem(&refused, 403, "forbidden", None);

    let sameness = "/api/v1/catalogue/sameness";
    let told = get(&contract, &mut manager, sameness).await;
    assert_eq!(told["items"], json!([]), "two items, two matters: {told}");
    check_problem(
        &test.client_as(resident(1)).get(sameness).await,
        403,
        "forbidden",
        None,
    );
}

/// 材料: whoever learns the digest of a file gets nothing by it; only those who brought the file may name it.
#[tokio::test]
async fn a_file_is_named_by_whoever_brought_it_and_by_nobody_else() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let scan = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF".to_vec();
        let application = |serial: u32, sha256: &str| {
            let mut body = county.instant_application(serial);
            body["materials"][0] = json!({
                "requirement": "m1",
                "files": [{"sha256": sha256, "name": "身份证.pdf"}],
            });
            body
        };
        let mut mine = test.client_as(resident(1));
        let kept = mine.upload("/api/v1/files", "身份证.pdf", &scan).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
        let sha256 = text_of(&kept.json(), "sha256");

        let unknown = "ab".repeat(32);
        let mut sentences = Vec::new();
        let neighbour = test.client_as(resident(2));
        for mut client in [
            neighbour,
            test.client_as(county.clerk()),
            test.client_as(county.department_clerk()),
        ] {
            for digest in [&sha256, &unknown] {
                let answer = client
                    .post_json("/api/v1/cases", &application(3, digest))
                    .await;
                check_problem(&answer, 422, "invalid", Some("materials"));
                sentences.push(text_of(&answer.json(), "detail"));
            }
        }
        sentences.dedup();
        assert_eq!(
            sentences.len(),
            1,
            "{engine}: it is not told whether it is there"
        );

        let mut clerk = test.client_as(county.clerk());
        let kept = clerk.upload("/api/v1/files", "身份证.pdf", &scan).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
        let body = application(4, &sha256);
        let received = clerk.post_json("/api/v1/cases", &body).await;
        assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
        // A colleague at another counter brought nothing.
        let mut colleague = test.client_as(county.department_clerk());
        let answer = colleague
            .post_json("/api/v1/cases", &application(5, &sha256))
            .await;
        check_problem(&answer, 422, "invalid", Some("materials"));
        // The applicant themselves may name their own.
        let mut body = application(1, &sha256);
        body["applicant"]["name"] = "王小明".into();
        let received = mine.post_json("/api/v1/cases", &body).await;
        assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    }
}
