//! One virtual client: a connection, its own stream of random numbers, and what it measured.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::Result;
use serde_json::Value;

use crate::{
    generator::Random,
    histogram::Histogram,
    http::{Connection, Request, Response},
    time::Stopwatch,
};

/// How many words about failed requests are kept.
const COMPLAINTS_MAX: usize = 5;

/// What was measured of one kind of request.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How long the right answers took.
    pub times: Histogram,
    /// How many answers were not what they should be.
    pub errors: u64,
}

/// Everything a client measured.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By kind of request.
    pub kinds: BTreeMap<&'static str, Measured>,
    /// How many whole cases were lived through.
    pub cases: u64,
    /// How many commands were acknowledged.
    pub commands: u64,
    /// How often a result was asked for that was not made yet.
    pub not_ready: u64,
    /// What went wrong, in words.
    pub complaints: Vec<String>,
}

impl Figures {
    /// Adds what another client measured.
    pub fn add(&mut self, other: Self) {
        for (kind, measured) in other.kinds {
            let own = self.kinds.entry(kind).or_default();
            own.times.add(&measured.times);
            own.errors += measured.errors;
        }
        self.cases += other.cases;
        self.commands += other.commands;
        self.not_ready += other.not_ready;
        self.complaints.extend(other.complaints);
        self.complaints.truncate(COMPLAINTS_MAX);
    }

    /// How many requests failed.
    pub fn errors(&self) -> u64 {
        self.kinds.values().map(|measured| measured.errors).sum()
    }

    fn fail(&mut self, kind: &'static str, words: String) {
        self.kinds.entry(kind).or_default().errors += 1;
        if self.complaints.len() < COMPLAINTS_MAX {
            self.complaints.push(format!("{kind}: {words}"));
        }
    }
}

/// What became of a command that may be too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The rules refuse it for now.
    TooEarly,
    /// It failed, which was counted.
    Failed,
}

/// One virtual client.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    /// Its random numbers.
    pub random: Random,
    /// What it measured.
    pub figures: Figures,
}

impl Client {
    /// The n-th client of a run with a seed.
    pub fn new(server: SocketAddr, number: u64, seed: u64) -> Self {
        let part = |value: u64| u8::try_from(value % 250).unwrap_or(0) + 1;
        let source = Ipv4Addr::new(127, part(seed), part(number / 250), part(number));
        Self {
            connection: Connection::new(server, source),
            random: Random::new(seed.wrapping_add(number.wrapping_mul(0x0100_0193))),
            figures: Figures::default(),
        }
    }

    /// Sends a request and measures it. `None` when the answer is not a success, which is counted.
    pub fn ask(&mut self, kind: &'static str, request: &Request<'_>) -> Option<Response> {
        self.ask_since(kind, request, Stopwatch::start())
    }

    /// The same, measured from an earlier moment: when the request should have been sent.
    pub fn ask_since(
        &mut self,
        kind: &'static str,
        request: &Request<'_>,
        since: Stopwatch,
    ) -> Option<Response> {
        match self.connection.send(request) {
            Ok(response) if (200..400).contains(&response.status) => {
                self.figures
                    .kinds
                    .entry(kind)
                    .or_default()
                    .times
                    .record(since.elapsed_us());
                Some(response)
            }
            Ok(response) => {
                let words: String = response.text().chars().take(300).collect();
                self.figures
                    .fail(kind, format!("{} {words}", response.status));
                None
            }
            Err(error) => {
                self.figures.fail(kind, format!("{error:#}"));
                None
            }
        }
    }

    /// Sends a request that is not measured: preparation.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn prepare(&mut self, request: &Request<'_>) -> Result<Response> {
        self.connection.send(request)
    }

    /// A command of the JSON API: measured, counted, under a key of its own. `None` when it was refused.
    pub fn command(
        &mut self,
        kind: &'static str,
        path: &str,
        cookie: &str,
        body: &Value,
    ) -> Option<Value> {
        self.command_since(kind, path, cookie, body, Stopwatch::start())
    }

    /// The same, measured from an earlier moment.
    pub fn command_since(
        &mut self,
        kind: &'static str,
        path: &str,
        cookie: &str,
        body: &Value,
        since: Stopwatch,
    ) -> Option<Value> {
        let key = self.random.identifier();
        let text = body.to_string();
        let request = Request {
            method: "POST",
            path,
            cookie,
            content_type: "application/json",
            body: text.as_bytes(),
            key: &key,
            ..Request::default()
        };
        let response = self.ask_since(kind, &request, since)?;
        self.figures.commands += 1;
        serde_json::from_slice(&response.body).ok()
    }

    /// A command that may be too early: then the rules refuse it with 422.
    pub fn command_or_wait(
        &mut self,
        kind: &'static str,
        path: &str,
        cookie: &str,
        body: &Value,
    ) -> Outcome {
        let key = self.random.identifier();
        let text = body.to_string();
        let request = Request {
            method: "POST",
            path,
            cookie,
            content_type: "application/json",
            body: text.as_bytes(),
            key: &key,
            ..Request::default()
        };
        let since = Stopwatch::start();
        match self.connection.send(&request) {
            Ok(response) if (200..300).contains(&response.status) => {
                self.figures
                    .kinds
                    .entry(kind)
                    .or_default()
                    .times
                    .record(since.elapsed_us());
                self.figures.commands += 1;
                Outcome::Done
            }
            Ok(response) if response.status == 422 => {
                self.figures.not_ready += 1;
                Outcome::TooEarly
            }
            Ok(response) => {
                let words: String = response.text().chars().take(300).collect();
                self.figures
                    .fail(kind, format!("{} {words}", response.status));
                Outcome::Failed
            }
            Err(error) => {
                self.figures.fail(kind, format!("{error:#}"));
                Outcome::Failed
            }
        }
    }

    /// A page, as a browser asks for it. The answer may be compressed.
    pub fn page(&mut self, kind: &'static str, path: &str, cookie: &str) -> Option<Response> {
        self.ask(
            kind,
            &Request {
                method: "GET",
                path,
                cookie,
                compressed: true,
                ..Request::default()
            },
        )
    }
}
