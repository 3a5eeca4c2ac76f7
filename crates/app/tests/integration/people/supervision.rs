//! 审管分离 and 诚信: what was granted on a promise reaches the department that supervises, which finds it false; the licence is
//! revoked and says so to everybody, and the applicant is not taken at their word until the record is repaired.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_access::demo::organisation_id;
use wuchuang_catalogue::{
    exchange::{DEMONSTRATION, import_county},
    model::{Department, ItemCommand, ServiceItem, SupervisedItem},
};
use wuchuang_kernel::{CaseId, china_date};
use wuchuang_licences::{licence_of_case, model::LicenceStream};
use wuchuang_supervision::task_of_case;
use wuchuang_webkit::Visitor;

use crate::{
    county::{County, TOWN, system_order},
    harness::{Answer, TestHouse},
};

/// The one material of the standard item that a promise may replace; it may follow as well.
const PROMISED: &str = "m4";

/// Publishes the standard item anew, with the town's centre as who supervises.
pub(super) async fn supervise(test: &TestHouse, county: &County, copy_days: Option<u16>) {
    let region = test.house.configuration().site.region;
    let items = import_county(DEMONSTRATION, region).unwrap();
    let mut found = items
        .into_iter()
        .find(|item| item.id == county.standard)
        .unwrap();
    found.content.supervised = Some(SupervisedItem {
        department: Department {
            id: organisation_id(region, TOWN),
            name: TOWN.to_owned(),
            code: "T001".to_owned(),
        },
        acknowledge_days: 2,
        check: "现场核查食品安全管理制度是否执行。".to_owned(),
        check_days: 10,
        copy_days,
    });
    let effective_from = china_date(test.house.ledger().now());
    for command in [
        ItemCommand::Draft {
            content: Box::new(found.content),
        },
        ItemCommand::Publish { effective_from },
    ] {
        let order = system_order(&test.house);
        let ledger = test.house.ledger();
        ledger
            .execute::<ServiceItem>(county.standard.into(), command, order)
            .await
            .unwrap();
    }
    test.house.slices().catalogue().refresh().await.unwrap();
}

/// An application in which a promise stands in the place of a material.
pub(super) fn promising(county: &County) -> Value {
    let mut body = county.standard_application(1);
    body["materials"][3] = json!({"requirement": PROMISED, "promised": true});
    body
}

pub(super) async fn send(test: &TestHouse, who: Visitor, path: &str, body: Value) -> Answer {
    test.client_as(who).post_json(path, &body).await
}

#[track_caller]
pub(super) fn taken(place: &str, answer: &Answer) {
    assert!(
        answer.status.is_success(),
        "{place}: {} {}",
        answer.status,
        answer.text()
    );
}

#[track_caller]
fn refused(place: &str, answer: &Answer, code: &str) {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{place}: {}",
        answer.text()
    );
    assert_eq!(answer.json()["code"], code, "{place}: {}", answer.text());
}

/// Takes an application in and grants it, as far as its licence.
async fn grant(test: &TestHouse, county: &County) -> CaseId {
    let case = granted(test, county, promising(county)).await;
    test.run_jobs_without_papers().await;
    case
}

