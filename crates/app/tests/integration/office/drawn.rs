//! A case in a drawn process, from the file that a manager uploads to the decision: two branches in two hands, lists and pages
//! that show both, a timer that comes due, and the ledger that gives it all again.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_kernel::Role;
use wuchuang_webkit::Visitor;

use super::{accepted, must, page};
use crate::{
    county::{County, DRAWING},
    harness::{TestHouse, staff},
};

async fn steps(test: &TestHouse, who: Visitor, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}/steps");
    let answer = test.client_as(who).get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn names(steps: &Value) -> Vec<&str> {
    let steps = steps["steps"].as_array().unwrap().iter();
    steps.map(|step| step["name"].as_str().unwrap()).collect()
}

fn opinion() -> Value {
    json!({"opinion": "材料属实。"})
}

#[tokio::test]
async fn two_branches_lie_in_two_hands_until_they_join() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        // What began before the drawing was published ends as it began.
        let older = accepted(&test, &county, 1).await;
        county.draw(&test).await;
        let case = accepted(&test, &county, 2).await;

        must(
            &test,
            county.reviewer(),
            &older,
            "steps/review/complete",
            opinion(),
        )
        .await;
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/first/complete",
            opinion(),
        )
        .await;
        let open = steps(&test, county.reviewer(), &case).await;
        assert_eq!(names(&open), ["现场核查", "材料审查"], "{engine}");
        assert_eq!(open["steps"][0]["questions"][0]["name"], "clean");
        hands(&test, &county, &case).await;

        let site = json!({"opinion": "现场干净。", "answers": {"clean": false}});
        must(&test, county.approver(), &case, "steps/site/complete", site).await;
        let late = test
            .client_as(county.approver())
            .post_json(
                &format!("/api/v1/cases/{case}/steps/site/complete"),
                &json!({"opinion": "再来一次。", "answers": {"clean": true}}),
            )
            .await;
        assert_eq!(late.json()["code"], "step_not_current", "{engine}");
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/papers/complete",
            opinion(),
        )
        .await;
        let open = steps(&test, county.reviewer(), &case).await;
        assert_eq!(names(&open), ["集体会审"], "{engine}");

        // Nobody decides in two days: the drawing hands it to the leader.
        test.clock.advance(SignedDuration::from_hours(49));
        test.run_jobs_without_papers().await;
        let open = steps(&test, county.approver(), &case).await;
        assert_eq!(names(&open), ["领导裁定"], "{engine}");
        must(
            &test,
            county.approver(),
            &case,
            "steps/leader/complete",
            opinion(),
        )
        .await;
        let open = steps(&test, county.approver(), &case).await;
        assert_eq!(
            open["return_to"],
            json!(["leader", "papers", "site", "first"])
        );
        must(&test, county.approver(), &case, "grant", opinion()).await;
        test.check_ledger(engine).await;
    }
}

/// Each task is taken by whom the drawing means, and the list and the page of each show what is theirs.
async fn hands(test: &TestHouse, county: &County, case: &str) {
    let refused = test
        .client_as(county.approver())
        .post_json(
            &format!("/api/v1/cases/{case}/steps/papers/claim"),
            &json!({}),
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    let which = test
        .client_as(county.reviewer())
        .post_json(&format!("/api/v1/cases/{case}/claim"), &json!({}))
        .await;
    assert_eq!(which.json()["code"], "claim_which", "{}", which.text());
    must(
        test,
        county.reviewer(),
        case,
        "steps/papers/claim",
        json!({}),
    )
    .await;

    let row = format!("data-open=\"/staff/cases/{case}\"");
    for (who, view, is_there) in [
        (county.reviewer(), "mine", true),
        (county.approver(), "mine", false),
        (county.approver(), "unclaimed", true),
    ] {
        let list = page(test, who, &format!("/staff/cases?view={view}")).await;
        assert_eq!(list.contains(&row), is_there, "{view}: {list}");
        if is_there {
            assert!(
                list.contains("现场核查") && list.contains("材料审查"),
                "{list}"
            );
        }
    }
    must(test, county.approver(), case, "steps/site/claim", json!({})).await;
    let list = page(test, county.reviewer(), "/staff/cases?view=unclaimed").await;
    assert!(!list.contains(&row), "both are in hands: {list}");

    // One obvious next step for each, and nothing of the other's.
    let open = steps(test, county.reviewer(), case).await;
    let number = |index: usize| {
        let key = open["steps"][index]["key"].as_str().unwrap();
        key.rsplit_once('~').unwrap().1.to_owned()
    };
    let form = |index: usize| format!("/staff/cases/{case}/task{}-complete", number(index));
    let (site, papers) = (form(0), form(1));
    for (who, own, other) in [
        (county.approver(), &site, &papers),
        (county.reviewer(), &papers, &site),
    ] {
        let shown = page(test, who, &format!("/staff/cases/{case}")).await;
        assert!(shown.contains(own.as_str()), "{shown}");
        assert!(!shown.contains(other.as_str()), "{shown}");
        assert_eq!(shown.matches("data-key=\"y\"").count(), 1, "{shown}");
    }
    // What a gateway will ask is asked at once, and the form says what it lacks.
    let fields = [(format!("task{}-complete-opinion", number(0)), "现场干净。")];
    let fields = fields.each_ref().map(|(name, text)| (name.as_str(), *text));
    let refused = test.client_as(county.approver()).post(&site, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("请回答“现场符合要求”"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn a_drawing_that_a_case_cannot_carry_out_is_refused_whole() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = format!("/staff/items/{}", county.standard);
    let calling = DRAWING.replace(
        "<bpmn:userTask id=\"first\" name=\"初审\" wuchuang:stage=\"审查\" />",
        "<bpmn:callActivity id=\"first\" name=\"查征信\" calledElement=\"credit\" />",
    );
    let refused = manager
        .upload(&format!("{path}/process"), "p.bpmn", calling.as_bytes())
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused
            .text()
            .contains("流程图第 7 行“first”：办件还不能执行调用活动“查征信”"),
        "{}",
        refused.text()
    );
    let body = json!({ "xml": calling });
    let answer = manager
        .post_json(&format!("/api/v1/items/{}/process", county.standard), &body)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let checked = manager
        .post_json("/api/v1/processes/check", &body)
        .await
        .json();
    assert_eq!(checked["is_usable"], false);
    assert_eq!(checked["problems"][0]["line"], 7, "{checked}");
    let none = manager.get(&format!("{path}/process.bpmn")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);

    county.draw(&test).await;
    let file = manager
        .get(&format!("/api/v1/items/{}/process", county.standard))
        .await;
    assert_eq!(file.text(), DRAWING, "what came is what goes");
    let shown = manager.get(&path).await.text();
    assert!(
        shown.contains("现场符合要求") && shown.contains("下载流程图"),
        "{shown}"
    );
}
