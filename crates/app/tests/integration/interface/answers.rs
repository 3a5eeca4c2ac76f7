//! What every answer of the house has in common, whoever made it.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use wuchuang_kernel::Role;

use crate::harness::{TestHouse, request, staff};

#[tokio::test]
async fn the_house_is_live_and_ready() {
    for (engine, test) in TestHouse::both().await {
        let mut client = test.client();
        assert_eq!(
            client.get("/health/live").await.status,
            StatusCode::OK,
            "{engine}"
        );
        let ready = client.get("/health/ready").await;
        let body: serde_json::Value = serde_json::from_slice(&ready.body).unwrap();
        assert_eq!(body["checks"]["database"], "ok", "{engine}");
        assert_eq!(body["checks"]["disk"], "ok", "{engine}");
    }
}

#[tokio::test]
async fn an_unknown_address_leads_back_to_the_house() {
    let test = TestHouse::sqlite().await;
    let mut client = test.client();
    let page = client.get("/nothing/here").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("没有找到"), "{}", page.text());
    assert!(page.text().contains("href=\"/\""));
    let problem = client.get("/api/v1/nothing").await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let body: serde_json::Value = serde_json::from_slice(&problem.body).unwrap();
    assert_eq!(body["code"], "not_found");
    assert_eq!(body["request_id"], problem.header("x-request-id"));
}

#[tokio::test]
async fn a_wrong_method_and_a_large_body_are_explained() {
    let test = TestHouse::sqlite().await;
    let mut client = test.client_as(staff(Role::SystemAdministrator));
    let method = client.post("/health/live", &[]).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(method.text().contains("不支持这种操作"));
    let large = "a".repeat(2 * 1024 * 1024);
    let form = client
        .post("/staff/admin/calendar", &[("lines", &large)])
        .await;
    let body = serde_json::json!({ "year": 2027, "lines": large });
    let json = client.post_json("/api/v1/calendar/notices", &body).await;
    for answer in [form, json] {
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text().contains("太大"), "{}", answer.text());
    }
}

#[tokio::test]
async fn another_site_cannot_act_in_a_visitors_name() {
    let test = TestHouse::sqlite().await;
    let mut client = test.client_as(staff(Role::SystemAdministrator));
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let forged = request(Method::POST, "/staff/admin/calendar")
            .header(name, value)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("step=import&year=2027&lines=2027-01-01+休+元旦"))
            .unwrap();
        let answer = client.send(forged).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(answer.text().contains("来自别的网站"), "{name}");
    }
    assert!(test.house.ledger().calendar().notice(2027).is_none());
}

#[tokio::test]
async fn pages_keep_to_themselves() {
    let test = TestHouse::sqlite().await;
    let answer = test.client().get("/nothing").await;
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'self'")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("x-request-id").len(), 16);
}

#[tokio::test]
async fn a_request_keeps_the_name_its_proxy_gave_and_no_odd_one() {
    let test = TestHouse::sqlite().await;
    for (given, is_kept) in [("abc-123", true), ("a b", false), (&"a".repeat(65), false)] {
        let sent = request(Method::GET, "/health/live")
            .header("x-request-id", given)
            .body(Body::empty())
            .unwrap();
        let answer = test.client().send(sent).await;
        assert_eq!(answer.header("x-request-id") == given, is_kept, "{given}");
    }
}

#[tokio::test]
async fn pages_are_packed_for_browsers_that_ask() {
    let test = TestHouse::sqlite().await;
    let sent = request(Method::GET, "/nothing")
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .unwrap();
    let answer = test.client().send(sent).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(answer.body[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn pages_speak_the_visitors_language() {
    let test = TestHouse::sqlite().await;
    let mut client = test.client();
    let traditional = client.get("/nothing?lang=zh-Hant").await;
    assert_eq!(traditional.header("content-language"), "zh-Hant");
    assert!(
        traditional.text().contains("沒有找到"),
        "{}",
        traditional.text()
    );
    let switched = client.get("/display?lang=en&back=/nothing").await;
    let english = client.follow(&switched).await;
    assert_eq!(english.header("content-language"), "en");
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_the_token() {
    let test = TestHouse::sqlite().await;
    // A request without a socket has no address, and a house without a token opens to nobody else.
    assert_eq!(
        test.client().get("/metrics").await.status,
        StatusCode::FORBIDDEN
    );
    let own: std::net::SocketAddr = ([127, 0, 0, 1], 4_000).into();
    let asked = |forwarded: bool| {
        let mut builder = request(Method::GET, "/metrics");
        if forwarded {
            builder = builder.header("x-forwarded-for", "203.0.113.7");
        }
        let mut request = builder.body(Body::empty()).unwrap();
        request
            .extensions_mut()
            .insert(axum::extract::ConnectInfo(own));
        request
    };
    assert_eq!(
        test.client().send(asked(true)).await.status,
        StatusCode::FORBIDDEN
    );
    let page = test.client().send(asked(false)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text().contains("wuchuang_jobs_gave_up 0"),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("wuchuang_http_requests_total{"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn staff_are_led_to_their_work_and_others_to_the_door() {
    let test = TestHouse::sqlite().await;
    for (role, path) in [
        (Role::CounterClerk, "/staff/counter"),
        (Role::SystemAdministrator, "/staff/items"),
    ] {
        let answer = test.client_as(staff(role)).get("/staff").await;
        assert_eq!(answer.header("location"), path);
    }
    let anonymous = test.client().get("/staff").await;
    assert_eq!(anonymous.header("location"), "/staff/login?back=/staff");
}
