//! What the machine can do without the house: how fast its disk flushes, and how many small transactions PostgreSQL
//! alone carries. Every figure of the house is read beside these.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::stopwatch::Stopwatch;
use crate::process;

/// How many flushes are measured.
const FLUSHES: usize = 300;
/// How much is written before each: a page of a write-ahead log.
const PAGE: [u8; 4096] = [0x5A; 4096];

/// How long one append and `fdatasync` takes.
pub(super) fn disk(folder: &Path) -> Result<Value> {
    let path = folder.join("flush-probe");
    let mut file = File::create(&path).context("writing to the disk")?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        file.write_all(&PAGE)?;
        let stopwatch = Stopwatch::start();
        file.sync_data()?;
        times.push(stopwatch.elapsed().as_secs_f64() * 1_000.0);
    }
    fs::remove_file(&path)?;
    times.sort_by(f64::total_cmp);
    let total: f64 = times.iter().sum();
    Ok(json!({
        "measured": "fdatasync", "p50_ms": times[FLUSHES / 2], "p99_ms": times[FLUSHES * 99 / 100],
        "a_second": 1_000.0 / (total / 300.0),
    }))
}

/// `pgbench -N` with eight clients for ten seconds, on ten branches.
pub(super) fn pgbench(url: &str, delay_us: u64) -> Result<Value> {
    process::run_quietly(
        Command::new("pgbench")
            .args(["-i", "-q", "-s", "10"])
            .arg(url),
    )
    .context("filling pgbench's tables; it is in the package postgresql")?;
    let text = process::output(
        Command::new("pgbench")
            .args(["-N", "-c", "8", "-j", "2", "-T", "10"])
            .arg(url),
    )?;
    let rate = rate_in(&text).with_context(|| format!("pgbench told no rate:\n{text}"))?;
    let tables = "DROP TABLE pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers";
    process::run_quietly(Command::new("psql").arg(url).args(["-qXc", tables]))?;
    Ok(json!({"measured": "pgbench -N", "transactions_a_second": rate, "flush_delay_us": delay_us}))
}

fn rate_in(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::rate_in;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        let text =
            "latency average = 1.2 ms\ntps = 6512.123456 (without initial connection time)\n";
        assert_eq!(rate_in(text), Some(6_512.123_456));
        assert_eq!(rate_in("pgbench: error"), None);
    }
}
