//! A case in somebody's hand is handled by nobody else, by page or program, until it is given back or taken over.

use axum::http::StatusCode;
use serde_json::json;

use super::{accepted, must, page};
use crate::{county::County, harness::TestHouse};

#[tokio::test]
async fn a_claimed_case_waits_for_its_holder_or_for_who_takes_it_over() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let case = accepted(&test, &county, 1).await;
    must(&test, county.reviewer(), &case, "claim", json!({})).await;

    // Neither the program nor the form goes round the holder.
    let mut approver = test.client_as(county.approver());
    let path = format!("/api/v1/cases/{case}/steps/review/complete");
    let refused = approver
        .post_json(&path, &json!({"opinion": "同意。"}))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["code"], "case_held", "{}", refused.text());
    let fields = [("step", "review"), ("complete-opinion", "同意。")];
    let form = format!("/staff/cases/{case}/complete");
    let refused = approver.post(&form, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("这个办件由同事认领"),
        "{}",
        refused.text()
    );

    // The page offers to take it over, to who decides alone.
    let address = format!("/staff/cases/{case}");
    let shown = page(&test, county.approver(), &address).await;
    assert!(shown.contains("接手或改派"), "{shown}");
    assert!(!shown.contains(&form), "a colleague's case is not handled");
    assert!(shown.contains(&format!("{address}/extend")), "{shown}");
    let shown = page(&test, county.reviewer(), &address).await;
    assert!(!shown.contains("接手或改派") && shown.contains(&form));
    let reviewer = test
        .client_as(county.reviewer())
        .post_json(
            &format!("/api/v1/cases/{case}/reassign"),
            &json!({"person": "0192f0c2a4b17c3e9d5566778899aabb", "reason": "休假"}),
        )
        .await;
    assert_eq!(reviewer.status, StatusCode::FORBIDDEN);

    // A reason is needed, and somebody of the house.
    let me = county.approver().person().unwrap().to_string();
    let take = format!("{address}/reassign");
    for (person, reason) in [
        (me.as_str(), ""),
        ("0192f0c2a4b17c3e9d5566778899aabb", "休假"),
    ] {
        let fields = [("reassign-person", person), ("reassign-reason", reason)];
        let refused = approver.post(&take, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let fields = [
        ("reassign-person", me.as_str()),
        ("reassign-reason", "同事休假。"),
    ];
    let taken = approver.post(&take, &fields).await;
    let shown = approver.follow(&taken).await.text();
    assert!(
        shown.contains("重新分派承办人") && shown.contains(&form),
        "{shown}"
    );
    must(
        &test,
        county.approver(),
        &case,
        "steps/review/complete",
        json!({"opinion": "同意。"}),
    )
    .await;
    test.check_ledger("taken over").await;
}
