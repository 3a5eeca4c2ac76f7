//! `cargo xtask bench-processes`: the process engine beside two others on the same file and machine, in turns, so that a noisy
//! minute meets all of them: npm `bpmn-engine` and PyPI `SpiffWorkflow`, installed beside the build products. The engines
//! are told apart by how the state is kept: in memory, saved at each wait, saved and read back before each step (what a
//! server without memory does).

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::progress::Step;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The file that all of them run: five tasks, an exclusive gateway, a parallel pair.
const FILE: &str = "crates/bpmn/tests/samples/five_tasks.bpmn";
/// How long each way of each engine runs, in seconds.
const SECONDS: &str = "3";
/// How often the engines take turns.
const TURNS: usize = 3;

/// Runs all engines in turns and prints a table.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    install(workspace)?;
    let engine = built(workspace)?;
    let home = workspace.peers().join("engines");
    let scripts = workspace.path("xtask/peers/engines");
    let mut lines = Vec::new();
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS} …");
        let mut own = Command::new(&engine);
        let mut node = Command::new("node");
        node.arg(scripts.join("bpmn_engine.mjs"))
            .env("WUCHUANG_ENGINES", &home);
        let mut python = Command::new(home.join("python/bin/python"));
        python.arg(scripts.join("spiff.py"));
        for command in [&mut node, &mut python] {
            command.arg(workspace.path(FILE));
        }
        for command in [&mut own, &mut node, &mut python] {
            lines.extend(figures(&process::output(command.arg(SECONDS))?)?);
        }
    }
    report(&lines);
    Ok(())
}

fn install(workspace: &Workspace) -> Result<Step> {
    let lists =
        ["package.json", "python.txt"].map(|name| workspace.path("xtask/peers/engines").join(name));
    let home = workspace.peers().join("engines");
    let stamp = Stamp::of_files(home.join(".wuchuang-packages"), workspace.root(), &lists)?;
    if stamp.is_current() {
        return Ok(Step::Skipped("lists unchanged".to_owned()));
    }
    println!("installing the engines to compare with …");
    fs::create_dir_all(&home)?;
    fs::copy(&lists[0], home.join("package.json")).context("copying the list of Node packages")?;
    process::run_quietly(
        Command::new("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-package-lock",
                "--loglevel=error",
            ])
            .current_dir(&home),
    )?;
    process::run_quietly(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(home.join("python")),
    )?;
    process::run_quietly(
        Command::new(home.join("python/bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&lists[1]),
    )?;
    stamp.keep()?;
    Ok(Step::Done)
}

fn built(workspace: &Workspace) -> Result<std::path::PathBuf> {
    println!("building …");
    process::run_quietly(
        Command::new("cargo")
            .args([
                "build",
                "--release",
                "--quiet",
                "--package",
                "wuchuang-bpmn",
                "--example",
                "throughput",
            ])
            .current_dir(workspace.root()),
    )?;
    Ok(workspace.target().join("release/examples/throughput"))
}

/// The lines that tell how many instances a second were run.
fn figures(text: &str) -> Result<Vec<Value>> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).context("reading what an engine measured")?;
        if line.get("engine").is_some() {
            println!("{line}");
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Instances a second of each turn, and how many times as many as the others.
fn report(lines: &[Value]) {
    let of = |engine: &str, keeping: &str| -> Vec<f64> {
        lines
            .iter()
            .filter(|line| line["engine"] == engine && line["keeping"] == keeping)
            .filter_map(|line| line["instances_a_second"].as_f64())
            .collect()
    };
    println!(
        "\ninstances a second, each turn; in brackets how many times as many this engine does in the same turn"
    );
    for keeping in ["memory", "saved", "saved_and_read"] {
        let own = of("wuchuang-bpmn", keeping);
        println!("{keeping}: wuchuang-bpmn {}", words(&own, None));
        for other in ["bpmn-engine", "SpiffWorkflow"] {
            println!("    {other} {}", words(&of(other, keeping), Some(&own)));
        }
    }
}

fn words(rates: &[f64], own: Option<&[f64]>) -> String {
    let all: Vec<String> = rates
        .iter()
        .enumerate()
        .map(|(turn, rate)| match own.and_then(|own| own.get(turn)) {
            Some(own) => format!("{rate:.0} ({:.0}×)", own / rate.max(f64::MIN_POSITIVE)),
            None => format!("{rate:.0}"),
        })
        .collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_rate_is_passed_over_and_ratios_are_of_the_same_turn() {
        let lines = figures(
            "{\"read_check_compile_us\": 90}\n{\"engine\": \"a\", \"instances_a_second\": 2.0}\n",
        )
        .unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(words(&[2.0, 4.0], Some(&[20.0, 80.0])), "2 (10×), 4 (20×)");
        assert_eq!(words(&[20.0], None), "20");
        assert!(figures("no JSON").is_err());
    }
}
