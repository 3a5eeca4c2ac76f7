//! `wuchuang decision`: DMN files checked, and decisions answered.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Value, json};
use wuchuang_calendar::Calendar;
use wuchuang_decision::{
    Definition, Surroundings, WorkingDays, check_file,
    limits::{INPUT_BYTES_MAX, XML_BYTES_MAX},
};

use super::checking::{self, Checked, check_all};

/// What can be done with decision files.
#[derive(Debug, Subcommand)]
pub(super) enum DecisionCommand {
    /// 检查决策文件能否部署：每个文件输出一行 JSON，有不能部署的则退出码为 1
    Check {
        /// DMN 1.3 或更新版本的文件
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// 用给定的输入算出一个决策：输出结果、命中的规则和理由；算不出则退出码为 1
    Eval(Question),
}

/// What is asked of which file.
#[derive(Debug, Args)]
pub(super) struct Question {
    /// DMN 文件
    file: PathBuf,
    /// 决策的名称或 id；文件里只有一个决策时可以不写
    #[arg(long, value_name = "NAME")]
    decision: Option<String>,
    /// 输入：JSON 对象，或 @ 加文件名
    #[arg(long, value_name = "JSON", default_value = "{}")]
    input: String,
    /// today() 得到的日期，例如 2026-01-31；不写则用到 today() 的决策算不出
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Carries out the command.
pub(super) fn run(command: &DecisionCommand) -> Result<ExitCode> {
    match command {
        DecisionCommand::Check { files } => check_all(files, XML_BYTES_MAX, check),
        DecisionCommand::Eval(question) => answer(question),
    }
}

fn check(bytes: &[u8]) -> Result<Checked> {
    let report = check_file(bytes);
    Checked::new(report.deployable, &report)
}

fn answer(question: &Question) -> Result<ExitCode> {
    let input = input(&question.input)?;
    let definition = match checking::read(&question.file, XML_BYTES_MAX) {
        Ok(bytes) => Definition::from_bytes(&bytes).map_err(|problems| json!(problems)),
        Err(broken) => Err(broken.report["problems"].clone()),
    };
    let definition = match definition {
        Ok(definition) => definition,
        Err(problems) => {
            let file = question.file.to_string_lossy();
            checking::print(&json!({ "file": file, "deployable": false, "problems": problems }))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let decision = match &question.decision {
        Some(name) => name.clone(),
        None => only(&definition)?,
    };
    let around = Surroundings {
        today: question.today,
        working_days: Some(Arc::new(OfficeDays(Calendar::embedded()))),
    };
    match definition.evaluate_within(&decision, &input, &around) {
        Ok(answer) => {
            checking::print(&answer)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            checking::print(&json!({ "decision": decision, "error": error.to_string() }))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The input as it was typed, or from a file.
fn input(text: &str) -> Result<Value> {
    match text.strip_prefix('@') {
        Some(file) => checking::read_json(Path::new(file), INPUT_BYTES_MAX),
        None => serde_json::from_str(text).context(
            "--input 不是正确的 JSON；例如 --input '{\"年龄\": 63}'，或 --input @输入.json",
        ),
    }
}

/// The one decision of a file, or the one that no other needs.
fn only(definition: &Definition) -> Result<String> {
    let all: Vec<_> = definition.decisions().collect();
    let is_needed = |name: &String| all.iter().any(|other| other.requires.contains(name));
    let mut last = all.iter().filter(|decision| !is_needed(&decision.name));
    if let (Some(decision), None) = (last.next(), last.next()) {
        return Ok(decision.id.clone());
    }
    let names: Vec<&str> = all.iter().map(|decision| decision.name.as_str()).collect();
    anyhow::bail!(
        "请用 --decision 写明要算哪个决策；文件里有：{}",
        names.join("、")
    )
}

/// The working calendar that the program brings: the yearly notices of the State Council.
struct OfficeDays(Calendar);

impl OfficeDays {
    /// Days of years whose notice is not known cannot be counted.
    fn is_known(&self, from: Date, to: Date) -> bool {
        self.0.is_certain(from.min(to), from.max(to))
    }
}

impl WorkingDays for OfficeDays {
    fn after(&self, date: Date, days: i32) -> Option<Date> {
        let after = self.0.add_working_days(date, days);
        self.is_known(date, after).then_some(after)
    }

    fn between(&self, from: Date, to: Date) -> Option<i64> {
        self.is_known(from, to)
            .then(|| self.0.working_days_between(from, to))
    }

    fn is_working_day(&self, date: Date) -> Option<bool> {
        self.is_known(date, date)
            .then(|| self.0.is_working_day(date))
    }
}
