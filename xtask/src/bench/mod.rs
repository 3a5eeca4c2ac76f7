//! `cargo xtask bench`: how fast the house is. It starts the server on a store of its own, lets the load driver (the
//! crate `bench`, a second process) live through cases, and tells what it saw, on the terminal and as JSON lines.
//!
//! Rooms: `options` (what is asked), `server` (the measured server), `shim` (counting and slowing flushes), `machine`
//! (what the disk and PostgreSQL alone can do), `run` (one measurement), `tracker` (Request Tracker beside the house),
//! `table` (what is printed), `stopwatch`.

mod machine;
mod options;
mod run;
mod server;
mod shim;
mod stopwatch;
mod table;
mod tracker;

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::postgres::{Cluster, Durability};
use crate::process;
use crate::workspace::Workspace;

use options::Engine;
pub(crate) use options::Options;
use run::{Measurement, Store};
use shim::Shim;
use tracker::Tracker;

/// How often the house and Request Tracker take turns.
const TURNS: usize = 3;

/// Where the results of one call go.
struct Report {
    file: File,
    lines: Vec<Value>,
}

impl Report {
    fn open(folder: &std::path::Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("results.jsonl");
        let file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("opening {}", path.display()))?;
        Ok(Self {
            file,
            lines: Vec::new(),
        })
    }

    /// Prints a line and keeps it.
    fn add(&mut self, line: Value) -> Result<()> {
        writeln!(self.file, "{line}")?;
        println!("{}", table::row(&line));
        self.lines.push(line);
        Ok(())
    }
}

/// Builds, measures, reports.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.is_built {
        println!("building the release programs (the first time takes half an hour) …");
        process::run(&mut workspace.cargo(&[
            "build",
            "--release",
            "--workspace",
            "--bins",
            "--exclude",
            "xtask",
        ]))?;
    }
    let folder = workspace.target().join("bench");
    let mut report = Report::open(&folder)?;
    let shim = Shim::build(workspace, &folder)?;
    println!("{}", table::HEAD);
    report.add(machine::disk(&folder)?)?;
    for engine in &options.engines {
        measure_engine(workspace, options, *engine, &folder, &shim, &mut report)?;
    }
    for line in table::ratios(&report.lines) {
        report.add(line)?;
    }
    println!(
        "the same as JSON lines: {}",
        folder.join("results.jsonl").display()
    );
    Ok(())
}

fn measure_engine(
    workspace: &Workspace,
    options: &Options,
    engine: Engine,
    folder: &std::path::Path,
    shim: &Shim,
    report: &mut Report,
) -> Result<()> {
    for delay_us in options.delays() {
        let counter = Shim::counter("database")?;
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let preload = shim.environment(&counter, delay_us);
                Some(Cluster::start_with(&Durability::Kept {
                    environment: preload,
                })?)
            }
        };
        if let Some(cluster) = &cluster {
            report.add(machine::pgbench(cluster.url(), delay_us)?)?;
        }
        let data: PathBuf = folder.join(format!("{}-{}", engine.name(), options.cases));
        // A private PostgreSQL is new each time, so its folder of files is as well.
        if (cluster.is_some() || options.is_fresh) && data.exists() {
            fs::remove_dir_all(&data).context("removing an old store")?;
        }
        let store = Store {
            workspace,
            data,
            database: cluster.as_ref().map(|cluster| cluster.url().to_owned()),
            shim,
            counter,
            engine,
        };
        let filled = store.fill(options.cases, options.seed)?;
        if let Some(line) = filled {
            report.add(line)?;
        }
        report.add(store.start_time()?)?;
        for measurement in Measurement::all(options, delay_us) {
            report.add(store.measure(&measurement, options.seed)?)?;
        }
        if delay_us == 0 && options.has_tracker() {
            beside_tracker(options, &store, folder, report)?;
        }
    }
    Ok(())
}

/// `core5` on the house and on Request Tracker in turns, so that a noisy minute of the machine meets both.
fn beside_tracker(
    options: &Options,
    store: &Store,
    folder: &std::path::Path,
    report: &mut Report,
) -> Result<()> {
    if let Some(remedy) = tracker::missing() {
        println!("Request Tracker is not measured: {remedy}");
        return Ok(());
    }
    let tracker = Tracker::prepare(&folder.join("tracker"))?;
    let work = Measurement {
        workload: "core5".to_owned(),
        clients: tracker::CLIENTS,
        seconds: options.seconds,
        delay_us: 0,
        families: options.families,
    };
    for turn in 0..TURNS {
        for mut line in [
            store.measure(&work, options.seed + turn as u64)?,
            tracker.measure(&store.program("wuchuang-bench"), &work, options.seed)?,
        ] {
            line["turn"] = turn.into();
            report.add(line)?;
        }
    }
    Ok(())
}
