//! Findings that people enter: a supervisor after an inspection or a complaint, somebody about an own mistake.

use wuchuang_cases::store::HistoryRow;
use wuchuang_kernel::{
    Actor, CaseId, FindingId, ItemId, OrganisationId, PersonId, Personal, Region,
};
use wuchuang_ledger::{Expected, Order, Receipt};
use wuchuang_webkit::{Caller, Failure, Resource};

use super::{TypedLeniency, day, writer};
use crate::{
    model::finding::{FindingCommand, FindingRule, FindingStream, Opening},
    service::Oversight,
};

/// A finding as it is typed, by hand or about oneself.
pub(crate) struct TypedFinding<'a> {
    /// `inspection` or `complaint`; of no meaning for a report about oneself.
    pub(crate) rule: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) organisation: &'a str,
    /// The account name of whom it concerns.
    pub(crate) account: &'a str,
    pub(crate) case_number: &'a str,
    pub(crate) happened_on: &'a str,
    pub(crate) facts: &'a str,
    pub(crate) leniency: TypedLeniency<'a>,
}

/// A case by its number, with the name of its item.
struct Concerned {
    case: CaseId,
    number: String,
    item: Option<ItemId>,
    item_name: String,
}

async fn concerned(
    oversight: &Oversight,
    region: Region,
    number: &str,
) -> Result<Option<Concerned>, Failure> {
    let number: String = number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_uppercase();
    if number.is_empty() {
        return Ok(None);
    }
    let row = oversight.cases.row_by_number(region, &number).await?;
    let unknown =
        || Failure::invalid("没有这个编号的办件，请核对办件编号，或者留空。").at("case_number");
    let row = row.ok_or_else(unknown)?;
    Ok(Some(Concerned {
        case: row.id.parse().map_err(|_| unknown())?,
        item: row.item.parse().ok(),
        number: row.number,
        item_name: row.item_name,
    }))
}

fn kind_of(text: &str) -> Result<u8, Failure> {
    text.parse()
        .map_err(|_| Failure::invalid("请选择问题种类。").at("kind"))
}

