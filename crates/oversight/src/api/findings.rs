//! Findings as lists, as one, as figures.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    deeds::{allowed, id_of},
    model::finding::{
        Finding, FindingMeasure, FindingRule, FindingStage, FindingVerdict, LeniencyCondition,
    },
    pages::{Asked, Count, evidence, figures, filter_of},
    service::Oversight,
    store::findings::{FindingRow, Place, findings, light},
};

/// How many items one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

pub(super) fn routes() -> Routes<Oversight> {
    let read = Rule::Act("finding_read");
    Routes::new()
        .api(read, routes!(finding_list))
        .api(read, routes!(finding_figures))
        .api(read, routes!(finding_show))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FindingQuery {
    /// `open` (usual), `overdue` or `closed`.
    #[serde(default)]
    view: String,
    /// `own`: those about oneself. Otherwise supervision sees those of all, whoever decides those of the own organisation.
    #[serde(default)]
    side: String,
    /// Only those of a rule.
    #[serde(default)]
    rule: String,
    /// Only those of an organisation; for supervision.
    #[serde(default)]
    organisation: String,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// A finding in a list.
#[derive(Debug, Serialize, ToSchema)]
struct FindingItem {
    /// The finding.
    id: String,
    /// By which rule, or how else it was found.
    rule: FindingRule,
    /// Its kind in the table of violations.
    #[schema(example = 1)]
    kind: i64,
    /// The organisation that answers.
    organisation_name: String,
    /// The item; may be empty.
    item_name: String,
    /// The case; may be empty.
    case_number: String,
    /// The department's own document; may be empty.
    document: String,
    /// When it happened.
    #[schema(example = "2026-11-20")]
    happened_on: String,
    /// Where it stands.
    stage: FindingStage,
    /// What was decided; absent before.
    verdict: Option<FindingVerdict>,
    /// Until when the next thing is due.
    #[schema(example = "2026-11-27")]
    due_on: String,
    /// The light: `normal`, `due-soon`, `overdue`, `finished`.
    light: String,
}

fn item(row: FindingRow, today: Date) -> FindingItem {
    FindingItem {
        rule: row.rule(),
        stage: row.stage(),
        verdict: row.verdict(),
        light: row.light(today).name().to_owned(),
        id: row.id,
        kind: row.kind,
        organisation_name: row.organisation_name,
        item_name: row.item_name,
        case_number: row.case_number,
        document: row.document,
        happened_on: row.happened_on,
        due_on: row.due_on,
    }
}

/// One page of findings.
#[derive(Debug, Serialize, ToSchema)]
struct FindingList {
    /// The findings: open ones by when they are due, overdue ones first.
    items: Vec<FindingItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// 监察线索: those that the caller may see.
#[utoipa::path(get, path = "/api/v1/oversight/findings", tag = "oversight", params(FindingQuery),
    responses((status = 200, body = FindingList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
async fn finding_list(
    State(oversight): State<Oversight>,
    caller: Caller,
    Query(query): Query<FindingQuery>,
) -> Result<Json<FindingList>, Failure> {
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let asked = Asked {
        view: query.view,
        side: query.side,
        rule: query.rule,
        organisation: query.organisation,
        cursor: query.cursor,
    };
    let filter = filter_of(&caller, &asked)?;
    let database = oversight.ledger().database();
    let mut rows = findings(database, caller.region, &filter, i64::from(shown) + 1).await?;
    let has_more = rows.len() > shown as usize;
    rows.truncate(shown as usize);
    let today = china_date(caller.now);
    Ok(Json(FindingList {
        next_cursor: Place::behind(&rows).filter(|_| has_more),
        items: rows.into_iter().map(|row| item(row, today)).collect(),
    }))
}

/// One thing that happened to a finding.
#[derive(Debug, Serialize, ToSchema)]
struct FindingHappened {
    /// What, in words.
    #[schema(example = "认定：属实，提醒")]
    what: String,
    /// When (RFC 3339).
    at: String,
    /// What was written with it; empty without it.
    text: String,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
struct FindingDetail {
    /// The finding.
    id: String,
    /// By which rule, or how else it was found.
    rule: FindingRule,
    /// Its kind in the table of violations, 1 to 32.
    kind: u8,
    /// The organisation that answers.
    organisation: String,
    /// Its name.
    organisation_name: String,
    /// The member of staff concerned; absent when none is known.
    person: Option<String>,
    /// The case; absent without one.
    case: Option<String>,
    /// Its number; empty without one.
    case_number: String,
    /// The item's name; empty without one.
    item_name: String,
    /// The department's own document; empty without one.
    document: String,
    /// When it happened.
    happened_on: String,
    /// What was found, in words.
    evidence: String,
    /// Where it stands.
    stage: FindingStage,
    /// Until when the next thing is due.
    due_on: String,
    /// The light on the day.
    light: String,
    /// The conditions of 容错 that are said to be met; empty when it was not applied for.
    leniency: Vec<LeniencyCondition>,
    /// What was decided; absent before.
    verdict: Option<FindingVerdict>,
    /// How it is handled.
    measure: Option<FindingMeasure>,
    /// What happened, the first first.
    happened: Vec<FindingHappened>,
}

fn detail(id: &str, finding: &Finding, caller: &Caller) -> FindingDetail {
    let opening = &finding.opening;
    let decision = finding.decision.as_ref();
    FindingDetail {
        id: id.to_owned(),
        rule: opening.rule,
        kind: opening.kind,
        organisation: opening.organisation.to_string(),
        organisation_name: opening.organisation_name.clone(),
        person: opening.person.map(|person| person.to_string()),
        case: opening.case.map(|case| case.to_string()),
        case_number: opening.case_number.clone(),
        item_name: opening.item_name.clone(),
        document: opening.document.clone(),
        happened_on: opening.happened_on.to_string(),
        evidence: evidence(finding),
        stage: finding.stage,
        due_on: finding.due.due_on.to_string(),
        light: light(finding.stage, finding.due, china_date(caller.now))
            .name()
            .to_owned(),
        leniency: finding
            .leniency
            .as_ref()
            .map_or_else(Vec::new, |one| one.conditions.clone()),
        verdict: decision.map(|one| one.verdict),
        measure: decision.and_then(|one| one.measure),
        happened: finding
            .happened
            .iter()
            .map(|one| FindingHappened {
                what: one.what.clone(),
                at: one.at.to_string(),
                text: one
                    .text
                    .as_ref()
                    .map(|text| text.text().to_owned())
                    .unwrap_or_default(),
            })
            .collect(),
    }
}

/// One finding with what happened.
#[utoipa::path(get, path = "/api/v1/oversight/findings/{finding}", tag = "oversight",
    params(("finding" = String, Path, description = "The finding.")),
    responses((status = 200, body = FindingDetail), (status = 401), (status = 403), (status = 404)))]
async fn finding_show(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
) -> Result<Json<FindingDetail>, Failure> {
    let id = id_of(&finding)?;
    let found = allowed(&oversight, &caller, (id, "finding_read")).await?;
    Ok(Json(detail(&finding, &found, &caller)))
}

/// How many findings there are of something.
#[derive(Debug, Serialize, ToSchema)]
struct FindingCount {
    /// Found.
    found: i64,
    /// Not closed.
    open: i64,
    /// Closed.
    closed: i64,
    /// 属实.
    founded: i64,
    /// 不属实.
    unfounded: i64,
    /// 容错免责.
    exempted: i64,
    /// 容错减责.
    mitigated: i64,
}

impl From<Count> for FindingCount {
    fn from(count: Count) -> Self {
        Self {
            found: count.found,
            open: count.open,
            closed: count.closed(),
            founded: count.founded,
            unfounded: count.unfounded,
            exempted: count.exempted,
            mitigated: count.mitigated,
        }
    }
}

/// The count of a rule.
#[derive(Debug, Serialize, ToSchema)]
struct FindingsByRule {
    /// The rule.
    rule: FindingRule,
    /// How many.
    count: FindingCount,
}

/// The count of an organisation.
#[derive(Debug, Serialize, ToSchema)]
struct FindingsByOrganisation {
    /// The organisation.
    organisation: String,
    /// Its name.
    organisation_name: String,
    /// How many.
    count: FindingCount,
}

/// The figures.
#[derive(Debug, Serialize, ToSchema)]
struct FindingFigures {
    /// Of all.
    all: FindingCount,
    /// By rule.
    rules: Vec<FindingsByRule>,
    /// By organisation, those with most open ones first.
    organisations: Vec<FindingsByOrganisation>,
}

/// 监察统计: of all organisations for supervision, of the own one for whoever decides there.
#[utoipa::path(get, path = "/api/v1/oversight/figures", tag = "oversight",
    responses((status = 200, body = FindingFigures), (status = 401), (status = 403)))]
async fn finding_figures(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Json<FindingFigures>, Failure> {
    let figures = figures(&oversight, &caller).await?;
    let rules = figures.rules.into_iter();
    let organisations = figures.organisations.into_iter();
    Ok(Json(FindingFigures {
        all: figures.all.into(),
        rules: rules
            .map(|(rule, count)| FindingsByRule {
                rule,
                count: count.into(),
            })
            .collect(),
        organisations: organisations
            .map(
                |(organisation, organisation_name, count)| FindingsByOrganisation {
                    organisation,
                    organisation_name,
                    count: count.into(),
                },
            )
            .collect(),
    }))
}
