//! What an evaluation shows afterwards: enough to store it, to check it by hand, and to tell the person concerned why.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::compile::{Code, DecisionCode, Row, TableCode};
use crate::words;

/// An answered decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// The decision's name.
    pub decision: String,
    /// Its id in the file.
    pub id: String,
    /// The answer; null if no row of a table fitted and there is no default, or where the file says null.
    pub result: Json,
    /// The rows of the decision's own table that fitted, in their order; empty if it is no table.
    pub rows: Vec<FiredRow>,
    /// The inputs that were used, as given.
    pub inputs: Map<String, Json>,
    /// Inputs that were given and that no decision on the way uses.
    pub unused_inputs: Vec<String>,
    /// Every decision on the way, each after those that it needs; the one asked for is the last.
    pub steps: Vec<DecisionStep>,
    /// Why the answer is what it is, in Chinese, a line for each step.
    pub explanation: String,
}

impl Evaluation {
    pub(super) fn of(
        steps: Vec<DecisionStep>,
        inputs: Map<String, Json>,
        unused_inputs: Vec<String>,
    ) -> Self {
        let lines: Vec<&str> = steps.iter().map(|step| step.explanation.as_str()).collect();
        let explanation = lines.join("\n");
        let last = steps.last();
        Self {
            decision: last.map_or_else(String::new, |step| step.decision.clone()),
            id: last.map_or_else(String::new, |step| step.id.clone()),
            result: last.map_or(Json::Null, |step| step.result.clone()),
            rows: last.map_or_else(Vec::new, |step| step.rows.clone()),
            inputs,
            unused_inputs,
            steps,
            explanation,
        }
    }
}

/// One decision on the way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionStep {
    /// Its name.
    pub decision: String,
    /// Its id in the file.
    pub id: String,
    /// How it is decided: `table`, `expression` or `boxed`.
    pub kind: &'static str,
    /// The hit policy of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit_policy: Option<&'static str>,
    /// The values it was decided by.
    pub tested: Vec<Tested>,
    /// The rows that fitted.
    pub rows: Vec<FiredRow>,
    /// Its answer.
    pub result: Json,
    /// Why, in Chinese.
    pub explanation: String,
}

impl DecisionStep {
    pub(super) fn begun(decision: &DecisionCode) -> Self {
        Self {
            decision: decision.name.clone(),
            id: decision.id.clone(),
            kind: match decision.code {
                Code::Table(_) => "table",
                Code::Literal(_) => "expression",
                _ => "boxed",
            },
            hit_policy: None,
            tested: Vec::new(),
            rows: Vec::new(),
            result: Json::Null,
            explanation: String::new(),
        }
    }
}

/// A value that a decision was made by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// What people call it.
    pub label: String,
    /// The expression it comes from.
    pub expression: String,
    /// The value.
    pub value: Json,
}

/// A row that fitted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FiredRow {
    /// Counted from 1.
    pub number: usize,
    /// Its id in the file.
    pub id: Option<String>,
    /// Its line in the file.
    pub line: u32,
    /// Whether it is part of the answer; under PRIORITY only one of those that fit is.
    pub chosen: bool,
    /// The cells that tested something.
    pub conditions: Vec<Condition>,
    /// What it gives, by output.
    pub outputs: Map<String, Json>,
    /// Its notes, such as the article that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
    /// Its description.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// One cell that tested something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// The column.
    pub label: String,
    /// The tested value.
    pub value: Json,
    /// The cell as it is written.
    pub test: String,
    /// The cell in Chinese.
    pub words: String,
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// The note's column.
    pub name: String,
    /// The note.
    pub text: String,
}

impl FiredRow {
    pub(super) fn of(
        table: &TableCode,
        row: &Row,
        number: usize,
        outputs: Vec<Json>,
        chosen: bool,
        tested: &[Tested],
    ) -> Self {
        let conditions = row.tests.iter().zip(tested).filter_map(|(test, tested)| {
            let test = test.as_ref()?;
            Some(Condition {
                label: tested.label.clone(),
                value: tested.value.clone(),
                test: test.text.clone(),
                words: words::of_test(test),
            })
        });
        let names = table.outputs.iter().map(|clause| clause.name.to_string());
        let notes = row.annotations.iter().enumerate();
        let notes = notes.filter(|(_, text)| !text.is_empty());
        Self {
            number,
            id: row.id.clone(),
            line: row.place.line,
            chosen,
            conditions: conditions.collect(),
            outputs: names.zip(outputs).collect(),
            annotations: notes
                .map(|(column, text)| Annotation {
                    name: table.annotations.get(column).cloned().unwrap_or_default(),
                    text: text.clone(),
                })
                .collect(),
            description: row.description.clone(),
        }
    }
}
