//! What is wrong with a file, said so that a county officer can mend it.

use std::fmt;

use serde::Serialize;

use crate::ids::ElementId;
use crate::limits::PROBLEMS_MAX;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; something in the file has no effect here.
    Notice,
    /// The process runs, but probably not as meant.
    Warning,
    /// The process cannot be deployed.
    Error,
}

impl Severity {
    /// 错误, 警告 or 提示.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "提示",
            Self::Warning => "警告",
            Self::Error => "错误",
        }
    }
}

/// One problem at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The element it concerns, if it concerns one that has an id.
    #[serde(rename = "element")]
    pub element_id: Option<ElementId>,
    /// The line in the file, counted from 1.
    pub line: u32,
    /// A stable name for programs, such as `condition-missing`.
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "第 {} 行", self.line)?;
        if let Some(id) = &self.element_id {
            write!(formatter, " [{id}]")?;
        }
        write!(
            formatter,
            " {}（{}）：{}",
            self.severity.name(),
            self.code,
            self.text
        )
    }
}

/// All problems of a file, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Whether one of them forbids deployment.
    pub fn forbid(&self) -> bool {
        self.0
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// The problems.
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    pub(crate) fn one(code: &'static str, line: u32, text: impl Into<String>) -> Self {
        let mut problems = Self::default();
        problems.add(Severity::Error, code, None, line, text);
        problems
    }

    pub(crate) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        element_id: Option<&ElementId>,
        line: u32,
        text: impl Into<String>,
    ) {
        self.0.push(Problem {
            severity,
            element_id: element_id.cloned(),
            line,
            code,
            text: text.into(),
        });
    }

    /// In the order of lines, the worst first on each; a flood is cut off, errors kept first.
    pub(crate) fn in_order(mut self) -> Self {
        if self.0.len() > PROBLEMS_MAX {
            self.0
                .sort_by_key(|problem| std::cmp::Reverse(problem.severity));
            let more = self.0.len() - PROBLEMS_MAX;
            let severity = self.0[PROBLEMS_MAX].severity;
            self.0.truncate(PROBLEMS_MAX);
            let text = format!("还有 {more} 个问题没有列出，请先改好已列出的");
            self.add(severity, "more-problems", None, u32::MAX, text);
        }
        self.0
            .sort_by_key(|problem| (problem.line, std::cmp::Reverse(problem.severity)));
        self.0.dedup();
        self
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            problem.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<wuchuang_xml::Fault> for Problems {
    fn from(fault: wuchuang_xml::Fault) -> Self {
        Self::one(fault.code, fault.line, fault.text)
    }
}
