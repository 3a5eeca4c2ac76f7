//! A drawn process that waits for others: a laboratory sends its result through the API, another system fails and a person goes on, and
//! the applicant reads what the process sends. On both databases, and the ledger gives it all again.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{accepted, must, page};
use crate::{county::County, harness::TestHouse};

const DRAWING: &str = include_str!("../../../../../assets/demo/processes/drainage.bpmn");

async fn steps(test: &TestHouse, county: &County, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}/steps");
    test.client_as(county.reviewer()).get(&path).await.json()
}

#[tokio::test]
async fn what_comes_from_outside_moves_the_case_once() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        county.draw_as(&test, DRAWING).await;
        let case = accepted(&test, &county, 1).await;
        let opinion = || json!({"opinion": "材料属实。"});
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/papers/complete",
            opinion(),
        )
        .await;
        let open = steps(&test, &county, &case).await;
        assert_eq!(
            open["awaited"][0]["topic"], "water.report",
            "{engine} {open}"
        );
        assert_eq!(open["awaited"][0]["kind"], "message", "{engine} {open}");
        let report = open["awaited"][0]["key"].as_str().unwrap().to_owned();

        // On the page it can be noted by hand, and a note that is missing is said beside the field.
        let number = report.rsplit_once('~').unwrap().1.to_owned();
        let form = format!("/staff/cases/{case}/awaited{number}-answer");
        let shown = page(&test, county.reviewer(), &format!("/staff/cases/{case}")).await;
        assert!(
            shown.contains("等候水质复测结果") && shown.contains(&form),
            "{engine} {shown}"
        );
        let result = format!("awaited{number}-answer-result");
        let empty = test
            .client_as(county.reviewer())
            .post(&form, &[(result.as_str(), "超标")])
            .await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(
            empty.text().contains("请写明收到了什么") && empty.text().contains("value=\"超标\""),
            "{engine} {}",
            empty.text()
        );
        let stranger = test
            .client_as(county.clerk())
            .post(&form, &[(result.as_str(), "达标")])
            .await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{engine}");

        // The laboratory's program sends it; twice with one key is once, and a second one finds nothing that waits.
        let path = format!("/api/v1/cases/{case}/awaited/{report}");
        let came = json!({"note": "检测机构送来复测报告。", "answers": {"result": "超标"}});
        let sent = test
            .client_as(county.reviewer())
            .post_json(&path, &came)
            .await;
        assert_eq!(sent.status, StatusCode::OK, "{engine} {}", sent.text());
        let again = test
            .client_as(county.reviewer())
            .post_json(&path, &came)
            .await;
        assert_eq!(
            again.json()["code"],
            "step_not_current",
            "{engine} {}",
            again.text()
        );

        must(
            &test,
            county.reviewer(),
            &case,
            "steps/site/complete",
            opinion(),
        )
        .await;
        let open = steps(&test, &county, &case).await;
        assert_eq!(open["awaited"][0]["kind"], "service", "{engine} {open}");
        let credit = open["awaited"][0]["key"].as_str().unwrap();
        let deed = format!("awaited/{credit}");
        must(
            &test,
            county.reviewer(),
            &case,
            &deed,
            json!({"note": "信用系统停机。", "failed": true}),
        )
        .await;
        for step in ["by_hand", "again"] {
            must(
                &test,
                county.reviewer(),
                &case,
                &format!("steps/{step}/complete"),
                opinion(),
            )
            .await;
        }
        must(&test, county.approver(), &case, "grant", opinion()).await;

        let shown = page(&test, county.approver(), &format!("/staff/cases/{case}")).await;
        for said in [
            "告知申请人：请在三个工作日内配合检测机构到排水口取样复测",
            "收到：水质复测结果",
            "没有办成：信用核查",
            "信用系统停机。",
        ] {
            assert!(shown.contains(said), "{engine} {said} {shown}");
        }
        test.check_ledger(engine).await;
    }
}
