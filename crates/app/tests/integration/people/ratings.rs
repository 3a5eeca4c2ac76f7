//! The closing message leads to the rating, and the rating counts by the way it came: SMS, page, or the code at the counter.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use wuchuang_app::configuration::Secret;
use wuchuang_kernel::Role;
use wuchuang_ledger::{storage::list, testing};
use wuchuang_webkit::assets::qr_svg;

use super::phone::Phones;
use crate::{
    county::County,
    harness::{TestHouse, staff},
};

const PHONE: &str = "13891500000";

#[derive(Deserialize)]
struct Rated {
    channel: i64,
}

/// The path behind the words of a message or page: from `/rate/` to the first letter that no link has.
fn rate_path(text: &str) -> String {
    let start = text
        .find("/rate/")
        .unwrap_or_else(|| panic!("no link: {text}"));
    let is_link = |letter: &char| letter.is_ascii_alphanumeric() || "/?=&;".contains(*letter);
    text[start..].chars().take_while(is_link).collect()
}

/// Takes in and grants one instant case at the counter; gives what the receipt says.
async fn grant(test: &TestHouse, county: &County, serial: u32) -> Value {
    let mut clerk = test.client_as(county.clerk());
    let body = county.instant_application(serial);
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let received = received.json();
    let case = received["case"].as_str().unwrap();
    // On the page, as at a counter: whoever did something there finds its page again after the case ended.
    let granted = clerk
        .post(
            &format!("/staff/cases/{case}/accept-and-grant"),
            &[("opinion", "准予备案。")],
        )
        .await;
    assert!(granted.status.is_redirection(), "{}", granted.text());
    test.run_jobs_without_papers().await;
    received
}

/// Opens a link as the citizen does and rates 非常满意.
async fn rate(test: &TestHouse, link: &str) {
    let mut citizen = test.client();
    let page = citizen.get(link).await;
    assert_eq!(page.status, StatusCode::OK, "{link}");
    let (path, via) = link.split_once("?via=").unwrap();
    assert!(
        page.text().contains(&format!("via={via}")),
        "{}",
        page.text()
    );
    let sent = citizen.post(path, &[("grade", "5"), ("via", via)]).await;
    assert!(
        sent.status.is_redirection(),
        "{} {}",
        sent.status,
        sent.text()
    );
}

async fn channels(test: &TestHouse) -> Vec<i64> {
    let database = test.house.ledger().database();
    let rows: Vec<Rated> = list(
        database.read(),
        "SELECT channel FROM rating ORDER BY rated_at_us, id",
        [],
    )
    .await
    .unwrap();
    rows.iter().map(|row| row.channel).collect()
}

#[tokio::test]
async fn the_second_gateway_sends_what_the_first_cannot() {
    for (engine, database) in testing::databases().await {
        let (phones, working) = Phones::ring().await;
        let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut broken = working.clone();
        broken.name = "断了".to_owned();
        broken.url = format!("http://{}/cgi-bin/sendsms", gone.local_addr().unwrap());
        broken.report_token = Secret::new("fedcba9876543210fedcba98");
        drop(gone);
        let test = TestHouse::configured(database, |configuration| {
            configuration.sms = vec![broken, working];
        })
        .await;
        let county = County::settle(&test.house).await;
        grant(&test, &county, 1).await;
        assert!(!phones.of(PHONE).is_empty(), "{engine}: nobody was told");
    }
}

#[tokio::test]
async fn the_closing_message_rates_and_counts_as_an_sms() {
    for (engine, database) in testing::databases().await {
        let (phones, settings) = Phones::ring().await;
        let test = TestHouse::configured(database, |configuration| {
            configuration.sms = vec![settings];
        })
        .await;
        let county = County::settle(&test.house).await;
        let rated = grant(&test, &county, 1).await;
        let told = phones.of(PHONE);
        let closing = told.iter().find(|text| text.contains("已办结"));
        let closing = closing.unwrap_or_else(|| panic!("{engine}: {told:?}"));
        rate(&test, &rate_path(closing)).await;
        // 6 短信 in the codes of the national rating exchange.
        assert_eq!(channels(&test).await, [6], "{engine}");

        // Whoever handled the case learns neither that it was rated nor how: both together would name the person.
        test.run_jobs_without_papers().await;
        let mut reviewer = test.client_as(county.reviewer());
        let case = format!("/staff/cases/{}", rated["case"].as_str().unwrap());
        let page = reviewer.get(&case).await;
        assert_eq!(page.status, StatusCode::OK, "{engine}");
        assert!(
            !page.text().contains("服务已评价"),
            "{engine} {}",
            page.text()
        );
        let list = reviewer.get("/staff/ratings").await;
        assert_eq!(list.status, StatusCode::OK, "{engine}");
        assert!(
            !list.text().contains("短信链接"),
            "{engine} {}",
            list.text()
        );
        let mut supervisor = test.client_as(county.supervisor());
        let list = supervisor.get("/staff/ratings").await;
        assert!(list.text().contains("短信链接"), "{engine} {}", list.text());

        // The outbox says what was sent, and cannot be used to rate in somebody's name.
        test.clock.advance(SignedDuration::from_mins(1));
        grant(&test, &county, 2).await;
        let mut system = test.client_as(staff(Role::SystemAdministrator));
        let outbox = system.get("/staff/admin/outbox").await.text();
        assert!(outbox.contains("/rate/…"), "{engine} {outbox}");
        assert!(!outbox.contains("?via=sms"), "{engine}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn a_page_and_the_counters_code_count_as_what_they_are() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let received = grant(&test, &county, 1).await;
        let text = |name: &str| received[name].as_str().unwrap();
        let receipt = [("number", text("number")), ("code", text("check_code"))];
        let shown = test.client().post("/progress", &receipt).await;
        assert_eq!(shown.status, StatusCode::OK, "{engine}");
        let link = rate_path(&shown.text());
        assert!(link.ends_with("?via=web"), "{engine} {link}");

        let mut clerk = test.client_as(county.clerk());
        let done = format!("/staff/counter/done/{}", text("case"));
        let page = clerk.get(&done).await.text();
        let origin = &test.house.configuration().public_url;
        let code = qr_svg(&format!("{origin}{}", link.replace("via=web", "via=qr"))).unwrap();
        let drawing = &code[code.find("<svg").unwrap()..];
        assert!(page.contains(drawing), "{engine} {page}");

        rate(&test, &link).await;
        // 1 PC端.
        assert_eq!(channels(&test).await, [1], "{engine}");
        test.run_jobs_without_papers().await;
        let again = test.client().post("/progress", &receipt).await;
        assert!(
            !again.text().contains("/rate/"),
            "{engine}: nothing to rate twice"
        );
        assert!(!clerk.get(&done).await.text().contains(drawing), "{engine}");
    }
}
