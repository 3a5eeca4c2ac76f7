//! Decision tables: which rows fit, and what the hit policy makes of them. One pass gives both the answer and the trace,
//! so that they cannot disagree.

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelScope, Name};
use serde_json::Value as Json;

use crate::compile::{InputCode, Row, TableCode};
use crate::feel::{Compiled, TESTED, to_json, typed};
use crate::model::{Aggregation, HitPolicy};

use super::error::{Failed, Failure};
use super::logic::computed;
use super::trace::{DecisionStep, FiredRow, Tested};

/// A row that fits, with its outputs.
struct Hit<'t> {
    number: usize,
    row: &'t Row,
    outputs: Vec<Value>,
}

/// The answer of a table; what fired is written into the step, if there is one.
pub(super) fn value(
    table: &TableCode,
    scope: &FeelScope,
    step: Option<&mut DecisionStep>,
) -> Result<Value, Failed> {
    let mut inputs = Vec::with_capacity(table.inputs.len());
    for column in &table.inputs {
        inputs.push(input(column, scope)?);
    }
    let mut fits: Vec<usize> = (0..table.rows.len()).collect();
    for (index, (column, value)) in table.inputs.iter().zip(&inputs).enumerate() {
        fits = still_fit(table, index, column, value, fits, scope)?;
    }
    // Rows after the first one do not matter there, and need not be computable.
    if table.policy == HitPolicy::First {
        fits.truncate(1);
    }
    let mut hits = Vec::with_capacity(fits.len());
    for index in fits {
        hits.push(hit(table, index, scope)?);
    }
    let (value, chosen) = answer(table, &hits, scope)?;
    if let Some(step) = step {
        step.hit_policy = Some(table.policy.name());
        step.tested = table
            .inputs
            .iter()
            .zip(&inputs)
            .map(|(column, value)| Tested {
                label: column.label.clone(),
                expression: column.expression.text.clone(),
                value: shown(value),
            })
            .collect();
        for hit in &hits {
            let is_chosen = chosen.is_none_or(|chosen| chosen == hit.number);
            let outputs: Vec<Json> = hit.outputs.iter().map(shown).collect();
            let row = FiredRow::of(table, hit.row, hit.number, outputs, is_chosen, &step.tested);
            step.rows.push(row);
        }
    }
    Ok(value)
}

/// A value for people; one that JSON cannot say is left out.
fn shown(value: &Value) -> Json {
    to_json(value).unwrap_or(Json::Null)
}

fn input(column: &InputCode, scope: &FeelScope) -> Result<Value, Failed> {
    let value = computed(&column.expression, scope, &column.label)?;
    let value = typed(value, &column.feel_type);
    match &column.allowed {
        Some(allowed) if !matches!(value, Value::Null(_)) => {
            let tested = with_tested(scope, &value, || allowed.value(scope));
            if !tested.is_true() {
                let failure = Failure::NotAllowed {
                    label: column.label.clone(),
                    value: shown(&value).to_string(),
                    allowed: allowed.text.clone(),
                };
                return Err(Failed::at(&column.expression.place, failure));
            }
        }
        _ => {}
    }
    Ok(value)
}

/// Does something while a value has the name of the tested one.
fn with_tested<T>(scope: &FeelScope, value: &Value, act: impl FnOnce() -> T) -> T {
    let mut context = FeelContext::default();
    context.set_entry(&Name::from(TESTED), value.clone());
    scope.push(context);
    let answer = act();
    scope.pop();
    answer
}

/// The rows whose cell in one column passes.
fn still_fit(
    table: &TableCode,
    index: usize,
    column: &InputCode,
    value: &Value,
    rows: Vec<usize>,
    scope: &FeelScope,
) -> Result<Vec<usize>, Failed> {
    let is_null = matches!(value, Value::Null(_));
    with_tested(scope, value, || {
        let mut left = Vec::new();
        for at in rows {
            let Some(test) = &table.rows[at].tests[index] else {
                left.push(at);
                continue;
            };
            match test.value(scope) {
                Value::Boolean(true) => left.push(at),
                // Nothing is neither more nor less than anything: a row that compares it does not fit.
                Value::Null(Some(reason)) if !is_null => {
                    let what = format!(
                        "第 {} 条规则的条件“{}”（{}）",
                        at + 1,
                        column.label,
                        test.text
                    );
                    return Err(Failed::uncomputable(&test.place, what, &reason));
                }
                _ => {}
            }
        }
        Ok(left)
    })
}

fn hit<'t>(table: &'t TableCode, index: usize, scope: &FeelScope) -> Result<Hit<'t>, Failed> {
    let row = &table.rows[index];
    let mut outputs = Vec::with_capacity(row.outputs.len());
    for (output, clause) in row.outputs.iter().zip(&table.outputs) {
        let value = match output {
            Some(output) => {
                let what = format!("第 {} 条规则的输出“{}”", index + 1, clause.label);
                computed(output, scope, &what)?
            }
            None => Value::Null(None),
        };
        if let Some(allowed) = &clause.allowed
            && !matches!(value, Value::Null(_))
            && !with_tested(scope, &value, || allowed.value(scope)).is_true()
        {
            let failure = Failure::NotAllowed {
                label: clause.label.clone(),
                value: shown(&value).to_string(),
                allowed: allowed.text.clone(),
            };
            return Err(Failed::at(&row.place, failure));
        }
        outputs.push(value);
    }
    Ok(Hit {
        number: index + 1,
        row,
        outputs,
    })
}

