//! What staff do with findings, for pages and programs alike; `many`: several at once; `kinds`: the table of violations; `entering`: how they come in by hand; `entries`: what is done
//! with items and departments in the hall. Each rule
//! about who may stands here once.

pub(crate) mod entering;
pub(crate) mod entries;
pub(crate) mod kinds;
pub(crate) mod many;

use jiff::civil::Date;
use wuchuang_kernel::{FindingId, PersonId, Personal, RoundId, china_date};
use wuchuang_ledger::{Expected, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    model::{
        finding::{
            ANSWER_DAYS, Finding, FindingCommand, FindingDecision, FindingMeasure, FindingStream,
            FindingVerdict, Leniency, LeniencyCondition,
        },
        round::{Comparison, RoundCommand, RoundStream},
    },
    service::Oversight,
};

/// The finding in an address.
pub(crate) fn id_of(text: &str) -> Result<FindingId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A finding as the gate sees it.
pub(crate) fn resource(id: FindingId, finding: &Finding) -> Resource {
    Resource {
        kind: "finding",
        id: id.to_string(),
        organisation: Some(finding.opening.organisation),
        owner: finding.opening.person,
    }
}

/// A day that was typed.
pub(crate) fn day(text: &str, field: &'static str) -> Result<Date, Failure> {
    text.trim()
        .parse()
        .map_err(|_| Failure::invalid("日期请写成 2026-12-01 的样子。").at(field))
}

fn day_or_none(text: &str, field: &'static str) -> Result<Option<Date>, Failure> {
    match text.trim() {
        "" => Ok(None),
        text => day(text, field).map(Some),
    }
}

/// Who writes: every deed here is done by somebody.
fn writer(caller: &Caller) -> Result<PersonId, Failure> {
    caller.visitor.person().ok_or_else(Failure::sign_in)
}

/// A finding that the caller may do something with.
///
/// # Errors
/// 404, 403, or whatever storage reports.
pub(crate) async fn allowed(
    oversight: &Oversight,
    caller: &Caller,
    (id, action): (FindingId, &'static str),
) -> Result<Box<Finding>, Failure> {
    let finding = oversight.finding(caller.region, id).await?;
    caller.require(action, &resource(id, &finding))?;
    Ok(finding)
}

async fn send(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    command: FindingCommand,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let order = caller.order(key, Expected::Existing);
    oversight.send::<FindingStream>(id, command, order).await
}

/// 交办.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules say.
pub(crate) async fn notify(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    days: &str,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    allowed(oversight, caller, (id, "finding_decide")).await?;
    let days = days_of(days)?;
    send(oversight, caller, id, FindingCommand::Notify { days }, key).await
}

/// Within how many working days, as it is typed.
fn days_of(days: &str) -> Result<u16, Failure> {
    match days.trim() {
        "" => Ok(ANSWER_DAYS),
        days => days
            .parse()
            .map_err(|_| Failure::invalid("说明期限请填写数字，单位是工作日。").at("days")),
    }
}

/// 容错 as it is typed.
pub(crate) struct TypedLeniency<'a> {
    pub(crate) is_asked: bool,
    pub(crate) conditions: &'a [String],
    pub(crate) reason: &'a str,
}

impl TypedLeniency<'_> {
    fn read(&self, person: PersonId) -> Option<Leniency> {
        self.is_asked.then(|| Leniency {
            conditions: LeniencyCondition::ALL
                .iter()
                .copied()
                .filter(|one| self.conditions.iter().any(|code| code == one.code()))
                .collect(),
            reason: Personal::new(person, self.reason.trim().to_owned()),
        })
    }
}

/// 说明, with or without 容错.
///
/// # Errors
/// 404, 403, or as the rules say.
pub(crate) async fn answer(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    (text, leniency): (&str, &TypedLeniency<'_>),
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let finding = allowed(oversight, caller, (id, "finding_answer")).await?;
    let person = finding.sealed_for(writer(caller)?);
    let command = FindingCommand::Answer {
        text: Personal::new(person, text.trim().to_owned()),
        leniency: leniency.read(person),
    };
    send(oversight, caller, id, command, key).await
}

/// A decision as it is typed.
pub(crate) struct TypedDecision<'a> {
    pub(crate) verdict: &'a str,
    pub(crate) measure: &'a str,
    pub(crate) rectify_by: &'a str,
    pub(crate) reason: &'a str,
}

