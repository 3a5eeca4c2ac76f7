//! The tree of an expression. Chains (`a and b and c`, `1 + 2 - 3`) are lists, so that the tree is only as deep as the
//! brackets in the text.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::function::Function;

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Null,
    Boolean(bool),
    Number(Decimal),
    Text(Arc<str>),
    Date(jiff::civil::Date),
    DateTime(jiff::civil::DateTime),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Divided,
}

/// One thing after `in`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Member {
    /// A value, or a list whose members count.
    Value(Tree),
    /// `> 3`.
    Compared(Comparison, Tree),
    /// `[1..5)`.
    Range {
        from: Tree,
        from_included: bool,
        to: Tree,
        to_included: bool,
    },
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PathStep {
    Field(Arc<str>),
    Index(Tree),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Constant(Constant),
    Name(Arc<str>),
    List(Vec<Tree>),
    Path(Box<Tree>, Vec<PathStep>),
    Negative(Box<Tree>),
    Not(Box<Tree>),
    Empty(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    /// First operand, then each further one with its sign.
    Chain(Box<Tree>, Vec<(Sign, Tree)>),
    Compare(Comparison, Box<(Tree, Tree)>),
    In(Box<Tree>, Vec<Member>),
    If(Box<(Tree, Tree, Tree)>),
    Quantified {
        every: bool,
        name: Arc<str>,
        list: Box<Tree>,
        condition: Box<Tree>,
    },
    Call(Function, Vec<Tree>),
}
