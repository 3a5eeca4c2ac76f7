//! 需求分析: cases that were really handled are counted by month, channel, town and who took them in; five applicants who
//! ask for both items make a pair until one of them is forgotten; earlier years come from Excel whole or not at all; a
//! suggestion is dismissed and does not come back.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_app::House;
use wuchuang_kernel::{CommandId, ItemId, PersonId};
use wuchuang_ledger::storage::{Value as Bound, list};
use wuchuang_webkit::Visitor;

use crate::{
    county::County,
    harness::{Answer, TestHouse},
};

async fn send(test: &TestHouse, who: Visitor, path: &str, body: Value) -> Answer {
    test.client_as(who).post_json(path, &body).await
}

async fn get(test: &TestHouse, who: Visitor, path: &str) -> Value {
    let answer = test.client_as(who).get(path).await;
    taken(path, &answer);
    answer.json()
}

#[track_caller]
fn taken(place: &str, answer: &Answer) {
    let told = answer.text();
    assert!(
        answer.status.is_success(),
        "{place}: {} {told}",
        answer.status
    );
}

#[track_caller]
fn refused(place: &str, answer: &Answer, (code, field): (&str, &str)) {
    let told = answer.text();
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{place}: {told}"
    );
    assert_eq!(answer.json()["code"], code, "{place}: {told}");
    assert_eq!(
        answer.json()["errors"][0]["field"],
        field,
        "{place}: {told}"
    );
}

/// Counts now, as the supervisor's program does.
async fn count(test: &TestHouse, county: &County) {
    let path = "/api/v1/demand/counts";
    let answer = send(test, county.supervisor(), path, json!({})).await;
    taken("count", &answer);
    test.run_jobs_without_papers().await;
}

async fn receive(test: &TestHouse, who: Visitor, body: Value) -> String {
    let received = send(test, who, "/api/v1/cases", body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    received.json()["case"].as_str().unwrap().to_owned()
}

/// The instant item by the same organisation that asks for the standard one.
fn both(county: &County, serial: u32) -> [Value; 2] {
    let standard = county.standard_application(serial);
    let mut instant = county.instant_application(serial);
    instant["applicant"] = standard["applicant"].clone();
    [standard, instant]
}

async fn deed(test: &TestHouse, who: Visitor, (case, deed): (&str, &str), body: Value) {
    let path = format!("/api/v1/cases/{case}/{deed}");
    taken(deed, &send(test, who, &path, body).await);
}

/// Five organisations ask for both items; one case is corrected, one not accepted, the instant ones granted.
async fn handled(test: &TestHouse, county: &County) -> Vec<String> {
    let mut cases = Vec::new();
    for serial in 1..=5 {
        let [standard, instant] = both(county, serial);
        cases.push(receive(test, county.clerk(), standard).await);
        let case = receive(test, county.clerk(), instant).await;
        let opinion = json!({"opinion": "准予备案。"});
        deed(test, county.clerk(), (&case, "accept-and-grant"), opinion).await;
    }
    for case in &cases[..2] {
        deed(test, county.clerk(), (case, "claim"), json!({})).await;
    }
    let notice = json!({"defects": [{"key": "material:m4", "name": "制度", "problem": "没有签名，请补签。"}]});
    deed(
        test,
        county.clerk(),
        (&cases[0], "correction-notices"),
        notice,
    )
    .await;
    let ground = json!({"ground": "not_required", "reason": "依法不需要取得行政许可。"});
    deed(
        test,
        county.clerk(),
        (&cases[1], "refuse-acceptance"),
        ground,
    )
    .await;
    test.run_jobs_without_papers().await;
    cases
}

async fn item(test: &TestHouse, county: &County, item: ItemId) -> Value {
    let path = format!("/api/v1/demand/items/{item}");
    get(test, county.approver(), &path).await
}

async fn pairs(test: &TestHouse, county: &County) -> Vec<Value> {
    let list = get(test, county.supervisor(), "/api/v1/demand/pairs").await;
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_people_ask_for_is_counted_and_something_follows() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let cases = handled(&test, &county).await;
        figures(&test, &county, engine).await;
        forgotten(&test, &county, &cases[2], engine).await;
        earlier_years(&test, &county, engine).await;
        suggested(&test, &county, engine).await;
        test.check_ledger(engine).await;
    }
}

