//! 我能办吗: whoever reads a guide answers a few questions and learns, by the item's own rules, whether they may apply and which
//! papers their situation needs. Nobody signs in and nothing is kept; the answers are sent in the body, never in an address.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value};
use wuchuang_decision::{Evaluation, InputKind, InputView};
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice, page::PageContext};

use super::{moved, notice_in, notice_of, published};
use crate::{
    model::{
        ItemContent, ItemVersion,
        rules::{
            CompiledRules, Fact, InputSource, inputs_of, read_value, situation_materials,
            surroundings, value_text, verdict,
        },
    },
    rooms::Rooms,
};

/// The longest answer, in characters.
const ANSWER_CHARACTERS_MAX: usize = 200;

/// One question.
struct Asked {
    field: String,
    name: String,
    hint: &'static str,
    kind: &'static str,
    value: String,
    choices: Vec<Choice>,
}

/// What the rules say.
struct Said {
    is_yes: bool,
    /// Whether there is an answer at all.
    is_known: bool,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/check.html")]
struct CheckPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    guide: String,
    name: &'a str,
    questions: Vec<Asked>,
    said: Option<Said>,
    /// The papers that the situation needs; `None` when the rules do not say.
    materials: Option<Vec<String>>,
}

pub(super) async fn form(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    if let Some(moved) = moved(&rooms, &item, "check") {
        return Ok(moved);
    }
    let version = published(&rooms, &item)?;
    answer_page(&rooms, &caller, &version, None)
}

pub(super) async fn answer(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let version = published(&rooms, &item)?;
    answer_page(&rooms, &caller, &version, Some(&form))
}

/// 一次性告知单 for the situation that was answered; the answers stand in the body.
pub(super) async fn notice(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let version = published(&rooms, &item)?;
    let decision = version.content.rules.situation.as_str();
    let compiled = CompiledRules::of(&version.content).ok().flatten();
    let compiled = compiled.filter(|_| !decision.is_empty());
    let compiled = compiled.ok_or_else(Failure::not_found)?;
    let (_, inputs, errors) = asked(&caller, &compiled, &[decision], Some(&form));
    if let Some(wrong) = errors.iter().next() {
        return Err(Failure::invalid(wrong.message.clone()));
    }
    notice_for(&rooms, &caller, &version, (&compiled, inputs)).await
}

/// The situation in words, for a paper in the house's name: numbers, dates, 是 and 否, and what a list offers. What
/// strangers write freely does not stand on it.
fn told(compiled: &CompiledRules, inputs: &Map<String, Value>) -> String {
    let definition = compiled.definition().inputs();
    let known = definition.iter().filter_map(|input| {
        let value = inputs.get(&input.name).filter(|value| !value.is_null())?;
        let text = value_text(value);
        let is_offered = match value {
            Value::Bool(_) | Value::Number(_) => true,
            Value::String(text) if input.kind == InputKind::Date => {
                text.parse::<jiff::civil::Date>().is_ok()
            }
            _ => offered(compiled, input).contains(&text),
        };
        is_offered.then(|| format!("{} {text}", input.name))
    });
    known.collect::<Vec<_>>().join("，")
}

/// The notice for what the rules say of some inputs; where they say nothing, that of the item.
pub(crate) async fn notice_for(
    rooms: &Rooms,
    caller: &Caller,
    version: &ItemVersion,
    (compiled, inputs): (&CompiledRules, Map<String, Value>),
) -> Result<Response, Failure> {
    let content = &version.content;
    let situation = told(compiled, &inputs);
    let today = china_date(caller.now);
    let around = surroundings(today, &rooms.catalogue.ledger().calendar());
    let answer = compiled.answer(&content.rules.situation, inputs, &around);
    let answer = answer.ok();
    match answer.and_then(|answer| situation_materials(content, &answer)) {
        Some(wanted) => notice_in(rooms, caller, version, &wanted, situation).await,
        None => notice_of(rooms, caller, &version.id.to_string()).await,
    }
}

fn answer_page(
    rooms: &Rooms,
    caller: &Caller,
    version: &ItemVersion,
    sent: Option<&HashMap<String, String>>,
) -> Result<Response, Failure> {
    let content = &version.content;
    let rules = &content.rules;
    let compiled = CompiledRules::of(content).ok().flatten();
    let compiled = compiled.ok_or_else(Failure::not_found)?;
    let decisions: Vec<&str> = [rules.eligibility.as_str(), rules.situation.as_str()]
        .into_iter()
        .filter(|decision| !decision.is_empty())
        .collect();
    if decisions.is_empty() {
        return Err(Failure::not_found());
    }
    let (questions, inputs, errors) = asked(caller, &compiled, &decisions, sent);
    let is_answered = sent.is_some() && errors.is_empty();
    let today = china_date(caller.now);
    let around = surroundings(today, &rooms.catalogue.ledger().calendar());
    let ask = |decision: &str| compiled.answer(decision, inputs.clone(), &around).ok();
    let said = (is_answered && !rules.eligibility.is_empty())
        .then(|| Said::of(ask(&rules.eligibility).as_ref()));
    let materials = (is_answered && !rules.situation.is_empty())
        .then(|| ask(&rules.situation))
        .flatten()
        .and_then(|answer| materials(content, &answer));
    let guide = format!("/guides/{}", version.id);
    let page = caller
        .page
        .clone()
        .titled("我能办吗")
        .under("首页", "/")
        .under(&content.name, guide.clone())
        .with_errors(!errors.is_empty());
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let html = CheckPage {
        page: &page,
        errors: &errors,
        path: format!("{guide}/check"),
        guide,
        name: &content.name,
        questions,
        said,
        materials,
    }
    .render()
    .map_err(Failure::internal)?;
    Ok((status, Html(html)).into_response())
}

