//! 凡批必进 at a real counter: what is accepted after hours or on a day off, and what is decided while nobody is authorised, is
//! found by the rules; whom it concerns hears of it, answers, and hears what was decided; several are handled at once.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_kernel::{Clock, Role, china_time};
use wuchuang_webkit::Visitor;

use super::telling::{heard, holder, pass_days, phones};
use crate::{
    county::County,
    harness::{Answer, TestHouse},
};

const FINDINGS: &str = "/api/v1/oversight/findings";
const MANY: &str = "/api/v1/oversight/many";

async fn send(test: &TestHouse, who: &Visitor, path: &str, body: Value) -> Answer {
    test.client_as(who.clone()).post_json(path, &body).await
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

async fn found(test: &TestHouse, county: &County, rule: &str) -> Vec<Value> {
    let path = format!("{FINDINGS}?rule={rule}");
    let list = test.client_as(county.supervisor()).get(&path).await;
    taken(&path, &list);
    list.json()["items"].as_array().unwrap().clone()
}

fn id(finding: &Value) -> String {
    finding["id"].as_str().unwrap().to_owned()
}

/// Asks the rules now.
async fn look(test: &TestHouse, county: &County) {
    let path = "/api/v1/oversight/rounds";
    taken(
        path,
        &send(test, &county.supervisor(), path, json!({})).await,
    );
    test.run_jobs_without_papers().await;
}

/// Moves the clock forward to the next time of day in China.
fn until(test: &TestHouse, hour: i8) {
    let now = china_time(test.clock.now()).time();
    let minutes = i64::from(hour) * 60 - i64::from(now.hour()) * 60 - i64::from(now.minute());
    let minutes = if minutes > 0 {
        minutes
    } else {
        minutes + 24 * 60
    };
    test.clock.advance(SignedDuration::from_mins(minutes));
}

/// A case is received, and the clerk presses 受理 on its page.
async fn accept_at_the_counter(
    test: &TestHouse,
    county: &County,
    clerk: &Visitor,
    serial: u32,
) -> String {
    let body = county.standard_application(serial);
    let received = send(test, &county.clerk(), "/api/v1/cases", body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = received.json()["case"].as_str().unwrap().to_owned();
    let mut desk = test.client_as(clerk.clone());
    let page = format!("/staff/cases/{case}");
    let claimed = desk
        .post_json(&format!("/api/v1/cases/{case}/claim"), &json!({}))
        .await;
    taken("claim", &claimed);
    let pressed = desk.post(&format!("{page}/accept"), &[]).await;
    assert!(pressed.status.is_redirection(), "{}", pressed.text());
    case
}

#[tokio::test]
async fn what_the_counter_does_after_hours_and_without_authority_is_found_told_and_handled() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let place = (county.centre, "shou.li");
        let clerk = holder(&test, place, "13912345678", Role::CounterClerk).await;
        let supervisor = county.supervisor();
        look(&test, &county).await;

        // Within hours nothing is found; in the evening and on Sunday it is.
        let inside = accept_at_the_counter(&test, &county, &clerk, 1).await;
        look(&test, &county).await;
        assert!(
            found(&test, &county, "outside_hours").await.is_empty(),
            "{engine}"
        );
        until(&test, 20);
        accept_at_the_counter(&test, &county, &clerk, 2).await;
        until(&test, 10);
        test.clock.advance(SignedDuration::from_hours(24 * 5));
        accept_at_the_counter(&test, &county, &clerk, 3).await;
        for _ in 0..2 {
            look(&test, &county).await;
        }
        let late = found(&test, &county, "outside_hours").await;
        assert_eq!(late.len(), 2, "{engine} {late:?}");

        // The department decides while it has authorised nobody: one finding for the day.
        decided(&test, &county, &inside).await;
        look(&test, &county).await;
        let unauthorised = found(&test, &county, "no_authority").await;
        assert_eq!(unauthorised.len(), 1, "{engine} {unauthorised:?}");
        let evidence = test
            .client_as(supervisor.clone())
            .get(&format!("{FINDINGS}/{}", id(&unauthorised[0])))
            .await;
        assert!(
            evidence.text().contains("没有首席代表"),
            "{engine} {}",
            evidence.text()
        );

        let ids: Vec<String> = late.iter().map(id).collect();
        told_and_answered(&test, (&clerk, &supervisor), &ids, engine).await;
        pages(&test, &county, &id(&unauthorised[0])).await;
        own_words(&test, &county, &clerk, engine).await;
        test.check_ledger(engine).await;
    }
}

