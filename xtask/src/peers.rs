//! `cargo xtask peers`: installs the programs and libraries of other people that the tests compare with or talk to. They
//! live beside the build products, never in the user's own Python or Node installation.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::progress::{Progress, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;
use crate::{debian, process};

/// The command by itself.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(STEPS);
    steps(workspace, &mut progress)?;
    println!("peers are in {}", workspace.peers().display());
    Ok(())
}

/// How many steps [`steps`] takes.
pub(crate) const STEPS: usize = 3;

/// The steps, for a command that goes on afterwards.
pub(crate) fn steps(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    progress.quiet_step(
        "installing system packages for the tests",
        debian::packages_install,
    )?;
    progress.quiet_step("installing Python peers", || python_install(workspace))?;
    progress.quiet_step("installing Node peers", || node_install(workspace))
}

fn python_install(workspace: &Workspace) -> Result<Step> {
    let list = workspace.path("xtask/peers/python.txt");
    let home = workspace.peers().join("python");
    let stamp = Stamp::of_files(
        home.join(".wuchuang-packages"),
        workspace.root(),
        std::slice::from_ref(&list),
    )?;
    if stamp.is_current() {
        return Ok(Step::Skipped("list unchanged".to_owned()));
    }
    process::run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    process::run_quietly(
        Command::new(home.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&list),
    )?;
    stamp.keep()?;
    Ok(Step::Done)
}

fn node_install(workspace: &Workspace) -> Result<Step> {
    let list = workspace.path("xtask/peers/package.json");
    let home = workspace.peers().join("node");
    let stamp = Stamp::of_files(
        home.join(".wuchuang-packages"),
        workspace.root(),
        std::slice::from_ref(&list),
    )?;
    if stamp.is_current() {
        return Ok(Step::Skipped("list unchanged".to_owned()));
    }
    fs::create_dir_all(&home).with_context(|| format!("making {}", home.display()))?;
    fs::copy(&list, home.join("package.json")).context("copying the list of Node peers")?;
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
    stamp.keep()?;
    Ok(Step::Done)
}
