//! The certificate with which papers are sealed comes to its end: who runs the house is warned in time, and afterwards
//! nothing is sealed with it any more.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, StatusCode},
};
use jiff::SignedDuration;
use wuchuang_kernel::Role;

use crate::{
    county::County,
    harness::{TestHouse, request, staff},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// For how many days `wuchuang init` makes its certificate.
const DAYS: i32 = 3_650;
const SYSTEM: &str = "/staff/admin/system";

/// What the metrics tell of the certificate's end, in seconds since 1970.
async fn end_measured(test: &TestHouse) -> f64 {
    let mut asked = request(Method::GET, "/metrics")
        .body(Body::empty())
        .unwrap();
    let own = SocketAddr::from(([127, 0, 0, 1], 9));
    asked.extensions_mut().insert(ConnectInfo(own));
    let page = test.client().send(asked).await.text();
    let line = page
        .lines()
        .find(|line| line.starts_with("wuchuang_seal_certificate_end_seconds "))
        .unwrap_or_else(|| panic!("no such gauge: {page}"));
    line.split_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn who_runs_the_house_is_warned_before_the_certificate_ends_and_nothing_is_sealed_after() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let begun = test.house.ledger().now();
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let desk = system.get("/staff").await;
    assert_ne!(desk.header("location"), SYSTEM);
    let page = system.get(SYSTEM).await.text();
    assert!(
        page.contains("签名证书") && !page.contains("key rotate"),
        "{page}"
    );

    test.clock.advance(DAY * (DAYS - 59));
    let desk = system.get("/staff").await;
    assert_eq!(desk.header("location"), SYSTEM);
    let page = system.get(SYSTEM).await.text();
    assert!(
        page.contains("签名证书还有 59 天到期") && page.contains("key rotate"),
        "{page}"
    );
    let state = system.get("/api/v1/system").await.json();
    assert_eq!(state["seal"]["state"], "ends_soon", "{state}");
    assert_eq!(state["seal"]["days_left"], 59, "{state}");
    let clerk_desk = test.client_as(county.clerk()).get("/staff").await;
    assert_ne!(clerk_desk.header("location"), SYSTEM);
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 stay far below 2^52"
    )]
    let expected = (begun + DAY * DAYS).as_second() as f64;
    let measured = end_measured(&test).await;
    assert!((measured - expected).abs() < 2.0, "{measured} {expected}");

    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(1);
    let received = clerk.post_json("/api/v1/cases", &body).await.json();
    let receipt = received["receipt"].as_str().unwrap().to_owned();
    let sealed = clerk.get(&receipt).await;
    assert_eq!(sealed.status, StatusCode::OK, "{}", sealed.text());

    test.clock.advance(DAY * 60);
    let body = county.instant_application(2);
    let received = clerk.post_json("/api/v1/cases", &body).await.json();
    let refused = clerk.get(received["receipt"].as_str().unwrap()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        refused.text().contains("签名证书已于") && refused.text().contains("不能用印"),
        "{}",
        refused.text()
    );
    // The job waits for a new certificate and says why.
    test.run_jobs().await;
    let waiting = test.house.ledger().jobs_waiting().await.unwrap();
    assert!(waiting > 0);
    // What was sealed in time is still handed out.
    let mut supervisor = test.client_as(county.supervisor());
    assert_eq!(supervisor.get(&receipt).await.status, StatusCode::OK);

    let case = received["case"].as_str().unwrap();
    let path = format!("/api/v1/cases/{case}/accept-and-grant");
    let granted = clerk
        .post_json(&path, &serde_json::json!({"opinion": "准予备案。"}))
        .await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    test.run_jobs().await;
    let mut approver = test.client_as(county.approver());
    let licences = approver.get("/api/v1/licences").await.json();
    let licence = licences["items"][0]["id"].as_str().unwrap().to_owned();
    let look = format!("/api/v1/licences/{licence}/look");
    let reason = serde_json::json!({"reason": "核对证照原件"});
    let opened = approver.post_json(&look, &reason).await.json();
    let document = opened["document"].as_str().unwrap();
    let answer = approver.get(document).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["code"], "seal_ended", "{}", answer.text());
}
