//! `kill -9` while two people finish two branches of one case: each branch is finished once, the join fires once, and the case
//! stands behind it, whichever of the two had been answered when the program died.

use std::time::Duration;

use serde_json::{Value, json};
use wuchuang_kernel::{Clock, Randomness, SeededRandomness, SystemClock, china_date};
use wuchuang_ledger::testing;

use super::{Client, Program};
use crate::county::DRAWING;

/// How often the program is killed.
const ROUNDS: u32 = 20;
/// Up to how many microseconds after both were sent.
const LATER_US: u64 = 40_000;

/// Something that must be taken.
async fn must(client: &Client, path: &str, key: &str, body: &Value) -> Value {
    let answer = client.command(path, key, body).await.unwrap();
    assert!(answer.status < 300, "{path} {answer:?}");
    answer.body
}

/// Two people on two branches, and a manager who drew them.
struct Office {
    program: Program,
    clerk: Client,
    reviewer: Client,
    approver: Client,
    randomness: SeededRandomness,
    /// How many of the two deeds of a round had been answered.
    answered: Vec<usize>,
}

impl Office {
    async fn open(database: Option<String>) -> Self {
        let mut program = Program::install(database).await;
        program.start().await;
        let manager = program.sign_in("catalogue").await;
        let item = format!("/api/v1/items/{}", program.county.standard);
        let drawn = json!({ "xml": DRAWING });
        must(&manager, &format!("{item}/process"), "draw", &drawn).await;
        let today = json!({ "effective_from": china_date(SystemClock.now()).to_string() });
        must(&manager, &format!("{item}/publish"), "publish", &today).await;
        Self {
            clerk: program.sign_in("clerk").await,
            reviewer: program.sign_in("scjg-review").await,
            approver: program.sign_in("scjg-approve").await,
            program,
            randomness: SeededRandomness::new(11),
            answered: Vec::new(),
        }
    }

    /// A case whose two branches are open.
    async fn split(&self, round: u32) -> String {
        let body = self.program.county.standard_application(round);
        let key = |deed: &str| format!("{deed}-{round}");
        let received = must(&self.clerk, "/api/v1/cases", &key("apply"), &body).await;
        let case = format!("/api/v1/cases/{}", received["case"].as_str().unwrap());
        let accept = format!("{case}/accept");
        must(&self.approver, &accept, &key("accept"), &json!({})).await;
        let first = format!("{case}/steps/first/complete");
        let opinion = json!({"opinion": "材料齐全。"});
        must(&self.reviewer, &first, &key("first"), &opinion).await;
        case
    }

    async fn round(&mut self, round: u32) {
        let case = self.split(round).await;
        let site = json!({"opinion": "现场不干净。", "answers": {"clean": false}});
        let papers = json!({"opinion": "材料属实。"});
        let deeds = [
            (
                self.approver.clone(),
                format!("{case}/steps/site/complete"),
                format!("site-{round}"),
                site,
            ),
            (
                self.reviewer.clone(),
                format!("{case}/steps/papers/complete"),
                format!("papers-{round}"),
                papers,
            ),
        ];
        let sent: Vec<_> = deeds
            .iter()
            .cloned()
            .map(|(client, path, key, body)| {
                tokio::spawn(async move { client.command(&path, &key, &body).await.ok() })
            })
            .collect();
        // The blow falls at a moment of its own, wherever the program may be.
        let moment = self.randomness.number() % LATER_US;
        tokio::time::sleep(Duration::from_micros(moment)).await;
        self.program.kill().await;
        let mut first = Vec::new();
        for answer in sent {
            first.push(answer.await.unwrap());
        }
        self.program.start().await;
        self.answered.push(first.iter().flatten().count());
        for ((client, path, key, body), first) in deeds.iter().zip(&first) {
            let again = client.command(path, key, body).await.unwrap();
            assert!(
                again.status < 300,
                "round {round}: {path} {again:?}\n{}",
                self.program.said()
            );
            if let Some(first) = first {
                assert_eq!(
                    &again, first,
                    "round {round}: the first answer was given away"
                );
            }
        }
        let steps = self.reviewer.get(&format!("{case}/steps")).await.unwrap();
        let open = steps.body["steps"].as_array().unwrap();
        assert_eq!(open.len(), 1, "round {round}: {}", steps.body);
        assert_eq!(open[0]["element"], "head", "round {round}: {}", steps.body);
    }
}

/// Kills the program once a round, and looks at everything.
async fn siege(database: Option<String>) {
    let mut office = Office::open(database).await;
    for round in 1..=ROUNDS {
        office.round(round).await;
    }
    let unanswered = office.answered.iter().filter(|count| **count < 2).count();
    assert!(
        unanswered > 0,
        "the blows fell too late: {:?}",
        office.answered
    );
    office.program.kill().await;
    office.program.check_ledger().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_between_parallel_branches_lose_no_token_on_sqlite() {
    siege(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_between_parallel_branches_lose_no_token_on_postgresql() {
    siege(Some(testing::postgres_url().await)).await;
}
