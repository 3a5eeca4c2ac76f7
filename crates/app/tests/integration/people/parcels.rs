//! The results of one application go out in one parcel with one tracking number (一次寄出), and its messages name the number over
//! all parts.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use wuchuang_ledger::storage::list;

use super::batches::act;
use crate::{
    county::County,
    harness::{Client, TestHouse},
};

const STORES: [&str; 2] = ["城关店", "汉王店"];
const ADDRESS: &str = "紫阳县城关镇河堤路12号";
const KEY: &str = "0192f0c2a4b17c3e9d5566778899aabb";

/// An application for two stores, granted, with its licences made.
async fn granted(engine: &str, test: &TestHouse, county: &County) -> (String, Vec<String>) {
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.batch_application(1, &STORES);
    body["survey"] = json!(false);
    body["delivery"] = json!({"way": "post", "address": ADDRESS});
    let received = clerk.command("/api/v1/batches", "parcel", &body).await;
    let text = received.text();
    assert_eq!(received.status, StatusCode::CREATED, "{engine} {text}");
    let received = received.json();
    let joint = received["joint"].as_str().unwrap().to_owned();
    let cases = received["cases"].as_array().unwrap().iter();
    let cases: Vec<String> = cases
        .map(|case| case.as_str().unwrap().to_owned())
        .collect();
    let all: Vec<&str> = cases.iter().map(String::as_str).collect();
    let mut deeds = vec![("accept", clerk)];
    for _ in 0..3 {
        deeds.push(("review", test.client_as(county.reviewer())));
    }
    deeds.push(("grant", test.client_as(county.approver())));
    for (deed, mut client) in deeds {
        for became in act(&mut client, &joint, deed, &all).await {
            assert!(became["refusal"].is_null(), "{engine} {deed} {became}");
        }
    }
    test.run_jobs_without_papers().await;
    (joint, cases)
}

#[derive(Deserialize)]
struct Told {
    parameters: String,
}

/// Every message about these cases names the number of the whole.
async fn check_messages(engine: &str, test: &TestHouse, whole: &str) {
    let rows: Vec<Told> = list(
        test.house.ledger().database().read(),
        "SELECT parameters FROM message WHERE case_id <> ''",
        [],
    )
    .await
    .unwrap();
    assert!(!rows.is_empty(), "{engine}");
    for row in rows {
        let wanted = format!("，总编号 {whole}");
        assert!(
            row.parameters.contains(&wanted),
            "{engine} {}",
            row.parameters
        );
    }
}

async fn stage(client: &mut Client, case: &str) -> Value {
    client.get(&format!("/api/v1/cases/{case}")).await.json()["stage"].clone()
}

#[tokio::test]
async fn results_that_go_by_post_go_in_one_parcel() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let (joint, cases) = granted(engine, &test, &county).await;
        let mut clerk = test.client_as(county.clerk());
        let path = format!("/staff/joints/{joint}");
        let page = clerk.get(&path).await.text();
        for words in ["一次寄出", ADDRESS, "城关店 · 食品", "登记寄出"] {
            assert!(page.contains(words), "{engine} {words}");
        }
        let unseen = test.client_as(county.supervisor()).get(&path).await.text();
        assert!(
            !unseen.contains(ADDRESS),
            "{engine}: an address before a stranger"
        );

        let deliver = format!("{path}/deliver");
        let mut form = vec![
            ("command_id", KEY),
            ("method", "post"),
            ("carrier", "中国邮政"),
        ];
        let refused = clerk.post(&deliver, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let text = refused.text();
        assert!(
            text.contains("请填写运单号") && text.contains("value=\"中国邮政\""),
            "{engine} {text}"
        );
        let twin = format!("/api/v1/joints/{joint}/deliver");
        let body = json!({"method": "post", "carrier": "邮".repeat(61), "tracking": "EA1"});
        let refused = clerk.command(&twin, "long", &body).await;
        assert_eq!(refused.json()["errors"][0]["field"], "carrier", "{engine}");

        form.push(("tracking", "EA123456789CN"));
        for press in ["first", "second"] {
            let done = clerk.post(&deliver, &form).await;
            let there = done.header("location").to_owned();
            assert!(there.ends_with("?delivered=2"), "{engine} {press} {there}");
        }
        let mut supervisor = test.client_as(county.supervisor());
        for case in &cases {
            assert_eq!(stage(&mut supervisor, case).await, "closed", "{engine}");
            let page = format!("/staff/cases/{case}");
            let history = supervisor.get(&page).await.text();
            assert!(history.contains("EA123456789CN"), "{engine}");
        }
        let body = json!({"method": "post", "carrier": "中国邮政", "tracking": "EA2"});
        let late = clerk.command(&twin, "late", &body).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(
            late.text().contains("现在没有可以寄出的结果"),
            "{}",
            late.text()
        );
        test.run_jobs_without_papers().await;
        let read = clerk.get(&format!("/api/v1/joints/{joint}")).await.json();
        let whole = read["number"].as_str().unwrap().replace(' ', "");
        check_messages(engine, &test, &whole).await;
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn a_program_hands_a_parcel_over_once() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let (joint, cases) = granted(engine, &test, &county).await;
        let mut clerk = test.client_as(county.clerk());
        let twin = format!("/api/v1/joints/{joint}/deliver");
        let body = json!({"method": "counter", "receiver": "李小红"});
        let first = clerk.command(&twin, "all", &body).await;
        assert_eq!(first.status, StatusCode::OK, "{engine} {}", first.text());
        let again = clerk.command(&twin, "all", &body).await;
        assert_eq!(first.json(), again.json(), "{engine}");
        let mut handed: Vec<Value> = first.json()["cases"].as_array().unwrap().clone();
        handed.sort_by_key(ToString::to_string);
        let mut wanted: Vec<Value> = cases.iter().map(|case| json!(case)).collect();
        wanted.sort_by_key(ToString::to_string);
        assert_eq!(handed, wanted, "{engine}");
        test.check_ledger(engine).await;
    }
}
