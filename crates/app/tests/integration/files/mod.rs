//! The commands that look at files: the real program, with no configuration and no data folder anywhere.

mod decision;
mod form;
mod process;

use std::{path::PathBuf, process::Command};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files and the program to look at them.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    /// One JSON value for each line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    /// The whole answer as one JSON value.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.error))
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    /// Lays a file on the desk.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs the program where no configuration is.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let program = std::env::var("WUCHUANG_PROGRAM")
            .unwrap_or_else(|_| env!("CARGO_BIN_EXE_wuchuang").to_owned());
        let output = Command::new(program)
            .args(["--config", "/nowhere/wuchuang.toml"])
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Said {
            success: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A sample of a crate's own tests.
pub(crate) fn sample(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path);
    path.to_str().unwrap().to_owned()
}

/// The codes of the problems in a line, with the element each is about.
pub(crate) fn problems(line: &Value) -> Vec<String> {
    let list = line["problems"].as_array().unwrap();
    list.iter()
        .map(|problem| {
            assert!(problem["line"].as_u64().unwrap() >= 1, "{problem}");
            assert!(!problem["text"].as_str().unwrap().is_empty(), "{problem}");
            format!(
                "{} {} {}",
                problem["severity"].as_str().unwrap(),
                problem["code"].as_str().unwrap(),
                problem["element"].as_str().unwrap_or("-")
            )
        })
        .collect()
}
