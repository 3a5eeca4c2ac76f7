//! The rules of an item: a DMN file with its test cases, and what its decisions are used for. Cases, the guide and drawn
//! processes ask what [`CompiledRules::of`] made and nothing else, so that what was refused here can never be met there.
//!
//! `amounts` (fees and days as decisions say them), `difference` (what two files say differently), `sources` (where the value of an input comes from), `testing` (the test cases), `written` (values as people type them).

mod amounts;
mod difference;
mod sources;
mod testing;
#[cfg(test)]
mod tests;
mod uses;
mod written;

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use wuchuang_calendar::Calendar;
use wuchuang_decision::{Definition, Severity, Surroundings, WorkingDays};
pub use wuchuang_decision::{Evaluation, EvaluationError};

use super::content::ItemContent;

pub use amounts::{fee_fen, fee_text, warning_days};
pub use difference::differences;
pub use sources::{Fact, InputSource};
pub use testing::{TODAY, TestOutcome, failures, run_tests};
pub(crate) use uses::inputs_of;
pub use uses::{Verdict, in_situation, situation_materials, use_problems, verdict};
pub use written::{inputs_text, read_inputs, read_value, value_text};

/// The longest file, in bytes: it is part of an event of the ledger. A table of a hundred rows has some sixty kilobytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// How many test cases an item may have.
pub const TESTS_MAX: usize = 200;
/// Which share of automatic approvals is looked at by a person, in a thousandth, where nobody chose another: one in twenty.
pub const SAMPLE_PER_MILLE: u16 = 50;

/// The rules of an item; empty for an item without any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemRules {
    /// The DMN file as it was imported, to the letter; empty: no rules.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// The test cases that are run before publication.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<RuleTest>,
    /// 秒批: the decision that approves without a person; empty: a person decides.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub approval: String,
    /// Which share of the automatic approvals a person looks at afterwards, in a thousandth.
    pub sample_per_mille: u16,
    /// 我能办吗: the decision by which anyone can see on the guide whether they may apply; empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub eligibility: String,
    /// 情形: the decision that says which materials are needed; empty: all that the item lists.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub situation: String,
    /// 容缺: the decision that says whether materials may follow in this case; empty: whoever accepts decides.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tolerance: String,
    /// 收费: the decision that says what an application costs, reductions included; empty: as the item lists.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fee: String,
    /// 预警: the decision that says when a case turns yellow; empty: as for every item.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub warning: String,
}

impl Default for ItemRules {
    fn default() -> Self {
        Self {
            model: String::new(),
            tests: Vec::new(),
            approval: String::new(),
            sample_per_mille: SAMPLE_PER_MILLE,
            eligibility: String::new(),
            situation: String::new(),
            tolerance: String::new(),
            fee: String::new(),
            warning: String::new(),
        }
    }
}

impl ItemRules {
    /// Whether there is nothing in it.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The decisions that are used, each with what it is used for.
    pub fn uses(&self) -> [(&'static str, &'static str, &str); 6] {
        [
            ("rules.approval", "秒批", &self.approval),
            ("rules.eligibility", "自查", &self.eligibility),
            ("rules.situation", "情形", &self.situation),
            ("rules.tolerance", "容缺", &self.tolerance),
            ("rules.fee", "收费", &self.fee),
            ("rules.warning", "预警", &self.warning),
        ]
    }
}

/// A test case: what is given, and what must come out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleTest {
    /// What it shows: 六十周岁当天.
    pub name: String,
    /// The decision that is asked.
    pub decision: String,
    /// The inputs by name; `今天` sets the day.
    pub inputs: Map<String, Value>,
    /// What must come out. Of a result with several members only those that stand here are compared.
    pub expected: Value,
}

/// One thing that is wrong with the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesProblem {
    /// A stable code for programs.
    pub code: &'static str,
    /// The element's id in the file, if it has one.
    pub element: Option<String>,
    /// The line in the file, from 1.
    pub line: u32,
    /// What is wrong, and the way out.
    pub text: String,
}

impl RulesProblem {
    /// With its place, as people read it.
    pub fn public(&self) -> String {
        match &self.element {
            Some(element) => format!("规则第 {} 行“{element}”：{}", self.line, self.text),
            None => format!("规则第 {} 行：{}", self.line, self.text),
        }
    }
}

