//! What the offices behind the counters see and do: `awaited` (what comes in from outside), `by_table` (materials, fee and warning by decision tables), `drawn` (a case in a drawn process), `elsewhere` (a task for another organisation), `hands` (in whose hands a case is), `merging` (one item goes into another), `list` (the worklist's filters,
//! claims and marks), `extension` (more time), `levels` (village, town and county agree before the seal), `limits` (what is owed, the limits of steps, why a deadline moved), `picture` (a drawn process as people see it), `rules` (what rules decide).

mod awaited;
mod by_table;
mod drawn;
mod elsewhere;
mod extension;
mod hands;
mod levels;
mod limits;
mod list;
mod merging;
mod picture;
mod rules;

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_webkit::Visitor;

use crate::harness::TestHouse;

/// Hands a case in and gives its identifier.
async fn receive(test: &TestHouse, who: Visitor, body: &Value) -> String {
    let answer = test.client_as(who).post_json("/api/v1/cases", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["case"].as_str().unwrap().to_owned()
}

/// Does something to a case that must succeed.
async fn must(test: &TestHouse, who: Visitor, case: &str, deed: &str, body: Value) {
    let path = format!("/api/v1/cases/{case}/{deed}");
    let answer = test.client_as(who).post_json(&path, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
}

/// Accepted, with the first step before it.
async fn accepted(test: &TestHouse, county: &crate::county::County, serial: u32) -> String {
    let case = receive(test, county.clerk(), &county.standard_application(serial)).await;
    must(test, county.approver(), &case, "accept", json!({})).await;
    case
}

/// The page, which must be there.
async fn page(test: &TestHouse, who: Visitor, path: &str) -> String {
    let answer = test.client_as(who).get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
    answer.text()
}
