//! `cargo xtask web`: fetches the npm packages and bundles the browser's scripts and styles into `web/dist`, which the
//! server embeds. Both are skipped when their inputs are unchanged.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::progress::{Progress, Step};
use crate::stamp::{Stamp, files_below};
use crate::workspace::Workspace;

/// The command by itself.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(2);
    progress.quiet_step("fetching web packages", || packages_install(workspace))?;
    progress.quiet_step("bundling web assets", || bundle(workspace))
}

/// Installs exactly what the lock file says.
pub(crate) fn packages_install(workspace: &Workspace) -> Result<Step> {
    let web = workspace.path("web");
    let manifest = web.join("package.json");
    if !manifest.is_file() {
        bail!("web/package.json is missing: this is not a whole checkout");
    }
    let lock = web.join("package-lock.json");
    let mut inputs = vec![manifest];
    if lock.is_file() {
        inputs.push(lock.clone());
    }
    let stamp = Stamp::of_files(web.join("node_modules/.wuchuang-packages"), &web, &inputs)?;
    if stamp.is_current() {
        return Ok(Step::Skipped("package list unchanged".to_owned()));
    }
    let verb = if lock.is_file() { "ci" } else { "install" };
    process::run_quietly(
        Command::new("npm")
            .args([verb, "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&web),
    )?;
    stamp.keep()?;
    Ok(Step::Done)
}

/// Runs the project's own bundling script.
pub(crate) fn bundle(workspace: &Workspace) -> Result<Step> {
    let web = workspace.path("web");
    let inputs: Vec<PathBuf> = files_below(&web, &["node_modules", "dist"])?;
    let stamp = Stamp::of_files(web.join("node_modules/.wuchuang-bundle"), &web, &inputs)?;
    if stamp.is_current() && web.join("dist").is_dir() {
        return Ok(Step::Skipped("sources unchanged".to_owned()));
    }
    process::run_quietly(Command::new("node").arg("build.mjs").current_dir(&web))?;
    if !web.join("dist").is_dir() {
        bail!("web/build.mjs ended well but made no web/dist");
    }
    stamp.keep()?;
    Ok(Step::Done)
}

/// Checks the types of the browser's scripts; the bundler only strips them.
pub(crate) fn types_check(workspace: &Workspace) -> Result<Step> {
    process::run_quietly(
        Command::new("npm")
            .args(["run", "--silent", "check"])
            .current_dir(workspace.path("web")),
    )?;
    Ok(Step::Done)
}