/// The county calls a kind by another name and uses another one no more: what was found keeps its words, what is not used is not
/// looked for.
async fn own_words(test: &TestHouse, county: &County, clerk: &Visitor, engine: &str) {
    const KINDS: &str = "/api/v1/oversight/kinds";
    let supervisor = county.supervisor();
    let why = "紫监办〔2026〕2号";
    let renamed = json!({"name": "无授权审批", "reason": why});
    let path = format!("{KINDS}/6");
    let forbidden = send(test, clerk, &path, renamed.clone()).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN, "{engine}");
    taken(
        engine,
        &send(test, &supervisor, &path, renamed.clone()).await,
    );
    let twice = send(test, &supervisor, &path, renamed).await;
    assert_eq!(twice.json()["code"], "nothing_changed", "{engine}");
    let entered = json!({"rule": "inspection", "kind": 29, "organisation": county.centre.to_string(), "account": "",
        "case_number": "", "happened_on": wuchuang_kernel::china_date(test.clock.now()).to_string(), "facts": "现场检查发现。"});
    let enter = || async {
        let mut desk = test.client_as(supervisor.clone());
        let sent = desk.command(FINDINGS, "entered-once", &entered).await;
        taken("enter", &sent);
        sent.json()["id"].clone()
    };
    let first = enter().await;
    let unused = json!({"is_used": false, "reason": why});
    taken(
        engine,
        &send(test, &supervisor, &format!("{KINDS}/29"), unused).await,
    );
    assert_eq!(enter().await, first, "{engine}");
    let mut desk = test.client_as(supervisor.clone());
    let table = desk.get(KINDS).await.json();
    let kind = |number: usize| table["kinds"][number - 1].clone();
    assert_eq!(kind(6)["name"], "无授权审批", "{engine} {table}");
    assert_eq!(kind(29)["is_used"], false, "{engine} {table}");

    until(test, 10);
    let case = accept_at_the_counter(test, county, clerk, 4).await;
    until(test, 21);
    accept_at_the_counter(test, county, clerk, 5).await;
    decided(test, county, &case).await;
    let before = found(test, county, "outside_hours").await.len();
    look(test, county).await;
    assert_eq!(
        found(test, county, "outside_hours").await.len(),
        before,
        "{engine}"
    );
    let list = desk.get("/staff/oversight?rule=no_authority").await.text();
    assert!(list.contains("无授权审批"), "{engine} {list}");
    let closed = desk
        .get("/staff/oversight?rule=no_authority&view=closed")
        .await
        .text();
    assert!(
        closed.contains("授权不到位") && !closed.contains("无授权审批"),
        "{engine} {closed}"
    );
    let form = desk.get("/staff/oversight/new").await.text();
    assert!(
        form.contains("6 无授权审批") && !form.contains("29 体外循环"),
        "{engine} {form}"
    );
    let none = desk
        .post(
            "/staff/oversight/kinds",
            &[("number", "7"), ("name", "公开不实")],
        )
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    let none = none.text();
    assert!(
        none.contains("请写明修改的理由") && none.contains("value=\"公开不实\""),
        "{engine} {none}"
    );
}

/// The department works on the case to its decision.
async fn decided(test: &TestHouse, county: &County, case: &str) {
    let opinion = json!({"opinion": "材料齐全，符合条件，同意。"});
    for (who, deed, body) in [
        (county.reviewer(), "claim", json!({})),
        (county.reviewer(), "steps/review/complete", opinion.clone()),
        (county.reviewer(), "steps/visit/complete", opinion.clone()),
        (county.reviewer(), "steps/check/complete", opinion.clone()),
        (county.approver(), "grant", opinion),
    ] {
        let path = format!("/api/v1/cases/{case}/{deed}");
        taken(deed, &send(test, &who, &path, body).await);
    }
}

