//! `wuchuang process`: BPMN files checked, and run in memory with given answers.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wuchuang_bpmn::{
    Answers, Definition, Problem, check_file, limits::XML_BYTES_MAX, run as drive,
};

use super::checking::{self, Checked, check_all};

/// Bytes of a file of answers.
const ANSWERS_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What can be done with process files.
#[derive(Debug, Subcommand)]
pub(super) enum ProcessCommand {
    /// 检查流程文件能否部署：每个文件输出一行 JSON，有不能部署的则退出码为 1
    Check {
        /// BPMN 2.0 文件
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// 用给定的回答在内存里运行流程，输出经过了哪些环节、停在哪里；有步骤没有执行则退出码为 1
    Run {
        /// BPMN 2.0 文件
        file: PathBuf,
        /// 回答：JSON 文件；不写则只启动
        #[arg(long, value_name = "A.json")]
        answers: Option<PathBuf>,
    },
}

/// Carries out the command.
pub(super) fn run(command: &ProcessCommand) -> Result<ExitCode> {
    match command {
        ProcessCommand::Check { files } => check_all(files, XML_BYTES_MAX, check),
        ProcessCommand::Run { file, answers } => run_once(file, answers.as_deref()),
    }
}

fn check(bytes: &[u8]) -> Result<Checked> {
    let report = check_file(bytes);
    let ignored: Vec<&Problem> = report
        .problems
        .iter()
        .filter(|problem| problem.code == "extension-ignored")
        .collect();
    let ignored = json!(ignored);
    let mut checked = Checked::new(report.deployable, &report)?;
    checked.report.insert("ignored".to_owned(), ignored);
    Ok(checked)
}

fn run_once(file: &Path, answers: Option<&Path>) -> Result<ExitCode> {
    let answers = answers.map_or_else(|| Ok(Answers::default()), read_answers)?;
    let definition = match checking::read(file, XML_BYTES_MAX) {
        Ok(bytes) => Definition::from_bytes(&bytes).map_err(|problems| json!(problems)),
        Err(broken) => Err(broken.report["problems"].clone()),
    };
    let definition = match definition {
        Ok(definition) => definition,
        Err(problems) => {
            checking::print(&refused(file, &problems))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let process = match &answers.process {
        None => definition.whole(),
        Some(id) => definition.process(id).ok_or_else(|| {
            let known = definition.processes().iter();
            let known: Vec<&str> = known.map(|process| process.id().as_str()).collect();
            anyhow::anyhow!(
                "文件里没有可以运行的流程“{id}”，有的是：{}",
                known.join("、")
            )
        })?,
    };
    let report = drive(process, answers);
    checking::print(&report)?;
    Ok(if report.refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Answers in full, or in short only what each task answers: `{"task": {"agreed": true}}`.
fn read_answers(path: &Path) -> Result<Answers> {
    let value: Value = checking::read_json(path, ANSWERS_BYTES_MAX)?;
    Answers::deserialize(&value).or_else(|error| {
        let tasks = BTreeMap::deserialize(&value).with_context(|| {
            format!(
                "{} 里的回答读不懂：{error}。可以写 process、start、variables、steps、tasks、complete_all，或只写各环节的回答",
                path.display()
            )
        })?;
        Ok(Answers {
            tasks,
            ..Answers::default()
        })
    })
}

/// The same line as the check prints, so that a reader of either needs to know one shape only.
fn refused(file: &Path, problems: &Value) -> Map<String, Value> {
    Map::from_iter([
        ("file".to_owned(), json!(file.to_string_lossy())),
        ("deployable".to_owned(), json!(false)),
        ("problems".to_owned(), problems.clone()),
    ])
}
