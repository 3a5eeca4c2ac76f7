//! `kill -9` during load: whatever was acknowledged is there afterwards, whatever was not can be sent again
//! and happens once, and the ledger stays whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use wuchuang_kernel::{Randomness, SeededRandomness};
use wuchuang_ledger::testing;

use super::{
    Client, Program,
    load::{Answered, Clerk, Sent},
};
use crate::pictures::photograph;

/// How many clerks work at once.
const CLERKS: usize = 6;
/// How many commands are answered before the blow falls, at least and at most.
const ANSWERED: std::ops::Range<u64> = 4..36;
/// Up to how many microseconds after that.
const LATER_US: u64 = 12_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_lose_nothing_acknowledged_on_sqlite() {
    Siege::lay(None, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_kills_lose_nothing_acknowledged_on_postgresql() {
    Siege::lay(Some(testing::postgres_url().await), 5).await;
}

/// What the clerks know at the end.
#[derive(Default)]
struct Known {
    /// Number of each case.
    numbers: BTreeMap<String, String>,
    /// The newest version of each case that somebody was told.
    versions: BTreeMap<String, i64>,
    /// Commands that were answered.
    answered: usize,
    /// Commands whose answer never came.
    unanswered: usize,
}

impl Known {
    fn learn(&mut self, sent: &Sent, answer: &Value) {
        if sent.is_application() {
            let case = answer["case"].as_str().unwrap().to_owned();
            let number = answer["number"].as_str().unwrap().to_owned();
            let before = self.numbers.insert(case, number);
            assert!(before.is_none(), "two applications gave one case: {answer}");
        } else {
            let case = sent.path.split('/').nth(4).unwrap().to_owned();
            let version = answer["version"].as_i64().unwrap();
            let newest = self.versions.entry(case).or_insert(0);
            *newest = version.max(*newest);
        }
    }
}

struct Siege {
    program: Program,
    client: Client,
    file: String,
    randomness: SeededRandomness,
    known: Known,
}

impl Siege {
    async fn lay(database: Option<String>, rounds: u32) {
        let mut program = Program::install(database).await;
        program.start().await;
        let client = program.sign_in("clerk").await;
        let uploaded = client.upload("申请表.png", &photograph()).await.unwrap();
        let mut siege = Self {
            file: uploaded.body["sha256"].as_str().unwrap().to_owned(),
            client,
            program,
            randomness: SeededRandomness::new(9),
            known: Known::default(),
        };
        for round in 0..rounds {
            siege.round(round).await;
        }
        siege.count().await;
        siege.program.kill().await;
        siege.program.check_ledger().await;
        assert!(siege.known.answered > 4 * rounds as usize);
        assert!(
            siege.known.unanswered > rounds as usize,
            "the blows fell between commands"
        );
    }

    /// Load, a blow, a start, and everything is looked at.
    async fn round(&mut self, round: u32) {
        let answered = Arc::new(Answered::default());
        let clerks: Vec<_> = (0..CLERKS)
            .map(|place| {
                tokio::spawn(
                    Clerk {
                        client: self.client.clone(),
                        county: self.program.county.clone(),
                        answered: Arc::clone(&answered),
                        name: format!("{round}-{place}"),
                        serial: round * 1_000 + u32::try_from(place).unwrap() * 150,
                        randomness: SeededRandomness::new(self.randomness.number()),
                        file: self.file.clone(),
                    }
                    .work(),
                )
            })
            .collect();
        let span = ANSWERED.end - ANSWERED.start;
        let enough = ANSWERED.start + self.randomness.number() % span;
        answered.reach(usize::try_from(enough).unwrap()).await;
        // The blow itself falls at a moment of its own, wherever the program may be.
        tokio::time::sleep(Duration::from_micros(self.randomness.number() % LATER_US)).await;
        self.program.kill().await;
        let mut log = Vec::new();
        for clerk in clerks {
            log.extend(clerk.await.unwrap());
        }
        self.program.start().await;
        self.look(&log).await;
    }

    /// Sends every command of the round again: an answered one gives its first answer, another one happens
    /// now and only now.
    async fn look(&mut self, log: &[Sent]) {
        for sent in log {
            let again = self
                .client
                .command(&sent.path, &sent.key, &sent.body)
                .await
                .unwrap();
            assert!(again.status < 300, "{} {again:?}", sent.path);
            match &sent.answer {
                Some(first) => {
                    assert_eq!(&again, first, "the first answer was given away");
                    self.known.answered += 1;
                }
                None => self.known.unanswered += 1,
            }
            self.known.learn(sent, &again.body);
        }
    }

    /// All cases of the county, page by page: exactly those that were answered, each under its own number.
    async fn count(&self) {
        let (mut found, mut cursor) = (BTreeMap::new(), String::new());
        loop {
            let path = format!("/api/v1/cases?closed=true&limit=100{cursor}");
            let page = self.client.get(&path).await.unwrap();
            assert_eq!(page.status, 200, "{page:?}");
            for item in page.body["items"].as_array().unwrap() {
                let text = |name: &str| item[name].as_str().unwrap().to_owned();
                let before = found.insert(text("id"), text("number"));
                assert!(before.is_none(), "a case stands on two pages");
            }
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, self.known.numbers);
        let numbers: BTreeSet<&String> = found.values().collect();
        assert_eq!(numbers.len(), found.len(), "a number was given twice");
        for (case, version) in &self.known.versions {
            let path = format!("/api/v1/cases/{case}");
            let read = self.client.get(&path).await.unwrap();
            assert_eq!(read.body["version"].as_i64(), Some(*version), "{case}");
        }
    }
}
