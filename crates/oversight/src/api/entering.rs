//! Findings entered by hand, about oneself, by a round of the rules, by a department's own register.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use super::acts::{FindingLeniencyInput, ReadLeniency};
use crate::{
    deeds::{
        self,
        entering::{TypedFinding, enter, report},
    },
    model::{finding::FindingRule, round::LINES_MAX},
    register::{self, Row},
    service::Oversight,
};

pub(super) fn routes() -> Routes<Oversight> {
    let enter = Rule::Act("finding_enter");
    Routes::new()
        .api(enter, routes!(finding_enter))
        .api(Rule::Act("finding_report"), routes!(finding_report))
        .api(enter, routes!(oversight_look))
        .api(enter, routes!(oversight_register))
}

/// Something that was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingInput {
    /// `inspection` or `complaint`.
    rule: FindingRule,
    /// Its kind in the table of violations.
    #[schema(minimum = 1, maximum = 32)]
    kind: u8,
    /// The organisation that answers.
    organisation: String,
    /// The account name of whom it concerns.
    account: Option<String>,
    /// The number of the case that it concerns.
    case_number: Option<String>,
    /// When it happened.
    #[schema(example = "2026-11-20")]
    happened_on: String,
    /// The facts, at most 1,000 characters, without applicants' names and numbers.
    #[schema(max_length = 1000)]
    facts: String,
}

/// The finding that was opened.
#[derive(Debug, Serialize, ToSchema)]
struct FindingOpened {
    /// The finding.
    finding: String,
}

/// 登记线索: after an inspection or a complaint.
#[utoipa::path(post, path = "/api/v1/oversight/findings", tag = "oversight", request_body = FindingInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 201, body = FindingOpened), (status = 401), (status = 403), (status = 422, description = "Something is missing or unknown.")))]
async fn finding_enter(
    State(oversight): State<Oversight>,
    caller: Caller,
    Body(input): Body<FindingInput>,
) -> Result<(StatusCode, Json<FindingOpened>), Failure> {
    let kind = input.kind.to_string();
    let nothing = ReadLeniency::of(None);
    let typed = TypedFinding {
        rule: input.rule.code(),
        kind: &kind,
        organisation: &input.organisation,
        account: input.account.as_deref().unwrap_or_default(),
        case_number: input.case_number.as_deref().unwrap_or_default(),
        happened_on: &input.happened_on,
        facts: &input.facts,
        leniency: nothing.typed(),
    };
    let (id, _) = enter(&oversight, &caller, &typed, None).await?;
    let finding = id.to_string();
    Ok((StatusCode::CREATED, Json(FindingOpened { finding })))
}

/// An own mistake.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingReportInput {
    /// Its kind in the table of violations.
    #[schema(minimum = 1, maximum = 32)]
    kind: u8,
    /// The number of a case that one handled.
    case_number: String,
    /// When it happened.
    #[schema(example = "2026-11-20")]
    happened_on: String,
    /// The facts, at most 1,000 characters.
    #[schema(max_length = 1000)]
    facts: String,
    /// 容错; absent when it is not applied for.
    leniency: Option<FindingLeniencyInput>,
}

/// 主动报告: an own mistake on a case that one handled; it goes to the supervisor at once.
#[utoipa::path(post, path = "/api/v1/oversight/reports", tag = "oversight", request_body = FindingReportInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 201, body = FindingOpened), (status = 401), (status = 403), (status = 422, description = "Not an own case, or something is missing.")))]
async fn finding_report(
    State(oversight): State<Oversight>,
    caller: Caller,
    Body(input): Body<FindingReportInput>,
) -> Result<(StatusCode, Json<FindingOpened>), Failure> {
    let kind = input.kind.to_string();
    let leniency = ReadLeniency::of(input.leniency);
    let typed = TypedFinding {
        rule: "",
        kind: &kind,
        organisation: "",
        account: "",
        case_number: &input.case_number,
        happened_on: &input.happened_on,
        facts: &input.facts,
        leniency: leniency.typed(),
    };
    let (id, _) = report(&oversight, &caller, &typed, None).await?;
    let finding = id.to_string();
    Ok((StatusCode::CREATED, Json(FindingOpened { finding })))
}

