//! The page of one case: left the form as filed, middle the materials, right what must be decided now.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{CaseId, Role};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Disclosure, FieldErrors},
    markup::Choice,
    page::PageContext,
};

use crate::{
    belonging::Whole,
    colleagues::colleagues,
    looks::CASE_LOOKS,
    model::{Authorisation, Case, NotAcceptedGround, TerminationGround},
    rooms::CaseRooms,
};

use super::{
    offers::Offers,
    render,
    rules::{self, BeforehandShown, RulesShown},
    status,
    tasks::{self, Drawn},
    typed::Typed,
    view::{CaseView, Happened, Sight, Trust, case_view, looked_at, since, steps_before},
};

/// How the page is looked at; what the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CaseQuery {
    /// The file that is shown large, by its SHA-256.
    #[serde(default)]
    open: String,
    /// The key of the reason for which masked values are shown.
    #[serde(default)]
    revealed: String,
}

#[derive(Template)]
#[template(path = "cases/case.html")]
struct CasePage<'a> {
    page: &'a PageContext,
    case: CaseView,
    deeds: Offers,
    errors: &'a FieldErrors,
    typed: &'a Typed,
    /// What others did since this visitor opened the page.
    changes: Vec<Happened>,
    /// Who looked at masked values; supervisors see it.
    looks: Vec<Happened>,
    is_revealed: bool,
    tolerable: Vec<(String, String)>,
    earlier_steps: Vec<Choice>,
    /// What is open in a drawn process.
    drawn: Drawn,
    /// What the item's rules said before it was a case: what it costs, when it turns yellow.
    beforehand: Vec<BeforehandShown>,
    /// What the item's rules said (秒批).
    by_rules: Option<RulesShown>,
    organisations: Vec<Choice>,
    colleagues: Vec<Choice>,
    procedures: Vec<Choice>,
    grounds: Vec<Choice>,
    authorisations: Vec<Choice>,
    termination_grounds: Vec<Choice>,
    /// What the applicant undertook to hand in later.
    undertaking: Option<String>,
    /// The application for a bundle that it is a part of.
    whole: Option<Whole>,
    /// The applicant's credit, and the supervision of what was granted.
    trust: Trust,
    phrases: &'static [&'static str],
}

impl CasePage<'_> {
    /// What was typed into a field before it was refused.
    fn was(&self, field: impl AsRef<str>) -> &str {
        self.typed.was(field.as_ref())
    }

    /// What the form that extends begins with: what was asked for, until something was typed.
    fn extend_days(&self) -> String {
        let asked = self.case.extension_asked.as_ref();
        asked.filter(|_| !self.typed.is("extend")).map_or_else(
            || self.was("extend-days").to_owned(),
            |asked| asked.days.to_string(),
        )
    }

    fn extend_reason(&self) -> &str {
        let asked = self.case.extension_asked.as_ref();
        asked
            .filter(|_| !self.typed.is("extend"))
            .map_or_else(|| self.was("extend-reason"), |asked| asked.reason.as_str())
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
    Query(query): Query<CaseQuery>,
) -> Result<Html<String>, Failure> {
    let id: CaseId = case.parse().map_err(|_| Failure::not_found())?;
    if let Some(html) = status::page(&rooms, &caller, id).await? {
        return Ok(html);
    }
    let errors = FieldErrors::default();
    page(&rooms, &caller, id, &query, &errors, &Typed::default()).await
}

/// The page again, with what was typed and why it was refused.
pub(super) async fn refused(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    failure: &Failure,
    typed: &Typed,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::default();
    errors.add(typed.at(failure), failure.public.clone().into_owned());
    let query = CaseQuery {
        open: typed.plain("open").unwrap_or_default().to_owned(),
        ..CaseQuery::default()
    };
    let html = page(rooms, caller, id, &query, &errors, typed).await?;
    let status = if failure.status == StatusCode::CONFLICT {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, html).into_response())
}