/// The figures say what was done with the cases, however often they are counted.
async fn figures(test: &TestHouse, county: &County, engine: &str) {
    for _ in 0..2 {
        count(test, county).await;
        let list = get(test, county.supervisor(), "/api/v1/demand/items").await;
        assert_eq!(
            list["items"].as_array().unwrap().len(),
            2,
            "{engine} {list}"
        );
        assert_eq!(list["last_month"], "2026-11", "{engine}");
        let standard = item(test, county, county.standard).await;
        let told = &standard["figures"];
        assert_eq!(told["applied"], 5, "{engine} {standard}");
        assert_eq!(told["corrected"], 1, "{engine} {standard}");
        assert_eq!(told["not_accepted"], 1, "{engine} {standard}");
        let instant = item(test, county, county.instant).await;
        assert_eq!(instant["figures"]["granted"], 5, "{engine} {instant}");
        assert_eq!(instant["figures"]["accepted"], 5, "{engine} {instant}");
        // Staff who send what a program would are neither counter nor portal.
        assert_eq!(instant["channels"][0]["name"], "office", "{engine}");
        let town = json!([{"name": "城关镇", "applied": 5}]);
        assert_eq!(instant["towns"], town, "{engine} {instant}");
        assert_eq!(standard["towns"], json!([]), "{engine} {standard}");
    }
    let departments = get(test, county.supervisor(), "/api/v1/demand/departments").await;
    let year = &departments["items"][0]["years"][0];
    assert_eq!(year["figures"]["applied"], 10, "{engine} {departments}");
    let clerk = test.client_as(county.clerk()).get("/staff/demand").await;
    assert_eq!(clerk.status, StatusCode::FORBIDDEN, "{engine}");
    for path in ["", "/pairs", "/suggestions", "/departments", "/years"] {
        let path = format!("/staff/demand{path}");
        let page = test.client_as(county.supervisor()).get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{engine} {path}");
    }
    for file in ["list", "departments", "pairs", "suggestions", "years"] {
        let path = format!("/staff/demand/{file}.xlsx");
        let book = test.client_as(county.supervisor()).get(&path).await;
        assert_eq!(book.status, StatusCode::OK, "{engine} {path}");
        assert!(book.body.starts_with(b"PK"), "{engine} {path}");
    }
}

#[derive(serde::Deserialize)]
struct Asked {
    subject: String,
    town: String,
}

async fn asked(house: &House, case: &str) -> Asked {
    let region = house.configuration().site.region.to_string();
    let rows: Vec<Asked> = list(
        house.ledger().database().read(),
        "SELECT subject, town FROM analysis_case WHERE region = $1 AND case_id = $2",
        [Bound::from(region), Bound::from(case)],
    )
    .await
    .unwrap();
    rows.into_iter().next().unwrap()
}

/// Five applicants make a pair; it is gone the moment one of them is forgotten, and a count does not bring it back.
async fn forgotten(test: &TestHouse, county: &County, case: &str, engine: &str) {
    let found = pairs(test, county).await;
    assert_eq!(found.len(), 1, "{engine} {found:?}");
    assert_eq!(found[0]["applicants"], 5, "{engine} {found:?}");
    let before = asked(&test.house, case).await;
    assert_eq!(before.subject.len(), 32, "{engine}");
    let seen = get(test, county.approver(), &format!("/api/v1/cases/{case}")).await;
    let person = seen["applicant"]["person"].as_str().unwrap();
    let person: PersonId = person.parse().unwrap();
    let region = test.house.configuration().site.region;
    test.house.ledger().forget(region, person).await.unwrap();
    assert!(pairs(test, county).await.is_empty(), "{engine}");
    let after = asked(&test.house, case).await;
    assert_eq!((after.subject, after.town), (String::new(), String::new()));
    test.run_jobs_without_papers().await;
    count(test, county).await;
    assert!(pairs(test, county).await.is_empty(), "{engine}");
    let standard = item(test, county, county.standard).await;
    assert_eq!(
        standard["figures"]["applied"], 5,
        "{engine}: the numbers stay"
    );
}

