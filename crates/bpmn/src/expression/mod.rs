//! The small, total language of conditions: the plain `${a == b}` forms that Camunda and Flowable files carry, and a
//! subset of FEEL. One grammar reads both, because the spellings (`==` and `=`, `&&` and `and`) do not collide.
//!
//! Total means: parsing answers with a tree or with a position, evaluation answers with a value. A missing variable, a
//! wrong type or a division by zero is `null`, and `null` runs through FEEL's three-valued logic. The only error of an
//! evaluation is that it took too much work ([`Overrun`]).
//!
//! Numbers are decimals of 28 digits, so `0.1 + 0.2 = 0.3`. Dates arrive in JSON as text; a text compared with a date
//! is read as a date. Names are letters (Chinese too), digits and `_`; spaces in names are not supported.

mod compare;
mod evaluate;
mod function;
mod operand;
mod parse;
mod template;
mod token;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

pub(crate) use template::Template;
pub(crate) use value::Value;

/// Where the evaluation finds variables.
pub(crate) trait Names<'v> {
    /// The value of a variable; `None` is read as null.
    fn look_up(&self, name: &str) -> Option<Value<'v>>;

    /// Adds to the work of all evaluations of a step; false when it is used up.
    fn spend(&self, _work: u32) -> bool {
        true
    }
}

/// A condition or value that was read without error.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    tree: tree::Tree,
}

/// An expression that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第 {position} 个字符处：{text}")]
pub struct ExpressionError {
    /// The character at which reading stopped, counted from 1.
    pub position: usize,
    /// What is wrong, in Chinese.
    pub text: String,
}

/// The evaluation needed more work than [`crate::limits::EXPRESSION_WORK_MAX`], or all evaluations of a step together
/// more than [`crate::limits::EXPRESSION_WORK_PER_STEP_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("表达式计算量过大")]
pub struct Overrun;

impl Expression {
    /// Reads an expression; `${…}`, `#{…}` around it and a leading `=` (FEEL) are taken off.
    ///
    /// # Errors
    /// When it is too long, too deep or not in the language; the position says where.
    pub fn parse(source: &str) -> Result<Self, ExpressionError> {
        let (offset, inner) = parse::unwrap(source);
        let tree = parse::parse(inner).map_err(|error| ExpressionError {
            position: error.position + offset,
            text: error.text,
        })?;
        Ok(Self {
            source: source.into(),
            tree,
        })
    }

    /// The text as it stands in the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn evaluate<'v>(&'v self, names: &dyn Names<'v>) -> Result<Value<'v>, Overrun> {
        evaluate::evaluate(&self.tree, names)
    }

    /// Whether the value is exactly `true`. Null and other types are not.
    pub(crate) fn holds<'v>(&'v self, names: &dyn Names<'v>) -> Result<bool, Overrun> {
        Ok(matches!(self.evaluate(names)?, Value::Boolean(true)))
    }

    /// The value for given variables, as JSON. For designers and tests; the engine uses its own variables.
    ///
    /// # Errors
    /// When the evaluation needs too much work.
    pub fn value_for(&self, variables: &serde_json::Map<String, Json>) -> Result<Json, Overrun> {
        Ok(self.evaluate(&MapNames(variables))?.to_json())
    }
}

struct MapNames<'v>(&'v serde_json::Map<String, Json>);

impl<'v> Names<'v> for MapNames<'v> {
    fn look_up(&self, name: &str) -> Option<Value<'v>> {
        self.0.get(name).map(Value::from_json)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.source)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}