impl Said {
    /// What an answer says; one of which no row fitted says nothing.
    fn of(answer: Option<&Evaluation>) -> Self {
        let known = answer.map(verdict);
        match known.filter(|said| !said.result.is_empty()) {
            Some(said) => Self {
                is_yes: said.is_yes,
                is_known: true,
                reasons: said.reason.lines().map(str::to_owned).collect(),
            },
            None => Self {
                is_yes: false,
                is_known: false,
                reasons: Vec::new(),
            },
        }
    }
}

/// The names of the papers that a situation needs; `None` when the rules do not say.
fn materials(content: &ItemContent, answer: &Evaluation) -> Option<Vec<String>> {
    let ids = situation_materials(content, answer)?;
    let named = content.materials.iter();
    let named = named.filter(|material| ids.contains(&material.id));
    Some(named.map(|material| material.name.clone()).collect())
}

/// The questions that the decisions need answered, what was answered, and what does not read.
fn asked(
    caller: &Caller,
    compiled: &CompiledRules,
    decisions: &[&str],
    sent: Option<&HashMap<String, String>>,
) -> (Vec<Asked>, Map<String, Value>, FieldErrors) {
    let needed: Vec<String> = decisions
        .iter()
        .flat_map(|decision| inputs_of(compiled.definition(), decision).unwrap_or_default())
        .collect();
    let (mut questions, mut inputs) = (Vec::new(), Map::new());
    let mut errors = FieldErrors::new();
    for (index, input) in compiled.definition().inputs().into_iter().enumerate() {
        let mut value = Value::Null;
        if needed.contains(&input.name) {
            let field = format!("in_{index}");
            let text = sent.and_then(|sent| sent.get(&field));
            let text = text.map_or("", |text| text.trim());
            let text: String = text.chars().take(ANSWER_CHARACTERS_MAX).collect();
            match read(&text, input.kind) {
                Some(read) => value = read,
                None => errors.add(&field, caller.page.t("请填数字，例如 65。")),
            }
            questions.push(question(compiled, &input, field, text));
        }
        inputs.insert(input.name, value);
    }
    (questions, inputs, errors)
}

/// What was typed as the input wants it; `None` for what is no number where one is asked.
fn read(text: &str, kind: InputKind) -> Option<Value> {
    if text.is_empty() {
        return Some(Value::Null);
    }
    match kind {
        InputKind::Number => text.parse().map(Value::Number).ok(),
        InputKind::YesNo => read_value(text).ok(),
        InputKind::Text | InputKind::Date | InputKind::Other => Some(text.into()),
    }
}

/// The answers that an input's list offers; none where anything may be written.
fn offered(compiled: &CompiledRules, input: &InputView) -> Vec<String> {
    let mut sources = compiled.sources().iter();
    match sources.find(|(name, _)| *name == input.name) {
        Some((_, InputSource::Answer { labels, .. })) if !labels.is_empty() => {
            labels.iter().map(|(_, label)| label.clone()).collect()
        }
        Some((_, InputSource::Fact(Fact::Sex))) => vec!["男".to_owned(), "女".to_owned()],
        Some((_, InputSource::Fact(Fact::ApplicantKind))) => {
            vec!["个人".to_owned(), "单位".to_owned()]
        }
        _ if input.kind == InputKind::YesNo => vec!["是".to_owned(), "否".to_owned()],
        _ => input.choices.clone(),
    }
}

fn question(compiled: &CompiledRules, input: &InputView, field: String, value: String) -> Asked {
    let mut sources = compiled.sources().iter();
    let source = sources.find(|(name, _)| *name == input.name);
    Asked {
        hint: match source {
            Some((_, InputSource::Fact(Fact::Age))) => "周岁",
            _ => "",
        },
        kind: match input.kind {
            InputKind::Date => "date",
            _ => "text",
        },
        field,
        name: input.name.clone(),
        value,
        choices: offered(compiled, input)
            .into_iter()
            .map(|word| Choice::new(word.clone(), word))
            .collect(),
    }
}
