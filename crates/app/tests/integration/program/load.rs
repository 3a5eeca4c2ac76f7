//! Clerks who work as fast as they can, and who remember exactly what they were told.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tokio::sync::Notify;
use wuchuang_kernel::{Randomness, SeededRandomness};

use super::{Answer, Client};
use crate::county::County;

/// A command as it was sent, and what came back before the program died, if anything did.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) path: String,
    pub(super) key: String,
    pub(super) body: Value,
    pub(super) answer: Option<Answer>,
}

impl Sent {
    /// Whether it is an application.
    pub(super) fn is_application(&self) -> bool {
        self.path == "/api/v1/cases"
    }
}

/// How many commands were answered, and a bell for whoever waits for a number.
#[derive(Default)]
pub(super) struct Answered {
    count: AtomicUsize,
    bell: Notify,
}

impl Answered {
    fn one_more(&self) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.bell.notify_one();
    }

    /// Waits until so many commands were answered.
    pub(super) async fn reach(&self, count: usize) {
        while self.count.load(Ordering::SeqCst) < count {
            self.bell.notified().await;
        }
    }
}

/// One clerk.
pub(super) struct Clerk {
    pub(super) client: Client,
    pub(super) county: County,
    pub(super) answered: Arc<Answered>,
    /// Tells this clerk's keys from everyone else's.
    pub(super) name: String,
    pub(super) serial: u32,
    pub(super) randomness: SeededRandomness,
    /// A file that was uploaded before and is named by some applications.
    pub(super) file: String,
}

impl Clerk {
    /// Works until the program no longer answers.
    pub(super) async fn work(mut self) -> Vec<Sent> {
        let mut log: Vec<Sent> = Vec::new();
        let mut cases: Vec<String> = Vec::new();
        loop {
            let (path, body) = self.next(&cases);
            let key = format!("{}-{}", self.name, log.len());
            let outcome = self.client.command(&path, &key, &body).await;
            let answer = outcome.ok();
            let is_over = answer.is_none();
            if let Some(answer) = &answer {
                assert!(answer.status < 300, "{path} {answer:?}");
                if let Some(case) = answer.body["case"].as_str() {
                    cases.push(case.to_owned());
                }
            }
            log.push(Sent {
                path,
                key,
                body,
                answer,
            });
            if is_over {
                return log;
            }
            self.answered.one_more();
        }
    }

    /// An application, or a line in a case that this clerk knows.
    fn next(&mut self, cases: &[String]) -> (String, Value) {
        let number = usize::try_from(self.randomness.number() >> 33).unwrap();
        if cases.is_empty() || number.is_multiple_of(3) {
            self.serial += 1;
            let mut body = self.county.instant_application(self.serial);
            if number.is_multiple_of(2) {
                body["materials"][0] = json!({
                    "requirement": "m1",
                    "files": [{"sha256": self.file, "name": "申请表.png"}],
                });
            }
            return ("/api/v1/cases".to_owned(), body);
        }
        let case = &cases[number % cases.len()];
        let text = format!("第{number}次联系申请人。");
        (
            format!("/api/v1/cases/{case}/messages"),
            json!({ "text": text }),
        )
    }
}
