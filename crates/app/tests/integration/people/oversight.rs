//! 电子监察: items that did not enter the hall, a decision outside of the ledger, an outsider's acceptance, and what came of
//! the findings, down to 容错 and 纠错; an own mistake that was reported.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_cases::model::{CaseCommand, CaseStream};
use wuchuang_kernel::{CaseId, china_date};
use wuchuang_webkit::Visitor;

use crate::{
    county::{County, system_order},
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
fn refused(place: &str, answer: &Answer, code: &str) {
    let told = answer.text();
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{place}: {told}"
    );
    assert_eq!(answer.json()["code"], code, "{place}: {told}");
}

/// The findings of a list, as somebody sees it.
async fn findings(test: &TestHouse, who: Visitor, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/oversight/findings?{query}");
    let list = get(test, who, &path).await;
    list["items"].as_array().unwrap().clone()
}

/// Asks the rules now, as the supervisor's program does.
async fn look(test: &TestHouse, county: &County) {
    let answer = send(
        test,
        county.supervisor(),
        "/api/v1/oversight/rounds",
        json!({}),
    )
    .await;
    taken("look", &answer);
    test.run_jobs_without_papers().await;
}

fn today(test: &TestHouse) -> String {
    china_date(test.house.ledger().now()).to_string()
}

#[tokio::test]
async fn what_is_done_outside_the_hall_is_found_and_mended() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        items_enter(&test, &county, engine).await;
        let case = outsiders(&test, &county, engine).await;
        let finding = register(&test, &county, engine).await;
        answered_and_mended(&test, &county, &finding, engine).await;
        reported(&test, &county, case, engine).await;
        let figures = get(&test, county.supervisor(), "/api/v1/oversight/figures").await;
        assert_eq!(figures["all"]["exempted"], 1, "{engine} {figures}");
        assert_eq!(figures["all"]["founded"], 1, "{engine} {figures}");
        let own = get(&test, county.approver(), "/api/v1/oversight/figures").await;
        assert_eq!(
            own["organisations"].as_array().unwrap().len(),
            1,
            "{engine}"
        );
        test.check_ledger(engine).await;
    }
}

/// Both items are found once; one enters, the other is exempted, and nothing is found any more.
async fn items_enter(test: &TestHouse, county: &County, engine: &str) {
    look(test, county).await;
    look(test, county).await;
    let open = findings(test, county.supervisor(), "rule=not_entered").await;
    assert_eq!(open.len(), 2, "{engine} {open:?}");
    assert!(findings(test, county.inspector(), "").await.is_empty());
    assert_eq!(findings(test, county.approver(), "").await.len(), 2);

    let document = "关于公布进驻大厅事项目录的通知（紫政办发〔2026〕1号）";
    let entry = |item| format!("/api/v1/oversight/items/{item}/entry");
    let enter = json!({"standing": "entered", "place": county.centre.to_string(), "from": today(test), "document": document});
    let other = send(
        test,
        county.approver(),
        &entry(county.standard),
        enter.clone(),
    )
    .await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    taken(
        engine,
        &send(test, county.supervisor(), &entry(county.standard), enter).await,
    );
    let exempt =
        json!({"standing": "exempted", "ground": "on_site", "document": "", "until": today(test)});
    let answer = send(
        test,
        county.supervisor(),
        &entry(county.instant),
        exempt.clone(),
    )
    .await;
    refused(engine, &answer, "text_missing");
    let mut exempt = exempt;
    exempt["document"] = json!("批复（紫政函〔2026〕2号）");
    taken(
        engine,
        &send(test, county.supervisor(), &entry(county.instant), exempt).await,
    );

    let hall = format!("/api/v1/oversight/entries/{}", county.department);
    let (_, directory) = test.house.slices().delegations();
    let region = test.house.configuration().site.region;
    let chief = directory
        .staff_by_account(region, "scjg-approve")
        .await
        .unwrap()
        .unwrap();
    let authorise = json!({"deed": "authorise", "person": chief.person.to_string(), "scope": ["accept", "decide", "seal"], "from": today(test), "document": "首席代表授权书"});
    taken(
        engine,
        &send(test, county.supervisor(), &hall, authorise).await,
    );
    let seen = get(test, county.approver(), "/api/v1/oversight/entries").await;
    let figures = &seen["departments"][0]["figures"];
    assert_eq!(
        *figures,
        json!({"due": 1, "entered": 1, "exempted": 1, "missing": 0}),
        "{engine}"
    );
    let marks = seen["departments"][0]["marks"].as_array().unwrap();
    let reached = marks
        .iter()
        .filter(|mark| mark["is_reached"] == true)
        .count();
    assert_eq!(reached, 4, "{engine} {marks:?}");
    look(test, county).await;
    assert_eq!(
        findings(test, county.supervisor(), "").await.len(),
        2,
        "{engine}"
    );
}

/// A case of the market office that the town's people accept without any delegation.
async fn outsiders(test: &TestHouse, county: &County, engine: &str) -> CaseId {
    let path = "/api/v1/cases";
    let received = send(test, county.clerk(), path, county.standard_application(1)).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case: CaseId = received.json()["case"].as_str().unwrap().parse().unwrap();
    let ledger = test.house.ledger();
    for command in [
        CaseCommand::Claim,
        CaseCommand::Accept { conditional: None },
    ] {
        let mut order = system_order(&test.house);
        order.actor = county.inspector().actor();
        ledger
            .execute::<CaseStream>(case.into(), command, order)
            .await
            .unwrap();
    }
    look(test, county).await;
    let found = findings(test, county.supervisor(), "rule=outsider").await;
    assert_eq!(found.len(), 1, "{engine} {found:?}");
    let town = findings(test, county.inspector(), "").await;
    assert_eq!(town.len(), 1, "{engine}: the town sees what is said of it");
    case
}

