//! `cargo xtask tidy`: the house rules that neither the compiler nor clippy can check. Each rule is one function from
//! text to a list of complaints, so that each is tested with one good and one bad input; this module only reads files.

mod architecture;
mod floors;
mod licences;
mod manifests;
mod rules;
mod sizes;
mod source;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::stamp::files_below;
use crate::workspace::Workspace;
use source::Source;

/// Whether sizes that went down are only reported or written to the budget.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Check,
    Tighten,
}

impl Mode {
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        match words {
            [] => Ok(Self::Check),
            [word] if word == "--tighten" => Ok(Self::Tighten),
            [word, ..] => bail!("`cargo xtask tidy` has no option `{word}`; it has --tighten"),
        }
    }
}

/// One broken rule: where, and what to do about it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Complaint {
    path: String,
    /// Counted from 1; 0 when the whole file or folder is meant.
    line: usize,
    message: String,
}

impl Complaint {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(formatter, "{}: {}", self.path, self.message)
        } else {
            write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
        }
    }
}

/// Folders that hold products or other people's files, wherever they are.
const FOLDERS_LEFT_OUT: [&str; 3] = [".git", "target", "node_modules"];
/// The same, at one place each.
const PATHS_LEFT_OUT: [&str; 3] = ["data/", "web/dist/", "assets/fonts/"];
/// What the machine-path rule reads besides Rust.
const TEXT_ENDINGS: [&str; 16] = [
    "rs", "toml", "md", "sh", "ts", "mjs", "js", "json", "yaml", "yml", "html", "css", "typ",
    "txt", "service", "cedar",
];
const BUDGET: &str = "tidy-budget.toml";

/// Runs every rule and prints all complaints together.
pub(crate) fn run(workspace: &Workspace, mode: Mode) -> Result<()> {
    let files = files_below(workspace.root(), &FOLDERS_LEFT_OUT)?;
    let mut complaints = Vec::new();
    let mut rust_files = Vec::new();
    let machine = machine_folders(workspace.root());
    for file in &files {
        let path = relative(workspace.root(), file);
        let ending = file
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let left_out = PATHS_LEFT_OUT.iter().any(|start| path.starts_with(start));
        if left_out || !TEXT_ENDINGS.contains(&ending) {
            continue;
        }
        let text = fs::read_to_string(file).with_context(|| format!("reading {path} as UTF-8"))?;
        complaints.extend(rules::machine_paths(&path, &text, &machine));
        if ending == "rs" {
            complaints.extend(rules::names(&path));
            rust_files.push((path, text));
        }
    }
    let sources = Source::read_all(&rust_files);
    for source in &sources {
        complaints.extend(rules::all(source));
    }
    let crates = crate_names(workspace)?;
    complaints.extend(manifests_check(workspace, &crates)?);
    complaints.extend(architecture_check(workspace, &crates));
    complaints.extend(licences::check(workspace)?);
    complaints.extend(budget_check(workspace, &sources, mode)?);
    report(complaints, sources.len())
}

fn report(mut complaints: Vec<Complaint>, sources: usize) -> Result<()> {
    complaints.sort();
    for complaint in &complaints {
        println!("  {complaint}");
    }
    if complaints.is_empty() {
        println!("  {sources} Rust files are tidy");
        Ok(())
    } else {
        bail!("{} broken house rule(s), listed above", complaints.len())
    }
}

fn crate_names(workspace: &Workspace) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.path("crates")).context("listing crates/")? {
        let entry = entry.context("listing crates/")?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn manifests_check(workspace: &Workspace, crates: &[String]) -> Result<Vec<Complaint>> {
    let mut complaints = Vec::new();
    let folders = crates.iter().map(|name| format!("crates/{name}"));
    for folder in folders.chain(["xtask".to_owned()]) {
        let path = format!("{folder}/Cargo.toml");
        let text =
            fs::read_to_string(workspace.path(&path)).with_context(|| format!("reading {path}"))?;
        let manifest: toml::Table = text.parse().with_context(|| format!("reading {path}"))?;
        complaints.extend(manifests::check(&path, &folder, &manifest));
        complaints.extend(floors::check(&path, &folder, &manifest));
    }
    Ok(complaints)
}

fn architecture_check(workspace: &Workspace, crates: &[String]) -> Vec<Complaint> {
    match fs::read_to_string(workspace.path(architecture::PATH)) {
        Ok(text) => architecture::check(&text, crates),
        Err(_) => vec![Complaint::new(
            architecture::PATH,
            0,
            "is missing; it is the map of the house",
        )],
    }
}

fn budget_check(workspace: &Workspace, sources: &[Source], mode: Mode) -> Result<Vec<Complaint>> {
    let file = workspace.path(BUDGET);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {BUDGET}"))?;
    let budget = sizes::Budget::parse(&text)?;
    let measured = sizes::Sizes::measure(sources);
    if mode == Mode::Tighten {
        let tightened = budget.tightened(&measured);
        fs::write(&file, tightened.to_text()).with_context(|| format!("writing {BUDGET}"))?;
        return Ok(tightened.check(&measured));
    }
    Ok(budget.check(&measured))
}

/// Absolute folders of this very machine that must not stand in a committed file.
fn machine_folders(root: &Path) -> Vec<String> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    [Some(root.to_path_buf()), home]
        .into_iter()
        .flatten()
        // A checkout directly under `/` would forbid ordinary words such as `/src`.
        .filter(|folder| folder.components().count() > 2)
        .map(|folder| folder.to_string_lossy().into_owned())
        .collect()
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root)
        .unwrap_or(file)
        .to_string_lossy()
        .into_owned()
}
