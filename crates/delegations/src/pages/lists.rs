//! The lists by level and by organisation, the authority table of one organisation, and the matrix.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, Response},
};
use jiff::civil::Date;
use wuchuang_access::model::organisation::OrganisationKind;
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_webkit::{Caller, Failure, Resource, page::PageContext};

use super::{excel, html};
use crate::{
    matrix::{MatrixLine, sheet, told, workbook},
    model::{DelegationWay, Extent},
    rooms::DelegationRooms,
    store::Given,
};

/// One level: how many items went down to it in which way.
struct Level {
    name: &'static str,
    /// How many organisations of it hold anything.
    organisations: usize,
    /// How many different items, in the order of [`DelegationWay::ALL`].
    items: [usize; 3],
}

struct OrganisationLine {
    path: String,
    name: String,
    kind: &'static str,
    items: usize,
    /// What it may decide itself.
    decides: usize,
}

#[derive(Template)]
#[template(path = "delegations/overview.html")]
struct OverviewPage<'a> {
    page: &'a PageContext,
    ways: [&'static str; 3],
    levels: Vec<Level>,
    lines: Vec<OrganisationLine>,
    /// The visitor's own organisation.
    own_path: Option<String>,
    may_edit: bool,
}

/// Levels as they are listed, from the town down, then the others.
const LEVELS: [OrganisationKind; 4] = [
    OrganisationKind::Town,
    OrganisationKind::Village,
    OrganisationKind::Hall,
    OrganisationKind::Department,
];

fn level(kind: OrganisationKind, given: &[(OrganisationKind, &Given)]) -> Level {
    let of_level = || given.iter().filter(move |(other, _)| *other == kind);
    let count = |way: DelegationWay| {
        let of_way = of_level().filter(|(_, given)| given.delegation.way == way);
        let mut items: Vec<_> = of_way.map(|(_, given)| given.item).collect();
        items.sort_unstable();
        items.dedup();
        items.len()
    };
    let mut organisations: Vec<_> = of_level()
        .map(|(_, given)| given.delegation.organisation)
        .collect();
    organisations.sort_unstable();
    organisations.dedup();
    Level {
        name: kind.name(),
        organisations: organisations.len(),
        items: DelegationWay::ALL.map(count),
    }
}

pub(super) async fn overview(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let today = china_date(caller.now);
    let mut all = rooms.delegations.all(caller.region, today).await?;
    all.retain(|given| given.delegation.is_in_force(today));
    let organisations = rooms.directory.organisations(caller.region).await?;
    let kinds: BTreeMap<OrganisationId, OrganisationKind> = organisations
        .iter()
        .map(|organisation| (organisation.id, organisation.kind))
        .collect();
    let given: Vec<(OrganisationKind, &Given)> = all
        .iter()
        .map(|given| {
            let kind = kinds.get(&given.delegation.organisation);
            (kind.copied().unwrap_or_default(), given)
        })
        .collect();
    let mut held: BTreeMap<OrganisationId, (usize, usize)> = BTreeMap::new();
    for given in &all {
        let (items, decides) = held.entry(given.delegation.organisation).or_default();
        *items += 1;
        *decides += usize::from(given.delegation.extent == Extent::Whole);
    }
    let lines = organisations.iter().filter_map(|organisation| {
        let (items, decides) = *held.get(&organisation.id)?;
        Some(OrganisationLine {
            path: format!("/staff/delegations/to/{}", organisation.id),
            name: organisation.name.clone(),
            kind: organisation.kind.name(),
            items,
            decides,
        })
    });
    let page = caller.page.clone().titled("下放和授权");
    html(&OverviewPage {
        page: &page,
        ways: DelegationWay::ALL.map(DelegationWay::name),
        levels: LEVELS
            .into_iter()
            .map(|kind| level(kind, &given))
            .filter(|level| level.organisations > 0)
            .collect(),
        lines: lines.collect(),
        own_path: caller
            .visitor
            .staff()
            .map(|staff| format!("/staff/delegations/to/{}", staff.organisation)),
        may_edit: caller.may("delegation_edit", &Resource::default()),
    })
}

/// One line of an authority table.
struct AuthorityLine {
    path: String,
    name: String,
    department: String,
    way: &'static str,
    extent: &'static str,
    in_name_of: String,
    from: String,
    until: String,
    document: String,
    /// Whether it begins later than today.
    is_coming: bool,
}

