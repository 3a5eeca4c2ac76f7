//! Which counter takes applications for which item; and the slip with which somebody goes home.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::Role;

use crate::{
    county::County,
    harness::{TestHouse, staff},
};

#[tokio::test]
async fn a_counter_takes_what_its_organisation_handles_and_the_comprehensive_window_takes_all() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        for (who, visitor, takes) in [
            ("centre", county.clerk(), true),
            ("department", county.department_clerk(), true),
            ("another office", staff(Role::CounterClerk), false),
        ] {
            let mut client = test.client_as(visitor);
            let serial = 1 + u32::try_from(who.len()).unwrap();
            let body = county.standard_application(serial);
            let answer = client.post_json("/api/v1/cases", &body).await;
            assert_eq!(
                answer.status == StatusCode::CREATED,
                takes,
                "{engine} {who}: {}",
                answer.text()
            );
            let item = county.standard.to_string();
            let found = client
                .post("/staff/counter", &[("q", "食品经营许可核发")])
                .await;
            if takes {
                // What one took in one can also accept.
                let case = answer.json()["case"].as_str().unwrap().to_owned();
                let path = format!("/api/v1/cases/{case}/accept");
                let accepted = client.post_json(&path, &json!({})).await;
                assert_eq!(accepted.status, StatusCode::OK, "{engine} {who}");
            } else {
                let told = answer.text();
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{engine} {told}");
                assert!(told.contains("市场监督管理局"), "{engine} {told}");
                let told = found.text();
                assert!(
                    told.contains("您所在的单位不能收件") && !told.contains(&item),
                    "{engine} {told}"
                );
            }
        }
    }
}

#[tokio::test]
async fn whoever_fetched_a_result_goes_home_with_the_code_that_rates_the_service() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.instant_application(1);
    body["delivery"] = json!({"way": "counter"});
    let case = clerk.post_json("/api/v1/cases", &body).await.json()["case"]
        .as_str()
        .unwrap()
        .to_owned();
    let done = format!("/staff/counter/done/{case}");
    let slip = format!("{done}/closing.pdf");
    let early = clerk.get(&slip).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let grant = json!({"opinion": "准予。"});
    let path = format!("/api/v1/cases/{case}/accept-and-grant");
    clerk.post_json(&path, &grant).await;
    test.run_jobs().await;
    let desk = format!("/staff/counter/delivery/{case}");
    let taken = [("method", "counter"), ("receiver", "王小明")];
    let handed = clerk.post(&desk, &taken).await;
    assert_eq!(handed.header("location"), done, "{}", handed.text());
    let shown = clerk.follow(&handed).await.text();
    assert!(shown.contains("closing.pdf"), "{shown}");
    let paper = clerk.get(&slip).await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text());
    assert!(paper.body.starts_with(b"%PDF"));
}
