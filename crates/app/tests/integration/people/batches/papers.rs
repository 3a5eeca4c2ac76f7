//! The papers of a batch: what is handed in once is in every store's case, what a store brings for itself only in its own; what
//! follows later and what is promised counts for each, and for nobody with a bad-credit record.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{act, check_done, send, version_of};
use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse},
};

const STORES: [&str; 3] = ["城关店", "汉王店", "红椿店"];

/// A scan of a page, each with bytes of its own.
async fn upload(client: &mut Client, name: &str, page: u8) -> Value {
    let content = format!("%PDF-1.7\n% page {page}\n1 0 obj\n<<>>\nendobj\n%%EOF");
    let content = content.into_bytes();
    let kept = client.upload("/api/v1/files", name, &content).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
    json!({"sha256": kept.json()["sha256"], "name": name})
}

/// Application, licence, plan (one for all, 汉王店 has its own), system (promised), health (follows for all), list (红椿店 owes it).
async fn body(county: &County, clerk: &mut Client) -> Value {
    let mut body = county.batch_application(1, &STORES);
    let paper = |id: &str| json!({"requirement": id, "paper_copies": 1});
    let plan = upload(clerk, "平面图.pdf", 1).await;
    let own = upload(clerk, "汉王店平面图.pdf", 2).await;
    body["survey"] = json!(false);
    body["materials"] = json!([
        paper("m1"),
        paper("m2"),
        {"requirement": "m3", "files": [plan]},
        {"requirement": "m4", "promised": true},
    ]);
    body["undertaking"] = json!(["m5"]);
    body["stores"][0]["materials"] = json!([paper("m6")]);
    body["stores"][1]["materials"] = json!([paper("m6"), {"requirement": "m3", "files": [own]}]);
    body["stores"][2]["undertaking"] = json!(["m6"]);
    body
}

fn cases_of(received: &Value) -> Vec<String> {
    let cases = received["cases"].as_array().unwrap().iter();
    cases
        .map(|case| case.as_str().unwrap().to_owned())
        .collect()
}

/// How a material stands in a case: where it comes from, and the names of its files.
fn of(case: &Value, requirement: &str) -> (String, String) {
    let materials = case["materials"].as_array().unwrap().iter();
    let mut found = materials.filter(|one| one["requirement"] == requirement);
    let one = found
        .next()
        .unwrap_or_else(|| panic!("{requirement} {case}"));
    assert!(found.next().is_none(), "{requirement} twice {case}");
    let sha256 = one["files"][0]["sha256"].as_str().unwrap_or_default();
    (
        one["source"].as_str().unwrap().to_owned(),
        sha256.to_owned(),
    )
}

