//! 归类合并: one item goes into another. Who opens the old guide is led to the new one, a running case ends as it began, and nothing
//! goes into what is not there or into itself.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::Role;

use super::{must, page, receive};
use crate::{
    county::County,
    harness::{TestHouse, staff},
};

#[tokio::test]
async fn one_item_goes_into_another_and_its_guide_leads_there() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let manager = || staff(Role::CatalogueManager);
        let running = receive(&test, county.clerk(), &county.instant_application(1)).await;
        let (one, other) = (county.instant, county.standard);
        let today = wuchuang_kernel::china_date(test.house.ledger().now());
        let path = format!("/api/v1/items/{one}/withdraw");
        let into = |item: &str| json!({"on": today.to_string(), "reason": "两个事项内容相同，归类合并。", "successor": item});
        for (wrong, code) in [
            (one.to_string(), "successor_itself"),
            (uuid_of_nothing(), "invalid"),
        ] {
            let answer = test
                .client_as(manager())
                .post_json(&path, &into(&wrong))
                .await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{engine} {}",
                answer.text()
            );
            assert_eq!(answer.json()["code"], code, "{engine} {}", answer.text());
            assert_eq!(
                answer.json()["errors"][0]["field"],
                "successor",
                "{engine} {}",
                answer.text()
            );
        }
        let desk = page(
            &test,
            manager(),
            &format!("/staff/items/{one}?into={other}"),
        )
        .await;
        assert!(
            desk.contains(&format!("value=\"{other}\" selected")),
            "{engine} {desk}"
        );
        let done = test
            .client_as(manager())
            .post_json(&path, &into(&other.to_string()))
            .await;
        assert_eq!(done.status, StatusCode::OK, "{engine} {}", done.text());

        let old = test.client().get(&format!("/guides/{one}")).await;
        assert_eq!(old.status, StatusCode::OK, "{engine}");
        let text = old.text();
        assert!(
            text.contains("事项已经合并") && text.contains(&format!("/guides/{other}")),
            "{engine} {text}"
        );
        let refused = test
            .client_as(county.clerk())
            .post_json("/api/v1/cases", &county.instant_application(2))
            .await;
        assert!(
            refused.status.is_client_error(),
            "{engine} {}",
            refused.text()
        );
        must(
            &test,
            county.clerk(),
            &running,
            "accept-and-grant",
            json!({"opinion": "准予备案。"}),
        )
        .await;
        // What was taken out of force takes nothing in.
        let back = json!({"on": today.to_string(), "reason": "合并", "successor": one.to_string()});
        let answer = test
            .client_as(manager())
            .post_json(&format!("/api/v1/items/{other}/withdraw"), &back)
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{engine} {}",
            answer.text()
        );
        test.check_ledger(engine).await;
    }
}

fn uuid_of_nothing() -> String {
    wuchuang_kernel::ItemId::from_u128(77).to_string()
}

#[tokio::test]
async fn what_is_alike_is_listed_with_its_reasons() {
    for (engine, test) in TestHouse::both().await {
        County::settle(&test.house).await;
        let manager = || staff(Role::CatalogueManager);
        let told = test
            .client_as(manager())
            .get("/api/v1/catalogue/similar")
            .await
            .json();
        assert!(told["compared"].as_u64().unwrap() >= 2, "{engine} {told}");
        let shown = page(&test, manager(), "/staff/items/similar").await;
        assert!(shown.contains("归类合并"), "{engine} {shown}");
    }
}
