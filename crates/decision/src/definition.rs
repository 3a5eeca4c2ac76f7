//! A file that may be deployed: the text as it came, and the decisions made from it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use crate::compile::{Code, Program, compile};
use crate::coverage::{self, TableCoverage};
use crate::evaluate::{self, Evaluation, EvaluationError};
use crate::feel::Surroundings;
use crate::model::plain_name;
use crate::problem::{Problem, Problems};
use crate::xml;

/// A DMN file without errors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Definition {
    text: Arc<str>,
    pub(crate) program: Arc<Program>,
    problems: Problems,
    tables: Vec<TableCoverage>,
}

impl Definition {
    /// Reads a file, checks it and prepares its decisions.
    ///
    /// # Errors
    /// All problems at once, if one of them forbids deployment.
    pub fn parse(xml: &str) -> Result<Self, Problems> {
        Self::from_bytes(xml.as_bytes())
    }

    /// Like [`Self::parse`], for the bytes of an upload. Only UTF-8 is read.
    ///
    /// # Errors
    /// All problems at once, if one of them forbids deployment.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problems> {
        // The parser of expressions is foreign code; what makes it give up must not take the server along.
        catch_unwind(AssertUnwindSafe(|| Self::read(bytes))).unwrap_or_else(|_| {
            let text = "检查这个文件时程序出错，不能使用它；请把文件交给软件维护人员";
            Err(Problems::one("check-failed", 1, text))
        })
    }

    fn read(bytes: &[u8]) -> Result<Self, Problems> {
        let mut read = xml::read(bytes)?;
        let program = compile(&read.model, &mut read.problems);
        let mut tables = Vec::new();
        for decision in program.decisions.iter().flatten() {
            if let Code::Table(table) = &decision.code {
                tables.push(coverage::check(decision, table, &mut read.problems));
            }
        }
        let problems = read.problems.in_order();
        if problems.forbid() {
            return Err(problems);
        }
        Ok(Self {
            text: Arc::from(read.text),
            program: Arc::new(program),
            problems,
            tables,
        })
    }

    /// Warnings and notices; errors cannot be among them.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The file as it was imported, to the letter.
    pub fn export(&self) -> &str {
        &self.text
    }

    /// What is known of the completeness and overlap of its tables.
    pub fn tables(&self) -> &[TableCoverage] {
        &self.tables
    }

    /// The decisions in the order of the file.
    pub fn decisions(&self) -> impl Iterator<Item = DecisionView> {
        self.program
            .decisions
            .iter()
            .flatten()
            .map(|decision| DecisionView {
                id: decision.id.clone(),
                name: decision.name.clone(),
                inputs: decision
                    .inputs
                    .iter()
                    .map(|at| self.program.inputs[*at].name.clone())
                    .collect(),
                requires: decision
                    .decisions
                    .iter()
                    .filter_map(|at| self.program.decisions[*at].as_ref())
                    .map(|other| other.name.clone())
                    .collect(),
            })
    }

    /// Answers a decision, by its name or id, from inputs alone.
    ///
    /// # Errors
    /// See [`EvaluationError`]; all bad inputs are told at once.
    pub fn evaluate(&self, decision: &str, input: &Json) -> Result<Evaluation, EvaluationError> {
        self.evaluate_within(decision, input, &Surroundings::default())
    }

    /// Answers a decision that may ask for the day and the working calendar.
    ///
    /// # Errors
    /// See [`EvaluationError`]; all bad inputs are told at once.
    pub fn evaluate_within(
        &self,
        decision: &str,
        input: &Json,
        around: &Surroundings,
    ) -> Result<Evaluation, EvaluationError> {
        let asked = self.find(decision)?;
        let program = &self.program;
        catch_unwind(AssertUnwindSafe(|| {
            evaluate::evaluate(program, asked, input, around)
        }))
        .unwrap_or(Err(EvaluationError::GaveUp))
    }

    fn find(&self, name: &str) -> Result<usize, EvaluationError> {
        let plain = plain_name(name);
        let decisions = || self.program.decisions.iter().enumerate();
        let by_id = decisions().find(|(_, it)| it.as_ref().is_some_and(|it| it.id == name));
        let by_name = decisions().find(|(_, it)| {
            it.as_ref()
                .is_some_and(|it| it.name == plain || it.variable == plain)
        });
        by_name
            .or(by_id)
            .map(|(at, _)| at)
            .ok_or_else(|| EvaluationError::UnknownDecision {
                name: name.to_owned(),
                known: decisions()
                    .filter_map(|(_, it)| it.as_ref())
                    .map(|it| it.name.as_str())
                    .collect::<Vec<_>>()
                    .join("、"),
            })
    }
}

/// One decision of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The inputs that it uses itself.
    pub inputs: Vec<String>,
    /// The decisions that it uses itself.
    pub requires: Vec<String>,
}

/// What a check of a file found, ready for one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Whether the file can be deployed.
    pub deployable: bool,
    /// The decisions that could be asked for.
    pub decisions: Vec<DecisionView>,
    /// Completeness and overlap of its tables.
    pub tables: Vec<TableCoverage>,
    /// Everything found, in the order of lines.
    pub problems: Vec<Problem>,
}

/// Checks the bytes of a file. Never fails and never panics: what is wrong is in the report.
pub fn check_file(bytes: &[u8]) -> CheckReport {
    match Definition::from_bytes(bytes) {
        Ok(definition) => CheckReport {
            deployable: true,
            decisions: definition.decisions().collect(),
            tables: definition.tables().to_vec(),
            problems: definition.problems().list().to_vec(),
        },
        Err(problems) => CheckReport {
            deployable: false,
            decisions: Vec::new(),
            tables: Vec::new(),
            problems: problems.list().to_vec(),
        },
    }
}
