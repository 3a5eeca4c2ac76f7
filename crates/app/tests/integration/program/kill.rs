//! `kill -9` during load: whatever was acknowledged is there afterwards, whatever was not can be sent again
//! and happens once, and the ledger stays whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;
use wuchuang_kernel::{Clock, Randomness, SeededRandomness, SystemClock};
use wuchuang_ledger::{Database, storage::list, testing};

use super::{
    Client, Program,
    load::{Answered, Clerk, Sent},
};
use crate::pictures::photograph;

/// How many clerks work at once.
const CLERKS: usize = 6;
/// How many commands are answered before the blow falls, at least and at most.
const ANSWERED: std::ops::Range<u64> = 4..36;
/// How long the papers of a whole siege may take at its end; typesetting is slow in a test.
const PATIENCE_SECONDS: u32 = 900;
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
        siege.await_papers().await;
        siege.program.kill().await;
        siege.check_papers().await;
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

    /// What the killed programs left in the queue is taken up again and done: at the end nothing is due, nothing is
    /// held, nothing gave up. What waits for its day (the archive) may wait.
    async fn await_papers(&self) {
        let database = self.program.database().await;
        for _ in 0..PATIENCE_SECONDS {
            if open_jobs(&database).await.is_empty() {
                database.close().await.unwrap();
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("jobs were not done: {:?}", open_jobs(&database).await);
    }

    /// Every notice of every case has its paper, and the store holds each paper once: a program killed between the
    /// making and the noting left no second one.
    async fn check_papers(&self) {
        let database = self.program.database().await;
        let notices = numbers(
            &database,
            "SELECT COUNT(*) AS number FROM event WHERE stream_kind = 'case' AND payload LIKE '%\"notice\":%'
             UNION ALL SELECT COUNT(*) FROM event WHERE event_type = 'received'
             UNION ALL SELECT COUNT(*) FROM case_document
             UNION ALL SELECT COUNT(DISTINCT sha256) FROM case_document
             UNION ALL SELECT COUNT(*) FROM licence
             UNION ALL SELECT COUNT(DISTINCT document_sha256) FROM licence WHERE document_sha256 <> ''",
        )
        .await;
        database.close().await.unwrap();
        let [with_number, received, rows, papers, licences, certificates] = notices[..] else {
            panic!("{notices:?}");
        };
        assert_eq!(rows, with_number + received, "a notice has no paper");
        assert_eq!(papers, rows, "two notices share a paper");
        assert_eq!(certificates, licences, "a licence has no certificate");
        let stored = self.program.stored_pdfs();
        assert_eq!(stored, papers + certificates, "a paper was made twice");
    }
}

#[derive(Deserialize)]
struct Number {
    number: i64,
}

async fn numbers(database: &Database, sql: &str) -> Vec<i64> {
    let rows: Vec<Number> = list(database.read(), sql, []).await.unwrap();
    rows.into_iter().map(|row| row.number).collect()
}

#[derive(Deserialize)]
struct OpenJob {
    name: String,
    gave_up: bool,
    attempts: i64,
    last_error: String,
}

/// Jobs that are due, held or given up, in words.
async fn open_jobs(database: &Database) -> Vec<String> {
    let rows: Vec<OpenJob> = list(
        database.read(),
        "SELECT name, gave_up, attempts, last_error FROM job WHERE gave_up = TRUE OR attempts > 0 OR run_at_us <= $1",
        [SystemClock.now().as_microsecond().into()],
    )
    .await
    .unwrap();
    rows.iter()
        .map(|row| {
            let OpenJob {
                name,
                gave_up,
                attempts,
                last_error,
            } = row;
            format!("{name} {attempts} {gave_up} {last_error}")
        })
        .collect()
}
