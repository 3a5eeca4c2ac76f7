//! Tries the rules with made-up inputs, and keeps what came out as a test case when that is wanted. Nothing else is written.

use std::collections::HashMap;

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde_json::{Map, Value};
use wuchuang_decision::{Evaluation, EvaluationError, InputKind};
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure};

use super::{Typed, sending::keep, show, view::Tried};
use crate::{
    model::rules::{
        CompiledRules, ItemRules, RuleTest, TESTS_MAX, TODAY, read_value, surroundings, value_text,
    },
    rooms::Rooms,
};

/// The longest value of one input, in characters.
const VALUE_CHARACTERS_MAX: usize = 500;

pub(crate) async fn try_out(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let said = |name: &str| form.get(name).map_or("", |text| text.trim()).to_owned();
    let (_, _, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let Ok(Some(compiled)) = CompiledRules::of(content) else {
        return Err(Failure::invalid("还没有可以试算的规则。请先上传规则文件。"));
    };
    let mut typed = Typed {
        decision: said("decision"),
        today: said("today"),
        name: said("name"),
        ..Typed::default()
    };
    let inputs = typed_inputs(&compiled, &mut typed, &said);
    let today = day(&mut typed, china_date(caller.now));
    if !typed.errors.is_empty() {
        let body = show(&rooms, caller, &item, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let calendar = rooms.catalogue.ledger().calendar();
    let around = surroundings(today, &calendar);
    let answer = compiled.answer(&typed.decision, inputs.clone(), &around);
    if said("deed") == "keep" {
        return match &answer {
            Ok(answer) => {
                let test = test_case(&compiled, &typed, inputs, answer.result.clone());
                add(&rooms, &caller, &item, test, &form).await
            }
            Err(error) => Err(Failure::invalid(format!(
                "{error}。算不出来的不能存为用例。"
            ))),
        };
    }
    typed.tried = Some(tried(&typed.decision, answer));
    Ok(show(&rooms, caller, &item, typed).await?.into_response())
}

/// What was typed for each input; what does not read is told at its field.
fn typed_inputs(
    compiled: &CompiledRules,
    typed: &mut Typed,
    said: &dyn Fn(&str) -> String,
) -> Map<String, Value> {
    let mut inputs = Map::new();
    for (index, input) in compiled.definition().inputs().into_iter().enumerate() {
        let field = format!("in_{index}");
        let text: String = said(&field).chars().take(VALUE_CHARACTERS_MAX).collect();
        match value(&text, input.kind) {
            Ok(value) => {
                inputs.insert(input.name, value);
            }
            Err(reason) => typed.errors.add(field, reason),
        }
        typed.values.push(text);
    }
    inputs
}

/// What came of it, as the page shows it.
fn tried(decision: &str, answer: Result<Evaluation, Box<EvaluationError>>) -> Tried {
    match answer {
        Ok(answer) => Tried {
            decision: answer.decision.clone(),
            result: Ok(value_text(&answer.result)),
            lines: answer.explanation.lines().map(str::to_owned).collect(),
            fired: answer
                .steps
                .iter()
                .flat_map(|step| {
                    let rows = step.rows.iter().filter(|row| row.chosen);
                    rows.map(|row| (step.decision.clone(), row.number))
                })
                .collect(),
        },
        Err(error) => Tried {
            decision: decision.to_owned(),
            result: Err(error.to_string()),
            lines: Vec::new(),
            fired: Vec::new(),
        },
    }
}

/// What was typed, as the input wants it.
fn value(text: &str, kind: InputKind) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        InputKind::Text | InputKind::Date => Ok(Value::String(text.to_owned())),
        InputKind::YesNo | InputKind::Number | InputKind::Other => read_value(text),
    }
}

/// The day for which it is tried.
fn day(typed: &mut Typed, today: Date) -> Date {
    if typed.today.is_empty() {
        return today;
    }
    typed.today.parse().unwrap_or_else(|_| {
        typed
            .errors
            .add("today", "日期看不懂。请按“年-月-日”填写，例如 2026-12-01。");
        today
    })
}

/// What was tried as a test case: only what its decision needs, and of a result with several members the one called 结果.
fn test_case(
    compiled: &CompiledRules,
    typed: &Typed,
    inputs: Map<String, Value>,
    result: Value,
) -> RuleTest {
    let needed = crate::model::rules::inputs_of(compiled.definition(), &typed.decision);
    let needed = needed.unwrap_or_default();
    let mut inputs: Map<String, Value> = inputs
        .into_iter()
        .filter(|(name, _)| needed.contains(name))
        .collect();
    if !typed.today.is_empty() {
        inputs.insert(TODAY.to_owned(), typed.today.as_str().into());
    }
    let expected = match result {
        Value::Object(mut members) => match members.remove("结果") {
            Some(said) => said,
            None => Value::Object(members),
        },
        single => single,
    };
    RuleTest {
        name: typed.name.clone(),
        decision: typed.decision.clone(),
        inputs,
        expected,
    }
}

async fn add(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    mut added: RuleTest,
    form: &HashMap<String, String>,
) -> Result<Response, Failure> {
    let version = form.get("version").and_then(|text| text.parse().ok());
    let key = form.get("command_id").map_or("", String::as_str);
    let seen = (version.unwrap_or_default(), key);
    let change = |mut rules: ItemRules| {
        if rules.tests.len() >= TESTS_MAX {
            let text = format!("规则用例最多 {TESTS_MAX} 个，请先在编辑页删去不用的。");
            return Err(Failure::invalid(text));
        }
        if added.name.is_empty() {
            added.name = format!("用例 {}", rules.tests.len() + 1);
        }
        rules.tests.push(std::mem::take(&mut added));
        Ok(rules)
    };
    let done = keep(rooms, caller, item, seen, change).await?;
    let to = format!("/staff/items/{item}/rules?done={done}");
    Ok(Redirect::to(&to).into_response())
}