/// 认定.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules say.
pub(crate) async fn decide(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    typed: &TypedDecision<'_>,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let finding = allowed(oversight, caller, (id, "finding_decide")).await?;
    let decision = decision_of(typed, finding.sealed_for(writer(caller)?))?;
    send(oversight, caller, id, FindingCommand::Decide(decision), key).await
}

/// A decision as it is typed, its reason sealed for a person.
fn decision_of(typed: &TypedDecision<'_>, person: PersonId) -> Result<FindingDecision, Failure> {
    let verdict = FindingVerdict::from_code(typed.verdict)
        .ok_or_else(|| Failure::invalid("请选择认定结论。").at("verdict"))?;
    let measure = match typed.measure {
        "" => None,
        code => Some(
            FindingMeasure::from_code(code)
                .ok_or_else(|| Failure::invalid("请选择处理方式。").at("measure"))?,
        ),
    };
    Ok(FindingDecision {
        verdict,
        measure,
        rectify_by: day_or_none(typed.rectify_by, "rectify_by")?,
        reason: Personal::new(person, typed.reason.trim().to_owned()),
    })
}

/// 报告整改.
///
/// # Errors
/// 404, 403, or as the rules say.
pub(crate) async fn rectify(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    report: &str,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let finding = allowed(oversight, caller, (id, "finding_answer")).await?;
    let person = finding.sealed_for(writer(caller)?);
    let command = FindingCommand::Rectify {
        report: Personal::new(person, report.trim().to_owned()),
    };
    send(oversight, caller, id, command, key).await
}

/// 确认整改.
///
/// # Errors
/// 404, 403, or as the rules say.
pub(crate) async fn confirm(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    allowed(oversight, caller, (id, "finding_decide")).await?;
    send(oversight, caller, id, FindingCommand::Confirm, key).await
}

/// 退回整改.
///
/// # Errors
/// 404, 403, 422 naming the field, or as the rules say.
pub(crate) async fn send_back(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    (reason, until): (&str, &str),
    key: Option<&str>,
) -> Result<Receipt, Failure> {
    let finding = allowed(oversight, caller, (id, "finding_decide")).await?;
    let person = finding.sealed_for(writer(caller)?);
    let command = FindingCommand::SendBack {
        reason: Personal::new(person, reason.trim().to_owned()),
        until: day(until, "back_until")?,
    };
    send(oversight, caller, id, command, key).await
}

/// 现在核对.
///
/// # Errors
/// 403, or whatever the ledger reports.
pub(crate) async fn look(
    oversight: &Oversight,
    caller: &Caller,
    key: Option<&str>,
) -> Result<(RoundId, Receipt), Failure> {
    caller.require("finding_enter", &Resource::default())?;
    round(oversight, caller, RoundCommand::Start, key).await
}

/// A register that was compared goes to the ledger; its findings follow.
///
/// # Errors
/// As the rules say.
pub(crate) async fn compared(
    oversight: &Oversight,
    caller: &Caller,
    comparison: Comparison,
    key: Option<&str>,
) -> Result<(RoundId, Receipt), Failure> {
    caller.require("finding_enter", &Resource::default())?;
    round(oversight, caller, RoundCommand::Compare(comparison), key).await
}

async fn round(
    oversight: &Oversight,
    caller: &Caller,
    command: RoundCommand,
    key: Option<&str>,
) -> Result<(RoundId, Receipt), Failure> {
    let order = caller.order(key, Expected::Any);
    let id = RoundId::from_u128(order.command_id.uuid().as_u128());
    let receipt = oversight.send::<RoundStream>(id, command, order).await?;
    Ok((id, receipt))
}

/// Today, for forms.
pub(crate) fn today(caller: &Caller) -> String {
    china_date(caller.now).to_string()
}
