//! Puts a question to the item's rules about one case: what the house knows of it goes in, and what is kept comes out.

use jiff::civil::Date;
use serde_json::{Map, Value};
use wuchuang_calendar::Calendar;
use wuchuang_catalogue::model::rules::{
    CompiledRules, Evaluation, EvaluationError, Fact, surroundings, verdict,
};
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::{Channel, PersonId, Personal};

use super::{RuleEvaluation, RuleRecord, RuleRow};
use crate::model::{ApplicantKind, Case, completeness::check_complete};

/// What a decision of the rules says of a case, as of a day.
pub struct Asked {
    /// What is kept of it.
    pub evaluation: RuleEvaluation,
    /// Whether it says yes.
    pub is_yes: bool,
}

/// Asks a decision about a case; `more` are values besides what the case knows.
pub fn ask(
    case: &Case,
    rules: &CompiledRules,
    decision: &str,
    more: &Map<String, Value>,
    (today, calendar): (Date, &Calendar),
) -> (Asked, Result<Value, String>) {
    let none = Map::new();
    let answers = case.answers.get().and_then(Value::as_object);
    let known = Known::of(case);
    let fact = |fact: Fact| known.fact(fact, today);
    let inputs = rules.inputs(&fact, answers.unwrap_or(&none), more);
    let answered = rules.answer(decision, inputs.clone(), &surroundings(today, calendar));
    recorded(case.applicant.person, (rules, decision), inputs, answered)
}

/// What is kept of an answer: the rows that decided, and what was given, what came out and why, sealed with the person's key.
pub fn recorded(
    person: PersonId,
    (rules, decision): (&CompiledRules, &str),
    inputs: Map<String, Value>,
    answered: Result<Evaluation, Box<EvaluationError>>,
) -> (Asked, Result<Value, String>) {
    let (rows, record, is_yes, outcome) = match answered {
        Ok(answer) => {
            let said = verdict(&answer);
            let rows = answer.steps.iter().flat_map(|step| {
                let rows = step.rows.iter().filter(|row| row.chosen);
                rows.map(|row| RuleRow {
                    decision: step.decision.clone(),
                    number: row.number,
                })
            });
            let record = RuleRecord {
                inputs: Value::Object(answer.inputs.clone()),
                result: answer.result.clone(),
                reason: said.reason,
                explanation: answer.explanation.clone(),
            };
            (rows.collect(), record, said.is_yes, Ok(answer.result))
        }
        Err(error) => {
            let reason = format!("规则没有算出结果：{error}。");
            let record = RuleRecord {
                inputs: Value::Object(inputs),
                result: Value::Null,
                reason: reason.clone(),
                explanation: String::new(),
            };
            (Vec::new(), record, false, Err(reason))
        }
    };
    let evaluation = RuleEvaluation {
        decision: decision.to_owned(),
        sha256: rules.sha256.clone(),
        rows,
        record: Personal::new(person, record),
    };
    (Asked { evaluation, is_yes }, outcome)
}

/// Whether the rules grant a case as it stands, and what they say. What is granted by the rules and lacks a required material
/// goes to a person all the same.
pub fn asked_to_approve(
    case: &Case,
    rules: &CompiledRules,
    decision: &str,
    around: (Date, &Calendar),
) -> Asked {
    let (mut asked, _) = ask(case, rules, decision, &Map::new(), around);
    if asked.is_yes
        && let Err(refusal) = check_complete(case, None)
    {
        asked.is_yes = false;
        let person = case.applicant.person;
        if let Some(record) = asked.evaluation.record.get().cloned() {
            let reason = refusal.public.to_string();
            asked.evaluation.record = Personal::new(person, RuleRecord { reason, ..record });
        }
    }
    asked
}

/// What the house knows of a case, or of an application, without asking.
pub struct Known<'a> {
    /// Who applies.
    pub kind: ApplicantKind,
    /// Citizen number or credit code.
    pub number: &'a str,
    /// Whether somebody acts for them.
    pub has_agent: bool,
    /// Through which window; `None` before it was received.
    pub channel: Option<Channel>,
    /// The names of what was handed in.
    pub given: Vec<&'a str>,
    /// The names of what is required and missing.
    pub missing: Vec<&'a str>,
}

impl<'a> Known<'a> {
    /// What is known of a case.
    pub fn of(case: &'a Case) -> Self {
        let given = case.materials.iter().map(|material| {
            let wanted = material.requirement.as_deref();
            let wanted = wanted.and_then(|id| case.terms.material(id));
            wanted.map_or(material.name.as_str(), |wanted| wanted.name.as_str())
        });
        let missing = case.missing().into_iter();
        Self {
            kind: case.applicant.kind,
            number: case.applicant.number.text(),
            has_agent: case.agent.is_some(),
            channel: Some(case.channel),
            given: given.collect(),
            missing: missing.map(|material| material.name.as_str()).collect(),
        }
    }

    /// One fact, as of a day; null where there is none.
    pub fn fact(&self, fact: Fact, today: Date) -> Value {
        let number = match self.kind {
            ApplicantKind::Person => CitizenNumber::parse(self.number).ok(),
            ApplicantKind::Organisation => None,
        };
        match fact {
            Fact::Age => number
                .and_then(|number| number.age_years(today))
                .map_or(Value::Null, Value::from),
            Fact::Sex => number.map_or(Value::Null, |number| number.sex().name().into()),
            Fact::Birthday => {
                number.map_or(Value::Null, |number| number.birthday().to_string().into())
            }
            Fact::NumberRegion => {
                number.map_or(Value::Null, |number| number.region_digits().into())
            }
            Fact::ApplicantKind => match self.kind {
                ApplicantKind::Person => "个人",
                ApplicantKind::Organisation => "单位",
            }
            .into(),
            Fact::HasAgent => self.has_agent.into(),
            Fact::Channel => self.channel.map_or(Value::Null, |it| it.name().into()),
            Fact::Given => self.given.clone().into(),
            Fact::Missing => self.missing.clone().into(),
            Fact::IsComplete => self.missing.is_empty().into(),
        }
    }
}
