//! `cargo xtask demo`: from a fresh clone to the first page with one command.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::progress::{Progress, Step};
use crate::setup;
use crate::workspace::Workspace;

/// What can be chosen.
pub(crate) struct Options {
    /// The port on the loopback address.
    port: u16,
    /// Throw the old demo county away first.
    fresh: bool,
}

impl Options {
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self {
            port: 8080,
            fresh: false,
        };
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--fresh" => options.fresh = true,
                "--port" => {
                    let value = words
                        .next()
                        .context("--port needs a number, as in --port 8080")?;
                    options.port = value
                        .parse()
                        .with_context(|| format!("`{value}` is not a port; use 1 to 65535"))?;
                }
                unknown => {
                    bail!("`cargo xtask demo` has no option `{unknown}`; it has --port and --fresh")
                }
            }
        }
        Ok(options)
    }
}

/// Sets up, builds, and becomes the server.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut progress = Progress::new(setup::STEPS + 2);
    setup::steps(workspace, &mut progress)?;
    progress.step(
        "building the server (the first time takes some minutes)",
        || process::run(&mut workspace.cargo(&["build", "--workspace"])).map(|()| Step::Done),
    )?;
    let data = workspace.path("data");
    progress.quiet_step("preparing ./data", || {
        if !data.exists() {
            return Ok(Step::Done);
        }
        if !options.fresh {
            return Ok(Step::Skipped(
                "it is there (start anew with --fresh)".to_owned(),
            ));
        }
        fs::remove_dir_all(&data).context("removing ./data")?;
        Ok(Step::Done)
    })?;
    // Replacing this process hands Ctrl-C and the exit code straight to the server.
    let error = Command::new(workspace.debug_program())
        .arg("demo")
        .arg("--data")
        .arg("./data")
        .arg("--listen")
        .arg(format!("127.0.0.1:{}", options.port))
        .current_dir(workspace.root())
        .exec();
    Err(error).context("starting the server")
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(text: &str) -> anyhow::Result<(u16, bool)> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words).map(|options| (options.port, options.fresh))
    }

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        assert_eq!(parse("").unwrap(), (8080, false));
        assert_eq!(parse("--fresh --port 9000").unwrap(), (9000, true));
        assert!(parse("--port").is_err());
        assert!(parse("--port 70000").is_err());
        assert!(parse("--prot 1").is_err());
    }
}
