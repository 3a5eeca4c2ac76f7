//! The list of findings: those that the caller may see, overdue ones first.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Role, china_date};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::{Choice, ClockView, CursorLinks},
    page::PageContext,
};

use super::{Sent, finding::measures, html};
use crate::{
    model::finding::{ANSWER_DAYS, FindingRule, FindingVerdict},
    service::Oversight,
    store::findings::{FindingFilter, FindingRow, Place, findings},
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;

struct Line {
    id: String,
    path: String,
    kind: String,
    about: String,
    stage: &'static str,
    verdict: &'static str,
    clock: ClockView,
    rule: &'static str,
    organisation_name: String,
    happened_on: String,
}

fn line(row: FindingRow, today: Date) -> Line {
    let about = [&row.item_name, &row.case_number, &row.document]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" · ");
    Line {
        id: row.id.clone(),
        path: format!("/staff/oversight/findings/{}", row.id),
        kind: row.kind_name(),
        about,
        stage: row.stage().name(),
        verdict: row.verdict().map_or("", FindingVerdict::name),
        clock: ClockView {
            light: row.light(today),
            text: row.due_on.clone(),
            detail: String::new(),
        },
        rule: row.rule().name(),
        organisation_name: row.organisation_name,
        happened_on: row.happened_on,
    }
}

#[derive(Template)]
#[template(path = "oversight/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    asked: &'a Asked,
    views: Vec<Choice>,
    sides: Vec<Choice>,
    rules: Vec<Choice>,
    organisations: Vec<Choice>,
    may_enter: bool,
    may_report: bool,
    /// Whether the caller decides: findings can be ticked then.
    may_decide: bool,
    deeds: Vec<Choice>,
    verdicts: Vec<Choice>,
    measures: Vec<Choice>,
    /// Where what is ticked goes, back to the same list after a mistake.
    action: String,
    sent: &'a Sent,
    errors: &'a FieldErrors,
    lines: Vec<Line>,
    links: CursorLinks,
}

impl ListPage<'_> {
    fn is_ticked(&self, line: &Line) -> bool {
        self.sent.all("finding").contains(&line.id)
    }
}

/// Which findings are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `open`, `overdue` or `closed`.
    pub(crate) view: String,
    /// `own`: about oneself; whoever decides in an organisation sees those of the organisation otherwise.
    pub(crate) side: String,
    /// By which rule.
    pub(crate) rule: String,
    /// Of which organisation; for supervision.
    pub(crate) organisation: String,
    pub(crate) cursor: Option<String>,
}

/// The findings that the caller may list.
///
/// # Errors
/// 403 for whoever belongs to no organisation, 422 when the cursor does not read.
pub(crate) fn filter_of(caller: &Caller, asked: &Asked) -> Result<FindingFilter, Failure> {
    let today = china_date(caller.now);
    let staff = caller
        .visitor
        .staff()
        .ok_or_else(|| Failure::forbidden("finding_read"))?;
    let is_supervisor = staff.roles.contains(&Role::Supervisor);
    let is_head = staff.roles.contains(&Role::Approver);
    let is_own = asked.side == "own" || !(is_supervisor || is_head);
    let asked_for: Option<OrganisationId> = asked.organisation.parse().ok();
    let organisation = match (is_own, is_supervisor) {
        (true, _) => None,
        (false, true) => asked_for,
        (false, false) => Some(staff.organisation),
    };
    Ok(FindingFilter {
        organisation,
        person: is_own.then_some(staff.person),
        rule: FindingRule::from_code(&asked.rule),
        is_open: asked.view != "closed",
        due_before: (asked.view == "overdue").then_some(today),
        from: asked.cursor.as_deref().map(Place::read).transpose()?,
    })
}

