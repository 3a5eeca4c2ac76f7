//! One store and what is measured on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;
use crate::workspace::Workspace;

use super::options::{Engine, Options};
use super::server::{Server, Start, port_free};
use super::shim::Shim;
use super::stopwatch::{Stopwatch, wait_until};

/// How long papers and messages of one measurement may take before the next one begins.
const DRAIN_LIMIT: Duration = Duration::from_mins(2);
/// More of them than this are not waited for. A large store is filled faster than its papers are made, and they are made only
/// where nothing else wants the processor, so measurements go on beside them.
const DRAIN_JOBS_MAX: u64 = 4_000;
/// With how many clients a store is filled.
const FILL_CLIENTS: u64 = 16;
/// The file that says how many cases a store has.
const CASES_FILE: &str = "cases-in-store";

/// A measurement: which work, how many clients, how slow a flush.
pub(super) struct Measurement {
    pub(super) workload: String,
    pub(super) clients: u64,
    pub(super) seconds: u64,
    pub(super) delay_us: u64,
    /// How many applications the enrolment hands in.
    pub(super) families: u64,
}

impl Measurement {
    /// All that the options ask for with one kind of flush.
    pub(super) fn all(options: &Options, delay_us: u64) -> Vec<Self> {
        let mut all = Vec::new();
        for workload in &options.workloads {
            let is_open = workload == "province";
            let clients: &[u64] = if is_open { &[48] } else { &options.clients };
            all.extend(clients.iter().map(|clients| Self {
                workload: workload.clone(),
                clients: *clients,
                seconds: if is_open {
                    options.province_seconds
                } else {
                    options.seconds
                },
                delay_us,
                families: options.families,
            }));
        }
        all
    }
}

/// A store of cases.
pub(super) struct Store<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) data: PathBuf,
    /// The address of PostgreSQL; `None` for SQLite in the data folder.
    pub(super) database: Option<String>,
    pub(super) shim: &'a Shim,
    /// Where PostgreSQL's flushes are counted.
    pub(super) counter: PathBuf,
    pub(super) engine: Engine,
}

