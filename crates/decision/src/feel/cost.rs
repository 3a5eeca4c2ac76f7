//! What an expression can cost at most. Loops are bounded before anything is evaluated, since an evaluation cannot be
//! stopped half-way: every list is taken to be as long as a list may be.

use dsntk_feel::FeelType;
use dsntk_feel_parser::AstNode;

use crate::limits::{LIST_ITEMS_MAX, LOOP_COUNT_MAX, LOOP_WORK_MAX};

use super::syntax::children;
use super::{Fault, Scope};

/// Functions that compare every item of a list with every other.
const QUADRATIC: [&str; 4] = ["distinct values", "union", "mode", "sort"];

/// Functions that make one value out of however many.
const SCALAR: [&str; 16] = [
    "count",
    "sum",
    "min",
    "max",
    "mean",
    "median",
    "stddev",
    "product",
    "all",
    "any",
    "list contains",
    "string length",
    "contains",
    "date",
    "number",
    "string",
];

/// Looks at every value at most so many times.
pub(super) fn of(scope: &Scope, node: &AstNode) -> Result<u64, Fault> {
    let cost = Walk { scope }.cost(node)?;
    if cost > LOOP_WORK_MAX {
        return Err(Fault::new(
            "too-much-work",
            "循环套得太深，最多要算的次数超过上限；请减少 for、some、every 和筛选的嵌套，或拆成几个决策",
        ));
    }
    Ok(cost)
}

struct Walk<'s> {
    scope: &'s Scope,
}

impl Walk<'_> {
    fn cost(&self, node: &AstNode) -> Result<u64, Fault> {
        match node {
            AstNode::For(over, body) | AstNode::Some(over, body) | AstNode::Every(over, body) => {
                let mut rounds = 1_u64;
                let mut cost = 0_u64;
                for one in children(over) {
                    rounds = rounds.saturating_mul(self.rounds(one)?);
                    for part in children(one).into_iter().skip(1) {
                        cost = cost.saturating_add(self.cost(part)?);
                    }
                }
                Ok(cost.saturating_add(rounds.saturating_mul(self.cost(body)?)))
            }
            AstNode::Filter(of, by) => {
                let each = self.items(of).saturating_mul(self.cost(by)?);
                Ok(self.cost(of)?.saturating_add(each))
            }
            AstNode::FunctionInvocation(function, parameters) => {
                let mut cost = self.cost(parameters)?;
                let items = self.items(parameters);
                let AstNode::Name(name) = function.as_ref() else {
                    return Ok(cost);
                };
                cost = cost.saturating_add(items);
                if QUADRATIC.contains(&name.as_str()) {
                    cost = cost.saturating_add(items.saturating_mul(items));
                }
                Ok(cost.saturating_add(self.scope.call(name.as_str()).unwrap_or(0)))
            }
            _ => {
                let mut cost = 1_u64;
                for child in children(node) {
                    cost = cost.saturating_add(self.cost(child)?);
                }
                Ok(cost)
            }
        }
    }

    /// How often a loop over this goes round.
    fn rounds(&self, over: &AstNode) -> Result<u64, Fault> {
        match over {
            AstNode::IterationContextInterval(_, from, to) => counted(from, to),
            AstNode::IterationContextSingle(_, list) | AstNode::QuantifiedContext(_, list) => {
                match list.as_ref() {
                    AstNode::Range(from, to) => match (from.as_ref(), to.as_ref()) {
                        (AstNode::IntervalStart(from, _), AstNode::IntervalEnd(to, _)) => {
                            counted(from, to)
                        }
                        _ => counted(from, to),
                    },
                    list => Ok(self.items(list)),
                }
            }
            _ => Ok(longest()),
        }
    }

    /// How many values this can hold.
    fn items(&self, node: &AstNode) -> u64 {
        let sum = |nodes: Vec<&AstNode>| {
            nodes
                .into_iter()
                .fold(0_u64, |sum, one| sum.saturating_add(self.items(one)))
        };
        match node {
            AstNode::Name(name) => match self.scope.type_of(name.as_str()) {
                Some(feel_type) if is_scalar(feel_type) => 1,
                _ => longest(),
            },
            AstNode::Path(..) => longest(),
            AstNode::For(over, body) => {
                let rounds = children(over).into_iter().fold(1_u64, |all, one| {
                    all.saturating_mul(self.rounds(one).unwrap_or(u64::MAX))
                });
                rounds.saturating_mul(self.items(body))
            }
            AstNode::Filter(of, _) => self.items(of),
            AstNode::FunctionInvocation(function, parameters) => match function.as_ref() {
                AstNode::Name(name) if SCALAR.contains(&name.as_str()) => 1,
                AstNode::Name(name) if self.scope.call(name.as_str()).is_some() => longest(),
                _ => self.items(parameters),
            },
            AstNode::FunctionDefinition(..) => 0,
            AstNode::If(_, yes, no) => self.items(yes).max(self.items(no)),
            _ => sum(children(node)).max(1),
        }
    }
}

fn longest() -> u64 {
    LIST_ITEMS_MAX as u64
}

fn is_scalar(feel_type: &FeelType) -> bool {
    matches!(
        feel_type,
        FeelType::Boolean
            | FeelType::Date
            | FeelType::DateTime
            | FeelType::DaysAndTimeDuration
            | FeelType::Number
            | FeelType::String
            | FeelType::Time
            | FeelType::YearsAndMonthsDuration
    )
}

/// A loop that counts must show how far: two numbers, or up to the length of something.
fn counted(from: &AstNode, to: &AstNode) -> Result<u64, Fault> {
    let (from, to) = (bound(from), bound(to));
    if let (Some(from), Some(to)) = (from, to) {
        let rounds = from.abs_diff(to).saturating_add(1);
        if rounds <= LOOP_COUNT_MAX.unsigned_abs() {
            return Ok(rounds);
        }
    }
    Err(Fault::new(
        "loop-unbounded",
        format!("for 循环的范围要写成不超过 {LOOP_COUNT_MAX} 个数，例如 1..12，或 1..count(列表)"),
    ))
}

fn bound(node: &AstNode) -> Option<i64> {
    match node {
        AstNode::Numeric(before, after, _, exponent) if after.is_empty() && exponent.is_empty() => {
            before.parse().ok()
        }
        AstNode::Neg(inner) => bound(inner)?.checked_neg(),
        AstNode::FunctionInvocation(function, _) => match function.as_ref() {
            AstNode::Name(name) if name.as_str() == "count" => Some(LOOP_COUNT_MAX),
            _ => None,
        },
        _ => None,
    }
}
