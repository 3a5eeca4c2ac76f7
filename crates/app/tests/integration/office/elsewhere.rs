//! A task of a drawn process that another organisation does: its people find the case, take the task and do it, and see nothing of
//! the case before and after; the department decides.

use axum::http::StatusCode;
use serde_json::json;

use super::{accepted, must, page};
use crate::{
    county::{County, DRAWING, TOWN},
    harness::TestHouse,
};

const MINE: &str = "/api/v1/cases";

#[tokio::test]
async fn another_organisation_does_the_task_that_is_meant_for_it() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let drawing = DRAWING.replace(
            "camunda:candidateGroups=\"审查\"",
            &format!("camunda:candidateGroups=\"{TOWN}\""),
        );
        assert_ne!(drawing, DRAWING);
        county.draw_as(&test, &drawing).await;
        let case = accepted(&test, &county, 1).await;
        let path = format!("/api/v1/cases/{case}");
        let mut town = test.client_as(county.town_reviewer());
        let early = town.get(&path).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN, "{engine}");
        let opinion = json!({"opinion": "材料属实。"});
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/first/complete",
            opinion.clone(),
        )
        .await;

        // Now it is on the town's list, free, and on its page with the one task that is its own.
        let found = town.get(MINE).await.json();
        assert_eq!(
            found["items"].as_array().unwrap().len(),
            1,
            "{engine} {found}"
        );
        let list = page(&test, county.town_reviewer(), "/staff/cases?view=unclaimed").await;
        assert!(list.contains("材料审查"), "{list}");
        let shown = page(
            &test,
            county.town_reviewer(),
            &format!("/staff/cases/{case}"),
        )
        .await;
        assert!(shown.contains("材料审查"), "{shown}");
        let site = town
            .post_json(
                &format!("{path}/steps/site/complete"),
                &json!({"opinion": "干净。", "answers": {"clean": true}}),
            )
            .await;
        assert_eq!(
            site.status,
            StatusCode::FORBIDDEN,
            "the site is the department's"
        );
        let own = test
            .client_as(county.reviewer())
            .post_json(&format!("{path}/steps/papers/complete"), &opinion)
            .await;
        assert_eq!(
            own.status,
            StatusCode::FORBIDDEN,
            "the papers are the town's"
        );
        for deed in ["grant", "terminate"] {
            let refused = town.post_json(&format!("{path}/{deed}"), &opinion).await;
            assert!(
                refused.status.is_client_error(),
                "{deed} {}",
                refused.text()
            );
        }
        must(
            &test,
            county.town_reviewer(),
            &case,
            "steps/papers/claim",
            json!({}),
        )
        .await;
        let mine = page(&test, county.town_reviewer(), "/staff/cases?view=mine").await;
        assert!(mine.contains("材料审查"), "{mine}");
        must(
            &test,
            county.town_reviewer(),
            &case,
            "steps/papers/complete",
            opinion.clone(),
        )
        .await;

        let gone = town.get(&path).await;
        assert_eq!(gone.status, StatusCode::FORBIDDEN, "{engine}");
        let none = town.get(MINE).await.json();
        assert_eq!(none["items"], json!([]), "{engine} {none}");
        let site = json!({"opinion": "现场干净。", "answers": {"clean": true}});
        must(&test, county.reviewer(), &case, "steps/site/complete", site).await;
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/head/complete",
            opinion.clone(),
        )
        .await;
        must(&test, county.approver(), &case, "grant", opinion).await;
        test.check_ledger(engine).await;
    }
}
