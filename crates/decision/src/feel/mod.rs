//! The expression language: text to something that can be evaluated, with every reason for which a text is refused.
//!
//! Parsing and evaluating are `dsntk`'s. What it does not look at is looked at here: names that nobody declared, calls of
//! programs outside, the machine's clock, and what an expression can cost. Expressions are never built from data as text.

mod cost;
mod host;
mod names;
mod scope;
mod syntax;
mod text;
mod value;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope};
use dsntk_feel_parser::AstNode;

use crate::model::Text;
use crate::problem::Place;
use wuchuang_xml::shortened;

pub(crate) use host::functions as host_functions;
pub use host::{Surroundings, WorkingDays};
pub(crate) use names::free;
pub(crate) use scope::{Scope, function_value};
pub(crate) use syntax::mentions;
pub(crate) use text::words;
pub(crate) use value::{from_json, to_json, type_name, typed};

/// The name of the tested value within a cell.
pub(crate) const TESTED: &str = "?";

/// An expression that can be evaluated.
pub(crate) struct Compiled {
    /// As it was written.
    pub(crate) text: String,
    pub(crate) place: Place,
    pub(crate) node: AstNode,
    /// What it costs at most, in values looked at.
    pub(crate) cost: u64,
    evaluator: Evaluator,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Compiled {
    pub(crate) fn value(&self, scope: &FeelScope) -> Value {
        (self.evaluator)(scope)
    }
}

/// Why a text is refused.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) text: String,
}

impl Fault {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

/// Reads an expression.
pub(crate) fn expression(scope: &Scope, text: &Text) -> Result<Compiled, Fault> {
    let node = parse(scope, text, dsntk_feel_parser::parse_expression)?;
    compiled(scope, text, node, false)
}

/// Reads the tests of a cell as an expression that says whether [`TESTED`] passes.
pub(crate) fn tests(scope: &Scope, text: &Text) -> Result<Compiled, Fault> {
    let node = parse(scope, text, dsntk_feel_parser::parse_unary_tests)?;
    syntax::bounded(&node)?;
    let tested = AstNode::Name(TESTED.into());
    let whole = if mentions(&node, TESTED) {
        each_for_itself(node, &tested)?
    } else {
        AstNode::In(Box::new(tested), Box::new(node))
    };
    compiled(scope, text, whole, true)
}

/// Reads a list of values, such as the allowed outputs in their order.
pub(crate) fn values(scope: &Scope, text: &Text) -> Result<Compiled, Fault> {
    let node = parse(scope, text, dsntk_feel_parser::parse_unary_tests)?;
    compiled(scope, text, node, false)
}

/// Tests that name the tested value are conditions of their own; the others are compared with it.
fn each_for_itself(node: AstNode, tested: &AstNode) -> Result<AstNode, Fault> {
    let items = match node {
        AstNode::ExpressionList(items) => items,
        AstNode::NegatedList(_) => {
            return Err(Fault::new(
                "expression",
                "not(…) 里不能再用“?”；请写成 not 之外的条件，例如 ? != 1",
            ));
        }
        other => vec![other],
    };
    let mut conditions = items.into_iter().map(|item| {
        if mentions(&item, TESTED) {
            item
        } else {
            let list = AstNode::ExpressionList(vec![item]);
            AstNode::In(Box::new(tested.clone()), Box::new(list))
        }
    });
    let first = conditions.next().unwrap_or(AstNode::Boolean(false));
    Ok(conditions.fold(first, |all, one| AstNode::Or(Box::new(all), Box::new(one))))
}

/// The parser's own message is a line of its grammar, of no use to a county officer; it is left out.
fn parse<E>(
    scope: &Scope,
    text: &Text,
    parser: fn(&FeelScope, &str, bool) -> Result<AstNode, E>,
) -> Result<AstNode, Fault> {
    text::inspect(&text.text)?;
    // The parser is foreign code; some texts make it give up instead of answering.
    let parsed = catch_unwind(AssertUnwindSafe(|| parser(scope.feel(), &text.text, false)));
    if let Ok(Ok(node)) = parsed {
        return Ok(node);
    }
    let hint = text::hint(&text.text);
    let text = format!("“{}”读不懂{hint}", shortened(&text.text));
    Err(Fault::new("expression", text))
}

fn compiled(scope: &Scope, text: &Text, node: AstNode, is_test: bool) -> Result<Compiled, Fault> {
    syntax::bounded(&node)?;
    names::check(scope, &node, is_test)?;
    let cost = cost::of(scope, &node)?;
    Ok(Compiled {
        text: text.text.clone(),
        place: text.place.clone(),
        evaluator: dsntk_feel_evaluator::prepare(&node),
        node,
        cost,
    })
}