impl Store<'_> {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.workspace.target().join("release").join(name)
    }

    fn serve(&self, delay_us: u64) -> Result<(Server, PathBuf)> {
        let port = port_free()?;
        let mut words = vec![
            "demo".to_owned(),
            "--data".to_owned(),
            self.data.display().to_string(),
        ];
        words.extend(["--listen".to_owned(), format!("127.0.0.1:{port}")]);
        if let Some(database) = &self.database {
            words.extend(["--database".to_owned(), database.clone()]);
        }
        let counter = Shim::counter("server")?;
        let server = Server::start(Start {
            program: &self.program("wuchuang"),
            words,
            environment: self.shim.environment(&counter, delay_us),
            folder: self.workspace.root(),
            log: &self.data.with_extension("log"),
            port,
            ready: "/health/ready",
        })?;
        Ok((server, counter))
    }

    /// The configuration of the same store as a centre would run it.
    fn configuration(&self) -> Result<PathBuf> {
        let path = self.data.with_extension("toml");
        let database = match &self.database {
            Some(url) => url.clone(),
            None => format!(
                "sqlite:{}?mode=rwc",
                self.data.join("wuchuang.db").display()
            ),
        };
        let text = format!(
            "data = \"{}\"\npublic_url = \"http://127.0.0.1\"\n[database]\nurl = \"{database}\"\n[site]\ncounty_name = \"紫阳县\"\noperator = \"紫阳县政务服务中心\"\ntelephone = \"12345\"\nregion = \"610924\"\n[log]\nfilter = \"warn\"\n",
            self.data.display()
        );
        fs::write(&path, text)?;
        Ok(path)
    }

    /// `wuchuang serve` as a centre runs it, without the demonstration's filling.
    fn serve_plainly(&self, configuration: &Path) -> Result<Server> {
        let port = port_free()?;
        Server::start(Start {
            program: &self.program("wuchuang"),
            words: vec![
                "serve".to_owned(),
                "--config".to_owned(),
                configuration.display().to_string(),
            ],
            environment: vec![("WUCHUANG_LISTEN".to_owned(), format!("127.0.0.1:{port}"))],
            folder: self.workspace.root(),
            log: &self.data.with_extension("log"),
            port,
            ready: "/health/ready",
        })
    }

    fn drive(&self, server: &Server, counter: &Path, words: &[String]) -> Result<Value> {
        let counters = match &self.database {
            Some(_) => vec![self.counter.as_path(), counter],
            None => vec![counter],
        };
        drive(
            &self.program("wuchuang-bench"),
            server,
            self.database.as_deref(),
            &counters,
            words,
        )
    }

    /// How large the store is, in bytes: database and files apart.
    fn bytes(&self) -> Result<(u64, u64)> {
        let files = folder_bytes(&self.data.join("files"));
        let Some(url) = &self.database else {
            return Ok((folder_bytes(&self.data).saturating_sub(files), files));
        };
        let text = process::output(
            Command::new("psql")
                .arg(url)
                .args(["-AtXc", "SELECT pg_database_size(current_database())"]),
        )?;
        Ok((
            text.trim()
                .parse()
                .context("reading the size of the database")?,
            files,
        ))
    }

    /// Adds cases until the store has as many as asked. `None` when it had them.
    pub(super) fn fill(&self, cases: u64, seed: u64) -> Result<Option<Value>> {
        let noted = self.data.join(CASES_FILE);
        let there: u64 = fs::read_to_string(&noted)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        if there >= cases {
            return Ok(None);
        }
        let (server, counter) = self.serve(0)?;
        let before = self.bytes()?;
        let words = [
            "fill",
            "--cases",
            &(cases - there).to_string(),
            "--clients",
            &FILL_CLIENTS.to_string(),
        ]
        .map(str::to_owned)
        .into_iter()
        .chain(["--seed".to_owned(), (seed + there).to_string()])
        .collect::<Vec<_>>();
        let mut line = self.drive(&server, &counter, &words)?;
        line["jobs_waiting_after_fill"] = json!(server.jobs_waiting());
        line["drained"] = drain(&server);
        server.stop()?;
        let after = self.bytes()?;
        let each = |before: u64, after: u64| after.saturating_sub(before) / (cases - there).max(1);
        line["database_bytes_a_case"] = json!(each(before.0, after.0));
        line["file_bytes_a_case"] = json!(each(before.1, after.1));
        line["engine"] = json!(self.engine.name());
        line["cases_in_store"] = json!(cases);
        fs::write(&noted, cases.to_string())?;
        Ok(Some(line))
    }

    /// How long the program takes from its start until it says that it is ready, the third of five.
    pub(super) fn start_time(&self) -> Result<Value> {
        let mut times = Vec::new();
        let mut resident = 0.0;
        let configuration = self.configuration()?;
        for _ in 0..5 {
            let stopwatch = Stopwatch::start();
            let server = self.serve_plainly(&configuration)?;
            times.push(stopwatch.elapsed().as_secs_f64());
            resident = resident_megabytes(server.process());
            server.stop()?;
        }
        times.sort_by(f64::total_cmp);
        Ok(
            json!({"measured": "start", "engine": self.engine.name(), "seconds": times[2], "resident_megabytes": resident}),
        )
    }

    /// One measurement on a fresh process.
    pub(super) fn measure(&self, measurement: &Measurement, seed: u64) -> Result<Value> {
        let (server, counter) = self.serve(measurement.delay_us)?;
        // Each run's citizens are others: a phone number may ask for a code once a minute only.
        let seed =
            seed + measurement.clients * 7 + measurement.delay_us + u64::from(std::process::id());
        let words: Vec<String> = [
            measurement.workload.clone(),
            "--clients".to_owned(),
            measurement.clients.to_string(),
            "--seconds".to_owned(),
            measurement.seconds.to_string(),
            "--families".to_owned(),
            measurement.families.to_string(),
            "--seed".to_owned(),
            seed.to_string(),
        ]
        .to_vec();
        let mut line = self.drive(&server, &counter, &words)?;
        line["drained"] = drain(&server);
        line["resident_after_drain_megabytes"] = json!(resident_megabytes(server.process()));
        server.stop()?;
        line["engine"] = json!(self.engine.name());
        line["flush_delay_us"] = json!(measurement.delay_us);
        line["cases_in_store"] = json!(
            fs::read_to_string(self.data.join(CASES_FILE))
                .unwrap_or_default()
                .trim()
                .parse::<u64>()
                .unwrap_or(0)
        );
        Ok(line)
    }
}

/// Lets the driver work against a server and reads what it measured.
pub(super) fn drive(
    program: &Path,
    server: &Server,
    database: Option<&str>,
    counters: &[&Path],
    words: &[String],
) -> Result<Value> {
    let mut command = Command::new(program);
    command
        .args(words)
        .args(["--server", &format!("127.0.0.1:{}", server.port())])
        .args(["--watch", &format!("server={}", server.process())]);
    if let Some(url) = database {
        command.args(["--watch", &format!("database={}", postmaster(url)?)]);
    }
    for counter in counters {
        command.arg("--flushes").arg(counter);
    }
    let text = process::output(&mut command)?;
    serde_json::from_str(&text).context("reading what the driver measured")
}

/// The process id of PostgreSQL, asked of itself.
fn postmaster(url: &str) -> Result<u32> {
    let text = process::output(Command::new("psql").arg(url).args([
        "-AtXc",
        "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)",
    ]))?;
    text.trim()
        .parse()
        .context("reading the process id of PostgreSQL")
}

/// Waits until the papers and messages of a run are made, and tells how many there were and how long it took.
fn drain(server: &Server) -> Value {
    let waiting = server.jobs_waiting().unwrap_or(0);
    let stopwatch = Stopwatch::start();
    let mut left = waiting;
    if waiting <= DRAIN_JOBS_MAX {
        wait_until(DRAIN_LIMIT, || {
            left = server.jobs_waiting().unwrap_or(0);
            left == 0
        });
    }
    json!({"waiting": waiting, "left": left, "seconds": stopwatch.elapsed().as_secs_f64()})
}

fn resident_megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kilobytes: Option<f64> = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.trim().trim_end_matches("kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .map(|path| {
            if path.is_dir() {
                folder_bytes(&path)
            } else {
                path.metadata().map_or(0, |metadata| metadata.len())
            }
        })
        .sum()
}
