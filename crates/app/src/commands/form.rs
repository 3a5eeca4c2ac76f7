//! `wuchuang form`: form definitions checked by the same reader that publishes them.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Subcommand;
use serde_json::{Map, Value, json};
use wuchuang_webkit::forms::{Form, FormError, SCHEMA_BYTES_MAX};

use super::checking::{Checked, check_all};

/// What can be done with form definitions.
#[derive(Debug, Subcommand)]
pub(super) enum FormCommand {
    /// 检查表单定义（JSON Schema）能否发布：每个文件输出一行 JSON，有不能发布的则退出码为 1
    Check {
        /// 表单定义文件
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Carries out the command.
pub(super) fn run(command: &FormCommand) -> Result<ExitCode> {
    match command {
        FormCommand::Check { files } => check_all(files, SCHEMA_BYTES_MAX, check),
    }
}

fn check(bytes: &[u8]) -> Result<Checked> {
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)) else {
        let text = "文件不是 UTF-8 编码（可能是 GBK）；请用 UTF-8 另存后再导入";
        return Ok(Checked::broken("encoding", text.to_owned()));
    };
    match Form::parse(text) {
        Ok(form) => {
            let report = json!({
                "title": form.title(),
                "fields": form.fields().iter().map(|field| &field.name).collect::<Vec<_>>(),
                "groups": form.groups(),
                "tables": tables(&form),
                "attachments": attachments(&form),
                "problems": [],
            });
            Checked::new(true, &report)
        }
        Err(error) => Ok(refused(text, &error)),
    }
}

/// The columns of each table.
fn tables(form: &Form) -> Map<String, Value> {
    form.fields()
        .iter()
        .filter_map(|field| {
            let columns = field.table.as_ref()?.columns.iter();
            let names: Vec<_> = columns.map(|column| column.name.as_str()).collect();
            Some((field.name.clone(), json!(names)))
        })
        .collect()
}

/// The material that each file is.
fn attachments(form: &Form) -> Map<String, Value> {
    let fields = form.fields().iter();
    let named =
        fields.filter_map(|field| Some((field.name.clone(), json!(field.material.as_ref()?))));
    named.collect()
}

fn refused(text: &str, error: &FormError) -> Checked {
    let (code, element) = match error {
        FormError::TooLarge { .. } => ("file-too-large", None),
        FormError::NotJson(_) => ("not-json", None),
        FormError::NotAnObject => ("not-an-object", None),
        FormError::TooManyFields { .. } => ("too-many-fields", None),
        FormError::UnknownKeyword { place, .. } => ("keyword-unknown", Some(place.as_str())),
        FormError::Field { field, .. } => ("field", Some(field.as_str())),
        FormError::Schema(_) => ("schema", None),
    };
    let line = match element {
        Some(field) => line_of(text, field),
        None => not_json_at(text),
    };
    let problem = json!({
        "severity": "error", "element": element, "line": line, "code": code,
        "text": error.to_string(),
    });
    Checked {
        deployable: false,
        report: Map::from_iter([("problems".to_owned(), Value::Array(vec![problem]))]),
    }
}

/// The line on which JSON breaks off; the first one for a file that is JSON.
fn not_json_at(text: &str) -> usize {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(error) => error.line().max(1),
        Ok(_) => 1,
    }
}

/// The line on which a field is defined: the first on which its name stands as a key; for a column, from its table on.
fn line_of(text: &str, field: &str) -> usize {
    let mut line = 0;
    for part in field.split('.') {
        let key = Value::from(part).to_string();
        let is_key = |line: &str| {
            line.match_indices(&key)
                .any(|(at, _)| line[at + key.len()..].trim_start().starts_with(':'))
        };
        line += text.lines().skip(line).position(is_key).unwrap_or(0);
    }
    line + 1
}