#[tokio::test]
async fn what_is_handed_in_once_is_in_each_case_and_what_follows_is_owed_by_each() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let body = body(&county, &mut clerk).await;
        let mut foreign = body.clone();
        foreign["stores"][1]["materials"][1]["files"][0]["sha256"] = json!("0".repeat(64));
        let refused = clerk.post_json("/api/v1/batches", &foreign).await.json();
        let error = &refused["errors"][0];
        assert!(
            error["field"]
                .as_str()
                .unwrap()
                .starts_with("stores[1].materials"),
            "{engine} {refused}"
        );
        assert!(refused.to_string().contains("第2行"), "{engine} {refused}");

        let received = clerk.command("/api/v1/batches", "papers", &body).await;
        let text = received.text();
        assert_eq!(received.status, StatusCode::CREATED, "{engine} {text}");
        let again = clerk.command("/api/v1/batches", "papers", &body).await;
        assert_eq!(again.json(), received.json(), "{engine}: one application");
        let received = received.json();
        let joint = received["joint"].as_str().unwrap().to_owned();
        let cases = cases_of(&received);
        let mut seen = Vec::new();
        for case in &cases {
            seen.push(clerk.get(&format!("/api/v1/cases/{case}")).await.json());
        }
        let plans: Vec<String> = seen.iter().map(|case| of(case, "m3").1).collect();
        assert_eq!(plans[0], plans[2], "{engine}: one plan for all");
        assert_ne!(plans[0], plans[1], "{engine}: 汉王店 has its own");
        for case in &seen {
            assert!(of(case, "m4").0.contains("承诺"), "{engine} {case}");
        }
        let ids = |case: &Value| case["materials"][0]["id"].as_str().unwrap().to_owned();
        assert_ne!(ids(&seen[0]), ids(&seen[1]), "{engine}");

        accepted_with_papers_owed(engine, &mut clerk, &joint, &cases).await;
        let mut supervisor = test.client_as(county.supervisor());
        for (case, owed) in cases
            .iter()
            .zip([json!(["m5"]), json!(["m5"]), json!(["m5", "m6"])])
        {
            let read = supervisor.get(&format!("/api/v1/cases/{case}")).await;
            assert_eq!(read.json()["owed"], owed, "{engine} {case}");
        }
        let mut reviewer = test.client_as(county.reviewer());
        let all: Vec<&str> = cases.iter().map(String::as_str).collect();
        for _ in 0..3 {
            check_done(engine, &act(&mut reviewer, &joint, "review", &all).await);
        }
        let supplied = format!("/api/v1/cases/{}/supplements", cases[0]);
        let paper = json!({"materials": [{"requirement": "m5", "paper_copies": 4}]});
        let supplied = clerk.post_json(&supplied, &paper).await;
        assert_eq!(supplied.status, StatusCode::OK, "{}", supplied.text());
        let mut approver = test.client_as(county.approver());
        let page = clerk.get(&format!("/staff/joints/{joint}")).await.text();
        assert!(page.contains("收下选中门店的补交材料"), "{engine} {page}");
        // The health certificates of all come at once: 城关店 has brought its own, 红椿店 still owes the list.
        let brought = supply(&mut clerk, &joint, &all).await;
        let told: Vec<bool> = brought.iter().map(|one| one["refusal"].is_null()).collect();
        assert_eq!(told, [false, true, true], "{engine} {brought:?}");
        let granted = act(&mut approver, &joint, "grant", &all).await;
        for one in &granted[..2] {
            assert!(one["refusal"].is_null(), "{engine} {granted:?}");
        }
        let last = granted[2]["refusal"].to_string();
        assert!(last.contains("容缺材料还没有补齐"), "{engine} {last}");
        test.check_ledger(engine).await;
    }
}

