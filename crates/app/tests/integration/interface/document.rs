//! The API's document: a committed snapshot, complete and true to the routes.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use expect_test::expect_file;

use crate::harness::TestHouse;

/// Addresses under `/api/` that are about the API and no part of it.
const ABOUT: [&str; 2] = ["/api/v1/openapi.json", "/api/docs"];

#[tokio::test]
async fn the_document_is_the_committed_one_and_holds_every_route() {
    let test = TestHouse::sqlite().await;
    let answer = test.client().get("/api/v1/openapi.json").await;
    let served = format!("{}\n", answer.text());
    expect_file!["../../../../../docs/openapi.json"].assert_eq(&served);
    let document: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let told: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let served: BTreeSet<String> = test
        .house
        .routes()
        .iter()
        .filter(|spec| spec.path.starts_with("/api/") && !ABOUT.contains(&spec.path.as_str()))
        .map(|spec| format!("{} {}", spec.method, spec.path))
        .collect();
    assert_eq!(told, served);
    // OpenAPI 3.1 wants a description of every response.
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["description"].is_string(),
                    "{status} of {operation}"
                );
            }
        }
    }
}

#[tokio::test]
async fn people_can_read_it_without_javascript() {
    let test = TestHouse::sqlite().await;
    let page = test.client().get("/api/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("/api/v1/calendar/{year}"));
}
