//! One finding: what was found, what was said about it, and what is to be done now.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::{FindingId, Personal, china_date, china_time, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{Choice, ClockView, DefinitionRow},
    page::PageContext,
};

use super::{Sent, Ticks, again, html, refusal};
use crate::{
    deeds::{self, TypedDecision, TypedLeniency, id_of, resource},
    model::{
        finding::{
            ANSWER_DAYS, Finding, FindingMeasure, FindingRule, FindingStage, FindingVerdict,
            LeniencyCondition,
        },
        kinds::layer_of,
    },
    service::Oversight,
    store::findings::light,
};

struct Line {
    what: String,
    text: String,
    at: String,
    who: String,
}

/// What the caller may do now.
struct Offers(Vec<&'static str>);

impl Offers {
    fn of(caller: &Caller, id: FindingId, finding: &Finding) -> Self {
        let may = |action| caller.may(action, &resource(id, finding));
        let is_own =
            finding.opening.person.is_some() && finding.opening.person == caller.visitor.person();
        let is_late = china_date(caller.now) > finding.due.due_on;
        let (decides, answers) = (may("finding_decide") && !is_own, may("finding_answer"));
        let deeds: &[&'static str] = match finding.stage {
            FindingStage::Found if decides => &["notify", "decide"],
            FindingStage::Notified if answers => &["answer"],
            FindingStage::Notified if decides && is_late => &["decide"],
            FindingStage::Answered if decides => &["decide"],
            FindingStage::Rectifying if answers => &["rectify"],
            FindingStage::Reported if decides => &["confirm"],
            _ => &[],
        };
        Self(deeds.to_vec())
    }

    fn has(&self, deed: &str) -> bool {
        self.0.contains(&deed)
    }
}

#[derive(Template)]
#[template(path = "oversight/finding.html")]
struct FindingPage<'a> {
    page: &'a PageContext,
    path: String,
    title: &'a str,
    stage: &'static str,
    clock: ClockView,
    is_reported: bool,
    rows: Vec<DefinitionRow>,
    evidence: String,
    case_path: Option<String>,
    /// 容错 that was applied for: why; the conditions were all ticked.
    leniency: Option<String>,
    conditions_met: Vec<&'static str>,
    offers: Offers,
    verdicts: Vec<Choice>,
    measures: Vec<Choice>,
    conditions: Ticks,
    happened: Vec<Line>,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

fn clock(finding: &Finding, caller: &Caller) -> ClockView {
    let text = match finding.stage {
        FindingStage::Found => "前交办",
        FindingStage::Notified => "前说明",
        FindingStage::Answered => "前认定",
        FindingStage::Rectifying => "前整改",
        FindingStage::Reported => "前确认整改",
        FindingStage::Closed => "",
    };
    ClockView {
        light: light(finding.stage, finding.due, china_date(caller.now)),
        text: if text.is_empty() {
            "已办结".to_owned()
        } else {
            format!("请在 {} {text}", finding.due.due_on)
        },
        detail: String::new(),
    }
}

async fn rows(
    oversight: &Oversight,
    caller: &Caller,
    finding: &Finding,
) -> Result<Vec<DefinitionRow>, Failure> {
    let opening = &finding.opening;
    let mut rows = vec![
        DefinitionRow::new(
            "问题",
            format!(
                "{}（{}，第{}种）",
                opening.kind_name(),
                layer_of(opening.kind).name(),
                opening.kind
            ),
        ),
        DefinitionRow::new("来源", opening.rule.name()),
        DefinitionRow::new("责任单位", &opening.organisation_name),
        DefinitionRow::new("发生日期", opening.happened_on.to_string()),
    ];
    if let Some(person) = opening.person {
        let name = oversight
            .directory
            .staff_name(caller.region, person)
            .await?;
        rows.push(DefinitionRow::new("涉及人员", name.to_string()));
    }
    for (term, detail) in [
        ("事项", opening.item_name.clone()),
        ("办件编号", group_case_number(&opening.case_number)),
        ("部门文书编号", opening.document.clone()),
    ] {
        if !detail.is_empty() {
            rows.push(DefinitionRow::new(term, detail));
        }
    }
    if let Some(decision) = &finding.decision {
        let mut told = decision.verdict.name().to_owned();
        if let Some(measure) = decision.measure {
            told = format!("{told}，{}", measure.name());
        }
        rows.push(DefinitionRow::new("认定", told));
    }
    Ok(rows)
}

async fn happened(
    oversight: &Oversight,
    caller: &Caller,
    finding: &Finding,
) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for one in finding.happened.iter().rev() {
        let who = oversight
            .directory
            .actor_name(caller.region, &one.by)
            .await?;
        lines.push(Line {
            what: one.what.clone(),
            text: one
                .text
                .as_ref()
                .map(|text| text.text().to_owned())
                .unwrap_or_default(),
            at: china_time(one.at).strftime("%Y-%m-%d %H:%M").to_string(),
            who: who.unwrap_or_else(|| "系统".to_owned()),
        });
    }
    Ok(lines)
}