/// What is owed was brought on paper for several stores at once.
async fn supply(client: &mut Client, joint: &str, cases: &[&str]) -> Vec<Value> {
    // The counter may not read a case that went to its department, but where it stands.
    let read = client.get(&format!("/api/v1/joints/{joint}")).await.json();
    let parts = read["parts"].as_array().unwrap().iter();
    let chosen: Vec<Value> = parts
        .filter(|part| cases.iter().any(|case| part["case"] == *case))
        .map(|part| json!({"case": part["case"], "version": part["version"]}))
        .collect();
    let path = format!("/api/v1/joints/{joint}/deeds");
    let mut body = json!({"deed": "supply", "cases": chosen});
    let nothing = client.post_json(&path, &body).await.json();
    assert_eq!(nothing["errors"][0]["field"], "materials", "{nothing}");
    body["materials"] = json!(["m5"]);
    let done = client.post_json(&path, &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    done.json()["items"].as_array().unwrap().clone()
}

/// Accepting says in how many days what was undertaken must be there.
async fn accepted_with_papers_owed(
    engine: &str,
    clerk: &mut Client,
    joint: &str,
    cases: &[String],
) {
    let mut chosen = Vec::new();
    for case in cases {
        chosen.push(json!({"case": case, "version": version_of(clerk, case).await}));
    }
    let path = format!("/api/v1/joints/{joint}/deeds");
    let mut accept = json!({"deed": "accept", "cases": chosen});
    let without = clerk.post_json(&path, &accept).await.json();
    let field = &without["errors"][0]["field"];
    assert_eq!(field, "supplement_days", "{engine} {without}");
    let page = clerk.get(&format!("/staff/joints/{joint}")).await.text();
    for words in ["容缺：", "容缺补正期限"] {
        assert!(page.contains(words), "{engine} {words} {page}");
    }
    accept["supplement_days"] = json!(3);
    let done = clerk.post_json(&path, &accept).await.json();
    check_done(engine, done["items"].as_array().unwrap());
}

#[tokio::test]
async fn whoever_has_a_record_is_not_taken_at_their_word_for_any_store() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let body = body(&county, &mut clerk).await;
        let first = clerk
            .post_json("/api/v1/cases", &county.standard_application(1))
            .await
            .json();
        let record = json!({
            "case_number": first["number"], "ground": "false_promise", "reason": "承诺不属实。",
        });
        let mut approver = test.client_as(county.approver());
        let entered = approver.post_json("/api/v1/credit", &record).await;
        assert_eq!(
            entered.status,
            StatusCode::CREATED,
            "{engine} {}",
            entered.text()
        );
        let refused = clerk.post_json("/api/v1/batches", &body).await.json();
        assert_eq!(refused["code"], "credit_bars_promise", "{engine} {refused}");
        let mut owing = body.clone();
        owing["materials"][3] = json!({"requirement": "m4", "paper_copies": 1});
        let refused = clerk.post_json("/api/v1/batches", &owing).await.json();
        assert_eq!(
            refused["code"], "credit_bars_undertaking",
            "{engine} {refused}"
        );
        // One store alone that owes something is enough.
        owing["undertaking"] = json!([]);
        let refused = clerk.post_json("/api/v1/batches", &owing).await.json();
        assert_eq!(
            refused["code"], "credit_bars_undertaking",
            "{engine} {refused}"
        );
        owing["stores"][2]["undertaking"] = json!([]);
        let received = clerk.post_json("/api/v1/batches", &owing).await;
        assert_eq!(
            received.status,
            StatusCode::CREATED,
            "{engine} {}",
            received.text()
        );
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn what_the_house_has_of_who_acts_is_taken_for_all_stores() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let licence = upload(&mut clerk, "营业执照.pdf", 3).await;
        let mut earlier = county.standard_application(1);
        earlier["materials"][1] = json!({"requirement": "m2", "files": [licence]});
        let earlier = clerk.post_json("/api/v1/cases", &earlier).await;
        assert_eq!(earlier.status, StatusCode::CREATED, "{}", earlier.text());
        let earlier = earlier.json()["number"].as_str().unwrap().to_owned();

        // The page offers it as soon as it knows who acts, and not of anybody else.
        let item = county.standard.to_string();
        let code = county.standard_application(1)["applicant"]["number"].clone();
        let code = code.as_str().unwrap().to_owned();
        let ask = async |clerk: &mut Client, (serial, code): (u32, &str)| {
            let number = citizen_number(serial);
            let fields = [
                ("item", item.as_str()),
                ("batch-handler-number", number.as_str()),
                ("credit_code", code),
                ("mark-m2", "exempt"),
            ];
            send(clerk, &fields).await.text()
        };
        let chosen = "name=\"mark-m2\" value=\"exempt\" checked";
        let page = ask(&mut clerk, (1, code.as_str())).await;
        assert!(
            page.contains("可免提交：") && page.contains(chosen),
            "{engine} {page}"
        );
        // Somebody else has nothing, and who acts for another organisation brings none of this one's papers.
        let other = county.standard_application(2);
        let other = clerk.post_json("/api/v1/cases", &other).await;
        assert_eq!(other.status, StatusCode::CREATED, "{}", other.text());
        for (serial, code) in [(2, code.as_str()), (1, "91610924MA70ABCD2K")] {
            let page = ask(&mut clerk, (serial, code)).await;
            assert!(!page.contains("可免提交："), "{engine} {page}");
        }

        let offered = json!({"item": item, "number": citizen_number(1)});
        let list = clerk
            .post_json("/api/v1/cases/substitutes", &offered)
            .await
            .json();
        let items = list["items"].as_array().unwrap().iter();
        let mut keys = items
            .filter(|one| one["requirement"] == "m2")
            .map(|one| &one["offers"][0]["reuse"]);
        let mut body = county.batch_application(1, &STORES);
        body["materials"][1] = json!({"requirement": "m2", "reuse": keys.next().unwrap()});
        let mut foreign = body.clone();
        foreign["applicant"]["number"] = json!("91610924MA70ABCD2K");
        let refused = clerk.post_json("/api/v1/batches", &foreign).await;
        assert!(
            refused.text().contains("没有可以免提交的这一份材料"),
            "{engine} {}",
            refused.text()
        );
        let received = clerk.command("/api/v1/batches", "reused", &body).await;
        assert_eq!(
            received.status,
            StatusCode::CREATED,
            "{engine} {}",
            received.text()
        );
        // What is offered has changed by now; the same key is the same application all the same.
        let again = clerk.command("/api/v1/batches", "reused", &body).await;
        assert_eq!(
            again.json()["joint"],
            received.json()["joint"],
            "{engine} {}",
            again.text()
        );
        for case in cases_of(&received.json()) {
            let seen = clerk.get(&format!("/api/v1/cases/{case}")).await.json();
            let (source, sha256) = of(&seen, "m2");
            assert!(
                source.contains(&earlier) && !sha256.is_empty(),
                "{engine} {seen}"
            );
        }
        test.check_ledger(engine).await;
    }
}
