//! 归类合并: one item goes into another. Who opens the old guide is led to the new one, a running case ends as it began, and nothing
//! goes into what is not there or into itself.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_catalogue::{
    exchange::{DEMONSTRATION, import_county},
    model::{ItemCommand, ServiceItem},
};
use wuchuang_kernel::{ItemId, Role};
use wuchuang_webkit::display::encode;

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
            desk.contains("name=\"successor\" value=\"")
                && !desk.contains("name=\"successor\" value=\"\""),
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
        for paper in ["notice.pdf", "qr.svg", "check"] {
            let moved = test.client().get(&format!("/guides/{one}/{paper}")).await;
            assert_eq!(moved.status, StatusCode::SEE_OTHER, "{engine} {paper}");
            assert_eq!(
                moved.header("location"),
                format!("/guides/{other}/{paper}"),
                "{engine} {paper}"
            );
        }
        let name = test.house.slices().catalogue().state(one).await.unwrap();
        let name = name.unwrap().1.latest().unwrap().content.name.clone();
        let found = test
            .client()
            .get(&format!("/api/v1/items?q={}", encode(&name)))
            .await
            .json();
        assert_eq!(
            found["items"][0]["id"],
            other.to_string(),
            "{engine} the old name leads on: {found}"
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
                None => {
                    assert_eq!(old.status, StatusCode::GONE, "{engine}");
                    assert!(
                        old.text().contains("事项已经停办"),
                        "{engine} {}",
                        old.text()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_merger_is_taken_back_before_its_day_and_two_into_each_other_are_told() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let manager = || staff(Role::CatalogueManager);
        let (one, other) = (county.instant, county.standard);
        let today = wuchuang_kernel::china_date(test.house.ledger().now());
        let withdraw = |into: ItemId, on: jiff::civil::Date| json!({"on": on.to_string(), "reason": "归类合并。", "successor": into.to_string()});
        let deed = async |item: ItemId, deed: &str, body: serde_json::Value| {
            let path = format!("/api/v1/items/{item}/{deed}");
            test.client_as(manager()).post_json(&path, &body).await
        };
        let tomorrow = today.tomorrow().unwrap();
        let planned = deed(one, "withdraw", withdraw(other, tomorrow)).await;
        assert_eq!(
            planned.status,
            StatusCode::OK,
            "{engine} {}",
            planned.text()
        );
        let desk = page(&test, manager(), &format!("/staff/items/{one}")).await;
        assert!(
            desk.contains(&format!("并入 <a href=\"/staff/items/{other}\">"))
                && desk.contains("撤回停用"),
            "{engine} {desk}"
        );
        let back = deed(one, "take-back", json!({"reason": "合并推迟。"})).await;
        assert_eq!(back.status, StatusCode::OK, "{engine} {}", back.text());
        let again = deed(one, "take-back", json!({"reason": "合并推迟。"})).await;
        assert_eq!(again.json()["code"], "not_withdrawn", "{engine}");
        let desk = page(&test, manager(), &format!("/staff/items/{one}")).await;
        assert!(!desk.contains("撤回停用"), "{engine} {desk}");

        // Whoever looks at both before either is gone may still send them into each other: it is told, and mended.
        let order = system_order(&test.house);
        let round = ItemCommand::Withdraw {
            on: today,
            reason: "归类合并。".to_owned(),
            successor: Some(one),
        };
        let ledger = test.house.ledger();
        ledger
            .execute::<ServiceItem>(other.into(), round, order)
            .await
            .unwrap();
        let order = system_order(&test.house);
        let round = ItemCommand::Withdraw {
            on: today,
            reason: "归类合并。".to_owned(),
            successor: Some(other),
        };
        ledger
            .execute::<ServiceItem>(one.into(), round, order)
            .await
            .unwrap();
        test.house.slices().catalogue().refresh().await.unwrap();
        let told = page(&test, manager(), "/staff/items/similar").await;
        assert!(
            told.contains("有 2 个事项并入的事项也停用了"),
            "{engine} {told}"
        );
        let twin = publish_twin(&test, &county).await;
        let led = deed(one, "lead", json!({"successor": twin.to_string()})).await;
        assert_eq!(led.status, StatusCode::OK, "{engine} {}", led.text());
        let told = page(&test, manager(), "/staff/items/similar").await;
        assert!(!told.contains("并入的事项也停用了"), "{engine} {told}");
        let old = test.client().get(&format!("/guides/{other}")).await;
        assert!(
            old.text().contains(&format!("/guides/{twin}")),
            "{engine} {}",
            old.text()
        );
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn alike_items_become_one_kind_or_stay_two_and_are_not_told_again() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let manager = || staff(Role::CatalogueManager);
        let twin = publish_twin(&test, &county).await;
        let (one, other) = (county.instant.to_string(), twin.to_string());
        let pairs = async || {
            let told = test
                .client_as(manager())
                .get("/api/v1/catalogue/similar")
                .await;
            told.json()["items"].as_array().unwrap().len()
        };
        let post = async |path: &str, body: serde_json::Value| {
            let path = format!("/api/v1/catalogue/{path}");
            test.client_as(manager()).post_json(&path, &body).await
        };
        let both = json!({"one": one, "other": other, "reason": "权限在不同的科室。"});
        let kept = post("similar/apart", both.clone()).await;
        assert_eq!(kept.status, StatusCode::OK, "{engine} {}", kept.text());
        assert_eq!(pairs().await, 0, "{engine}");
        let shown = page(&test, manager(), "/staff/items/similar").await;
        assert!(shown.contains("权限在不同的科室。"), "{engine} {shown}");
        post("similar/again", json!({"one": other, "other": one})).await;
        assert_eq!(pairs().await, 1, "{engine}");

        let group = json!({"name": "失业登记一类", "items": [one, other]});
        let made = post("groups", group.clone()).await;
        assert_eq!(made.status, StatusCode::OK, "{engine} {}", made.text());
        assert_eq!(pairs().await, 0, "{engine}");
        let guide = test.client().get(&format!("/guides/{one}")).await.text();
        assert!(
            guide.contains("失业登记一类") && guide.contains(&format!("/guides/{other}")),
            "{engine} {guide}"
        );
        let twice = post(
            "groups",
            json!({"name": "又一类", "items": [one, county.standard.to_string()]}),
        )
        .await;
        assert_eq!(
            twice.json()["code"],
            "group_item_taken",
            "{engine} {}",
            twice.text()
        );
        let nothing = post(
            "groups",
            json!({"name": "空的", "items": [uuid_of_nothing(), other]}),
        )
        .await;
        assert_eq!(
            nothing.json()["errors"][0]["field"],
            "items",
            "{engine} {}",
            nothing.text()
        );
        let old = json!({"name": "改名", "items": [one, other], "expected_version": 1});
        let late = post("groups/1", old).await;
        assert_eq!(
            late.status,
            StatusCode::CONFLICT,
            "{engine} {}",
            late.text()
        );
        let gone = post("groups/1/dissolve", json!({})).await;
        assert_eq!(gone.status, StatusCode::OK, "{engine} {}", gone.text());
        assert_eq!(pairs().await, 1, "{engine}");
        test.check_ledger(engine).await;
    }
}