/// An earlier year comes whole or not at all, and again only in the place of what it was.
async fn earlier_years(test: &TestHouse, county: &County, engine: &str) {
    let path = "/api/v1/demand/years";
    let line = |month: &str, applied: u32| json!({"item": "食品经营许可核发", "month": month, "channel": "窗口", "applied": applied, "accepted": applied, "refused": 0});
    let year =
        |lines: Vec<Value>, reason: &str| json!({"year": 2024, "reason": reason, "lines": lines});
    let good = || year(vec![line("2024-03", 60), line("2024-04", 20)], "原平台导出");
    let answer = send(test, county.approver(), path, good()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{engine}");
    let bad = year(vec![line("2024-03", 60), line("2023-04", 20)], "原平台导出");
    let answer = send(test, county.supervisor(), path, bad).await;
    refused(engine, &answer, ("invalid", "lines"));
    assert!(answer.text().contains("第2行“年月”"), "{}", answer.text());
    let silent = year(vec![line("2024-03", 60)], " ");
    let answer = send(test, county.supervisor(), path, silent).await;
    refused(engine, &answer, ("reason_missing", "reason"));
    let standard = item(test, county, county.standard).await;
    assert_eq!(
        standard["figures"]["applied"], 5,
        "{engine}: nothing was brought"
    );

    taken(engine, &send(test, county.supervisor(), path, good()).await);
    let standard = item(test, county, county.standard).await;
    assert_eq!(standard["figures"]["applied"], 85, "{engine} {standard}");
    assert_eq!(standard["peaks"], json!(["2024-03"]), "{engine} {standard}");
    let again = year(
        vec![line("2024-03", 100), line("2024-04", 20)],
        "三月的数补全了",
    );
    taken(engine, &send(test, county.supervisor(), path, again).await);
    let standard = item(test, county, county.standard).await;
    assert_eq!(standard["figures"]["applied"], 125, "{engine} {standard}");
    let years = get(test, county.supervisor(), path).await;
    assert_eq!(years["items"][0]["revision"], 2, "{engine} {years}");
    let query = "/api/v1/demand/items?year=2024&channel=counter";
    let of_year = get(test, county.supervisor(), query).await;
    assert_eq!(
        of_year["items"][0]["figures"]["applied"], 120,
        "{engine} {of_year}"
    );
}

/// What the figures say is dismissed with a reason and does not come back with the next count.
async fn suggested(test: &TestHouse, county: &County, engine: &str) {
    count(test, county).await;
    let path = "/api/v1/demand/suggestions";
    let open = get(test, county.approver(), path).await;
    let kinds: Vec<&str> = open["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["online", "window"], "{engine} {open}");
    let id = open["items"][1]["id"].as_str().unwrap();
    let dismiss = format!("{path}/{id}/dismiss");
    let reason = json!({"reason": "高峰是集中换证造成的，今后没有了"});
    let answer = send(test, county.approver(), &dismiss, reason.clone()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{engine}");
    let silent = json!({"reason": ""});
    let answer = send(test, county.supervisor(), &dismiss, silent).await;
    refused(engine, &answer, ("reason_missing", "reason"));
    let unknown = format!("{path}/{}/dismiss", CommandId::from_u128(7));
    let answer = send(test, county.supervisor(), &unknown, reason.clone()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{engine}");
    taken(
        engine,
        &send(test, county.supervisor(), &dismiss, reason.clone()).await,
    );
    let answer = send(test, county.supervisor(), &dismiss, reason).await;
    refused(engine, &answer, ("suggestion_decided", "reason"));
    count(test, county).await;
    let open = get(test, county.approver(), path).await;
    assert_eq!(
        open["items"].as_array().unwrap().len(),
        1,
        "{engine} {open}"
    );
    let story = get(test, county.approver(), &format!("{path}/{id}")).await;
    assert_eq!(
        story["suggestion"]["standing"], "dismissed",
        "{engine} {story}"
    );
    assert_eq!(story["decisions"].as_array().unwrap().len(), 1, "{engine}");
    let taken_up = open["items"][0]["id"].as_str().unwrap();
    let reason = json!({"reason": "十二月上线网上申请"});
    let take_up = format!("{path}/{taken_up}/take-up");
    taken(
        engine,
        &send(test, county.supervisor(), &take_up, reason).await,
    );
    let listed = get(
        test,
        county.approver(),
        &format!("{path}?standing=taken_up"),
    )
    .await;
    assert_eq!(
        listed["items"].as_array().unwrap().len(),
        1,
        "{engine} {listed}"
    );
}
