//! The whole life of a standard item through the API. Every command is sent three times: as it is, again under
//! the same key (the first answer comes back, even when the sender may no longer touch the case), and under the
//! same key with another body (refused). Every answer is held against the document.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use wuchuang_ledger::storage::find;
use wuchuang_webkit::Visitor;

use super::{check_problem, contract::Contract, text_of};
use crate::{
    county::County,
    harness::{Answer, Client, TestHouse},
};

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// One case at its desk.
struct Desk<'a> {
    test: &'a TestHouse,
    contract: Contract,
    case: String,
    version: i64,
    keys: u32,
}

impl Desk<'_> {
    fn path(&self, deed: &str) -> String {
        format!("/api/v1/cases/{}/{deed}", self.case)
    }

    async fn read(&self, client: &mut Client, path: &str) -> Value {
        let answer = client.get(path).await;
        self.contract.check(&Method::GET, path, &answer);
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
        answer.json()
    }

    /// Does something three times over and gives the answer.
    async fn send(&mut self, who: &Visitor, path: &str, body: Value) -> Answer {
        self.keys += 1;
        let (key, mut client) = (
            format!("life-{}", self.keys),
            self.test.client_as(who.clone()),
        );
        let first = client.command(path, &key, &body).await;
        self.contract.check(&Method::POST, path, &first);
        assert!(first.status.is_success(), "{path} {}", first.text());
        let again = client.command(path, &key, &body).await;
        assert_eq!(
            (again.status, again.text()),
            (first.status, first.text()),
            "{path}: the first answer was given away"
        );
        first
    }

    /// Does something to the case; a stale version is refused before, another body afterwards.
    async fn act(&mut self, who: &Visitor, deed: &str, body: Value) -> Value {
        let path = self.path(deed);
        let mut stale = body.clone();
        stale["expected_version"] = (self.version - 1).into();
        let answer = self
            .test
            .client_as(who.clone())
            .command(&path, "", &stale)
            .await;
        self.contract.check(&Method::POST, &path, &answer);
        check_problem(&answer, 409, "stale_version", None);

        let mut fresh = body.clone();
        fresh["expected_version"] = self.version.into();
        let done = self.send(who, &path, fresh).await.json();
        self.version = done["version"].as_i64().unwrap();
        done
    }
}

#[tokio::test]
async fn a_standard_item_lives_its_whole_life_through_the_interface() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut desk = Desk {
            test: &test,
            contract: Contract::of(&test.house),
            case: String::new(),
            version: 1,
            keys: 0,
        };
        let received = submit(&mut desk, &county).await;
        review(&mut desk, &county).await;
        hand_over(&mut desk, &county).await;
        rate(&mut desk, engine).await;

        let path = "/api/v1/progress";
        let receipt = json!({"number": received["number"], "check_code": received["check_code"]});
        let answer = test.client().post_json(path, &receipt).await;
        desk.contract.check(&Method::POST, path, &answer);
        assert_eq!(answer.json()["stage"], "closed", "{engine}");
        let wrong = json!({"number": received["number"], "check_code": "222222"});
        let answer = test.client().post_json(path, &wrong).await;
        check_problem(&answer, 404, "not_found", None);
        look_back(&desk, &county).await;
        test.check_ledger(engine).await;
    }
}