/// The asked view as the page shows it.
fn shown(asked: &Asked, filter: &FindingFilter) -> Asked {
    let view = match asked.view.as_str() {
        "closed" => "closed",
        "overdue" => "overdue",
        _ => "open",
    };
    Asked {
        view: view.to_owned(),
        side: if filter.person.is_some() {
            "own".to_owned()
        } else {
            "organisation".to_owned()
        },
        rule: filter.rule.map_or("", FindingRule::code).to_owned(),
        organisation: asked
            .organisation
            .parse::<OrganisationId>()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        cursor: None,
    }
}

/// The organisations that a supervisor may choose from.
pub(super) async fn organisations(
    oversight: &Oversight,
    caller: &Caller,
) -> Result<Vec<Choice>, Failure> {
    let all = oversight.directory.organisations(caller.region).await?;
    let active = all.into_iter().filter(|one| one.is_active);
    Ok(active
        .map(|one| Choice::new(one.id.to_string(), one.name))
        .collect())
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failure> {
    let nothing = Sent::default().with("days", ANSWER_DAYS.to_string());
    show(&oversight, &caller, &asked, (&nothing, &FieldErrors::new())).await
}

/// Whose findings somebody may choose between; nothing for who sees only those about themselves.
fn sides(caller: &Caller) -> Vec<Choice> {
    let all = if caller.visitor.has_role(Role::Supervisor) {
        "全县的"
    } else if caller.visitor.has_role(Role::Approver) {
        "本单位的"
    } else {
        return Vec::new();
    };
    vec![
        Choice::new("organisation", all),
        Choice::new("own", "关于我的"),
    ]
}

fn choices<T: Copy>(all: &[T], words: impl Fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
    let words = all.iter().map(|one| words(*one));
    words.map(|(code, name)| Choice::new(code, name)).collect()
}

/// The list, with what was typed for several at once and what is wrong with it.
pub(super) async fn show(
    oversight: &Oversight,
    caller: &Caller,
    asked: &Asked,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let filter = filter_of(caller, asked)?;
    let database = oversight.ledger().database();
    let rows = findings(database, caller.region, &filter, PAGE_ROWS).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE_ROWS);
    let shown = shown(asked, &filter);
    let query = format!(
        "?view={}&side={}&rule={}&organisation={}",
        shown.view, shown.side, shown.rule, shown.organisation
    );
    let first = format!("/staff/oversight{query}");
    let next = Place::behind(&rows)
        .filter(|_| is_full)
        .map(|place| format!("{first}&cursor={place}"));
    let today = china_date(caller.now);
    let is_supervisor = caller.visitor.has_role(Role::Supervisor);
    let may_decide = filter.is_open && caller.may("finding_decide", &Resource::default());
    let page = caller
        .page
        .clone()
        .titled("监察线索")
        .with_errors(!errors.is_empty());
    html(&ListPage {
        page: &page,
        views: vec![
            Choice::new("open", "没有办结的"),
            Choice::new("overdue", "已超期的"),
            Choice::new("closed", "已办结的"),
        ],
        sides: sides(caller),
        rules: choices(FindingRule::ALL, |one| (one.code(), one.name())),
        organisations: if is_supervisor {
            organisations(oversight, caller).await?
        } else {
            Vec::new()
        },
        may_enter: caller.may("finding_enter", &Resource::default()),
        may_report: caller.may("finding_report", &Resource::default()),
        may_decide,
        deeds: vec![
            Choice::new("notify", "交办，请责任单位说明"),
            Choice::new("decide", "认定"),
        ],
        verdicts: choices(FindingVerdict::ALL, |one| (one.code(), one.name())),
        measures: measures(),
        action: match asked.cursor.as_deref() {
            Some(cursor) => format!("/staff/oversight/many{query}&cursor={cursor}"),
            None => format!("/staff/oversight/many{query}"),
        },
        sent,
        errors,
        lines: rows.into_iter().map(|row| line(row, today)).collect(),
        links: CursorLinks {
            previous: asked.cursor.as_ref().map(|_| first),
            next,
            summary: String::new(),
        },
        asked: &shown,
    })
}