/// A round that was started.
#[derive(Debug, Serialize, ToSchema)]
struct OversightRound {
    /// The round.
    round: String,
}

/// 现在核对: the rules are asked now and not only once a day.
#[utoipa::path(post, path = "/api/v1/oversight/rounds", tag = "oversight",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 202, body = OversightRound), (status = 401), (status = 403)))]
async fn oversight_look(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<(StatusCode, Json<OversightRound>), Failure> {
    let (id, _) = deeds::look(&oversight, &caller, None).await?;
    let round = id.to_string();
    Ok((StatusCode::ACCEPTED, Json(OversightRound { round })))
}

/// A line of a department's own register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OversightRegisterLine {
    /// The number of the document, at most 40 characters.
    #[schema(max_length = 40)]
    document: String,
    /// The item's code or name.
    item: String,
    /// When it was decided.
    #[schema(example = "2026-11-20")]
    on: String,
    /// The applicant's citizen number or credit code; compared, and kept as a keyed digest only.
    applicant: Option<String>,
}

/// A department's own register of decisions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OversightRegisterInput {
    /// The department.
    department: String,
    /// Its lines, 1 to 500.
    #[schema(max_items = 500)]
    lines: Vec<OversightRegisterLine>,
}

/// A register that was compared.
#[derive(Debug, Serialize, ToSchema)]
struct OversightCompared {
    /// The round.
    round: String,
    /// How many lines the ledger holds.
    matched: u32,
    /// The documents that it does not hold; each becomes a finding.
    missing: Vec<String>,
}

/// 台账比对: every line without a case or licence on the ledger becomes a finding.
#[utoipa::path(post, path = "/api/v1/oversight/registers", tag = "oversight", request_body = OversightRegisterInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key counts once.")),
    responses((status = 201, body = OversightCompared), (status = 401), (status = 403),
              (status = 422, description = "A cell is wrong, named with its line and column; nothing was compared.")))]
async fn oversight_register(
    State(oversight): State<Oversight>,
    caller: Caller,
    Body(input): Body<OversightRegisterInput>,
) -> Result<(StatusCode, Json<OversightCompared>), Failure> {
    let today = china_date(caller.now);
    let department: Option<OrganisationId> = input.department.parse().ok();
    let items = department
        .and_then(|department| oversight.items(today).remove(&department))
        .unwrap_or_default();
    let (Some(department), Some(first)) = (department, items.first()) else {
        return Err(Failure::invalid("没有这个部门，或者它没有已公布的事项。").at("department"));
    };
    if input.lines.is_empty() || input.lines.len() > LINES_MAX {
        return Err(Failure::invalid("台账要有1至500行，请分成几次上传。").at("lines"));
    }
    let rows: Vec<Row> = (1..)
        .zip(input.lines)
        .map(|(number, line)| Row {
            number,
            cells: [
                line.document.trim().to_owned(),
                line.item.trim().to_owned(),
                line.on,
                line.applicant.unwrap_or_default(),
            ],
        })
        .collect();
    let refs: Vec<&ItemVersion> = items.iter().map(Arc::as_ref).collect();
    let lines = register::lines(&rows, &refs, today).map_err(|problems| {
        let first = problems.into_iter().next();
        let told = first.map_or_else(String::new, |one| {
            format!("{}：{}", one.place, one.sentence)
        });
        Failure::invalid(told).at("lines")
    })?;
    let whose = (department, first.content.department.name.clone());
    let compared = oversight.compare(caller.region, whose, &lines).await?;
    let missing = compared.missing.iter().map(|line| line.document.clone());
    let (matched, missing) = (compared.matched, missing.collect());
    let (id, _) = deeds::compared(&oversight, &caller, compared, None).await?;
    Ok((
        StatusCode::CREATED,
        Json(OversightCompared {
            round: id.to_string(),
            matched,
            missing,
        }),
    ))
}
