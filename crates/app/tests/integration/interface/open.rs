//! What is public, the lists, and the catalogue as a file: out to whoever works here, in for those who maintain it.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use wuchuang_kernel::Role;

use super::{check_problem, contract::Contract, text_of};
use crate::{
    county::{County, resident},
    harness::{TestHouse, staff},
};

#[tokio::test]
async fn everyone_reads_the_public_lists_page_by_page() {
    let test = TestHouse::sqlite().await;
    County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut anybody = test.client();
    let overview = anybody.get("/api/v1/lists").await;
    contract.check(&Method::GET, "/api/v1/lists", &overview);
    let overview = overview.json();
    let lists = overview["items"].as_array().unwrap();
    assert_eq!(lists.len(), 5, "{overview}");
    assert_eq!(overview["figures"]["total"], 2, "{overview}");
    assert_eq!(lists[0]["count"], 2, "the figures are over the same items");
    for list in lists {
        let path = format!("/api/v1/lists/{}", text_of(list, "list"));
        let (mut found, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let address = format!("{path}?limit=1{cursor}");
            let page = anybody.get(&address).await;
            contract.check(&Method::GET, &address, &page);
            let page = page.json();
            for item in page["items"].as_array().unwrap() {
                assert!(found.insert(text_of(item, "item")), "twice: {item}");
            }
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(list["count"], found.len(), "{path}");
        let workbook = anybody.get(&format!("{path}/export")).await;
        contract.check(&Method::GET, &format!("{path}/export"), &workbook);
        assert!(workbook.body.starts_with(b"PK"), "{path}");
        let wrong = anybody.get(&format!("{path}?cursor=x")).await;
        check_problem(&wrong, 422, "invalid", Some("cursor"));
    }
    let absent = anybody.get("/api/v1/lists/nothing").await;
    check_problem(&absent, 404, "not_found", None);
}

#[tokio::test]
async fn printed_papers_of_the_catalogue_are_for_everyone() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut anybody = test.client();
    let notice = format!("/api/v1/items/{}/notice", county.standard);
    let mut handbook = "/api/v1/handbook".to_owned();
    for path in [&notice, &handbook] {
        let answer = anybody.get(path).await;
        contract.check(&Method::GET, path, &answer);
        // A booklet that is still being set says so.
        let is_file = answer.body.starts_with(b"%PDF");
        assert!(is_file || answer.header("retry-after") == "3", "{path}");
    }
    handbook.push_str("?part=9");
    let answer = anybody.get(&handbook).await;
    check_problem(&answer, 404, "not_found", None);
    let absent = anybody
        .get("/api/v1/items/0192f0c2a4b17c3e9d5566778899aabb/notice")
        .await;
    check_problem(&absent, 404, "not_found", None);
}

#[tokio::test]
async fn a_working_copy_is_read_with_what_is_left_to_do() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = format!("/api/v1/items/{}/draft", county.standard);
    let published = manager.get(&path).await;
    contract.check(&Method::GET, &path, &published);
    let published = published.json();
    assert_eq!(published["has_working_copy"], false, "{published}");
    assert_eq!(published["problems"], serde_json::json!([]), "{published}");
    let mut content = published["content"].clone();
    content["materials"][0]["name"] = "".into();
    let body = serde_json::json!({
        "expected_version": published["stream_version"],
        "content": content,
    });
    let answer = manager.post_json(&path, &body).await;
    contract.check(&Method::POST, &path, &answer);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let draft = manager.get(&path).await.json();
    assert_eq!(draft["has_working_copy"], true, "{draft}");
    assert_eq!(
        draft["problems"][0]["field"], "materials[0].name",
        "{draft}"
    );
    let answer = test.client_as(resident(1)).get(&path).await;
    check_problem(&answer, 403, "forbidden", None);
}

#[tokio::test]
async fn the_catalogue_goes_out_and_comes_in_again() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let (export, import) = ("/api/v1/catalogue/export", "/api/v1/catalogue/import");
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let file = manager.get(export).await;
    contract.check(&Method::GET, export, &file);
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    let workbook = format!("{export}?format=xlsx");
    let answer = manager.get(&workbook).await;
    contract.check(&Method::GET, &workbook, &answer);
    assert!(answer.body.starts_with(b"PK"));
    let answer = manager.upload(import, "items.yaml", &file.body).await;
    contract.check(&Method::POST, import, &answer);
    assert_eq!(answer.json()["items"], 2, "{}", answer.text());
    assert_eq!(answer.json()["changed"], 0, "{}", answer.text());
    for wrong in [&b""[..], b"- [", b"PK nonsense"] {
        let answer = manager.upload(import, "items.yaml", wrong).await;
        check_problem(&answer, 422, "invalid", Some("file"));
    }
    let mut clerk = test.client_as(county.clerk());
    let answer = clerk.upload(import, "items.yaml", &file.body).await;
    check_problem(&answer, 403, "forbidden", None);
    let answer = test.client_as(resident(1)).get(export).await;
    check_problem(&answer, 403, "forbidden", None);
}
