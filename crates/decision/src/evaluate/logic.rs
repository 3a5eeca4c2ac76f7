//! Every kind of expression but tables.

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelScope, Name};

use crate::compile::Code;
use crate::feel::Compiled;

use super::error::Failed;
use super::table;

/// The body of a function: a failure becomes the null that the language knows, with the reason in it, so that the
/// expression around it fails with the same words.
pub(crate) fn as_function(code: &Code, scope: &FeelScope) -> Value {
    value(code, scope, "函数")
        .unwrap_or_else(|failed| Value::Null(Some(failed.failure.to_string())))
}

/// The value of an expression that is said to be `what`.
pub(super) fn value(code: &Code, scope: &FeelScope, what: &str) -> Result<Value, Failed> {
    match code {
        Code::Table(table) => table::value(table, scope, None),
        Code::Literal(expression) => computed(expression, scope, what),
        Code::List(items) => {
            let items = items.iter().map(|item| value(item, scope, what));
            Ok(Value::List(items.collect::<Result<_, _>>()?))
        }
        Code::Relation { columns, rows } => {
            let mut list = Vec::with_capacity(rows.len());
            for row in rows {
                let mut context = FeelContext::default();
                for (name, cell) in columns.iter().zip(row) {
                    context.set_entry(name, value(cell, scope, what)?);
                }
                list.push(Value::Context(context));
            }
            Ok(Value::List(list))
        }
        Code::Context(entries) => within(scope, |scope| context(entries, scope, what)),
        Code::Invocation { function, bindings } => {
            let mut arguments = FeelContext::default();
            for (name, code) in bindings {
                arguments.set_entry(name, value(code, scope, what)?);
            }
            within(scope, |scope| {
                for (name, argument) in arguments.iter() {
                    scope.set_value(name, argument.clone());
                }
                computed(function, scope, what)
            })
        }
    }
}

/// Does something with a level of its own on the scope.
fn within(
    scope: &FeelScope,
    act: impl FnOnce(&FeelScope) -> Result<Value, Failed>,
) -> Result<Value, Failed> {
    scope.push(FeelContext::default());
    let answer = act(scope);
    scope.pop();
    answer
}

fn context(
    entries: &[(Option<Name>, Code)],
    scope: &FeelScope,
    what: &str,
) -> Result<Value, Failed> {
    let mut context = FeelContext::default();
    for (name, code) in entries {
        match name {
            Some(name) => {
                let entry = value(code, scope, name.as_str())?;
                scope.set_value(name, entry.clone());
                context.set_entry(name, entry);
            }
            // The entry without a name is the result of the whole.
            None => return value(code, scope, what),
        }
    }
    Ok(Value::Context(context))
}

/// A value, or the evaluator's reason why there is none.
pub(super) fn computed(
    expression: &Compiled,
    scope: &FeelScope,
    what: &str,
) -> Result<Value, Failed> {
    match expression.value(scope) {
        Value::Null(Some(reason)) => {
            let what = format!("“{what}”（{}）", expression.text);
            Err(Failed::uncomputable(&expression.place, what, &reason))
        }
        value => Ok(value),
    }
}
