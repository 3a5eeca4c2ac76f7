//! `cargo xtask test`: everything CI runs, cheapest first, so that a slip of the pen shows in seconds and not after the
//! long steps. It stops at the first failure and then says what was done, what failed and what did not run.

use std::process::Command;

use anyhow::{Context, Result};

use crate::progress::{Progress, Step};
use crate::workspace::Workspace;
use crate::{peers, postgres, process, setup, tidy, web, workspace};

const OWN_STEPS: usize = 9;

/// Runs all steps.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(OWN_STEPS + setup::STEPS + peers::STEPS);
    let result = steps(workspace, &mut progress);
    println!("{}", progress.summary());
    result
}

fn steps(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    progress.step("checking the formatting", || {
        cargo(workspace, &["fmt", "--all", "--check", "--", "-l"])
            .context("the files above are not formatted; run `cargo fmt --all`")
    })?;
    progress.step("fetching crates", || {
        let platform = workspace::platform();
        cargo(workspace, &["fetch", "--locked", "--target", &platform])
    })?;
    progress.step("checking the house rules (tidy)", || {
        tidy::run(workspace, tidy::Mode::Check).map(|()| Step::Done)
    })?;
    // The web assets and fonts are embedded at compile time, so they come before anything is compiled.
    setup::steps(workspace, progress)?;
    progress.quiet_step("checking the types of the web scripts", || {
        web::types_check(workspace)
    })?;
    progress.step("checking with clippy", || {
        cargo(workspace, &["clippy", "--workspace", "--all-targets"])
    })?;
    progress.step("checking licences and bans with cargo-deny", || {
        licences_check(workspace)
    })?;
    peers::steps(workspace, progress)?;
    // The same selection as `cargo test --workspace`, so that nothing is compiled twice; it also links the server that
    // the browser tests drive.
    progress.step("building everything", || {
        cargo(workspace, &["build", "--workspace", "--all-targets"])
    })?;
    // One cluster for both: starting it takes seconds.
    let (url, cluster) = postgres::for_tests()?;
    progress.step("running the tests on SQLite and PostgreSQL", || {
        // Every crate's failures in one run, not only those of the first crate that fails.
        let mut command = workspace.cargo(&["test", "--workspace", "--no-fail-fast"]);
        process::run(with_test_environment(&mut command, workspace, &url)).map(|()| Step::Done)
    })?;
    progress.step("running the browser tests", || {
        browser_tests(workspace, &url)
    })?;
    drop(cluster);
    Ok(())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<Step> {
    process::run(&mut workspace.cargo(arguments)).map(|()| Step::Done)
}

/// Building cargo-deny takes minutes, and tidy already checks the same list, so it is used only where it is installed.
fn licences_check(workspace: &Workspace) -> Result<Step> {
    if process::find("cargo-deny").is_none() {
        return Ok(Step::Skipped(
            "cargo-deny is not installed, tidy has checked deny.toml's lists".to_owned(),
        ));
    }
    cargo(workspace, &["deny", "check", "bans", "licenses", "sources"])
}

fn browser_tests(workspace: &Workspace, url: &str) -> Result<Step> {
    let script = workspace.path("tests/browser/run.mjs");
    if !script.is_file() {
        return Ok(Step::Skipped(
            "there is no tests/browser/run.mjs".to_owned(),
        ));
    }
    let mut command = Command::new("node");
    command.arg(&script).current_dir(workspace.root());
    process::run(with_test_environment(&mut command, workspace, url)).map(|()| Step::Done)
}

/// What tests may rely on being told.
fn with_test_environment<'a>(
    command: &'a mut Command,
    workspace: &Workspace,
    url: &str,
) -> &'a mut Command {
    command
        .env("WUCHUANG_TEST_POSTGRES", url)
        .env("WUCHUANG_PEERS", workspace.peers())
        .env("WUCHUANG_PROGRAM", workspace.debug_program());
    if let Some(chromium) = process::find("chromium") {
        command.env("WUCHUANG_CHROMIUM", chromium);
    }
    command
}
