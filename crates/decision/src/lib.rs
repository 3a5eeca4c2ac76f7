//! DMN decisions as pure values: a file is checked, and a decision answered from its inputs, without I/O, clock or
//! randomness. The answer comes with the rows that fired and a sentence that says why.
//!
//! Ground floor. The way through the rooms:
//!
//! - `xml` reads the text into a `model`, with bounds on everything a hostile file could blow up.
//! - `feel` makes expressions of texts. The language is parsed and evaluated by the `dsntk` crates; here stand the walls
//!   around them: names that nobody declared, calls of programs outside, the machine's clock, and what an expression can cost
//!   at most are refused before anything is evaluated. (`no-network` takes away the HTTP client that they bring.)
//! - `compile` resolves names, types and the order of decisions. Every [`Problem`] is found at once, with element and line.
//! - `coverage` names the situations that a table forgets, and the rows that contradict each other.
//! - `evaluate` answers. Tables are evaluated here and not by `dsntk-model-evaluator`, because that gives no trace; tests hold
//!   the two against each other. A value that cannot be computed is an [`EvaluationError`], never a silent null.
//! - `words` says it in Chinese; `view` shows tables and inputs to people, `write` makes DMN of tables that people wrote.
//!
//! Days: expressions may call `today()`, `working days after(date, n)`, `working days between(from, to)` and
//! `is working day(date)`. Whoever evaluates gives the day and the calendar as [`Surroundings`]; FEEL's own clock is out of
//! reach.
//!
//! ```
//! use serde_json::json;
//! use wuchuang_decision::Definition;
//!
//! let definition = Definition::parse(include_str!("../tests/samples/old_age_allowance.dmn"))?;
//! let answer = definition.evaluate("高龄津贴", &json!({ "年龄": 83, "户籍": "本县", "低保户": false }))?;
//! assert_eq!(answer.result, json!(100));
//! assert_eq!(answer.rows[0].number, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compile;
mod coverage;
mod definition;
mod evaluate;
mod feel;
pub mod limits;
mod model;
mod problem;
mod view;
mod words;
mod write;
mod xml;

pub use coverage::{Overlap, TableCoverage};
pub use definition::{CheckReport, DecisionView, Definition, check_file};
pub use evaluate::{
    Annotation, Condition, DecisionStep, Evaluation, EvaluationError, Failure, FiredRow,
    InputProblem, Tested,
};
pub use feel::{Surroundings, WorkingDays};
pub use problem::{Problem, Problems, Severity};
pub use view::{CellView, ColumnView, InputKind, InputView, RowView, TableView};
pub use write::{TableCell, cell_of_element, file_of_tables, replace_tables};
