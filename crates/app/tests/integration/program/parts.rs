//! `kill -9` while the parts of one application are opened: each part becomes one case with a number of its own, whether the
//! window sends the application again or nobody does and the job finds it.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use wuchuang_kernel::{Randomness, SeededRandomness};
use wuchuang_ledger::testing;

use super::{Answer, Client, Program};

/// How often the program is killed.
const ROUNDS: u32 = 12;
/// Up to how many microseconds after the application was sent: about as long as all its parts take.
const LATER_US: u64 = 120_000;
/// How long the job has to find what the blow left, in seconds.
const PATIENCE_SECONDS: u32 = 120;
const STORES: [&str; 6] = ["城关店", "汉王店", "红椿店", "毛坝店", "高桥店", "焕古店"];

/// The numbers of the cases of an application, as far as they are there; none before the application is.
async fn numbers(client: &Client, joint: &str) -> Vec<String> {
    let read = client
        .get(&format!("/api/v1/joints/{joint}"))
        .await
        .unwrap();
    let parts = read.body["parts"].as_array().cloned().unwrap_or_default();
    let number = |part: &Value| part["number"].as_str().unwrap_or_default().to_owned();
    let numbers = parts.iter().map(number);
    numbers.filter(|number| !number.is_empty()).collect()
}

/// All applications of the county.
async fn joints(client: &Client) -> Vec<String> {
    let read = client.get("/api/v1/joints").await.unwrap();
    let items = read.body["items"].as_array().unwrap();
    let joint = |item: &Value| item["joint"].as_str().unwrap().to_owned();
    items.iter().map(joint).collect()
}

struct Siege {
    program: Program,
    clerk: Client,
    randomness: SeededRandomness,
    /// Applications that were on the ledger after the blow with some of their parts missing.
    torn: u32,
}

impl Siege {
    async fn lay(database: Option<String>) {
        let mut program = Program::install(database).await;
        program.start().await;
        let mut siege = Self {
            clerk: program.sign_in("clerk").await,
            program,
            randomness: SeededRandomness::new(12),
            torn: 0,
        };
        for round in 1..=ROUNDS {
            siege.round(round).await;
        }
        siege.count().await;
    }

    async fn round(&mut self, round: u32) {
        let body = self.program.county.batch_application(round, &STORES);
        let key = format!("batch-{round}");
        let known = joints(&self.clerk).await;
        let (client, sent) = (self.clerk.clone(), (key.clone(), body.clone()));
        let first = tokio::spawn(async move {
            let answer = client.command("/api/v1/batches", &sent.0, &sent.1).await;
            answer.ok()
        });
        let moment = self.randomness.number() % LATER_US;
        tokio::time::sleep(Duration::from_micros(moment)).await;
        self.program.kill().await;
        let first: Option<Answer> = first.await.unwrap();
        self.program.start().await;
        let mut left = joints(&self.clerk).await;
        left.retain(|joint| !known.contains(joint));
        if let Some(joint) = left.first() {
            self.torn += u32::from(numbers(&self.clerk, joint).await.len() < STORES.len());
            // Every other time nobody sends it again: what is on the ledger completes by itself.
            if round.is_multiple_of(2) {
                self.await_parts(joint).await;
            }
        }
        let again = self.clerk.command("/api/v1/batches", &key, &body).await;
        let again = again.unwrap();
        assert_eq!(again.status, 201, "round {round}: {again:?}");
        if let Some(first) = first {
            assert_eq!(
                again, first,
                "round {round}: the first answer was given away"
            );
        }
        let joint = again.body["joint"].as_str().unwrap();
        assert!(
            left.iter().all(|one| one == joint),
            "round {round}: {left:?}"
        );
        let numbers = numbers(&self.clerk, joint).await;
        assert_eq!(numbers.len(), STORES.len(), "round {round}: {numbers:?}");
    }

    /// The job finds what the blow left.
    async fn await_parts(&self, joint: &str) {
        for _ in 0..PATIENCE_SECONDS {
            if numbers(&self.clerk, joint).await.len() == STORES.len() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("nobody opened the parts\n{}", self.program.said());
    }

    /// One case for each part and no other, each with a number of its own.
    async fn count(mut self) {
        assert!(self.torn > 0, "no blow fell between two parts");
        let all = joints(&self.clerk).await;
        assert_eq!(all.len(), usize::try_from(ROUNDS).unwrap());
        let mut told = BTreeSet::new();
        for joint in &all {
            told.extend(numbers(&self.clerk, joint).await);
        }
        assert_eq!(told.len(), all.len() * STORES.len());
        let (mut found, mut cursor) = (0, String::new());
        loop {
            let path = format!("/api/v1/cases?closed=true&limit=100{cursor}");
            let page = self.clerk.get(&path).await.unwrap();
            found += page.body["items"].as_array().unwrap().len();
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, told.len(), "a case belongs to no application");
        self.program.kill().await;
        self.program.check_ledger().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_between_parts_leave_one_case_for_each_on_sqlite() {
    Siege::lay(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_between_parts_leave_one_case_for_each_on_postgresql() {
    Siege::lay(Some(testing::postgres_url().await)).await;
}
