//! Evaluation: inputs are mapped, decisions answered one after the other, and what fired is written down on the way.

mod error;
mod logic;
mod table;
mod trace;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelScope, FeelType, Name};
use serde_json::{Map, Value as Json};

use crate::compile::{Code, DecisionCode, InputSlot, Program};
use crate::feel::{self, Surroundings, TESTED, to_json};
use crate::limits::INPUT_BYTES_MAX;
use crate::model::plain_name;
use crate::words;

pub use error::{EvaluationError, Failure, InputProblem};
pub(crate) use logic::as_function;
pub use trace::{Annotation, Condition, DecisionStep, Evaluation, FiredRow, Tested};

use error::Failed;

/// Answers a decision.
pub(crate) fn evaluate(
    program: &Program,
    asked: usize,
    input: &Json,
    around: &Surroundings,
) -> Result<Evaluation, EvaluationError> {
    let Json::Object(members) = input else {
        return Err(EvaluationError::NotAnObject);
    };
    let bytes = input.to_string().len();
    if bytes > INPUT_BYTES_MAX {
        let bytes_max = INPUT_BYTES_MAX;
        return Err(EvaluationError::TooLarge { bytes, bytes_max });
    }
    let order = order(program, asked);
    let (values, used) = inputs(program, &order, members)?;
    let mut run = Run {
        program,
        values,
        results: vec![None; program.decisions.len()],
        host: feel::host_functions(around),
    };
    let mut steps = Vec::with_capacity(order.len());
    for index in order {
        let Some(decision) = &program.decisions[index] else {
            continue;
        };
        let step = run
            .decision(index, decision)
            .map_err(|failed| EvaluationError::Decision {
                decision: decision.name.clone(),
                element: failed.place.id,
                line: failed.place.line,
                failure: failed.failure,
            })?;
        steps.push(step);
    }
    let unused = members.keys().filter(|name| !used.contains_key(*name));
    let unused = unused.cloned().collect();
    Ok(Evaluation::of(steps, used, unused))
}

/// A decision and all that it needs, each after what it needs itself.
fn order(program: &Program, asked: usize) -> Vec<usize> {
    let mut order = Vec::new();
    let mut left = vec![(asked, false)];
    while let Some((index, is_ready)) = left.pop() {
        if order.contains(&index) {
            continue;
        }
        if is_ready {
            order.push(index);
            continue;
        }
        left.push((index, true));
        if let Some(decision) = &program.decisions[index] {
            left.extend(decision.decisions.iter().map(|other| (*other, false)));
        }
    }
    order
}

/// Inputs by position; absent where no decision needs them.
type Given = Vec<Option<Value>>;

/// The inputs that some decisions need, as values and as they were given; all that is wrong with them at once.
fn inputs(
    program: &Program,
    order: &[usize],
    members: &Map<String, Json>,
) -> Result<(Given, Map<String, Json>), EvaluationError> {
    let mut values = vec![None; program.inputs.len()];
    let mut used = Map::new();
    let mut problems = Vec::new();
    let needed = order
        .iter()
        .filter_map(|index| program.decisions[*index].as_ref())
        .flat_map(|decision| decision.inputs.iter().copied());
    for at in needed {
        if values[at].is_some() {
            continue;
        }
        let slot = &program.inputs[at];
        match input(slot, members) {
            Ok((name, json, value)) => {
                values[at] = Some(value);
                used.insert(name.clone(), json.clone());
            }
            Err(reason) => {
                values[at] = Some(Value::Null(None));
                problems.push(InputProblem {
                    name: slot.name.clone(),
                    reason,
                });
            }
        }
    }
    if problems.is_empty() {
        Ok((values, used))
    } else {
        Err(EvaluationError::Inputs(problems))
    }
}

