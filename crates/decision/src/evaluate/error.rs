//! Why a decision has no result. An unanswered question is an error and never a silent null.

use std::fmt;

use crate::problem::Place;

/// Why an evaluation was refused or gave up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// No decision of that name or id.
    #[error("没有决策“{name}”；文件里有：{known}")]
    UnknownDecision {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The input is no JSON object.
    #[error("输入应是 JSON 对象，例如 {{\"年龄\": 63}}")]
    NotAnObject,
    /// The input is larger than the limit.
    #[error("输入 {bytes} 字节，超过上限 {bytes_max} 字节；请只给这个决策要用的值")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// Inputs that are missing or not what they should be, all at once.
    #[error("{}", listed(.0))]
    Inputs(Vec<InputProblem>),
    /// A decision on the way could not be answered.
    #[error("决策“{decision}”{failure}")]
    Decision {
        /// Its name.
        decision: String,
        /// The element at fault.
        element: Option<String>,
        /// Its line in the file.
        line: u32,
        /// Why.
        failure: Failure,
    },
    /// The evaluator gave up. What it was given is to blame, but it could not say how.
    #[error("这些输入算不出结果：计算中途出错；请检查输入里是否有太大的数，或表达式是否用错了函数")]
    GaveUp,
}

/// What is wrong with one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputProblem {
    /// Its name.
    pub name: String,
    /// What is wrong and the way out.
    pub reason: String,
}

fn listed(problems: &[InputProblem]) -> String {
    let lines = problems
        .iter()
        .map(|problem| format!("输入“{}”{}", problem.name, problem.reason));
    lines.collect::<Vec<_>>().join("；")
}

/// Why one decision could not be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// An expression gave nothing.
    #[error("算不出{what}：{reason}")]
    Uncomputable {
        /// Which expression.
        what: String,
        /// What the evaluator says.
        reason: String,
    },
    /// Several rows fit where only one may.
    #[error("的命中策略是 UNIQUE，但第 {} 条规则同时符合；请让它们的条件不重叠，或改用 FIRST", rows(.0))]
    Overlap(Vec<usize>),
    /// Several rows fit and do not say the same.
    #[error("的命中策略是 ANY，但第 {} 条规则同时符合而结果不同；请让它们的结果一致", rows(.0))]
    Disagreement(Vec<usize>),
    /// A value is not among those that a column lists.
    #[error("里“{label}”的值 {value} 不在允许的范围（{allowed}）内")]
    NotAllowed {
        /// The column.
        label: String,
        /// The value.
        value: String,
        /// What the column lists.
        allowed: String,
    },
    /// A result is not of the declared type.
    #[error("的结果 {value} 不是声明的类型；应是{expected}")]
    WrongType {
        /// The result.
        value: String,
        /// The declared type.
        expected: String,
    },
}

fn rows(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join("、")
}

/// A failure with its place.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(super) place: Place,
    pub(super) failure: Failure,
}

impl Failed {
    pub(super) fn at(place: &Place, failure: Failure) -> Self {
        Self {
            place: place.clone(),
            failure,
        }
    }

    pub(super) fn uncomputable(place: &Place, what: impl fmt::Display, reason: &str) -> Self {
        let what = what.to_string();
        let reason = reason.to_owned();
        Self::at(place, Failure::Uncomputable { what, reason })
    }
}
