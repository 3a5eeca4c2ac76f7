//! What the engine must do, through its public door. One file a theme; `sketch` writes the files.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it stands, its tools as well"
)]

mod agreement;
mod coverage;
mod expressions;
mod hostile;
mod policies;
mod refused;
mod samples;
mod sketch;
mod values;
mod written;

use serde_json::Value;
use wuchuang_decision::{Definition, Evaluation, Surroundings};

/// The definition of a file that must be sound.
fn sound(file: &str) -> Definition {
    Definition::parse(file).unwrap_or_else(|problems| panic!("{problems}\n{file}"))
}

/// A decision's answer with the numbers of its rows, or the error, as one line.
fn answered(definition: &Definition, decision: &str, input: Value) -> String {
    let answer = definition.evaluate_within(decision, &input, &Surroundings::default());
    line(answer)
}

fn line(answer: Result<Evaluation, wuchuang_decision::EvaluationError>) -> String {
    match answer {
        Ok(answer) => {
            let rows = answer.rows.iter().map(|row| {
                let mark = if row.chosen { "" } else { "(-)" };
                format!("{}{mark}", row.number)
            });
            let rows: Vec<String> = rows.collect();
            if rows.is_empty() {
                answer.result.to_string()
            } else {
                format!("{} ← {}", answer.result, rows.join(" "))
            }
        }
        Err(error) => format!("✗ {error}"),
    }
}

/// The problems of a file, one a line.
fn problems(file: &str) -> String {
    let report = wuchuang_decision::check_file(file.as_bytes());
    let mut text = String::new();
    for problem in &report.problems {
        text.push_str(&problem.to_string());
        text.push('\n');
    }
    text
}
