//! What each department was asked for in each year, with the change against the year before.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry};

use askama::Template;
use axum::{
    extract::State,
    response::{Html, Response},
};
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{excel, html};
use crate::{
    book::{self, Cell},
    figures::{Figures, change_words},
    model::month::{Month, Period},
    service::{Analysis, KnownItem, View},
    store::reading::{Asked, Group, figures, first_month},
};

/// How many years are shown, the last ones.
const YEARS_SHOWN: i32 = 6;

/// What a department was asked for.
#[derive(Debug, Clone)]
pub(crate) struct DepartmentLine {
    pub(crate) id: OrganisationId,
    pub(crate) name: String,
    /// The figures of each year.
    pub(crate) years: BTreeMap<i32, Figures>,
    /// How many applied in the last twelve months, and in the same months a year before.
    pub(crate) now: i64,
    pub(crate) before: i64,
}

impl DepartmentLine {
    /// The figures of a year.
    pub(crate) fn of(&self, year: i32) -> Figures {
        self.years.get(&year).copied().unwrap_or_default()
    }
}

/// The years that are shown, and the departments by name.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn lines(
    analysis: &Analysis,
    caller: &Caller,
) -> Result<(Vec<i32>, Vec<DepartmentLine>), Failure> {
    let today = china_date(caller.now);
    let last = Month::of(today);
    let first = first_month(analysis.database(), caller.region).await?;
    let first = first.map_or_else(|| last.year(), Month::year);
    let first = first.max(last.year() - YEARS_SHOWN + 1);
    let begins = i16::try_from(first)
        .ok()
        .and_then(|year| Month::new(year, 1));
    let period = Period {
        first: begins.unwrap_or(last),
        last,
    };
    let asked = Asked::of(period);
    let groups = figures(analysis.database(), caller.region, Group::ItemYear, &asked).await?;
    let view = View {
        period: Period::three_years(today),
        department: None,
        channel: None,
    };
    let items = analysis.lines(caller.region, &view).await?;
    let mut known: HashMap<_, KnownItem> = HashMap::new();
    let mut found: BTreeMap<(String, OrganisationId), DepartmentLine> = BTreeMap::new();
    for line in items {
        let place = place(&mut found, &line.item);
        place.now += line.now;
        place.before += line.before;
        known.insert(line.item.id, line.item);
    }
    for group in groups {
        let (Some(item), Ok(year)) = (group.item(), group.two.parse::<i32>()) else {
            continue;
        };
        let item = match known.entry(item) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(analysis.known(item).await?),
        };
        let years = &mut place(&mut found, item).years;
        years.entry(year).or_default().add(&group.figures);
    }
    Ok((
        (first..=last.year()).collect(),
        found.into_values().collect(),
    ))
}

fn place<'a>(
    found: &'a mut BTreeMap<(String, OrganisationId), DepartmentLine>,
    item: &KnownItem,
) -> &'a mut DepartmentLine {
    let name = if item.department_name.is_empty() {
        "不知道部门".to_owned()
    } else {
        item.department_name.clone()
    };
    found
        .entry((name.clone(), item.department))
        .or_insert_with(|| DepartmentLine {
            id: item.department,
            name,
            years: BTreeMap::new(),
            now: 0,
            before: 0,
        })
}

struct Line {
    path: String,
    name: String,
    cells: Vec<String>,
}

/// The cells of a line: each year with its change, then the last twelve months.
fn cells(line: &DepartmentLine, years: &[i32], this_year: i32) -> Vec<String> {
    let mut cells = Vec::new();
    let shown: BTreeSet<i32> = years.iter().copied().collect();
    for year in years {
        let applied = line.of(*year).applied;
        // A year that is not over is not compared with a whole one.
        let change = if *year < this_year && shown.contains(&(year - 1)) {
            format!("（{}）", change_words(line.of(year - 1).applied, applied))
        } else {
            String::new()
        };
        cells.push(format!("{applied}{change}"));
    }
    cells.push(line.now.to_string());
    cells.push(change_words(line.before, line.now));
    cells
}

fn together(lines: &[DepartmentLine]) -> DepartmentLine {
    let mut all = DepartmentLine {
        id: OrganisationId::from_u128(0),
        name: "合计".to_owned(),
        years: BTreeMap::new(),
        now: 0,
        before: 0,
    };
    for line in lines {
        all.now += line.now;
        all.before += line.before;
        for (year, figures) in &line.years {
            all.years.entry(*year).or_default().add(figures);
        }
    }
    all
}

#[derive(Template)]
#[template(path = "analysis/departments.html")]
struct DepartmentsPage<'a> {
    page: &'a PageContext,
    years: Vec<String>,
    lines: Vec<Line>,
    all: Vec<String>,
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let (years, found) = lines(&analysis, &caller).await?;
    let this_year = i32::from(china_date(caller.now).year());
    let page = caller
        .page
        .clone()
        .titled("按部门和年度")
        .under("需求分析", "/staff/demand");
    html(&DepartmentsPage {
        page: &page,
        all: cells(&together(&found), &years, this_year),
        lines: found
            .iter()
            .map(|line| Line {
                path: format!("/staff/demand?department={}", line.id),
                name: line.name.clone(),
                cells: cells(line, &years, this_year),
            })
            .collect(),
        years: years.iter().map(|year| format!("{year}年")).collect(),
    })
}

const COLUMNS: [(&str, f64); 9] = [
    ("部门", 28.0),
    ("年度", 10.0),
    ("申请", 10.0),
    ("比上年", 10.0),
    ("受理", 10.0),
    ("补正", 10.0),
    ("不予", 10.0),
    ("准予", 10.0),
    ("逾期办结", 10.0),
];

pub(super) async fn excel_list(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Response, Failure> {
    let (years, found) = lines(&analysis, &caller).await?;
    let this_year = i32::from(china_date(caller.now).year());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for line in &found {
        for year in &years {
            let figures = line.of(*year);
            let change = if *year < this_year {
                change_words(line.of(year - 1).applied, figures.applied)
            } else {
                "未满一年".to_owned()
            };
            rows.push(vec![
                line.name.clone().into(),
                format!("{year}年").into(),
                figures.applied.into(),
                change.into(),
                figures.accepted.into(),
                figures.corrected.into(),
                figures.turned_down().into(),
                figures.granted.into(),
                figures.late.into(),
            ]);
        }
    }
    let book = book::table("按部门和年度", &COLUMNS, &rows);
    excel("demand-departments.xlsx", book)
}
