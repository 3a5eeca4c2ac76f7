//! How long reading a file takes and how many decisions a second one thread answers, for the files in tests/samples and for
//! tables of more and more rows.
//!
//! `cargo run --release -p wuchuang-decision --example decision_throughput [seconds]`

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wuchuang_decision::{Definition, check_file};

const ALLOWANCE: &str = include_str!("../tests/samples/old_age_allowance.dmn");
const FEE: &str = include_str!("../tests/samples/fee_and_deadline.dmn");
/// Rows of the tables that are made up.
const ROWS: [usize; 3] = [10, 100, 1_000];

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let span = Duration::from_secs(seconds);
    let age = json!({ "年龄": 83, "户籍": "本县", "低保户": false });
    measure(
        "table, 3 columns, 6 rows",
        ALLOWANCE,
        "高龄津贴",
        &age,
        span,
    )?;
    let fee = json!({
        "申请人": { "姓名": "某人", "证书 数量": 3, "残疾": false },
        "类别": "新办",
    });
    measure("graph: table, function", FEE, "应收费用", &fee, span)?;
    for rows in ROWS {
        let name = format!("table, 1 column, {rows} rows");
        measure(&name, &ladder(rows), "档", &json!({ "数": rows / 2 }), span)?;
    }
    Ok(())
}

/// Reads the file and answers the decision as often as the time allows, and prints both.
fn measure(
    name: &str,
    file: &str,
    decision: &str,
    input: &Value,
    span: Duration,
) -> Result<(), Box<dyn std::error::Error>> {
    let begun = now();
    let mut reads = 0_u32;
    while begun.elapsed() < span / 4 {
        black_box(check_file(black_box(file.as_bytes())));
        reads += 1;
    }
    let reading = begun.elapsed() / reads.max(1);
    let definition = Definition::parse(file)?;
    let begun = now();
    let mut answers = 0_u32;
    while begun.elapsed() < span {
        for _ in 0..10 {
            black_box(definition.evaluate(decision, black_box(input))?);
            answers += 1;
        }
    }
    let each = begun.elapsed() / answers.max(1);
    let rate = f64::from(answers) / begun.elapsed().as_secs_f64();
    println!(
        "{name:<28} {rate:>9.0} answers/s  {each:>10.1?} each  read and checked in {reading:?}"
    );
    Ok(())
}

/// A table that sorts a number into steps.
fn ladder(rows: usize) -> String {
    let mut text = String::from(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"d\" namespace=\"d\"><decision id=\"step\" name=\"档\"><decisionTable><input><inputExpression typeRef=\"number\"><text>数</text></inputExpression></input><output name=\"档\"/>",
    );
    for step in 0..rows {
        let cell = format!("[{step}..{})", step + 1);
        write!(
            text,
            "<rule><inputEntry><text>{cell}</text></inputEntry><outputEntry><text>{step}</text></outputEntry></rule>"
        )
        .expect("a text takes more text");
    }
    text.push_str("</decisionTable></decision></definitions>");
    text
}
