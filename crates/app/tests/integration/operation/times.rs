//! A clock that jumps: two hours back, a month ahead, and back again. Numbers never repeat, places in the chain
//! keep their order, a case's own time never runs back, sessions end and begin, and what the law does by itself
//! it does once.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_access::demo::PASSWORD;

use crate::{
    county::County,
    harness::{Client, TestHouse},
};

const HOURS_BACK: SignedDuration = SignedDuration::from_hours(-2);
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Whoever works through the jumps, and what they were told.
struct Day<'a> {
    test: &'a TestHouse,
    county: County,
    numbers: BTreeSet<String>,
    last_seq: i64,
    serial: u32,
}

impl Day<'_> {
    /// Everything that is answered lies behind what was answered before.
    fn in_order(&mut self, answer: &Value) {
        let seq = answer["seq"].as_i64().unwrap();
        assert!(seq > self.last_seq, "{answer} after {}", self.last_seq);
        self.last_seq = seq;
    }

    async fn submit(&mut self) -> String {
        self.serial += 1;
        let body = self.county.standard_application(self.serial);
        let mut clerk = self.test.client_as(self.county.clerk());
        let answer = clerk.post_json("/api/v1/cases", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let received = answer.json();
        self.in_order(&received);
        let number = received["number"].as_str().unwrap().to_owned();
        assert!(
            self.numbers.insert(number),
            "a number came twice: {received}"
        );
        received["case"].as_str().unwrap().to_owned()
    }

    async fn act(&mut self, case: &str, deed: &str, body: Value) -> Value {
        let mut approver = self.test.client_as(self.county.approver());
        let path = format!("/api/v1/cases/{case}/{deed}");
        let answer = approver.post_json(&path, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{deed} {}", answer.text());
        let done = answer.json();
        for notice in done["notices"].as_array().unwrap() {
            let number = notice["number"].as_str().unwrap().to_owned();
            assert!(self.numbers.insert(number), "a number came twice: {done}");
        }
        self.in_order(&done);
        done
    }

    async fn read(&self, case: &str, part: &str) -> Value {
        let mut supervisor = self.test.client_as(self.county.supervisor());
        let path = format!("/api/v1/cases/{case}{part}");
        let answer = supervisor.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
        answer.json()
    }

    /// How often a case was accepted.
    async fn acceptances(&self, case: &str) -> usize {
        let history = self.read(case, "/history").await;
        let items = history["items"].as_array().unwrap().iter();
        items
            .filter(|line| line["event"].as_str() == Some("accepted"))
            .count()
    }
}

async fn sign_in(client: &mut Client) {
    let form = [("account", "clerk"), ("password", PASSWORD)];
    let answer = client.post("/staff/login", &form).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
}

async fn is_signed_in(client: &mut Client) -> bool {
    client.get("/staff/cases").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_clock_that_jumps_confuses_nobody() {
    for (engine, test) in TestHouse::both().await {
        let mut day = Day {
            county: County::settle(&test.house).await,
            test: &test,
            numbers: BTreeSet::new(),
            last_seq: 0,
            serial: 0,
        };
        let mut browser = test.client();
        sign_in(&mut browser).await;

        // The measure: received and accepted at nine in the morning.
        let measure = day.submit().await;
        day.act(&measure, "accept", json!({})).await;
        let due = day.read(&measure, "/clock").await["promised"]["due_on"].clone();
        let jumped = day.submit().await;

        test.clock.advance(HOURS_BACK);
        assert!(is_signed_in(&mut browser).await, "{engine}");
        day.act(&jumped, "accept", json!({})).await;
        assert_eq!(
            day.read(&jumped, "/clock").await["promised"]["due_on"],
            due,
            "{engine}"
        );
        notices_in_order(&day.read(&jumped, "").await);
        let history = day.read(&jumped, "/history").await;
        let times: Vec<&str> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["at"].as_str().unwrap())
            .collect();
        assert!(times.len() > 1 && times.is_sorted(), "{engine} {times:?}");
        let waiting = day.submit().await;

        test.clock.advance(MONTH);
        assert!(!is_signed_in(&mut browser).await, "{engine}");
        sign_in(&mut browser).await;
        assert!(is_signed_in(&mut browser).await, "{engine}");
        test.run_jobs_without_papers().await;
        assert_eq!(day.acceptances(&waiting).await, 1, "{engine}: by law");
        let late = day.submit().await;
        assert_eq!(day.acceptances(&late).await, 0, "{engine}");

        test.clock.advance(-MONTH);
        test.run_jobs_without_papers().await;
        let early = day.submit().await;
        for step in ["review", "visit", "check"] {
            let opinion = json!({"opinion": "同意。"});
            day.act(&waiting, &format!("steps/{step}/complete"), opinion)
                .await;
        }
        day.act(&waiting, "grant", json!({"opinion": "准予。"}))
            .await;
        notices_in_order(&day.read(&waiting, "").await);

        test.clock.advance(MONTH);
        test.run_jobs_without_papers().await;
        assert_eq!(day.acceptances(&waiting).await, 1, "{engine}: once only");
        assert_eq!(day.acceptances(&early).await, 1, "{engine}");
        test.check_ledger(engine).await;
    }
}

/// A case's own time: no notice is dated before the one it follows.
fn notices_in_order(case: &Value) {
    let dates: Vec<&str> = case["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["at"].as_str().unwrap())
        .collect();
    assert!(dates.len() > 1 && dates.is_sorted(), "{dates:?}");
}
