//! What a search box offers while somebody types, the views of the worklist that staff keep, and reports over a stretch of
//! days: the same for pages and programs.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::{Role, china_date};

use super::{
    check_problem,
    contract::Contract,
    holder::applicant,
    text_of,
    twins::{command, ended, get},
};
use crate::{
    county::{County, resident},
    harness::{TestHouse, staff},
};

/// What the search box offers is offered to a kiosk with a box of its own, and nothing else is read from the question.
#[tokio::test]
async fn suggestions_come_while_somebody_types() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut anybody = test.client();
    let path = format!("/api/v1/items/{}", county.instant);
    let name = text_of(
        &get(&contract, &mut anybody, &path).await["content"],
        "name",
    );
    let start: String = name.chars().take(2).collect();
    let path = format!(
        "/api/v1/items/suggestions?q={}",
        wuchuang_webkit::display::encode(&start)
    );
    let told = get(&contract, &mut anybody, &path).await;
    let wanted = json!({"item": county.instant.to_string(), "name": name});
    assert_eq!(told["items"][0], wanted, "{told}");
    let nothing = get(&contract, &mut anybody, "/api/v1/items/suggestions?q=").await;
    assert_eq!(nothing["items"], json!([]), "{nothing}");
}

/// A view that was saved on the page is read by a program, and the other way round; nobody reads another's.
#[tokio::test]
async fn views_are_saved_for_page_and_program_alike() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut clerk = test.client_as(county.clerk());
        let form = [
            ("name", "我的"),
            ("query", "/staff/cases?view=mine&closed=1"),
        ];
        let saved = clerk.post("/staff/cases/views", &form).await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());
        let path = "/api/v1/cases/views";
        let body = json!({"name": "急件", "light": "overdue", "mark": "extension_asked", "received_from": "2026-11-01"});
        for _ in 0..2 {
            let answer = command(&contract, &mut clerk, (path, "view"), &body).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        }
        let told = get(&contract, &mut clerk, path).await;
        let views = told["items"].as_array().unwrap();
        assert_eq!(views.len(), 2, "{engine} {told}");
        for (view, page, cases) in [
            (
                &views[0],
                "/staff/cases?light=overdue&mark=extension&from=2026-11-01",
                "/api/v1/cases?light=overdue&mark=extension_asked&received_from=2026-11-01",
            ),
            (
                &views[1],
                "/staff/cases?view=mine&closed=1",
                "/api/v1/cases?mine=true&closed=true",
            ),
        ] {
            assert_eq!(view["page"], page, "{engine}");
            assert_eq!(view["cases"], cases, "{engine}");
            get(&contract, &mut clerk, cases).await;
            assert_eq!(clerk.get(page).await.status, StatusCode::OK, "{page}");
        }
        let unnamed = clerk.post_json(path, &json!({"name": " "})).await;
        check_problem(&unnamed, 422, "invalid", Some("name"));
        let mut supervisor = test.client_as(county.supervisor());
        let other = get(&contract, &mut supervisor, path).await;
        assert_eq!(other["items"], json!([]), "{engine} {other}");
        let gone = command(
            &contract,
            &mut clerk,
            ("/api/v1/cases/views/remove", "gone"),
            &json!({"name": "急件"}),
        )
        .await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
        let left = get(&contract, &mut clerk, path).await;
        assert_eq!(left["items"][0]["name"], "我的", "{engine} {left}");
        check_problem(
            &test.client_as(resident(1)).get(path).await,
            403,
            "forbidden",
            None,
        );
    }
}

/// 优化前后 counts from the versions themselves.
#[tokio::test]
async fn what_publishing_anew_has_saved_is_reported_from_the_versions() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut manager = test.client_as(staff(Role::CatalogueManager));
        let path = "/api/v1/catalogue/optimisation";
        let none = get(&contract, &mut manager, path).await;
        assert_eq!(none["items"], json!([]), "{engine}");
        let page = manager.get("/staff/items/optimisation").await.text();
        assert!(page.contains("还没有再次发布的事项"), "{page}");
        county.draw(&test).await;
        let one = get(&contract, &mut manager, path).await;
        assert_eq!(one["items"][0]["version"], 2, "{engine} {one}");
        assert_eq!(one["before"], one["after"], "only the drawing is new");
        let page = manager.get("/staff/items/optimisation").await.text();
        assert!(
            page.contains("合计 1 项") && page.contains("第 2 版"),
            "{page}"
        );
    }
}

/// 时限压缩 counts what the public lists count.
#[tokio::test]
async fn compression_is_reported_over_the_items_in_force() {
    let test = TestHouse::sqlite().await;
    County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = "/api/v1/catalogue/compression";
    let told = get(&contract, &mut manager, path).await;
    let overview = get(&contract, &mut manager, "/api/v1/lists").await;
    assert_eq!(told["figures"], overview["figures"], "one count for both");
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{told}");
    let tenths = |index: usize| items[index]["compression_tenths"].as_i64();
    assert!(
        tenths(0) <= tenths(1) || tenths(1).is_none(),
        "the least compressed first: {told}"
    );
    assert_eq!(told["departments"][0]["items"], 2, "{told}");
    let refused = test.client_as(resident(1)).get(path).await;
    check_problem(&refused, 403, "forbidden", None);
}

/// The list of ratings is of the days that were asked for, on the page as in the interface.
#[tokio::test]
async fn ratings_are_listed_over_a_stretch_of_days() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let seen = ended(&test, &county, 1).await;
        let mut own = test.client_as(applicant(&seen));
        let path = format!("/api/v1/cases/{}/rating", text_of(&seen, "id"));
        let bad = json!({"stars": 1, "channel": "web", "text": "等得太久"});
        command(&contract, &mut own, (&path, "rate"), &bad).await;
        let mut supervisor = test.client_as(county.supervisor());
        let today = china_date(test.house.ledger().now());
        let before = today.yesterday().unwrap();
        for (first, last, count) in [(today, today, 1), (before, before, 0)] {
            let path = format!("/api/v1/ratings?from={first}&to={last}");
            let told = get(&contract, &mut supervisor, &path).await;
            let items = told["items"].as_array().unwrap();
            assert_eq!(items.len(), count, "{engine} {path} {told}");
            let page = format!("/staff/ratings?from={first}&to={last}");
            let page = supervisor.get(&page).await.text();
            assert_eq!(page.contains("data-open"), count == 1, "{engine} {first}");
        }
    }
}
