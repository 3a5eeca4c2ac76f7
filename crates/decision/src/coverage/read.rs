//! Cells as sets: what a test says in terms of numbers, dates, yes and no, and texts.

use dsntk_feel::IntervalType;
use dsntk_feel_parser::AstNode;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value on an axis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Point {
    /// A number, or a date as days since 1970.
    Number(Decimal),
    /// A date; kept apart so that a number is never compared with one.
    Day(i64),
    Flag(bool),
    Text(String),
}

/// From a value to a value; an absent end is open for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<(Point, bool)>,
    pub(super) to: Option<(Point, bool)>,
}

impl Span {
    fn at(point: Point) -> Self {
        Self {
            from: Some((point.clone(), true)),
            to: Some((point, true)),
        }
    }
}

/// What a cell lets pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellSet {
    pub(super) spans: Vec<Span>,
    /// Whether it lets pass what is in none of the spans.
    pub(super) is_negated: bool,
}

/// The tests of a cell as a set; nothing if it is more than a comparison with plain values.
pub(super) fn cell(node: &AstNode) -> Option<CellSet> {
    let AstNode::In(_, tests) = node else {
        return None;
    };
    let (items, is_negated) = match tests.as_ref() {
        AstNode::ExpressionList(items) => (items.as_slice(), false),
        AstNode::NegatedList(items) => (items.as_slice(), true),
        single => (std::slice::from_ref(single), false),
    };
    let mut spans = Vec::new();
    let mut is_all_but = is_negated;
    for item in items {
        match item {
            AstNode::Irrelevant => spans.push(Span {
                from: None,
                to: None,
            }),
            AstNode::UnaryNe(value) if items.len() == 1 && !is_negated => {
                is_all_but = true;
                spans.push(Span::at(point(value)?));
            }
            item => spans.push(span(item)?),
        }
    }
    Some(CellSet {
        spans,
        is_negated: is_all_but,
    })
}

fn span(node: &AstNode) -> Option<Span> {
    let below = |value: &AstNode, closed| {
        Some(Span {
            from: None,
            to: Some((point(value)?, closed)),
        })
    };
    let above = |value: &AstNode, closed| {
        Some(Span {
            from: Some((point(value)?, closed)),
            to: None,
        })
    };
    match node {
        AstNode::UnaryLt(value) => below(value, false),
        AstNode::UnaryLe(value) => below(value, true),
        AstNode::UnaryGt(value) => above(value, false),
        AstNode::UnaryGe(value) => above(value, true),
        AstNode::UnaryEq(value) => Some(Span::at(point(value)?)),
        AstNode::Range(from, to) => {
            let (AstNode::IntervalStart(from, opens), AstNode::IntervalEnd(to, closes)) =
                (from.as_ref(), to.as_ref())
            else {
                return None;
            };
            Some(Span {
                from: Some((point(from)?, is_closed(*opens))),
                to: Some((point(to)?, is_closed(*closes))),
            })
        }
        value => Some(Span::at(point(value)?)),
    }
}

fn is_closed(end: IntervalType) -> bool {
    end.closed()
}

fn point(node: &AstNode) -> Option<Point> {
    match node {
        AstNode::Numeric(before, after, sign, exponent) => {
            let before = if before.is_empty() { "0" } else { before };
            let after = if after.is_empty() { "0" } else { after };
            let number = if exponent.is_empty() {
                format!("{before}.{after}").parse().ok()?
            } else {
                Decimal::from_scientific(&format!("{before}.{after}e{sign}{exponent}")).ok()?
            };
            Some(Point::Number(number))
        }
        AstNode::Neg(value) => match point(value)? {
            Point::Number(number) => Some(Point::Number(-number)),
            _ => None,
        },
        AstNode::Boolean(flag) => Some(Point::Flag(*flag)),
        AstNode::String(text) => Some(Point::Text(text.clone())),
        AstNode::At(text) => day(text),
        AstNode::FunctionInvocation(function, parameters) => {
            let AstNode::Name(name) = function.as_ref() else {
                return None;
            };
            match parameters.as_ref() {
                AstNode::PositionalParameters(parameters) if name.as_str() == "date" => {
                    match parameters.as_slice() {
                        [AstNode::String(text)] => day(text),
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Days since 1970 of a date.
fn day(text: &str) -> Option<Point> {
    let date: Date = text.trim_matches('"').parse().ok()?;
    // A text with a time in it is another moment than the day's beginning.
    if text.trim_matches('"').contains('T') {
        return None;
    }
    let epoch = Date::new(1970, 1, 1).ok()?;
    Some(Point::Day(i64::from(date.since(epoch).ok()?.get_days())))
}

/// A value in a sentence.
pub(super) fn words(point: &Point) -> String {
    match point {
        Point::Number(number) => format!(" {} ", number.normalize()),
        Point::Day(days) => {
            let date = Date::new(1970, 1, 1).ok().and_then(|epoch| {
                let span = jiff::Span::new().try_days(*days).ok()?;
                epoch.checked_add(span).ok()
            });
            date.map_or_else(String::new, |date| format!(" {date} "))
        }
        Point::Flag(true) => "“是”".to_owned(),
        Point::Flag(false) => "“否”".to_owned(),
        Point::Text(text) => format!("“{text}”"),
    }
}
