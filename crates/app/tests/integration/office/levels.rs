//! 一枚印章管审批, 村初审→镇审核→县审批: each level says whether it agrees, the seal waits for all of them, and the ledger of its uses
//! names who agreed. A drawing means the people of a village or town by the code of the place.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_webkit::Visitor;

use super::{accepted, must, page};
use crate::{
    county::{County, DRAWING},
    harness::TestHouse,
};

const VILLAGE: &str = "610924102001";

/// Whoever works in the town, at a post that reaches this place.
fn of_place(county: &County, place: &str) -> Visitor {
    let Visitor::Staff(mut staff) = county.town_reviewer() else {
        unreachable!()
    };
    staff.reach = place.parse().unwrap();
    // Not the town's own name, but the place alone is what the drawing means.
    "便民服务站".clone_into(&mut staff.organisation_name);
    Visitor::Staff(staff)
}

fn said(agrees: bool) -> Value {
    json!({"opinion": "看过现场。", "agrees": agrees})
}

async fn refused(test: &TestHouse, who: Visitor, path: &str, body: &Value) -> (StatusCode, String) {
    let answer = test.client_as(who).post_json(path, body).await;
    (answer.status, answer.text())
}

/// What the levels said before the decision's papers were sealed.
async fn sealed(test: &TestHouse, county: &County, title: &str) -> Vec<String> {
    let uses = test
        .client_as(county.supervisor())
        .get("/api/v1/seal-uses")
        .await
        .json();
    let uses = uses["items"].as_array().unwrap().iter();
    let mut found = uses.filter(|used| used["title"] == title);
    let used = found
        .next()
        .unwrap_or_else(|| panic!("{title} was not sealed"));
    let levels = used["approvals"].as_array().unwrap().iter();
    levels
        .map(|level| format!("{} {}", level["level"].as_str().unwrap(), level["agrees"]))
        .collect()
}

/// The levels after the first agree.
async fn rest(test: &TestHouse, county: &County, case: &str) {
    for step in ["steps/visit/complete", "steps/check/complete"] {
        must(test, county.approver(), case, step, said(true)).await;
    }
}

#[tokio::test]
async fn nothing_is_granted_or_sealed_before_every_level_agrees() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let case = accepted(&test, &county, 1).await;
        let path = format!("/api/v1/cases/{case}");
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/review/complete",
            said(false),
        )
        .await;
        rest(&test, &county, &case).await;

        let grant = json!({"opinion": "同意。"});
        let (status, text) =
            refused(&test, county.approver(), &format!("{path}/grant"), &grant).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{engine} {text}");
        assert!(
            text.contains("level_disagrees") && text.contains("审查"),
            "{engine} {text}"
        );
        let shown = page(&test, county.approver(), &format!("/staff/cases/{case}")).await;
        assert!(
            shown.contains("“审查”不同意：不能准予，也不能用印"),
            "{engine} {shown}"
        );
        assert!(
            !shown.contains("grant-opinion"),
            "{engine}: what cannot be done is not offered"
        );
        assert!(shown.contains("refuse-reason"), "{engine}");

        let back = json!({"reason": "请再看现场。"});
        must(&test, county.approver(), &case, "steps/review/return", back).await;
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/review/complete",
            said(true),
        )
        .await;
        rest(&test, &county, &case).await;
        must(&test, county.approver(), &case, "grant", grant).await;
        test.run_jobs().await;
        let levels = ["审查 true", "现场核查 true", "审核 true", "决定 true"];
        assert_eq!(
            sealed(&test, &county, "准予决定书").await,
            levels,
            "{engine}"
        );
        assert_eq!(
            sealed(&test, &county, "食品经营许可证").await,
            levels,
            "{engine}"
        );
        let ledger = page(&test, county.supervisor(), "/staff/licences/seals").await;
        assert!(ledger.contains("审核：同意（"), "{engine} {ledger}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn a_drawing_means_whoever_works_in_the_village_and_in_the_town() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let drawing = DRAWING
            .replace(
                "name=\"初审\"",
                &format!("name=\"村初审\" camunda:candidateGroups=\"{VILLAGE},村医\""),
            )
            .replace(
                "camunda:candidateGroups=\"审查\"",
                &format!("camunda:candidateGroups=\"${{substring('{VILLAGE}', 1, 9)}}\""),
            );
        county.draw_as(&test, &drawing).await;
        let case = accepted(&test, &county, 1).await;
        let steps = |step: &str| format!("/api/v1/cases/{case}/steps/{step}/complete");

        // Neither another village nor the town, nor the department itself.
        for stranger in [
            of_place(&county, "610924102002"),
            of_place(&county, "610924102"),
            county.reviewer(),
        ] {
            let (status, text) = refused(&test, stranger, &steps("first"), &said(true)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{engine} {text}");
            assert!(
                !text.contains(VILLAGE),
                "{engine}: where somebody lives is not told {text}"
            );
        }
        let village = of_place(&county, VILLAGE);
        let list = page(&test, village.clone(), "/staff/cases?view=unclaimed").await;
        assert!(list.contains("村初审"), "{engine} {list}");
        let shown = page(&test, village.clone(), &format!("/staff/cases/{case}")).await;
        assert!(
            shown.contains("由城关镇滨江社区、村医办理"),
            "{engine} {shown}"
        );
        must(
            &test,
            village.clone(),
            &case,
            "steps/first/complete",
            said(true),
        )
        .await;
        let gone = test
            .client_as(village)
            .get(&format!("/api/v1/cases/{case}"))
            .await;
        assert_eq!(gone.status, StatusCode::FORBIDDEN, "{engine}");

        let town = of_place(&county, "610924102");
        let list = page(&test, town.clone(), "/staff/cases?view=unclaimed").await;
        assert!(list.contains("材料审查"), "{engine} {list}");
        must(&test, town, &case, "steps/papers/complete", said(true)).await;
        let site = json!({"opinion": "现场干净。", "answers": {"clean": true}});
        must(&test, county.reviewer(), &case, "steps/site/complete", site).await;
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/head/complete",
            said(true),
        )
        .await;
        must(
            &test,
            county.approver(),
            &case,
            "grant",
            json!({"opinion": "同意。"}),
        )
        .await;
        test.run_jobs().await;
        assert_eq!(
            sealed(&test, &county, "准予决定书").await,
            [
                "村初审 true",
                "材料审查 true",
                "现场核查 true",
                "集体会审 true",
                "决定 true"
            ],
            "{engine}"
        );
        test.check_ledger(engine).await;
    }
}
