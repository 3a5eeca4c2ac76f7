//! The rules of an item for programs: checked, kept in the working copy with their test cases and what they are used for, given
//! back to the letter, and tried with made-up inputs.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_decision::check_file;
use wuchuang_kernel::china_date;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{
        ItemCommand, ItemContent, ItemRules, RuleTest,
        rules::{CompiledRules, RulesProblem, read, run_tests, surroundings},
    },
    pages::rules::{checked, file},
    rooms::Rooms,
};

use super::write::{CommandAnswer, command};

/// How many problems one answer tells.
const PROBLEMS_TOLD_MAX: usize = 20;

/// Rules as they are sent. What is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesInput {
    /// The DMN file as text, at most 256 KB; empty: the item has no rules any more, nor test cases or uses.
    #[schema(
        example = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">…</definitions>"
    )]
    xml: Option<String>,
    /// The test cases that are run before publication.
    tests: Option<Vec<RuleTestInput>>,
    /// The decision that approves without a person (秒批); empty: none.
    #[schema(example = "审批")]
    approval: Option<String>,
    /// Which share of automatic approvals a person looks at afterwards, in a thousandth.
    #[schema(example = 50)]
    sample_per_mille: Option<u16>,
    /// The decision by which anyone sees on the guide whether they may apply; empty: none.
    eligibility: Option<String>,
    /// The decision that says which materials are needed; empty: all.
    situation: Option<String>,
    /// The decision that says whether materials may follow; empty: whoever accepts decides.
    tolerance: Option<String>,
    /// The decision that says what an application costs; empty: as the item lists.
    fee: Option<String>,
    /// The decision that says when a case turns yellow; empty: as for every item.
    warning: Option<String>,
    /// The item's place in its stream as the sender saw it; absent for any.
    expected_version: Option<i64>,
}

/// A test case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTestInput {
    /// What it shows.
    #[schema(example = "六十五周岁当天")]
    name: String,
    /// The decision that is asked.
    #[schema(example = "审批")]
    decision: String,
    /// The inputs by name; `今天` sets the day.
    #[schema(value_type = Object)]
    inputs: Map<String, Value>,
    /// What must come out; of several members only those that stand here are compared.
    #[schema(value_type = Object)]
    expected: Value,
}

/// Changes the rules in the item's working copy. A file with problems is refused whole.
#[utoipa::path(post, path = "/api/v1/items/{item}/rules", tag = "items", request_body = RulesInput,
    params(("item" = String, Path, description = "The item."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 200, body = CommandAnswer), (status = 401), (status = 403), (status = 404),
        (status = 409, description = "Somebody else was faster."),
        (status = 422, description = "The file does not read; the detail names the first twenty problems with element and line.")))]
pub(super) async fn item_rules_write(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<RulesInput>,
) -> Result<Json<CommandAnswer>, Failure> {
    let (_, version, state) = rooms.item(&item).await?;
    let present = state.current().cloned().ok_or_else(Failure::not_found)?;
    let expected = Expected::Version(input.expected_version.unwrap_or(version));
    let rules = changed(present.rules.clone(), input)?;
    let draft = ItemCommand::Draft {
        content: Box::new(ItemContent { rules, ..present }),
    };
    command(&rooms, &caller, &item, draft, expected).await
}

fn changed(present: ItemRules, input: RulesInput) -> Result<ItemRules, Failure> {
    let model = match input.xml {
        None => present.model,
        Some(xml) if xml.is_empty() => return Ok(ItemRules::default()),
        Some(xml) => checked(xml.as_bytes()).map_err(|problems| refused(&problems))?,
    };
    let tests = input.tests.map(|tests| {
        let tests = tests.into_iter().map(|test| RuleTest {
            name: test.name,
            decision: test.decision,
            inputs: test.inputs,
            expected: test.expected,
        });
        tests.collect()
    });
    Ok(ItemRules {
        model,
        tests: tests.unwrap_or(present.tests),
        approval: input.approval.unwrap_or(present.approval),
        sample_per_mille: input.sample_per_mille.unwrap_or(present.sample_per_mille),
        eligibility: input.eligibility.unwrap_or(present.eligibility),
        situation: input.situation.unwrap_or(present.situation),
        tolerance: input.tolerance.unwrap_or(present.tolerance),
        fee: input.fee.unwrap_or(present.fee),
        warning: input.warning.unwrap_or(present.warning),
    })
}