#[derive(Template)]
#[template(path = "delegations/table.html")]
struct TablePage<'a> {
    page: &'a PageContext,
    organisation: &'a str,
    is_centre: bool,
    /// The items that it handles as its own.
    own: Vec<String>,
    lines: Vec<AuthorityLine>,
}

/// 窗口权限表: what the counter of an organisation may take, and what it may decide.
pub(super) async fn table(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(organisation): Path<String>,
) -> Result<Html<String>, Failure> {
    let organisation = rooms.organisation(&caller, &organisation).await?;
    let today = china_date(caller.now);
    let given = rooms
        .delegations
        .of_organisation(caller.region, organisation.id, today)
        .await?;
    let lines = given
        .iter()
        .filter_map(|given| authority(&rooms, given, &organisation.name, today));
    let own = rooms.catalogue.by_department(organisation.id);
    let page = caller
        .page
        .clone()
        .titled("窗口权限表")
        .under("下放和授权", "/staff/delegations");
    html(&TablePage {
        page: &page,
        organisation: &organisation.name,
        is_centre: organisation.kind == OrganisationKind::Centre,
        own: own.iter().map(|item| item.content.name.clone()).collect(),
        lines: lines.collect(),
    })
}

/// A delegation as a line; `None` when its item is out of force.
fn authority(
    rooms: &DelegationRooms,
    given: &Given,
    organisation: &str,
    today: Date,
) -> Option<AuthorityLine> {
    let item = rooms.catalogue.published(given.item)?;
    let delegation = &given.delegation;
    let department = item.content.department.name.clone();
    Some(AuthorityLine {
        path: format!("/staff/items/{}/delegations", given.item),
        name: item.content.name.clone(),
        way: delegation.way.name(),
        extent: delegation.extent.name(),
        in_name_of: if delegation.acts_in_own_name() {
            organisation.to_owned()
        } else {
            department.clone()
        },
        department,
        from: delegation.from.to_string(),
        until: delegation
            .until
            .map_or_else(|| "长期".to_owned(), |until| until.to_string()),
        document: delegation.document.clone(),
        is_coming: delegation.from > today,
    })
}

/// All delegations of today as a workbook.
pub(super) async fn list_excel(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    const COLUMNS: [(&str, f64); 8] = [
        ("承接单位", 28.0),
        ("事项名称", 36.0),
        ("主管部门", 24.0),
        ("方式", 12.0),
        ("范围", 28.0),
        ("起始日期", 12.0),
        ("截止日期", 12.0),
        ("文件", 40.0),
    ];
    let today = china_date(caller.now);
    let mut all = rooms.delegations.all(caller.region, today).await?;
    all.sort_by(|one, other| {
        let name = |given: &Given| given.delegation.organisation_name.clone();
        name(one).cmp(&name(other))
    });
    let rows = all.iter().filter_map(|given| {
        let name = &given.delegation.organisation_name;
        let line = authority(&rooms, given, name, today)?;
        Some(vec![
            name.clone(),
            line.name,
            line.department,
            line.way.to_owned(),
            line.extent.to_owned(),
            line.from,
            line.until,
            line.document,
        ])
    });
    let book = sheet("下放和授权清单", &COLUMNS, rows).map_err(Failure::internal)?;
    Ok(excel("delegations.xlsx", book))
}

/// One line of the matrix as the page shows it.
struct ShownLine {
    path: String,
    line: MatrixLine,
    receivers: String,
    deciders: String,
}

#[derive(Template)]
#[template(path = "delegations/matrix.html")]
struct MatrixPage<'a> {
    page: &'a PageContext,
    lines: Vec<ShownLine>,
}

pub(super) async fn matrix_page(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let lines = rooms.matrix(&caller).await?;
    let page = caller
        .page
        .clone()
        .titled("谁受理、谁审批、谁办结")
        .under("下放和授权", "/staff/delegations");
    html(&MatrixPage {
        page: &page,
        lines: lines
            .into_iter()
            .map(|line| ShownLine {
                path: format!("/staff/items/{}/delegations", line.item),
                receivers: told(&line.receivers),
                deciders: told(&line.deciders),
                line,
            })
            .collect(),
    })
}

pub(super) async fn matrix_excel(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Response, Failure> {
    let lines = rooms.matrix(&caller).await?;
    let book = workbook(&lines).map_err(Failure::internal)?;
    Ok(excel("who-does-what.xlsx", book))
}