/// The verdicts that may be given now.
fn verdicts(finding: &Finding) -> Vec<Choice> {
    let may = |verdict: &FindingVerdict| match verdict {
        FindingVerdict::Unfounded => true,
        FindingVerdict::Founded => finding.stage != FindingStage::Found,
        FindingVerdict::Exempted | FindingVerdict::Mitigated => finding.leniency.is_some(),
    };
    FindingVerdict::ALL
        .iter()
        .filter(|verdict| may(verdict))
        .map(|verdict| Choice::new(verdict.code(), verdict.name()))
        .collect()
}

pub(super) fn measures() -> Vec<Choice> {
    FindingMeasure::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.name()))
        .collect()
}

pub(super) fn conditions() -> Vec<Choice> {
    LeniencyCondition::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.name()))
        .collect()
}

async fn show(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let finding = deeds::allowed(oversight, caller, (id, "finding_read")).await?;
    let title = finding.opening.kind_name();
    let page = caller
        .page
        .clone()
        .titled(&format!("监察线索 · {title}"))
        .under("监察线索", "/staff/oversight")
        .with_errors(!errors.is_empty());
    let case = finding
        .opening
        .case
        .filter(|case| may_open_case(caller, &finding, *case));
    let leniency = finding.leniency.as_ref();
    let met = leniency.map_or(&[][..], |one| one.conditions.as_slice());
    html(&FindingPage {
        page: &page,
        path: format!("/staff/oversight/findings/{id}"),
        title,
        stage: finding.stage.name(),
        clock: clock(&finding, caller),
        is_reported: finding.opening.rule == FindingRule::SelfReport,
        rows: rows(oversight, caller, &finding).await?,
        evidence: evidence(&finding),
        case_path: case.map(|case| format!("/staff/cases/{case}")),
        leniency: leniency.map(|one| one.reason.text().to_owned()),
        conditions_met: met.iter().map(|one| one.name()).collect(),
        offers: Offers::of(caller, id, &finding),
        verdicts: verdicts(&finding),
        measures: measures(),
        conditions: sent.ticks("conditions", conditions()),
        happened: happened(oversight, caller, &finding).await?,
        sent,
        errors,
    })
}

/// The link to the case stands where the case may be read.
fn may_open_case(caller: &Caller, finding: &Finding, case: wuchuang_kernel::CaseId) -> bool {
    let case = wuchuang_webkit::Resource {
        kind: "case",
        id: case.to_string(),
        organisation: Some(finding.opening.organisation),
        owner: None,
    };
    caller.may("case_read", &case)
}

/// What a rule says, or what somebody wrote.
pub(crate) fn evidence(finding: &Finding) -> String {
    if finding.opening.evidence.is_empty() {
        let facts = finding.opening.facts.as_ref();
        facts.map_or("", Personal::text).to_owned()
    } else {
        finding.opening.evidence.clone()
    }
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
) -> Result<Html<String>, Failure> {
    let sent = Sent::default().with("days", ANSWER_DAYS.to_string());
    let nothing = FieldErrors::new();
    show(&oversight, &caller, id_of(&finding)?, (&sent, &nothing)).await
}

/// Back to the page after a deed, or the page with why it was refused and everything typed.
async fn answered<T>(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    done: Result<T, Failure>,
    (sent, otherwise): (&Sent, &str),
) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/staff/oversight/findings/{id}")).into_response()),
        Err(failure) => {
            let errors = refusal(failure, otherwise)?;
            show(oversight, caller, id, (sent, &errors))
                .await
                .map(again)
        }
    }
}

pub(super) async fn notify(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let done = deeds::notify(&oversight, &caller, id, sent.value("days"), sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "days")).await
}

pub(super) async fn answer(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let conditions = sent.all("conditions");
    let leniency = TypedLeniency {
        is_asked: sent.value("lenient") == "true",
        conditions: &conditions,
        reason: sent.value("leniency_reason"),
    };
    let typed = (sent.value("text"), &leniency);
    let done = deeds::answer(&oversight, &caller, id, typed, sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "text")).await
}

pub(super) async fn decide(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let typed = TypedDecision {
        verdict: sent.value("verdict"),
        measure: sent.value("measure"),
        rectify_by: sent.value("rectify_by"),
        reason: sent.value("reason"),
    };
    let done = deeds::decide(&oversight, &caller, id, &typed, sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "verdict")).await
}

pub(super) async fn rectify(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let done = deeds::rectify(&oversight, &caller, id, sent.value("report"), sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "report")).await
}

pub(super) async fn confirm(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let done = deeds::confirm(&oversight, &caller, id, sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "back_reason")).await
}

pub(super) async fn send_back(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(finding): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (id, sent) = (id_of(&finding)?, Sent(fields));
    let typed = (sent.value("back_reason"), sent.value("back_until"));
    let done = deeds::send_back(&oversight, &caller, id, typed, sent.key()).await;
    answered(&oversight, &caller, id, done, (&sent, "back_reason")).await
}
