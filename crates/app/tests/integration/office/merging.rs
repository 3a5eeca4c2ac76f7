//! 归类合并: one item goes into another. Who opens the old guide is led to the new one, a running case ends as it began, and nothing
//! goes into what is not there or into itself.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_catalogue::{
    exchange::{DEMONSTRATION, import_county},
    model::{ItemCommand, ServiceItem},
};
use wuchuang_kernel::{ItemId, Role};

use super::{must, page, receive};
use crate::{
    county::{County, system_order},
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

/// Publishes a second item that asks for the same under a name that is a little longer.
async fn publish_twin(test: &TestHouse, county: &County) -> ItemId {
    let region = test.house.configuration().site.region;
    let items = import_county(DEMONSTRATION, region).unwrap();
    let found = items.into_iter().find(|item| item.id == county.instant);
    let mut content = found.unwrap().content;
    content.name.push_str("办理");
    content.national_code.clear();
    content.local_code.push_str("-2");
    let twin = ItemId::from_u128(0x0007_0817);
    let effective_from = wuchuang_kernel::china_date(test.house.ledger().now());
    for command in [
        ItemCommand::Draft {
            content: Box::new(content),
        },
        ItemCommand::Publish { effective_from },
    ] {
        let order = system_order(&test.house);
        let ledger = test.house.ledger();
        ledger
            .execute::<ServiceItem>(twin.into(), command, order)
            .await
            .unwrap();
    }
    test.house.slices().catalogue().refresh().await.unwrap();
    twin
}

#[tokio::test]
async fn what_is_alike_is_listed_with_its_reasons_and_a_guide_leads_nowhere_that_is_not() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let manager = || staff(Role::CatalogueManager);
        let similar = "/api/v1/catalogue/similar";
        let before = test.client_as(manager()).get(similar).await.json();
        assert_eq!(before["items"], json!([]), "{engine} {before}");
        let twin = publish_twin(&test, &county).await;
        let told = test.client_as(manager()).get(similar).await.json();
        let pairs = told["items"].as_array().unwrap();
        assert_eq!(pairs.len(), 1, "{engine} {told}");
        assert!(
            told.to_string().contains(&twin.to_string()),
            "{engine} {told}"
        );
        let shown = page(&test, manager(), "/staff/items/similar").await;
        assert!(shown.contains("4 种材料中 4 种相同"), "{engine} {shown}");

        // The twin goes into the first, the first into the standard item, and that ends: each guide leads to what stands.
        let today = wuchuang_kernel::china_date(test.house.ledger().now());
        let end = |into: Option<ItemId>| json!({"on": today.to_string(), "reason": "归类合并。", "successor": into});
        let guide = format!("/guides/{twin}");
        for (item, into, leads) in [
            (twin, Some(county.instant), Some(county.instant)),
            (county.instant, Some(county.standard), Some(county.standard)),
            (county.standard, None, None),
        ] {
            let path = format!("/api/v1/items/{item}/withdraw");
            let answer = test.client_as(manager()).post_json(&path, &end(into)).await;
            assert_eq!(answer.status, StatusCode::OK, "{engine} {}", answer.text());
            let old = test.client().get(&guide).await;
            match leads {
                Some(there) => assert!(
                    old.text().contains(&format!("/guides/{there}")),
                    "{engine} {}",
                    old.text()
                ),
                None => assert_eq!(old.status, StatusCode::NOT_FOUND, "{engine}"),
            }
        }
    }
}