/// Takes an application in and grants it; what follows from it waits.
pub(super) async fn granted(test: &TestHouse, county: &County, body: Value) -> CaseId {
    let received = send(test, county.clerk(), "/api/v1/cases", body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = received.json()["case"].as_str().unwrap().to_owned();
    let opinion = json!({"opinion": "材料齐全，符合条件，同意。"});
    for (who, deed, body) in [
        (county.clerk(), "claim", json!({})),
        (county.clerk(), "accept", json!({})),
        (county.reviewer(), "claim", json!({})),
        (county.reviewer(), "steps/review/complete", opinion.clone()),
        (county.reviewer(), "steps/visit/complete", opinion.clone()),
        (county.reviewer(), "steps/check/complete", opinion.clone()),
        (county.approver(), "grant", opinion),
    ] {
        let path = format!("/api/v1/cases/{case}/{deed}");
        taken(deed, &send(test, who, &path, body).await);
    }
    case.parse().unwrap()
}

/// The tasks of a list, as somebody sees it.
async fn tasks(test: &TestHouse, who: Visitor, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/supervision?{query}");
    let answer = test.client_as(who).get(&path).await;
    taken(&path, &answer);
    answer.json()["items"].as_array().unwrap().clone()
}

/// What anybody learns about the case's licence with the number and code that stand on it.
async fn verdict(test: &TestHouse, case: CaseId) -> Value {
    let ledger = test.house.ledger();
    let region = test.house.configuration().site.region;
    let licence = licence_of_case(case);
    let (_, state) = ledger
        .load::<LicenceStream>(region, licence.into())
        .await
        .unwrap()
        .unwrap();
    let issued = state.0.as_deref().unwrap().issued.clone();
    let asked = json!({"number": issued.number, "code": issued.check_code});
    let answer = test.client().post_json("/api/v1/verify", &asked).await;
    answer.json()["verdict"].clone()
}

#[tokio::test]
async fn a_false_promise_is_found_revoked_recorded_and_repaired() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        supervise(&test, &county, None).await;
        let case = grant(&test, &county).await;
        assert_eq!(verdict(&test, case).await, "valid", "{engine}");
        pushed_and_checked(&test, &county, case, engine).await;
        revoked_and_recorded(&test, &county, case, engine).await;
        barred(&test, &county, engine).await;
        repaired(&test, &county, engine).await;
        test.check_ledger(engine).await;
    }
}

/// The task lies with who supervises, turns red when nobody acknowledges, and is checked.
async fn pushed_and_checked(test: &TestHouse, county: &County, case: CaseId, engine: &str) {
    let open = tasks(test, county.inspector(), "").await;
    assert_eq!(open.len(), 1, "{engine}");
    assert_eq!(open[0]["stage"], "waiting", "{engine} {open:?}");
    assert_eq!(open[0]["light"], "normal", "{engine} {open:?}");
    assert!(tasks(test, county.approver(), "").await.is_empty());
    assert_eq!(
        tasks(test, county.approver(), "side=granted").await.len(),
        1
    );
    assert!(
        tasks(test, county.supervisor(), "view=overdue")
            .await
            .is_empty()
    );

    let task = format!("/api/v1/supervision/{}", task_of_case(case));
    let early = json!({"finding": "true", "method": "on_site", "facts": "看了现场"});
    let answer = send(test, county.inspector(), &format!("{task}/check"), early).await;
    refused(engine, &answer, "wrong_stage");
    // Two working days to acknowledge; on the fifth day it stands in supervision's list.
    test.clock.advance(SignedDuration::from_hours(24 * 4));
    let late = tasks(test, county.supervisor(), "view=overdue").await;
    assert_eq!(late.len(), 1, "{engine}");
    assert_eq!(late[0]["light"], "overdue", "{engine} {late:?}");
    let acknowledge = format!("{task}/acknowledge");
    let other = send(test, county.approver(), &acknowledge, json!({})).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    taken(
        engine,
        &send(test, county.inspector(), &acknowledge, json!({})).await,
    );
    let mend = json!({"finding": "rectify", "method": "on_site", "facts": "制度没有上墙", "rectify_days": 5});
    taken(
        engine,
        &send(test, county.inspector(), &format!("{task}/check"), mend).await,
    );
    let early = send(
        test,
        county.approver(),
        &format!("{task}/revoke"),
        json!({"reason": "承诺不属实"}),
    )
    .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    let found = json!({"finding": "false", "method": "on_site", "facts": "没有建立制度"});
    taken(
        engine,
        &send(test, county.inspector(), &format!("{task}/check"), found).await,
    );
}