/// Both are passed on at once; the clerk hears of each, is reminded, answers one, and hears what was decided on both.
async fn told_and_answered(
    test: &TestHouse,
    (clerk, supervisor): (&Visitor, &Visitor),
    ids: &[String],
    engine: &str,
) {
    let nobody = heard(test, clerk).await;
    assert!(nobody.is_empty(), "{engine} {nobody:?}");
    let notify = json!({"findings": ids, "act": {"deed": "notify", "days": 3}});
    let forbidden = send(test, clerk, MANY, notify.clone()).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN, "{engine}");
    let passed = send(test, supervisor, MANY, notify.clone()).await;
    taken(engine, &passed);
    let refused = |answer: &Answer| -> Vec<bool> {
        let items = answer.json()["items"].as_array().unwrap().clone();
        items.iter().map(|one| one["refused"].is_string()).collect()
    };
    assert_eq!(
        refused(&passed),
        [false, false],
        "{engine} {}",
        passed.text()
    );
    let again = send(test, supervisor, MANY, notify).await;
    assert_eq!(refused(&again), [true, true], "{engine} {}", again.text());
    test.run_jobs_without_papers().await;
    let notified = "finding_notified";
    assert_eq!(heard(test, clerk).await, [notified, notified], "{engine}");
    assert_eq!(phones(test).await, [notified, notified], "{engine}");

    let answer = format!("{FINDINGS}/{}/answer", ids[0]);
    let text = json!({"text": "系统升级延后，群众在场等候，当场受理。"});
    taken(engine, &send(test, clerk, &answer, text).await);
    let decide = |reason: &str| json!({"findings": ids, "act": {"deed": "decide", "verdict": "unfounded", "reason": reason}});
    let silent = send(test, supervisor, MANY, decide(" ")).await;
    assert_eq!(silent.json()["errors"][0]["field"], "reason", "{engine}");
    // The other one still has time to answer.
    let first = send(test, supervisor, MANY, decide("属于便民延时服务。")).await;
    assert_eq!(refused(&first), [false, true], "{engine} {}", first.text());
    pass_days(test, 6).await;
    let second = send(test, supervisor, MANY, decide("属于便民延时服务。")).await;
    assert_eq!(
        refused(&second),
        [true, false],
        "{engine} {}",
        second.text()
    );
    test.run_jobs_without_papers().await;
    let all = [
        "finding_closed",
        "finding_overdue",
        "finding_due_soon",
        "finding_closed",
        notified,
        notified,
    ];
    assert_eq!(heard(test, clerk).await, all, "{engine}");
}

/// The same on the page, without a script: what is not ticked or not chosen is said, and what was typed stays.
async fn pages(test: &TestHouse, county: &County, finding: &str) {
    let mut desk = test.client_as(county.supervisor());
    let list = desk.get("/staff/oversight?rule=no_authority").await.text();
    assert!(list.contains(&format!("value=\"{finding}\"")), "{list}");
    let path = "/staff/oversight/many?rule=no_authority";
    let none = desk.post(path, &[("deed", "notify"), ("days", "4")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let none = none.text();
    assert!(
        none.contains("请先勾选") && none.contains("value=\"4\""),
        "{none}"
    );
    let ticked = ("finding", finding);
    let silent = desk
        .post(
            path,
            &[ticked, ("deed", "decide"), ("verdict", "unfounded")],
        )
        .await;
    let silent = silent.text();
    assert!(
        silent.contains("请写明认定的理由") && silent.contains("checked"),
        "{silent}"
    );
    let reason = ("reason", "当天授权书已签，登记晚了一天。");
    let done = desk
        .post(
            path,
            &[ticked, ("deed", "decide"), ("verdict", "unfounded"), reason],
        )
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert!(done.text().contains("1 条中办成 1 条"), "{}", done.text());
}