async fn submit(desk: &mut Desk<'_>, county: &County) -> Value {
    let (clerk, path) = (county.clerk(), "/api/v1/cases");
    let body = county.standard_application(1);
    let answer = desk.send(&clerk, path, body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let received = answer.json();
    desk.case = text_of(&received, "case");

    // The same key for another application is refused, and so is an item that changed meanwhile.
    let mut client = desk.test.client_as(clerk);
    let mut other = body.clone();
    other["applicant"]["phone"] = "13891500001".into();
    let answer = client.command(path, "life-1", &other).await;
    desk.contract.check(&Method::POST, path, &answer);
    check_problem(&answer, 422, "key_reused", None);
    let mut changed = body;
    changed["item_version"] = 9.into();
    let answer = client.command(path, "another", &changed).await;
    desk.contract.check(&Method::POST, path, &answer);
    check_problem(&answer, 409, "item_version", Some("item_version"));
    received
}

async fn review(desk: &mut Desk<'_>, county: &County) {
    let (clerk, reviewer, approver) = (county.clerk(), county.reviewer(), county.approver());
    let opinion = || json!({"opinion": "材料齐全，符合条件，同意。"});
    desk.act(&clerk, "claim", json!({})).await;
    let accepted = desk.act(&clerk, "accept", json!({})).await;
    assert_eq!(accepted["stage"], "review");
    assert_eq!(accepted["notices"][0]["kind"], "acceptance");

    // A step that is not the present one, and a decision before its time.
    for (who, deed, code) in [
        (&reviewer, "steps/check/complete", "step_not_current"),
        (&approver, "grant", "steps_open"),
    ] {
        let path = desk.path(deed);
        let mut client = desk.test.client_as(who.clone());
        let answer = client.command(&path, "", &opinion()).await;
        desk.contract.check(&Method::POST, &path, &answer);
        check_problem(&answer, 422, code, None);
    }
    desk.act(&reviewer, "claim", json!({})).await;
    for step in ["review", "visit", "check"] {
        desk.act(&reviewer, &format!("steps/{step}/complete"), opinion())
            .await;
    }
    let granted = desk.act(&approver, "grant", opinion()).await;
    assert_eq!(granted["stage"], "issuing");
    desk.test.run_jobs_without_papers().await;
}

async fn hand_over(desk: &mut Desk<'_>, county: &County) {
    let mut supervisor = desk.test.client_as(county.supervisor());
    let seen = desk
        .read(&mut supervisor, &desk.path("")[..desk.path("").len() - 1])
        .await;
    assert_eq!(seen["stage"], "delivering", "{seen}");
    desk.version = seen["version"].as_i64().unwrap();
    let licences = desk.read(&mut supervisor, "/api/v1/licences").await;
    assert_eq!(
        licences["items"][0]["case"],
        desk.case.as_str(),
        "{licences}"
    );
    let body = json!({"way": "counter", "receiver": "李小红"});
    let delivered = desk.act(&county.clerk(), "deliver", body).await;
    assert_eq!(delivered["stage"], "closed");
}

async fn rate(desk: &mut Desk<'_>, engine: &str) {
    let token: Token = find(
        desk.test.house.ledger().database().read(),
        "SELECT token FROM rating_invitation WHERE case_id = $1",
        [desk.case.clone().into()],
    )
    .await
    .unwrap()
    .expect("an ended case invites to rate it");
    let path = desk.path("rating");
    let body = json!({"token": token.token, "stars": 5, "channel": "web", "labels": [510]});
    desk.send(&Visitor::Anonymous, &path, body.clone()).await;
    let mut stranger = desk.test.client();
    let answer = stranger.command(&path, "", &body).await;
    desk.contract.check(&Method::POST, &path, &answer);
    assert_eq!(answer.status, 422, "{engine}: rated once only");
    let mut forged = body;
    forged["token"] = "a".repeat(32).into();
    let answer = stranger.command(&path, "", &forged).await;
    check_problem(&answer, 404, "not_found", None);
    // The case learns of its rating through a job.
    desk.test.run_jobs_without_papers().await;
}

/// What can be read of an ended case, and who may not read it.
async fn look_back(desk: &Desk<'_>, county: &County) {
    wuchuang_app::server::checkpoint_all(desk.test.house.ledger())
        .await
        .unwrap();
    let mut reviewer = desk.test.client_as(county.reviewer());
    let case = format!("/api/v1/cases/{}", desk.case);
    for part in ["", "/history", "/clock", "/proof"] {
        let path = format!("{case}{part}");
        desk.read(&mut reviewer, &path).await;
        let answer = desk.test.client().get(&path).await;
        desk.contract.check(&Method::GET, &path, &answer);
        check_problem(&answer, 401, "sign_in", None);
        let mut stranger = desk.test.client_as(crate::county::resident(77));
        let answer = stranger.get(&path).await;
        desk.contract.check(&Method::GET, &path, &answer);
        check_problem(&answer, 403, "forbidden", None);
    }
    let history = desk.read(&mut reviewer, &format!("{case}/history")).await;
    let count = history["items"].as_array().map_or(0, Vec::len);
    assert!(count >= 9, "{history}");
}

#[tokio::test]
async fn an_instant_item_is_settled_in_one_sitting() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut desk = Desk {
            test: &test,
            contract: Contract::of(&test.house),
            case: String::new(),
            version: 1,
            keys: 0,
        };
        let body = county.instant_application(1);
        let received = desk.send(&county.clerk(), "/api/v1/cases", body).await;
        desk.case = text_of(&received.json(), "case");
        let opinion = json!({"opinion": "当场核对无误。"});
        desk.act(&county.clerk(), "accept-and-grant", opinion).await;
        test.run_jobs_without_papers().await;
        let path = format!("/api/v1/cases/{}", desk.case);
        let mut supervisor = test.client_as(county.supervisor());
        let seen = desk.read(&mut supervisor, &path).await;
        assert_eq!(seen["stage"], "closed", "{engine} {seen}");
        test.check_ledger(engine).await;
    }
}