/// Whoever decided revokes the licence and enters the record; both are noted in the task.
async fn revoked_and_recorded(test: &TestHouse, county: &County, case: CaseId, engine: &str) {
    let task = format!("/api/v1/supervision/{}", task_of_case(case));
    let reason = json!({"reason": "承诺不属实，《行政许可法》第六十九条"});
    let other = send(
        test,
        county.inspector(),
        &format!("{task}/revoke"),
        reason.clone(),
    )
    .await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    taken(
        engine,
        &send(test, county.approver(), &format!("{task}/revoke"), reason).await,
    );
    let record = json!({"ground": "false_promise", "reason": "现场核查没有建立制度"});
    taken(
        engine,
        &send(test, county.approver(), &format!("{task}/credit"), record).await,
    );
    test.run_jobs_without_papers().await;
    assert_eq!(verdict(test, case).await, "revoked", "{engine}");
    let answer = test.client_as(county.approver()).get(&task).await.json();
    assert_eq!(answer["is_revoked"], true, "{engine} {answer}");
    assert!(answer["credit_subject"].is_string(), "{engine} {answer}");
    let measure = json!({"reason": "撤销许可，记入失信名单。"});
    taken(
        engine,
        &send(
            test,
            county.approver(),
            &format!("{task}/conclude"),
            measure,
        )
        .await,
    );
    let done = tasks(test, county.inspector(), "view=done").await;
    assert_eq!(done[0]["finding"], "false", "{engine} {done:?}");
    let page = test
        .client_as(county.approver())
        .get(&format!("/staff/cases/{case}"))
        .await
        .text();
    assert!(
        page.contains("已办结（不属实）") && page.contains("查看监管任务"),
        "{engine}: {page}"
    );
}

/// Neither a promise nor a later paper is taken from whoever has a record; with all papers the case is received.
async fn barred(test: &TestHouse, county: &County, engine: &str) {
    let path = "/api/v1/cases";
    let answer = send(test, county.clerk(), path, promising(county)).await;
    refused(engine, &answer, "credit_bars_promise");
    let mut owing = county.standard_application(1);
    owing["materials"].as_array_mut().unwrap().remove(3);
    let received = send(test, county.clerk(), path, owing).await;
    assert_eq!(received.status, StatusCode::CREATED, "{engine}");
    let case = format!("{path}/{}", received.json()["case"].as_str().unwrap());
    taken(
        engine,
        &send(test, county.clerk(), &format!("{case}/claim"), json!({})).await,
    );
    let accept = json!({"conditional": {"materials": [PROMISED], "days": 3, "undertaken": true}});
    let answer = send(test, county.clerk(), &format!("{case}/accept"), accept).await;
    refused(engine, &answer, "credit_bars_undertaking");
    let complete = send(test, county.clerk(), path, county.standard_application(1)).await;
    assert_eq!(complete.status, StatusCode::CREATED, "{engine}");
    // Somebody else is taken at their word.
    let mut other = county.standard_application(2);
    other["materials"][3] = json!({"requirement": PROMISED, "promised": true});
    let answer = send(test, county.clerk(), path, other).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{engine}");
}

/// Who entered the record repairs it, and the applicant is taken at their word again.
async fn repaired(test: &TestHouse, county: &County, engine: &str) {
    let list = test
        .client_as(county.clerk())
        .get("/api/v1/credit?standing=unrepaired")
        .await
        .json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{engine} {list}");
    assert_eq!(items[0]["ground"], "false_promise", "{engine} {list}");
    let subject = items[0]["subject"].as_str().unwrap();
    let path = format!("/api/v1/credit/{subject}/1/repair");
    let body = json!({"reason": "制度已经建立并执行", "document": "信用修复决定书〔2026〕1号"});
    let other = send(test, county.inspector(), &path, body.clone()).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    taken(engine, &send(test, county.approver(), &path, body).await);
    let answer = send(test, county.clerk(), "/api/v1/cases", promising(county)).await;
    assert_eq!(
        answer.status,
        StatusCode::CREATED,
        "{engine}: {}",
        answer.text()
    );
    let page = test
        .client_as(county.clerk())
        .get(&format!("/staff/credit/{subject}"))
        .await
        .text();
    assert!(page.contains("记录都已修复"), "{engine}: {page}");
}
