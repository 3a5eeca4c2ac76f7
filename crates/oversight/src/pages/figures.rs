//! The figures: how many findings there are, by rule and by organisation, closed and excused.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_kernel::{OrganisationId, Role};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{
    model::finding::{FindingRule, FindingVerdict},
    service::Oversight,
    store::findings::{Group, groups},
};

const COLUMNS: [&str; 7] = [
    "发现",
    "没有办结",
    "已办结",
    "属实",
    "不属实",
    "容错免责",
    "容错减责",
];

/// How many findings there are of something.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) found: i64,
    pub(crate) open: i64,
    pub(crate) founded: i64,
    pub(crate) unfounded: i64,
    pub(crate) exempted: i64,
    pub(crate) mitigated: i64,
}

impl Count {
    fn add(&mut self, group: &Group) {
        self.found += group.number;
        if group.is_open {
            self.open += group.number;
        }
        match group.verdict() {
            Some(FindingVerdict::Founded) => self.founded += group.number,
            Some(FindingVerdict::Unfounded) => self.unfounded += group.number,
            Some(FindingVerdict::Exempted) => self.exempted += group.number,
            Some(FindingVerdict::Mitigated) => self.mitigated += group.number,
            None => {}
        }
    }

    /// 已办结.
    pub(crate) const fn closed(&self) -> i64 {
        self.found - self.open
    }

    /// In the order of [`COLUMNS`].
    const fn cells(&self) -> [i64; COLUMNS.len()] {
        [
            self.found,
            self.open,
            self.closed(),
            self.founded,
            self.unfounded,
            self.exempted,
            self.mitigated,
        ]
    }
}

/// The figures of what a caller may see.
pub(crate) struct Figures {
    pub(crate) all: Count,
    pub(crate) rules: Vec<(FindingRule, Count)>,
    pub(crate) organisations: Vec<(String, String, Count)>,
}

/// Counts what the caller may see: supervision everything, whoever decides the own organisation.
///
/// # Errors
/// 403 for everybody else, or whatever storage reports.
pub(crate) async fn figures(oversight: &Oversight, caller: &Caller) -> Result<Figures, Failure> {
    let staff = caller
        .visitor
        .staff()
        .ok_or_else(|| Failure::forbidden("finding_read"))?;
    let own: Option<OrganisationId> = if staff.roles.contains(&Role::Supervisor) {
        None
    } else if staff.roles.contains(&Role::Approver) {
        Some(staff.organisation)
    } else {
        return Err(Failure::forbidden("finding_read"));
    };
    let groups = groups(oversight.ledger().database(), caller.region, own).await?;
    let organisations = oversight.directory.organisations(caller.region).await?;
    let names: HashMap<String, String> = organisations
        .into_iter()
        .map(|one| (one.id.to_string(), one.name))
        .collect();
    let mut all = Count::default();
    let mut rules: BTreeMap<FindingRule, Count> = BTreeMap::new();
    let mut by_organisation: BTreeMap<String, Count> = BTreeMap::new();
    for group in &groups {
        all.add(group);
        rules.entry(group.rule()).or_default().add(group);
        by_organisation
            .entry(group.organisation.clone())
            .or_default()
            .add(group);
    }
    let mut organisations: Vec<(String, String, Count)> = by_organisation
        .into_iter()
        .map(|(id, count)| {
            let name = names.get(&id).cloned().unwrap_or_default();
            (id, name, count)
        })
        .collect();
    organisations.sort_by_key(|(_, name, count)| (-count.open, name.clone()));
    Ok(Figures {
        all,
        rules: rules.into_iter().collect(),
        organisations,
    })
}

struct Line {
    path: String,
    name: String,
    count: Count,
}

#[derive(Template)]
#[template(path = "oversight/figures.html")]
struct FiguresPage<'a> {
    page: &'a PageContext,
    columns: [&'static str; COLUMNS.len()],
    all: Count,
    rules: Vec<Line>,
    organisations: Vec<Line>,
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let figures = figures(&oversight, &caller).await?;
    let page = caller
        .page
        .clone()
        .titled("监察统计")
        .under("监察线索", "/staff/oversight");
    let rule = |(rule, count): (FindingRule, Count)| Line {
        path: format!("/staff/oversight?rule={}", rule.code()),
        name: rule.name().to_owned(),
        count,
    };
    let organisation = |(id, name, count): (String, String, Count)| Line {
        path: format!("/staff/oversight?organisation={id}"),
        name,
        count,
    };
    html(&FiguresPage {
        page: &page,
        columns: COLUMNS,
        all: figures.all,
        rules: figures.rules.into_iter().map(rule).collect(),
        organisations: figures
            .organisations
            .into_iter()
            .map(organisation)
            .collect(),
    })
}
