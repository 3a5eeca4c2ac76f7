//! Evaluation with three-valued logic and a budget of work.

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::compare::{equal, order};
use super::tree::{Comparison, Constant, Member, PathStep, Sign, Tree};
use super::value::{List, Value};
use super::{Names, Overrun};
use crate::limits::{EXPRESSION_TEXT_MAX, EXPRESSION_WORK_MAX};

pub(super) fn evaluate<'v>(tree: &'v Tree, names: &dyn Names<'v>) -> Result<Value<'v>, Overrun> {
    Evaluation {
        work: &Cell::new(0),
        names,
        bound: None,
    }
    .value(tree)
}

/// The variable of a quantifier, in front of the names outside of it.
struct Bound<'e, 'v> {
    name: &'e str,
    value: Value<'v>,
    outer: Option<&'e Bound<'e, 'v>>,
}

struct Evaluation<'e, 'v> {
    work: &'e Cell<u32>,
    names: &'e dyn Names<'v>,
    bound: Option<&'e Bound<'e, 'v>>,
}

type Evaluated<'v> = Result<Value<'v>, Overrun>;

impl<'v> Evaluation<'_, 'v> {
    fn spend(&self, amount: usize) -> Result<(), Overrun> {
        let amount = u32::try_from(amount).unwrap_or(u32::MAX);
        let spent = self.work.get().saturating_add(amount);
        self.work.set(spent);
        if spent > EXPRESSION_WORK_MAX || !self.names.spend(amount) {
            return Err(Overrun);
        }
        Ok(())
    }

    fn value(&self, tree: &'v Tree) -> Evaluated<'v> {
        self.spend(1)?;
        match tree {
            Tree::Constant(constant) => Ok(given(constant)),
            Tree::Name(name) => Ok(self.named(name)),
            Tree::List(members) => self.list(members),
            Tree::Path(start, steps) => self.path(start, steps),
            Tree::Negative(inner) => Ok(match self.value(inner)? {
                Value::Number(number) => Value::Number(-number),
                _ => Value::Null,
            }),
            Tree::Not(inner) => Ok(match self.value(inner)? {
                Value::Boolean(truth) => Value::Boolean(!truth),
                _ => Value::Null,
            }),
            Tree::Empty(inner) => Ok(Value::Boolean(match self.value(inner)? {
                Value::Null => true,
                Value::Text(text) => text.is_empty(),
                Value::List(list) => list.len() == 0,
                Value::Context(map) => map.is_empty(),
                _ => false,
            })),
            Tree::All(parts) => self.logic(parts, false),
            Tree::Any(parts) => self.logic(parts, true),
            Tree::Chain(first, rest) => self.chain(first, rest),
            Tree::Compare(comparison, sides) => {
                let left = self.value(&sides.0)?;
                let right = self.value(&sides.1)?;
                self.compare(*comparison, &left, &right)
            }
            Tree::In(wanted, members) => self.is_in(wanted, members),
            Tree::If(branches) => match self.value(&branches.0)? {
                Value::Boolean(true) => self.value(&branches.1),
                _ => self.value(&branches.2),
            },
            Tree::Quantified {
                every,
                name,
                list,
                condition,
            } => self.quantified(*every, name, list, condition),
            Tree::Call(function, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.value(argument)?);
                }
                for value in &values {
                    self.spend(size(value))?;
                }
                Ok(function.call(&values))
            }
        }
    }

    fn named(&self, name: &str) -> Value<'v> {
        let mut bound = self.bound;
        while let Some(here) = bound {
            if here.name == name {
                return here.value.clone();
            }
            bound = here.outer;
        }
        self.names.look_up(name).unwrap_or(Value::Null)
    }

    fn list(&self, members: &'v [Tree]) -> Evaluated<'v> {
        let mut list = Vec::with_capacity(members.len());
        for member in members {
            list.push(self.value(member)?);
        }
        Ok(Value::List(List::Made(list)))
    }

    fn path(&self, start: &'v Tree, steps: &'v [PathStep]) -> Evaluated<'v> {
        let mut here = self.value(start)?;
        for step in steps {
            self.spend(1)?;
            here = match (step, here) {
                (PathStep::Field(name), Value::Context(map)) => {
                    map.get(&**name).map_or(Value::Null, Value::from_json)
                }
                (PathStep::Index(index), Value::List(list)) => element(&list, &self.value(index)?),
                _ => Value::Null,
            };
        }
        Ok(here)
    }

    /// `and` (deciding value false) and `or` (deciding value true): a deciding operand decides whatever the others
    /// are; without one, any operand that is no boolean makes the result null.
    fn logic(&self, parts: &'v [Tree], deciding: bool) -> Evaluated<'v> {
        let mut unknown = false;
        for part in parts {
            match self.value(part)? {
                Value::Boolean(truth) if truth == deciding => return Ok(Value::Boolean(deciding)),
                Value::Boolean(_) => {}
                _ => unknown = true,
            }
        }
        Ok(if unknown {
            Value::Null
        } else {
            Value::Boolean(!deciding)
        })
    }

    fn chain(&self, first: &'v Tree, rest: &'v [(Sign, Tree)]) -> Evaluated<'v> {
        let mut total = self.value(first)?;
        for (sign, operand) in rest {
            let operand = self.value(operand)?;
            total = combine(total, *sign, operand);
        }
        Ok(total)
    }

    fn compare(
        &self,
        comparison: Comparison,
        left: &Value<'v>,
        right: &Value<'v>,
    ) -> Evaluated<'v> {
        self.spend(size(left).min(size(right)))?;
        Ok(verdict(comparison, left, right).map_or(Value::Null, Value::Boolean))
    }

    fn is_in(&self, wanted: &'v Tree, members: &'v [Member]) -> Evaluated<'v> {
        let wanted = self.value(wanted)?;
        let mut unknown = false;
        for member in members {
            match self.matches(&wanted, member)? {
                Some(true) => return Ok(Value::Boolean(true)),
                Some(false) => {}
                None => unknown = true,
            }
        }
        Ok(if unknown {
            Value::Null
        } else {
            Value::Boolean(false)
        })
    }

    fn matches(&self, wanted: &Value<'v>, member: &'v Member) -> Result<Option<bool>, Overrun> {
        match member {
            Member::Value(tree) => {
                let value = self.value(tree)?;
                self.spend(size(&value))?;
                match (&value, wanted) {
                    (Value::List(list), _) if !matches!(wanted, Value::List(_)) => Ok(Some(
                        list.iter()
                            .any(|member| equal(&member, wanted) == Some(true)),
                    )),
                    _ => Ok(equal(wanted, &value)),
                }
            }
            Member::Compared(comparison, tree) => {
                let value = self.value(tree)?;
                Ok(verdict(*comparison, wanted, &value))
            }
            Member::Range {
                from,
                from_included,
                to,
                to_included,
            } => {
                let low = order(wanted, &self.value(from)?);
                let high = order(wanted, &self.value(to)?);
                let (Some(low), Some(high)) = (low, high) else {
                    return Ok(None);
                };
                let above = low == Ordering::Greater || (*from_included && low == Ordering::Equal);
                let below = high == Ordering::Less || (*to_included && high == Ordering::Equal);
                Ok(Some(above && below))
            }
        }
    }

    fn quantified(
        &self,
        every: bool,
        name: &'v str,
        list: &'v Tree,
        condition: &'v Tree,
    ) -> Evaluated<'v> {
        let Value::List(list) = self.value(list)? else {
            return Ok(Value::Null);
        };
        let mut unknown = false;
        for member in list.iter() {
            let bound = Bound {
                name,
                value: member,
                outer: self.bound,
            };
            let inner = Evaluation {
                work: self.work,
                names: self.names,
                bound: Some(&bound),
            };
            match inner.value(condition)? {
                Value::Boolean(truth) if truth != every => return Ok(Value::Boolean(!every)),
                Value::Boolean(_) => {}
                _ => unknown = true,
            }
        }
        Ok(if unknown {
            Value::Null
        } else {
            Value::Boolean(every)
        })
    }
}