async fn page(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    query: &CaseQuery,
    errors: &FieldErrors,
    typed: &Typed,
) -> Result<Html<String>, Failure> {
    let case = rooms.cases.get(caller.region, id).await?;
    let resource = rooms.resource(caller, &case, id).await?;
    caller.require("case_open", &resource)?;
    let deeds = Offers::of(&case, caller, &resource);
    let (ledger, subject) = (rooms.cases.ledger(), id.to_string());
    let is_revealed = deeds.reveal
        && CASE_LOOKS
            .is_open(ledger, caller, subject, &query.revealed)
            .await?;
    let sight = Sight {
        disclosure: disclosure(is_revealed),
        open: &query.open,
    };
    let organisations = if deeds.transfer {
        others(rooms, caller, &case).await?
    } else {
        Vec::new()
    };
    let drawn = tasks::drawn(rooms, caller, &case, &resource).await?;
    let is_to_hand = deeds.reassign || drawn.tasks.iter().any(|task| task.reassign);
    let colleagues = hands(rooms, caller, &case, is_to_hand).await?;
    let looks = if caller.visitor.has_role(Role::Supervisor) {
        looked_at(rooms, caller, id).await?
    } else {
        Vec::new()
    };
    let trust = Trust::of(rooms, caller, id, &case).await?;
    let page = caller
        .page
        .clone()
        .titled(&case.terms.name)
        .under("办件", "/staff/cases")
        .with_errors(!errors.is_empty());
    render(&CasePage {
        page: &page,
        changes: changes(rooms, caller, id, typed).await?,
        case: case_view(rooms, caller, id, &case, &sight).await?,
        deeds,
        errors,
        typed,
        looks,
        is_revealed,
        tolerable: tolerable(&case, &trust),
        earlier_steps: drawn.targets.clone().unwrap_or_else(|| steps_before(&case)),
        drawn,
        beforehand: rules::beforehand(&case),
        by_rules: rules::shown(rooms, caller, &case, &resource).await?,
        organisations,
        colleagues,
        procedures: procedures(),
        grounds: grounds(),
        authorisations: authorisations(),
        termination_grounds: termination_grounds(),
        undertaking: case.undertaking.as_ref().map(|it| it.text.clone()),
        whole: rooms.belonging.whole_of(caller.region, id).await?,
        trust,
        phrases: PHRASES,
    })
}

const fn disclosure(is_revealed: bool) -> Disclosure {
    if is_revealed {
        Disclosure::Full
    } else {
        Disclosure::Masked
    }
}

/// What others did after the visitor opened the page on which a deed was refused.
async fn changes(
    rooms: &CaseRooms,
    caller: &Caller,
    id: CaseId,
    typed: &Typed,
) -> Result<Vec<Happened>, Failure> {
    match typed.plain("version").and_then(|seen| seen.parse().ok()) {
        Some(seen) => since(rooms, caller, id, seen).await,
        None => Ok(Vec::new()),
    }
}

/// The organisations to which a case may be handed on.
async fn others(rooms: &CaseRooms, caller: &Caller, case: &Case) -> Result<Vec<Choice>, Failure> {
    Ok(rooms
        .takers(caller, case.organisation)
        .await?
        .into_iter()
        .map(|organisation| Choice::new(organisation.id.to_string(), organisation.name))
        .collect())
}

/// Into whose hand the case may go: the visitor's own first, then the colleagues', not the one in which it lies.
async fn hands(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    is_to_hand: bool,
) -> Result<Vec<Choice>, Failure> {
    if !is_to_hand {
        return Ok(Vec::new());
    }
    let me = caller.visitor.person();
    let mut hands: Vec<Choice> = me
        .filter(|me| case.holder != Some(*me))
        .map(|me| Choice::new(me.to_string(), "我接手"))
        .into_iter()
        .collect();
    for colleague in colleagues(rooms, caller.region, case).await? {
        if case.holder != Some(colleague.person) && me != Some(colleague.person) {
            hands.push(Choice::new(colleague.person.to_string(), colleague.name));
        }
    }
    Ok(hands)
}

/// The missing materials that may follow: key and name; none while the applicant is not taken at their word.
fn tolerable(case: &Case, trust: &Trust) -> Vec<(String, String)> {
    let is_allowed = case.terms.conditional_acceptance && !trust.is_barred;
    case.missing()
        .into_iter()
        .filter(|material| is_allowed && material.tolerable)
        .map(|material| (material.id.clone(), material.name.clone()))
        .collect()
}

/// Why an application is not accepted, as choices.
fn grounds() -> Vec<Choice> {
    let nowhere = NotAcceptedGround::NotCompetent {
        authority: String::new(),
    };
    vec![
        Choice::new("not_required", NotAcceptedGround::NotRequired.name()),
        Choice::new("not_competent", nowhere.name()),
        Choice::new("other", NotAcceptedGround::Other.name()),
    ]
}

/// What authorises somebody who fetches for another, as choices.
fn authorisations() -> Vec<Choice> {
    Authorisation::ALL
        .into_iter()
        .map(|paper| Choice::new(paper.code(), paper.name()))
        .collect()
}

/// Why a case is ended without a decision, as choices.
fn termination_grounds() -> Vec<Choice> {
    TerminationGround::ALL
        .into_iter()
        .map(|ground| Choice::new(ground.code(), ground.name()))
        .collect()
}

/// The special procedures of 行政许可法 art. 45, as choices.
fn procedures() -> Vec<Choice> {
    StopKind::ARTICLE_45
        .iter()
        .map(|kind| Choice::new(kind.name(), kind.name()))
        .collect()
}