fn refused(problems: &[String]) -> Failure {
    let told: Vec<&str> = problems
        .iter()
        .take(PROBLEMS_TOLD_MAX)
        .map(String::as_str)
        .collect();
    Failure::invalid(format!(
        "规则文件有 {} 处问题，没有保存。{}",
        problems.len(),
        told.join(" ")
    ))
    .at("xml")
}

/// The rules of an item's working copy, or of what was published last: the DMN file to the letter.
#[utoipa::path(get, path = "/api/v1/items/{item}/rules", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, description = "The DMN file.", body = String, content_type = "application/xml"),
        (status = 401), (status = 403), (status = 404, description = "No such item, or it has no rules.")))]
pub(super) async fn item_rules_read(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    file(state.current().ok_or_else(Failure::not_found)?)
}

/// What is to be answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesTryInput {
    /// The decision, by name or id.
    #[schema(example = "审批")]
    decision: String,
    /// The inputs by name.
    #[schema(value_type = Object)]
    inputs: Map<String, Value>,
}

/// Answers a decision of the item's working copy with made-up inputs: the result, the rows that fired and why, in Chinese.
/// Nothing is kept.
#[utoipa::path(post, path = "/api/v1/items/{item}/rules/try", tag = "items", request_body = RulesTryInput,
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "The decision cannot be answered from these inputs; the detail says why.")))]
pub(super) async fn item_rules_try(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<RulesTryInput>,
) -> Result<Json<Value>, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let Ok(Some(compiled)) = CompiledRules::of(content) else {
        return Err(Failure::not_found());
    };
    let calendar = rooms.catalogue.ledger().calendar();
    let around = surroundings(china_date(caller.now), &calendar);
    let answer = compiled
        .answer(&input.decision, input.inputs, &around)
        .map_err(|error| Failure::invalid(format!("{error}。")).at("inputs"))?;
    serde_json::to_value(&answer)
        .map(Json)
        .map_err(Failure::internal)
}

/// What came of one test case.
#[derive(Debug, Serialize, ToSchema)]
struct RuleTestAnswer {
    /// Its name.
    name: String,
    /// Whether what came out is what must come out.
    is_right: bool,
    /// What came out; null where nothing did.
    #[schema(value_type = Object)]
    found: Value,
    /// Why nothing came out, in Chinese.
    error: Option<String>,
}

/// Runs the test cases of the item's working copy, as publication does.
#[utoipa::path(get, path = "/api/v1/items/{item}/rules/tests", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = Vec<Object>), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn item_rules_tests(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<Value>, Failure> {
    let (_, _, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let definition = read(&content.rules.model).map_err(|_| Failure::not_found())?;
    let calendar = rooms.catalogue.ledger().calendar();
    let around = surroundings(china_date(caller.now), &calendar);
    let outcomes = run_tests(&content.rules, &definition, &around);
    let answers: Vec<RuleTestAnswer> = content
        .rules
        .tests
        .iter()
        .zip(outcomes)
        .map(|(test, outcome)| {
            let (found, error) = match outcome.found {
                Ok(found) => (found, None),
                Err(error) => (Value::Null, Some(error)),
            };
            RuleTestAnswer {
                name: test.name.clone(),
                is_right: outcome.is_right,
                found,
                error,
            }
        })
        .collect();
    serde_json::to_value(answers)
        .map(Json)
        .map_err(Failure::internal)
}

/// A file to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesCheckInput {
    /// The DMN file as text.
    xml: String,
}

/// Checks a file without keeping it: whether it can be used, its decisions, what its tables forget and where they overlap, and
/// every problem with element and line.
#[utoipa::path(post, path = "/api/v1/rules/check", tag = "items", request_body = RulesCheckInput,
    responses((status = 200, body = Object), (status = 401), (status = 403)))]
pub(super) async fn rules_check(
    Body(input): Body<RulesCheckInput>,
) -> Result<Json<Value>, Failure> {
    // Longer files are refused before they are read.
    if let Err(problems) = read(&input.xml)
        && let [only] = problems.as_slice()
        && only.code == "rules_too_large"
    {
        return Err(Failure::invalid(RulesProblem::public(only)).at("xml"));
    }
    let report = check_file(input.xml.as_bytes());
    serde_json::to_value(&report)
        .map(Json)
        .map_err(Failure::internal)
}
