//! The page of one task: what was granted and promised, what is to be checked, what was found, and what is to be done now.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::model::Applicant;
use wuchuang_credit::model::CreditGround;
use wuchuang_kernel::{SupervisionId, china_date, china_time, group_case_number};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{Choice, ClockView, DefinitionRow},
    page::PageContext,
    throttle::Address,
};

use super::html;
use crate::{
    Rooms,
    deeds::{self, Offers, TypedCheck, id_of},
    model::{CheckFinding, CheckMethod, SupervisionStage, Task},
    store::{light, masked},
};

struct Line {
    what: String,
    text: String,
    at: String,
    who: String,
}

#[derive(Template)]
#[template(path = "supervision/task.html")]
struct TaskPage<'a> {
    page: &'a PageContext,
    path: String,
    item_name: &'a str,
    stage: &'static str,
    clock: ClockView,
    rows: Vec<DefinitionRow>,
    /// The applicant's particulars, once a reason was given.
    revealed: Vec<DefinitionRow>,
    check: Option<&'a crate::model::CheckOrder>,
    offers: Offers,
    findings: Vec<Choice>,
    methods: Vec<Choice>,
    grounds: Vec<Choice>,
    credit_path: Option<String>,
    happened: Vec<Line>,
    typed: &'a Typed,
    errors: &'a FieldErrors,
}

/// What is typed into one of the page's forms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    command_id: Option<String>,
    finding: String,
    method: String,
    facts: String,
    rectify_days: String,
    revoke_reason: String,
    ground: String,
    credit_reason: String,
    measure: String,
    reveal_reason: String,
}

fn rows(task: &Task) -> Vec<DefinitionRow> {
    let opening = &task.opening;
    let mut rows = vec![
        DefinitionRow::new("办件编号", group_case_number(&opening.case_number)),
        DefinitionRow::new(
            "申请人",
            masked(opening.name.text(), opening.is_organisation),
        ),
        DefinitionRow::new("决定单位", &opening.granted_by_name),
        DefinitionRow::new("决定日期", china_date(opening.granted_at).to_string()),
        DefinitionRow::new("监管部门", &opening.department_name),
    ];
    if let Some(finding) = task.finding {
        rows.push(DefinitionRow::new("核查结论", finding.name()));
    }
    rows
}

fn revealed(applicant: &Applicant) -> Vec<DefinitionRow> {
    vec![
        DefinitionRow::new("申请人", applicant.name.text()),
        DefinitionRow::new("证件号码", applicant.number.text()),
        DefinitionRow::new("电话", applicant.phone.text()),
        DefinitionRow::new("地址", applicant.address.text()),
    ]
}

fn clock(task: &Task, caller: &Caller) -> ClockView {
    let text = match task.stage {
        SupervisionStage::Waiting => "前签收",
        SupervisionStage::Checking => "前核查",
        SupervisionStage::Rectifying => "前整改并再次核查",
        SupervisionStage::Handling => "前处理",
        SupervisionStage::Done => "",
    };
    ClockView {
        light: light(task.stage, task.due, china_date(caller.now)),
        text: if text.is_empty() {
            String::new()
        } else {
            format!("{} {text}", task.due.due_on)
        },
        detail: String::new(),
    }
}

async fn happened(rooms: &Rooms, caller: &Caller, task: &Task) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for one in task.happened.iter().rev() {
        let who = match &one.by {
            Some(by) => rooms.directory.actor_name(caller.region, by).await?,
            None => None,
        };
        let text = one.text.as_ref().map(|text| text.text().to_owned());
        lines.push(Line {
            what: one.what.clone(),
            text: text.unwrap_or_default(),
            at: china_time(one.at).strftime("%Y-%m-%d %H:%M").to_string(),
            who: who.unwrap_or_else(|| "系统".to_owned()),
        });
    }
    Ok(lines)
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    applicant: Option<&Applicant>,
    (typed, errors): (&Typed, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let task = deeds::readable(rooms, caller, id).await?;
    let page = caller
        .page
        .clone()
        .titled(&format!("监管任务 · {}", task.opening.item_name))
        .under("监管任务", "/staff/supervision")
        .with_errors(!errors.is_empty());
    html(&TaskPage {
        page: &page,
        path: format!("/staff/supervision/{id}"),
        item_name: &task.opening.item_name,
        stage: task.stage.name(),
        clock: clock(&task, caller),
        rows: rows(&task),
        revealed: applicant.map_or_else(Vec::new, revealed),
        check: task.opening.check.as_ref(),
        offers: Offers::of(rooms, caller, id, &task).await?,
        findings: CheckFinding::ALL
            .map(|one| Choice::new(one.code(), one.name()))
            .to_vec(),
        methods: CheckMethod::ALL
            .map(|one| Choice::new(one.code(), one.name()))
            .to_vec(),
        grounds: CreditGround::ALL
            .map(|one| Choice::new(one.code(), one.name()))
            .to_vec(),
        credit_path: task
            .credit
            .map(|(subject, _)| format!("/staff/credit/{subject}")),
        happened: happened(rooms, caller, &task).await?,
        typed,
        errors,
    })
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
) -> Result<Html<String>, Failure> {
    let nothing = (&Typed::default(), &FieldErrors::new());
    show(&rooms, &caller, id_of(&task)?, None, nothing).await
}

