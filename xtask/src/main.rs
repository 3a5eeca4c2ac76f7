//! Everything a developer runs, as `cargo xtask <command>`: one program instead of a pile of shell scripts, so that
//! set-up, checks and packaging work the same on every machine and say in plain words what they are doing.
//!
//! Each command lives in its own module; the modules `workspace`, `process`, `progress` and `stamp` are what they share.

mod bench;
mod bench_processes;
mod debian;
mod demo;
mod package;
mod peers;
mod postgres;
mod process;
mod progress;
mod setup;
mod stamp;
mod test;
mod tidy;
mod web;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  demo [--port 8080] [--fresh]  set up, build, and serve the demo county from ./data on 127.0.0.1
                                (--fresh throws ./data away first)
  test                          everything CI runs, in CI's order; stops at the first failure
  setup                         check the tools, bundle the web assets, fetch the document fonts
  web                           bundle the web assets only
  tidy [--tighten]              the house rules; --tighten lowers tidy-budget.toml to today's sizes
  peers                         install the foreign programs and libraries the tests talk to
  postgres                      start a private PostgreSQL for tests, print its URL, wait for Ctrl-C
  bench                         measure a release build: cases a second, processor time, waits
  bench-processes               the process engine beside npm bpmn-engine and PyPI SpiffWorkflow, in turns
  package                       build the Debian package into target/package
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nfailed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<()> {
    let Some((command, options)) = words.split_first() else {
        print!("{HELP}");
        bail!("no command given");
    };
    if matches!(command.as_str(), "help" | "--help" | "-h") {
        print!("{HELP}");
        return Ok(());
    }
    let workspace = Workspace::locate()?;
    match command.as_str() {
        "demo" => demo::run(&workspace, &demo::Options::parse(options)?),
        "bench" => bench::run(&workspace, &bench::Options::parse(options)?),
        "tidy" => tidy::run(&workspace, tidy::Mode::parse(options)?),
        "test" => without_options(command, options).and_then(|()| test::run(&workspace)),
        "setup" => without_options(command, options).and_then(|()| setup::run(&workspace)),
        "web" => without_options(command, options).and_then(|()| web::run(&workspace)),
        "peers" => without_options(command, options).and_then(|()| peers::run(&workspace)),
        "postgres" => without_options(command, options).and_then(|()| postgres::run(&workspace)),
        "bench-processes" => {
            without_options(command, options).and_then(|()| bench_processes::run(&workspace))
        }
        "package" => without_options(command, options).and_then(|()| package::run(&workspace)),
        unknown => {
            print!("{HELP}");
            bail!("there is no command `{unknown}`")
        }
    }
}

fn without_options(command: &str, options: &[String]) -> Result<()> {
    match options.first() {
        None => Ok(()),
        Some(option) => bail!("`cargo xtask {command}` takes no options, but got `{option}`"),
    }
}