/// The department's own register holds a decision that the ledger does not.
async fn register(test: &TestHouse, county: &County, engine: &str) -> String {
    let received = send(
        test,
        county.clerk(),
        "/api/v1/cases",
        county.standard_application(2),
    )
    .await;
    let number = received.json()["number"].as_str().unwrap().to_owned();
    let line = |document: &str, item: &str| json!({"document": document, "item": item, "on": today(test), "applicant": "92610924MA00000000"});
    let path = "/api/v1/oversight/registers";
    let department = county.department.to_string();
    let wrong =
        json!({"department": department, "lines": [line("紫市监许〔2026〕9号", "没有这个事项")]});
    let answer = send(test, county.supervisor(), path, wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    let item = "食品经营许可核发";
    let lines = json!({"department": department, "lines": [line(&number, item), line("紫市监许〔2026〕9号", item)]});
    for _ in 0..2 {
        let answer = send(test, county.supervisor(), path, lines.clone()).await;
        taken(engine, &answer);
        assert_eq!(answer.json()["matched"], 1, "{engine} {}", answer.text());
        test.run_jobs_without_papers().await;
    }
    let found = findings(test, county.supervisor(), "rule=register").await;
    assert_eq!(found.len(), 1, "{engine} {found:?}");
    assert_eq!(found[0]["kind"], 1, "{engine} {found:?}");
    let marks = get(test, county.supervisor(), "/api/v1/oversight/entries").await;
    let watched = &marks["departments"][0]["marks"][5];
    assert_eq!(watched["is_reached"], false, "{engine} {watched}");
    found[0]["id"].as_str().unwrap().to_owned()
}

/// Passed on, answered by the department, found to be so, mended, sent back, mended, closed.
async fn answered_and_mended(test: &TestHouse, county: &County, finding: &str, engine: &str) {
    let path = |deed: &str| format!("/api/v1/oversight/findings/{finding}/{deed}");
    let by = |who: Visitor, deed: &'static str, body: Value| {
        let path = path(deed);
        async move { send(test, who, &path, body).await }
    };
    let answer = by(county.approver(), "answer", json!({"text": "纸质办理"})).await;
    refused(engine, &answer, "wrong_stage");
    taken(
        engine,
        &by(county.supervisor(), "notify", json!({"days": 3})).await,
    );
    let other = by(county.inspector(), "answer", json!({"text": "不归我们"})).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    test.clock.advance(jiff::SignedDuration::from_hours(24 * 6));
    let late = findings(test, county.supervisor(), "view=overdue").await;
    assert!(
        late.iter().any(|one| one["id"] == finding),
        "{engine} {late:?}"
    );
    taken(
        engine,
        &by(
            county.approver(),
            "answer",
            json!({"text": "系统故障时纸质办理，没有补录"}),
        )
        .await,
    );
    let mend = china_date(test.house.ledger().now())
        .tomorrow()
        .unwrap()
        .to_string();
    let founded = json!({"verdict": "founded", "measure": "circulate", "rectify_by": mend, "reason": "没有补录"});
    taken(engine, &by(county.supervisor(), "decide", founded).await);
    taken(
        engine,
        &by(county.approver(), "rectify", json!({"report": "已经补录"})).await,
    );
    let back = json!({"reason": "补录的材料不全", "until": mend});
    taken(engine, &by(county.supervisor(), "return", back).await);
    taken(
        engine,
        &by(
            county.approver(),
            "rectify",
            json!({"report": "材料已补齐"}),
        )
        .await,
    );
    taken(engine, &by(county.supervisor(), "confirm", json!({})).await);
    let closed = get(test, county.approver(), path("").trim_end_matches('/')).await;
    assert_eq!(closed["stage"], "closed", "{engine} {closed}");
}

/// A clerk reports an own mistake and is excused; colleagues do not see it, and nobody reports for others.
async fn reported(test: &TestHouse, county: &County, case: CaseId, engine: &str) {
    let path = format!("/api/v1/cases/{case}");
    let number = get(test, county.approver(), &path).await["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let all = [
        "three_distinctions",
        "no_private_gain",
        "no_grave_harm",
        "corrected_in_time",
        "procedure_kept",
    ];
    let report = |conditions: &[&str]| {
        json!({"kind": 27, "case_number": number, "happened_on": today(test), "facts": "一次性告知漏了一项材料",
               "leniency": {"conditions": conditions, "reason": "当天发现，当天补告知"}})
    };
    let reports = "/api/v1/oversight/reports";
    let other = send(test, county.reviewer(), reports, report(&all)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    refused(
        engine,
        &send(test, county.clerk(), reports, report(&all[1..])).await,
        "conditions_missing",
    );
    let answer = send(test, county.clerk(), reports, report(&all)).await;
    taken(engine, &answer);
    let finding = answer.json()["finding"].as_str().unwrap().to_owned();
    let one = format!("/api/v1/oversight/findings/{finding}");
    assert_eq!(
        findings(test, county.clerk(), "").await.len(),
        1,
        "{engine}"
    );
    let other = test.client_as(county.reviewer()).get(&one).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{engine}");
    let excused = json!({"verdict": "exempted", "reason": "符合容错条件"});
    let decide = format!("{one}/decide");
    taken(
        engine,
        &send(test, county.supervisor(), &decide, excused).await,
    );
    let seen = get(test, county.clerk(), &one).await;
    assert_eq!(seen["verdict"], "exempted", "{engine} {seen}");
    let page = test
        .client_as(county.clerk())
        .get(&format!("/staff/oversight/findings/{finding}"))
        .await;
    assert!(page.text().contains("容错免责"), "{engine}");
}