/// Back to the page after a deed, or the page with why it was refused and everything typed.
async fn answered<T>(
    rooms: &Rooms,
    caller: &Caller,
    id: SupervisionId,
    done: Result<T, Failure>,
    // The names that the page gives to the rules' fields.
    (typed, fields): (&Typed, &[(&str, &'static str)]),
) -> Result<Response, Failure> {
    let Err(failure) = done else {
        return Ok(Redirect::to(&format!("/staff/supervision/{id}")).into_response());
    };
    if failure.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(failure);
    }
    let mut errors = FieldErrors::new();
    let field = failure.field.as_deref().unwrap_or_default();
    let shown = fields
        .iter()
        .find(|(name, _)| *name == field)
        .or_else(|| fields.first())
        .map_or("facts", |(_, shown)| *shown);
    errors.add(shown, failure.public);
    let page = show(rooms, caller, id, None, (typed, &errors)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub(super) async fn acknowledge(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let done = deeds::acknowledge(&rooms, &caller, id, typed.command_id.as_deref()).await;
    let fields = [("", "acknowledge")];
    answered(&rooms, &caller, id, done, (&typed, &fields)).await
}

pub(super) async fn check(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let result = TypedCheck {
        finding: &typed.finding,
        method: &typed.method,
        facts: &typed.facts,
        rectify_days: &typed.rectify_days,
    };
    let done = deeds::check(&rooms, &caller, id, &result, typed.command_id.as_deref()).await;
    let fields = [
        ("finding", "finding"),
        ("method", "method"),
        ("facts", "facts"),
        ("rectify_days", "rectify_days"),
    ];
    answered(&rooms, &caller, id, done, (&typed, &fields)).await
}

pub(super) async fn revoke(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let key = typed.command_id.as_deref();
    let done = deeds::revoke(&rooms, &caller, id, &typed.revoke_reason, key).await;
    let fields = [("reason", "revoke_reason")];
    answered(&rooms, &caller, id, done, (&typed, &fields)).await
}

pub(super) async fn credit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let entry = (typed.ground.as_str(), typed.credit_reason.as_str());
    let key = typed.command_id.as_deref();
    let done = deeds::record_credit(&rooms, &caller, id, entry, key).await;
    let fields = [("reason", "credit_reason"), ("ground", "ground")];
    answered(&rooms, &caller, id, done, (&typed, &fields)).await
}

pub(super) async fn conclude(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let key = typed.command_id.as_deref();
    let done = deeds::conclude(&rooms, &caller, id, &typed.measure, key).await;
    let fields = [("measure", "measure")];
    answered(&rooms, &caller, id, done, (&typed, &fields)).await
}

/// The answer is the page itself and no redirect: to see it again, a reason must be given again.
pub(super) async fn reveal(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(task): Path<String>,
    from: Address,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let id = id_of(&task)?;
    let key = caller
        .order(
            typed.command_id.as_deref(),
            wuchuang_ledger::Expected::Existing,
        )
        .command_id;
    let reason = (typed.reveal_reason.as_str(), &from);
    match deeds::reveal(&rooms, &caller, id, key, reason).await {
        Ok(applicant) => {
            let nothing = (&Typed::default(), &FieldErrors::new());
            let page = show(&rooms, &caller, id, Some(&applicant), nothing).await?;
            Ok(page.into_response())
        }
        Err(failure) => {
            let fields = [("reason", "reveal_reason")];
            answered(
                &rooms,
                &caller,
                id,
                Err::<(), _>(failure),
                (&typed, &fields),
            )
            .await
        }
    }
}