impl From<&wuchuang_decision::Problem> for RulesProblem {
    fn from(problem: &wuchuang_decision::Problem) -> Self {
        Self {
            code: problem.code,
            element: problem.element_id.clone(),
            line: problem.line,
            text: problem.text.clone(),
        }
    }
}

/// Reads a file.
///
/// # Errors
/// Everything that forbids its use, in the order of its lines.
pub fn read(text: &str) -> Result<Definition, Vec<RulesProblem>> {
    if text.len() > FILE_BYTES_MAX {
        return Err(vec![RulesProblem {
            code: "rules_too_large",
            element: None,
            line: 1,
            text: format!(
                "文件有 {} 字节，最多 {FILE_BYTES_MAX} 字节。请删去不用的图形，或拆成几个事项",
                text.len()
            ),
        }]);
    }
    Definition::parse(text).map_err(|found| {
        let errors = found.list().iter();
        errors
            .filter(|problem| problem.severity == Severity::Error)
            .map(RulesProblem::from)
            .collect()
    })
}

/// What is worth knowing of a sound file: what its tables forget, which rows overlap, what has no effect.
pub fn remarks(definition: &Definition) -> Vec<String> {
    let problems = definition.problems().list().iter();
    problems
        .map(|problem| RulesProblem::from(problem).public())
        .collect()
}

/// By which rules a case is decided: the digest of their file.
pub fn digest(model: &str) -> String {
    format!("{:x}", Sha256::digest(model.as_bytes()))
}

/// The rules of one item, ready to be asked.
#[derive(Debug, Clone)]
pub struct CompiledRules {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    definition: Definition,
    sources: Vec<(String, InputSource)>,
}

impl CompiledRules {
    /// The rules of an item; `None` for one without.
    ///
    /// # Errors
    /// What is wrong with the file; a published one has nothing.
    pub fn of(content: &ItemContent) -> Result<Option<Self>, Vec<RulesProblem>> {
        let model = &content.rules.model;
        if model.is_empty() {
            return Ok(None);
        }
        let definition = read(model)?;
        let sources = sources::of(content, &definition);
        Ok(Some(Self {
            sha256: digest(model),
            definition,
            sources,
        }))
    }

    /// Whether a decision is among them, by its name or its id.
    pub fn has(&self, decision: &str) -> bool {
        let mut known = self.definition.decisions();
        known.any(|known| &*known.name == decision || &*known.id == decision)
    }

    /// The file that was read.
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Where the value of each input comes from; inputs that nobody knows are not among them.
    pub fn sources(&self) -> &[(String, InputSource)] {
        &self.sources
    }

    /// The inputs as the house knows them: facts, then the answers of the form. What nobody answered is null; `more` (the
    /// variables of a drawn process) comes last and wins over both.
    pub fn inputs(
        &self,
        fact: &dyn Fn(Fact) -> Value,
        answers: &Map<String, Value>,
        more: &Map<String, Value>,
    ) -> Map<String, Value> {
        let mut inputs = Map::new();
        for input in self.definition.inputs() {
            let source = self.sources.iter().find(|(name, _)| *name == input.name);
            let known = source.map_or(Value::Null, |(_, source)| source.value(fact, answers));
            let given = more.get(&input.name).cloned().unwrap_or(known);
            inputs.insert(input.name, given);
        }
        inputs
    }

    /// Answers a decision.
    ///
    /// # Errors
    /// See [`EvaluationError`].
    pub fn answer(
        &self,
        decision: &str,
        inputs: Map<String, Value>,
        around: &Surroundings,
    ) -> Result<Evaluation, Box<EvaluationError>> {
        let inputs = Value::Object(inputs);
        let answer = self.definition.evaluate_within(decision, &inputs, around);
        answer.map_err(Box::new)
    }
}

/// The working calendar as decisions ask it.
struct Days(Calendar);

impl WorkingDays for Days {
    fn after(&self, date: Date, days: i32) -> Option<Date> {
        Some(self.0.add_working_days(date, days))
    }

    fn between(&self, from: Date, to: Date) -> Option<i64> {
        Some(self.0.working_days_between(from, to))
    }

    fn is_working_day(&self, date: Date) -> Option<bool> {
        Some(self.0.is_working_day(date))
    }
}

/// The day and the working calendar, as decisions ask for them.
pub fn surroundings(today: Date, calendar: &Calendar) -> Surroundings {
    Surroundings {
        today: Some(today),
        working_days: Some(Arc::new(Days(calendar.clone()))),
    }
}