/// What is typed of a finding, with whom it is about.
async fn opening(
    oversight: &Oversight,
    caller: &Caller,
    (typed, key): (&TypedFinding<'_>, Option<&str>),
    (rule, organisation, person): (FindingRule, (OrganisationId, String), Option<PersonId>),
) -> Result<Opening, Failure> {
    let case = concerned(oversight, caller.region, typed.case_number).await?;
    let kind = kind_of(typed.kind)?;
    let kinds = oversight.kinds(caller.region).await?;
    // A kind that was left out since does not refuse what was entered before.
    let (id, _) = named(caller, key);
    let before = oversight.state::<FindingStream>(caller.region, id).await?;
    let is_new = before.is_none_or(|state| state.0.is_none());
    if is_new && !kinds.is_used(kind) {
        return Err(Failure::invalid("请选择问题种类。").at("kind"));
    }
    let sealed_for = match person {
        Some(person) => person,
        None => writer(caller)?,
    };
    Ok(Opening {
        rule,
        kind,
        kind_name: kinds.name(kind).to_owned(),
        organisation: organisation.0,
        organisation_name: organisation.1,
        person,
        item: case.as_ref().and_then(|case| case.item),
        item_name: case
            .as_ref()
            .map_or_else(String::new, |case| case.item_name.clone()),
        case: case.as_ref().map(|case| case.case),
        case_number: case.map_or_else(String::new, |case| case.number),
        document: String::new(),
        happened_on: day(typed.happened_on, "happened_on")?,
        evidence: String::new(),
        applicant: None,
        facts: Some(Personal::new(sealed_for, typed.facts.trim().to_owned())),
        leniency: typed.leniency.read(sealed_for),
    })
}

/// The key of the command names the finding, so that a double click opens one.
fn named(caller: &Caller, key: Option<&str>) -> (FindingId, Order) {
    let order = caller.order(key, Expected::Any);
    (
        FindingId::from_u128(order.command_id.uuid().as_u128()),
        order,
    )
}

async fn open(
    oversight: &Oversight,
    caller: &Caller,
    opening: Opening,
    key: Option<&str>,
) -> Result<(FindingId, Receipt), Failure> {
    let (id, order) = named(caller, key);
    let command = FindingCommand::Open(Box::new(opening));
    let receipt = oversight.send::<FindingStream>(id, command, order).await?;
    Ok((id, receipt))
}

/// 登记线索, by a supervisor.
///
/// # Errors
/// 403, 422 naming the field, or as the rules say.
pub(crate) async fn enter(
    oversight: &Oversight,
    caller: &Caller,
    typed: &TypedFinding<'_>,
    key: Option<&str>,
) -> Result<(FindingId, Receipt), Failure> {
    caller.require("finding_enter", &Resource::default())?;
    let rule = FindingRule::BY_HAND
        .into_iter()
        .find(|rule| rule.code() == typed.rule)
        .ok_or_else(|| Failure::invalid("请选择来源：现场检查或者投诉举报。").at("rule"))?;
    let organisation: Option<OrganisationId> = typed.organisation.parse().ok();
    let organisation = match organisation {
        Some(id) => oversight.directory.organisation(caller.region, id).await?,
        None => None,
    };
    let organisation =
        organisation.ok_or_else(|| Failure::invalid("请选择责任单位。").at("organisation"))?;
    let person = match typed.account.trim() {
        "" => None,
        account => Some(member(oversight, caller.region, organisation.id, account).await?),
    };
    let whose = (organisation.id, organisation.name);
    let opening = opening(oversight, caller, (typed, key), (rule, whose, person)).await?;
    open(oversight, caller, opening, key).await
}

/// A member of staff by the account name, who holds a post in the organisation.
async fn member(
    oversight: &Oversight,
    region: Region,
    organisation: OrganisationId,
    account: &str,
) -> Result<PersonId, Failure> {
    let unknown =
        || Failure::invalid("责任单位没有这个账号的在岗人员，请核对账号，或者留空。").at("account");
    let found = oversight
        .directory
        .staff_by_account(region, account)
        .await?;
    let person = found.ok_or_else(unknown)?.person;
    let posts = oversight.directory.posts_of(region, person).await?;
    if posts.iter().any(|post| post.organisation == organisation) {
        Ok(person)
    } else {
        Err(unknown())
    }
}

/// 主动报告: a member of staff reports an own mistake on a case that they handled.
///
/// # Errors
/// 403, 422 naming the field, or as the rules say.
pub(crate) async fn report(
    oversight: &Oversight,
    caller: &Caller,
    typed: &TypedFinding<'_>,
    key: Option<&str>,
) -> Result<(FindingId, Receipt), Failure> {
    caller.require("finding_report", &Resource::default())?;
    let staff = caller
        .visitor
        .staff()
        .ok_or_else(|| Failure::forbidden("finding_report"))?;
    let whose = (staff.organisation, staff.organisation_name.clone());
    let person = staff.person;
    let told = (FindingRule::SelfReport, whose, Some(person));
    let opening = opening(oversight, caller, (typed, key), told).await?;
    let case = opening.case.ok_or_else(|| {
        Failure::invalid("请填写办件编号：主动报告的是自己经办的办件。").at("case_number")
    })?;
    let history = oversight.cases.history(caller.region, case).await?;
    if !history.iter().any(|line| is_by(line, person)) {
        return Err(
            Failure::invalid("这个办件不是您经办的。别人的问题请向监督岗位反映。")
                .at("case_number"),
        );
    }
    open(oversight, caller, opening, key).await
}

fn is_by(line: &HistoryRow, person: PersonId) -> bool {
    let actor: Option<Actor> = serde_json::from_str(&line.actor).ok();
    actor.is_some_and(|actor| actor.person == Some(person))
}