fn input<'m>(
    slot: &InputSlot,
    members: &'m Map<String, Json>,
) -> Result<(&'m String, &'m Json, Value), String> {
    let given = members
        .iter()
        .find(|(name, _)| plain_name(name) == slot.name);
    let Some((name, json)) = given else {
        return Err("没有给出；确实没有值时请写 null".to_owned());
    };
    let value = feel::from_json(json, &slot.feel_type)?;
    if let Some(allowed) = &slot.allowed
        && !matches!(value, Value::Null(_))
    {
        let mut context = FeelContext::default();
        context.set_entry(&Name::from(TESTED), value.clone());
        if !allowed.value(&FeelScope::from(context)).is_true() {
            return Err(format!("的值不在允许的范围（{}）内", allowed.text));
        }
    }
    Ok((name, json, value))
}

struct Run<'p> {
    program: &'p Program,
    values: Given,
    /// Results by position.
    results: Vec<Option<Value>>,
    host: Vec<(Name, Value)>,
}

impl Run<'_> {
    fn decision(&mut self, index: usize, decision: &DecisionCode) -> Result<DecisionStep, Failed> {
        let scope = FeelScope::from(self.context(decision));
        let mut step = DecisionStep::begun(decision);
        let value = match &decision.code {
            Code::Table(table) => table::value(table, &scope, Some(&mut step))?,
            code => logic::value(code, &scope, &decision.name)?,
        };
        let value = coerced(decision, value)?;
        step.result = to_json(&value)
            .map_err(|reason| Failed::uncomputable(&decision.place, "结果", &reason))?;
        if let Code::Literal(text) = &decision.code {
            step.tested = self.named(decision);
            step.explanation = words::of_literal(&step, &text.text);
        } else {
            if step.hit_policy.is_none() {
                step.tested = self.named(decision);
            }
            step.explanation = words::of_step(&step);
        }
        self.results[index] = Some(value);
        Ok(step)
    }

    /// What the expressions of a decision may name, and nothing else.
    fn context(&self, decision: &DecisionCode) -> FeelContext {
        let mut context = FeelContext::default();
        for (name, function) in &self.host {
            context.set_entry(name, function.clone());
        }
        for (name, function) in decision
            .functions
            .iter()
            .filter_map(|at| self.program.functions[*at].as_ref())
        {
            context.set_entry(name, function.clone());
        }
        for at in &decision.inputs {
            let value = self.values[*at].clone().unwrap_or(Value::Null(None));
            context.set_entry(&Name::from(&self.program.inputs[*at].name), value);
        }
        for at in &decision.decisions {
            if let Some(other) = &self.program.decisions[*at] {
                let value = self.results[*at].clone().unwrap_or(Value::Null(None));
                context.set_entry(&Name::from(&other.variable), value);
            }
        }
        context
    }

    /// The values that a decision without columns was given.
    fn named(&self, decision: &DecisionCode) -> Vec<Tested> {
        let inputs = decision.inputs.iter().map(|at| {
            let name = &self.program.inputs[*at].name;
            (name.clone(), self.values[*at].clone())
        });
        let decisions = decision.decisions.iter().filter_map(|at| {
            let other = self.program.decisions[*at].as_ref()?;
            Some((other.variable.clone(), self.results[*at].clone()))
        });
        inputs
            .chain(decisions)
            .map(|(name, value)| Tested {
                label: name.clone(),
                expression: name,
                value: value.map_or(Json::Null, |value| to_json(&value).unwrap_or(Json::Null)),
            })
            .collect()
    }
}

/// The result in the declared type. A table that gives a list of that type says what was meant, too.
fn coerced(decision: &DecisionCode, value: Value) -> Result<Value, Failed> {
    let wanted = &decision.feel_type;
    let value = feel::typed(value, wanted);
    if *wanted == FeelType::Any || matches!(value, Value::Null(_)) {
        return Ok(value);
    }
    if let Value::List(items) = &value
        && items.iter().all(|item| item.is_conformant(wanted))
        && matches!(decision.code, Code::Table(_))
        && !matches!(wanted, FeelType::List(_))
    {
        return Ok(value);
    }
    let coerced = value.coerced(wanted);
    if matches!(coerced, Value::Null(_)) {
        let failure = Failure::WrongType {
            value: to_json(&value).unwrap_or(Json::Null).to_string(),
            expected: feel::type_name(wanted),
        };
        return Err(Failed::at(&decision.place, failure));
    }
    Ok(coerced)
}
