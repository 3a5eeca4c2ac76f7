//! What the commands that look at files have in common: a bounded read, one JSON line a file and the exit code. They
//! need no configuration and no data folder, so that a script, a build or somebody who brings files may run them anywhere.

use std::{
    fs::File,
    io::{self, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What a check of one file gives.
pub(super) struct Checked {
    /// Whether the file may be used.
    pub(super) deployable: bool,
    /// The rest of the line: problems and whatever the kind of file adds.
    pub(super) report: Map<String, Value>,
}

impl Checked {
    /// A report that has `deployable` of its own.
    pub(super) fn new(deployable: bool, report: &impl Serialize) -> Result<Self> {
        let Value::Object(mut report) = serde_json::to_value(report)? else {
            anyhow::bail!("检查结果不是 JSON 对象");
        };
        report.shift_remove("deployable");
        Ok(Self { deployable, report })
    }

    /// A file about which only one thing can be said.
    pub(super) fn broken(code: &str, text: String) -> Self {
        let problem = json!({
            "severity": "error", "element": null, "line": 1, "code": code, "text": text,
        });
        let report = Map::from_iter([("problems".to_owned(), json!([problem]))]);
        Self {
            deployable: false,
            report,
        }
    }
}

/// Checks each file and prints a JSON line for it; fails if any may not be used.
pub(super) fn check_all(
    files: &[PathBuf],
    bytes_max: usize,
    check: impl Fn(&[u8]) -> Result<Checked>,
) -> Result<ExitCode> {
    let mut out = io::stdout().lock();
    let mut all_deployable = true;
    for file in files {
        let checked = match read(file, bytes_max) {
            Ok(bytes) => guarded(|| check(&bytes))?,
            Err(broken) => broken,
        };
        all_deployable &= checked.deployable;
        let mut line = Map::new();
        line.insert("file".to_owned(), json!(file.to_string_lossy()));
        line.insert("deployable".to_owned(), json!(checked.deployable));
        line.extend(checked.report);
        writeln!(out, "{}", Value::Object(line)).context("写不了检查结果")?;
    }
    Ok(if all_deployable {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A check that gives up is a finding about one file and must not keep the others from being checked.
fn guarded(check: impl FnOnce() -> Result<Checked>) -> Result<Checked> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| {
        let text = "检查这个文件时程序出错，不能使用它；请把文件交给软件维护人员";
        Ok(Checked::broken("check-failed", text.to_owned()))
    })
}

/// The bytes of a file, at most as many as asked for.
pub(super) fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>, Checked> {
    let unreadable = |error: io::Error| {
        let text = format!("读不了文件：{error}；请检查路径和权限");
        Checked::broken("unreadable", text)
    };
    let bound = u64::try_from(bytes_max)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(bound).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > bytes_max {
        let text = format!("文件超过上限 {bytes_max} 字节，没有读取；请拆分或精简");
        return Err(Checked::broken("file-too-large", text));
    }
    if bytes.contains(&0) {
        let text =
            "文件含有二进制内容（可能是图片、压缩包或 UTF-16 文本）；请选 UTF-8 编码的文本文件";
        return Err(Checked::broken("binary", text.to_owned()));
    }
    Ok(bytes)
}

/// Reads JSON from a file that somebody wrote by hand.
pub(super) fn read_json<T: serde::de::DeserializeOwned>(
    file: &Path,
    bytes_max: usize,
) -> Result<T> {
    let bytes = read(file, bytes_max).map_err(|broken| {
        let text = broken.report["problems"][0]["text"].as_str();
        anyhow::anyhow!("{}：{}", file.display(), text.unwrap_or_default())
    })?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{} 不是正确的 JSON，或有不认识的字段", file.display()))
}

/// Prints one report, laid out for reading.
pub(super) fn print(report: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(report)?;
    writeln!(io::stdout().lock(), "{text}").context("写不了结果")
}
