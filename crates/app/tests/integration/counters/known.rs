//! At the counter a form begins with what the applicant's licences and earlier cases say; another answer needs a reason, and
//! the same button pressed twice files one case, although that case has become a source itself.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    county::{County, citizen_number},
    harness::TestHouse,
};

const KEY: &str = "0192f0c2a4b17c3e9d5566778899bb77";

#[tokio::test]
async fn the_counter_fills_in_what_is_known_and_asks_why_it_changes() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let first = clerk
            .post_json("/api/v1/cases", &county.instant_application(1))
            .await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let case = first.json()["case"].as_str().unwrap().to_owned();
        let seen = test
            .client_as(county.supervisor())
            .get(&format!("/api/v1/cases/{case}"))
            .await
            .json();
        let person = seen["applicant"]["person"].as_str().unwrap().to_owned();
        let page = format!("/staff/counter/receive/{}/{person}", county.instant);

        // What nobody has accepted yet answers nothing.
        let before = clerk.get(&page).await.text();
        assert!(!before.contains("三组12号"), "{engine} {before}");
        let granted = clerk
            .post_json(
                &format!("/api/v1/cases/{case}/accept-and-grant"),
                &json!({"opinion": "同意。"}),
            )
            .await;
        assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
        let shown = clerk.get(&page).await.text();
        for words in ["三组12号", "办件号", "name=\"premises.reason\""] {
            assert!(shown.contains(words), "{engine} {words} {shown}");
        }

        let number = citizen_number(1);
        let typed = |deed: &'static str, reason: &'static str| {
            let mut fields = vec![
                ("command_id", KEY),
                ("deed", deed),
                ("name", "王小明"),
                ("number", number.as_str()),
                ("phone", "13891500000"),
                ("address_village", "610924102001"),
                ("address_detail", "三组12号"),
                ("shop_name", "小明杂货店"),
                ("premises", "城关镇环城路8号"),
                ("premises.reason", reason),
                ("kind", "小食杂店"),
                ("area", "30"),
                ("goods", "粮油"),
                ("delivery-method", "counter"),
                ("opinion-text", "材料齐全，同意。"),
            ];
            for mark in ["mark-m1", "mark-m2", "mark-m3", "mark-m4"] {
                fields.push((mark, "complete"));
            }
            fields
        };
        for deed in ["check", "accept"] {
            let refused = clerk.press(&page, &typed(deed, "")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
            let refused = refused.text();
            for words in [
                "“经营场所”和以前的办件",
                "value=\"城关镇环城路8号\"",
                "href=\"#field-premises.reason\"",
            ] {
                assert!(refused.contains(words), "{engine} {deed} {words} {refused}");
            }
        }
        // Pressed twice: one case, also after it was granted and says what it says.
        let mut places = Vec::new();
        for _ in 0..2 {
            let answer = clerk.press(&page, &typed("accept", "搬了")).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            places.push(answer.header("location").to_owned());
            test.run_jobs_without_papers().await;
        }
        assert_eq!(places[0], places[1], "{engine}");
        let filed = places[0].replace("/staff/counter/done/", "/staff/cases/");
        let told = test.client_as(county.supervisor()).get(&filed).await.text();
        assert!(
            told.contains("原：城关镇河堤路12号（取自") && told.contains("理由：搬了"),
            "{engine} {told}"
        );
        test.check_ledger(engine).await;
    }
}
