//! Lists by pages: nothing twice, nothing left out, also while somebody writes.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};

use super::{check_problem, contract::Contract, text_of};
use crate::{county::County, harness::TestHouse};

#[tokio::test]
async fn pages_hold_every_case_once_while_others_arrive() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut clerk = test.client_as(county.clerk());
        let mut sent = BTreeSet::new();
        for serial in 0..7 {
            let body = county.instant_application(serial);
            let answer = clerk.post_json("/api/v1/cases", &body).await;
            sent.insert(text_of(&answer.json(), "case"));
        }
        let (mut found, mut sizes, mut cursor) = (BTreeSet::new(), Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/cases?limit=3{cursor}");
            let page = clerk.get(&path).await;
            contract.check(&Method::GET, &path, &page);
            let page = page.json();
            let items = page["items"].as_array().unwrap();
            sizes.push(items.len());
            for item in items {
                assert!(found.insert(text_of(item, "id")), "{engine}: twice: {item}");
            }
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
            let late = county.instant_application(100 + u32::try_from(sizes.len()).unwrap());
            clerk.post_json("/api/v1/cases", &late).await;
        }
        assert!(found.is_superset(&sent), "{engine}: {sizes:?}");
        assert_eq!(sizes[..2], [3, 3], "{engine}");
    }
}

#[tokio::test]
async fn a_page_has_its_limits() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut supervisor = test.client_as(county.supervisor());
    for list in [
        "cases",
        "licences",
        "items",
        "ledger/checkpoints",
        "ledger/refusals",
    ] {
        for limit in ["0", "101", "4294967295", "-1"] {
            let path = format!("/api/v1/{list}?limit={limit}");
            let answer = supervisor.get(&path).await;
            let is_fair = answer.status == StatusCode::OK
                || answer.header("content-type") == "application/problem+json"
                    && answer.status.is_client_error();
            assert!(is_fair, "{path} {}", answer.text());
        }
        let path = format!("/api/v1/{list}?limit=viele");
        let answer = supervisor.get(&path).await;
        assert!(answer.status.is_client_error(), "{path} {}", answer.text());
        let kind = answer.header("content-type");
        assert_eq!(kind, "application/problem+json", "{path}");
        let path = format!("/api/v1/{list}?cursor=%27%20OR%201%3D1");
        let answer = supervisor.get(&path).await;
        check_problem(&answer, 422, "invalid", Some("cursor"));
    }
}
