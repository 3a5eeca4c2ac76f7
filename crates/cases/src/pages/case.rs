//! The page of one case: left the form as filed, middle the materials, right what must be decided now.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::{Disclosure, FieldErrors},
    markup::Choice,
    page::PageContext,
};

use crate::{
    model::{Case, Position, Stage},
    rooms::CaseRooms,
};

use super::{
    render,
    view::{CaseView, case_view, steps_before},
};

/// Which deeds the page offers.
#[derive(Default)]
pub(super) struct Deeds {
    pub(super) claim: bool,
    pub(super) release: bool,
    pub(super) accept: bool,
    pub(super) accept_and_grant: bool,
    pub(super) correct: bool,
    pub(super) refuse_acceptance: bool,
    pub(super) transfer: bool,
    /// The step that can be completed: key and name.
    pub(super) step: Option<(String, String)>,
    pub(super) decide: bool,
    pub(super) stop: bool,
    pub(super) resume: bool,
    pub(super) extend: Option<u16>,
    pub(super) deliver: bool,
    pub(super) withdraw: bool,
    pub(super) terminate: bool,
    pub(super) say: bool,
}

impl Deeds {
    fn of(case: &Case, caller: &Caller, resource: &Resource) -> Self {
        let may = |action: &'static str| caller.may(action, resource);
        let me = caller.visitor.person();
        let is_free = case.holder.is_none();
        let is_mine = case.holder.is_some() && case.holder == me;
        // A case that a colleague holds is looked at, not handled.
        let is_mine_to_handle = is_free || is_mine;
        let is_examining = case.stage == Stage::Examining;
        let is_stopped = case
            .clock
            .as_ref()
            .is_some_and(|clock| matches!(clock.phase(), wuchuang_calendar::Phase::Stopped { .. }));
        let in_review = matches!(case.stage, Stage::Review(_)) && is_mine_to_handle;
        let step = match &case.stage {
            Stage::Review(Position::Step { step }) if !is_stopped && is_mine_to_handle => {
                Some((step.clone(), case.step_name())).filter(|_| may("case_review"))
            }
            _ => None,
        };
        Self {
            claim: is_free && !case.stage.is_over() && may("case_claim"),
            release: is_mine && !case.stage.is_over(),
            accept: is_examining && is_mine_to_handle && may("case_accept"),
            accept_and_grant: is_examining
                && is_mine_to_handle
                && case.terms.is_instant()
                && may("case_accept"),
            correct: is_examining && is_mine_to_handle && may("case_correct"),
            refuse_acceptance: matches!(case.stage, Stage::Examining | Stage::Correcting)
                && is_mine_to_handle
                && may("case_accept_refuse"),
            transfer: is_examining && is_mine_to_handle && may("case_transfer"),
            step,
            decide: case.stage == Stage::Review(Position::Decision)
                && !is_stopped
                && is_mine_to_handle
                && may("case_decide"),
            stop: in_review && !is_stopped && !case.terms.is_instant() && may("case_stop"),
            resume: in_review && is_stopped && may("case_resume"),
            extend: case
                .clock
                .as_ref()
                .filter(|clock| clock.extension().is_none())
                .and_then(|clock| clock.rule().extension())
                .map(|rule| rule.cap)
                .filter(|_| in_review && may("case_extend")),
            deliver: matches!(case.stage, Stage::Delivering { .. }) && may("case_deliver"),
            withdraw: matches!(
                case.stage,
                Stage::Examining | Stage::Correcting | Stage::Review(_)
            ) && may("case_withdraw"),
            terminate: matches!(case.stage, Stage::Correcting | Stage::Review(_))
                && may("case_terminate"),
            say: may("case_say"),
        }
    }
}

#[derive(Template)]
#[template(path = "cases/case.html")]
struct CasePage<'a> {
    page: &'a PageContext,
    case: CaseView,
    deeds: Deeds,
    errors: &'a FieldErrors,
    typed: &'a HashMap<String, String>,
    tolerable: Vec<(String, String)>,
    earlier_steps: Vec<(String, String)>,
    organisations: Vec<Choice>,
    procedures: Vec<Choice>,
    phrases: &'static [&'static str],
}

impl CasePage<'_> {
    /// What was typed into a field before it was refused.
    fn was(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }
}

/// Opinions that are written again and again; one press fills them in.
const PHRASES: &[&str] = &[
    "材料齐全，符合法定形式。",
    "经审查，符合规定的条件和标准，拟同意。",
    "同意。",
];

pub(super) async fn show(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Html<String>, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    page(
        &rooms,
        &caller,
        id,
        &FieldErrors::default(),
        &HashMap::new(),
    )
    .await
}

/// The page again, with what was typed and why it was refused.
pub(super) async fn refused(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    failure: &Failure,
    typed: &HashMap<String, String>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::default();
    errors.add(
        failure.field.as_deref().unwrap_or("deed"),
        failure.public.clone().into_owned(),
    );
    let html = page(rooms, caller, id, &errors, typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn page(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    errors: &FieldErrors,
    typed: &HashMap<String, String>,
) -> Result<Html<String>, Failure> {
    let case = rooms.cases.get(caller.region, id).await?;
    // Applicants may read their case, but on the portal: this page shows the staff's opinions.
    if caller.visitor.staff().is_none() {
        return Err(Failure::forbidden("case_read"));
    }
    let resource = rooms.resource(caller, &case, id).await?;
    caller.require("case_read", &resource)?;
    let deeds = Deeds::of(&case, caller, &resource);
    let organisations = if deeds.transfer {
        rooms
            .directory
            .organisations(caller.region)
            .await?
            .into_iter()
            .filter(|organisation| organisation.id != case.organisation)
            .map(|organisation| Choice::new(organisation.id.to_string(), organisation.name))
            .collect()
    } else {
        Vec::new()
    };
    let tolerable = case
        .missing()
        .into_iter()
        .filter(|material| case.terms.conditional_acceptance && material.tolerable)
        .map(|material| (material.id.clone(), material.name.clone()))
        .collect();
    let view = case_view(rooms, caller, id, &case, Disclosure::Masked).await?;
    let page = caller
        .page
        .clone()
        .titled(&case.terms.name)
        .under("办件", "/staff/cases")
        .with_errors(!errors.is_empty());
    render(&CasePage {
        page: &page,
        case: view,
        deeds,
        errors,
        typed,
        tolerable,
        earlier_steps: steps_before(&case),
        organisations,
        procedures: procedures(),
        phrases: PHRASES,
    })
}

/// The special procedures of 行政许可法 art. 45, as choices.
fn procedures() -> Vec<Choice> {
    StopKind::ARTICLE_45
        .iter()
        .map(|kind| Choice::new(kind.name(), kind.name()))
        .collect()
}