fn given(constant: &Constant) -> Value<'_> {
    match constant {
        Constant::Null => Value::Null,
        Constant::Boolean(truth) => Value::Boolean(*truth),
        Constant::Number(number) => Value::Number(*number),
        Constant::Text(text) => Value::Text(Cow::Borrowed(text)),
        Constant::Date(date) => Value::Date(*date),
        Constant::DateTime(at) => Value::DateTime(*at),
    }
}

/// What it costs to look at a value as a whole.
fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len() / 64,
        Value::List(list) => list.len(),
        Value::Context(map) => map.len(),
        _ => 0,
    }
}

/// FEEL counts from one, and from the end with negative numbers.
fn element<'v>(list: &List<'v>, index: &Value<'v>) -> Value<'v> {
    let Value::Number(index) = index else {
        return Value::Null;
    };
    let found = match index.to_i64() {
        Some(index @ 1..) => usize::try_from(index - 1).ok(),
        Some(index @ ..=-1) => usize::try_from(index.unsigned_abs())
            .ok()
            .and_then(|back| list.len().checked_sub(back)),
        _ => None,
    };
    found.and_then(|at| list.get(at)).unwrap_or(Value::Null)
}

fn combine<'v>(left: Value<'v>, sign: Sign, right: Value<'v>) -> Value<'v> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            arithmetic(left, sign, right).map_or(Value::Null, Value::Number)
        }
        (Value::Text(left), Value::Text(right)) if sign == Sign::Plus => {
            if left.len() + right.len() > EXPRESSION_TEXT_MAX {
                return Value::Null;
            }
            Value::Text(Cow::Owned(format!("{left}{right}")))
        }
        _ => Value::Null,
    }
}

fn arithmetic(left: Decimal, sign: Sign, right: Decimal) -> Option<Decimal> {
    match sign {
        Sign::Plus => left.checked_add(right),
        Sign::Minus => left.checked_sub(right),
        Sign::Times => left.checked_mul(right),
        Sign::Divided => left.checked_div(right),
    }
}

fn verdict(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::Unequal => equal(left, right).map(|equal| !equal),
        Comparison::Less => order(left, right).map(Ordering::is_lt),
        Comparison::LessOrEqual => order(left, right).map(Ordering::is_le),
        Comparison::Greater => order(left, right).map(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(left, right).map(Ordering::is_ge),
    }
}