/// What the policy makes of the rows, and the number of the one row that decided, if it was one of several.
fn answer(
    table: &TableCode,
    hits: &[Hit<'_>],
    scope: &FeelScope,
) -> Result<(Value, Option<usize>), Failed> {
    let Some(first) = hits.first() else {
        return Ok((default(table, scope)?, None));
    };
    let numbers = || hits.iter().map(|hit| hit.number).collect::<Vec<_>>();
    match table.policy {
        HitPolicy::Unique if hits.len() > 1 => {
            Err(Failed::at(&table.place, Failure::Overlap(numbers())))
        }
        HitPolicy::Any if hits.iter().any(|hit| hit.outputs != first.outputs) => {
            Err(Failed::at(&table.place, Failure::Disagreement(numbers())))
        }
        HitPolicy::Unique | HitPolicy::Any | HitPolicy::First => Ok((of_row(table, first), None)),
        HitPolicy::Priority => {
            let best = by_priority(table, hits, scope)[0];
            Ok((of_row(table, best), Some(best.number)))
        }
        HitPolicy::OutputOrder => Ok((list(table, by_priority(table, hits, scope)), None)),
        HitPolicy::RuleOrder | HitPolicy::Collect(None) => Ok((list(table, hits.iter()), None)),
        HitPolicy::Collect(Some(aggregation)) => Ok((aggregated(table, aggregation, hits)?, None)),
    }
}

/// What several rows give.
fn list<'h, 't: 'h>(table: &TableCode, hits: impl IntoIterator<Item = &'h Hit<'t>>) -> Value {
    let values = hits.into_iter().map(|hit| of_row(table, hit));
    Value::List(values.collect())
}

/// What a row gives: one value, or the outputs by name.
fn of_row(table: &TableCode, hit: &Hit<'_>) -> Value {
    if let [single] = hit.outputs.as_slice() {
        return single.clone();
    }
    let mut context = FeelContext::default();
    for (clause, value) in table.outputs.iter().zip(&hit.outputs) {
        context.set_entry(&clause.name, value.clone());
    }
    Value::Context(context)
}

fn default(table: &TableCode, scope: &FeelScope) -> Result<Value, Failed> {
    let of = |default: &Option<Compiled>, label: &str| match default {
        Some(default) => computed(default, scope, label),
        None => Ok(Value::Null(None)),
    };
    if table.outputs.iter().all(|clause| clause.default.is_none()) {
        return Ok(Value::Null(None));
    }
    if let [single] = table.outputs.as_slice() {
        return of(&single.default, &single.label);
    }
    let mut context = FeelContext::default();
    for clause in &table.outputs {
        context.set_entry(&clause.name, of(&clause.default, &clause.label)?);
    }
    Ok(Value::Context(context))
}

/// The rows by the order in which the columns list their outputs, the leftmost column first; equal ones stay in the order
/// of the table.
fn by_priority<'h, 't>(
    table: &TableCode,
    hits: &'h [Hit<'t>],
    scope: &FeelScope,
) -> Vec<&'h Hit<'t>> {
    let listed: Vec<Vec<Value>> = table
        .outputs
        .iter()
        .map(|clause| match &clause.values {
            Some(values) => match values.value(scope) {
                Value::ExpressionList(values) | Value::List(values) => values,
                single => vec![single],
            },
            None => Vec::new(),
        })
        .collect();
    let rank = |hit: &Hit<'_>| -> Vec<usize> {
        let ranks = hit.outputs.iter().zip(&listed).map(|(value, listed)| {
            let at = listed.iter().position(|one| one == value);
            at.unwrap_or(usize::MAX)
        });
        ranks.collect()
    };
    let mut sorted: Vec<&Hit<'_>> = hits.iter().collect();
    sorted.sort_by_cached_key(|hit| rank(hit));
    sorted
}

fn aggregated(
    table: &TableCode,
    aggregation: Aggregation,
    hits: &[Hit<'_>],
) -> Result<Value, Failed> {
    let values: Vec<Value> = hits.iter().map(|hit| hit.outputs[0].clone()).collect();
    let value = match aggregation {
        Aggregation::Count => return Ok(Value::Number(values.len().into())),
        Aggregation::Sum => dsntk_feel_evaluator::evaluate_sum(values),
        Aggregation::Min => dsntk_feel_evaluator::evaluate_min(values),
        Aggregation::Max => dsntk_feel_evaluator::evaluate_max(values),
    };
    match value {
        Value::Null(reason) => {
            let reason = reason.unwrap_or_else(|| "没有可以汇总的值".to_owned());
            let what = format!("汇总（{}）", table.policy.name());
            Err(Failed::uncomputable(&table.place, what, &reason))
        }
        value => Ok(value),
    }
}
