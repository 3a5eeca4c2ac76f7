//! The items by how much they are asked for, with the county as a whole above them.

use std::{collections::BTreeMap, fmt::Write as _};

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{Channel, OrganisationId, china_date, china_time};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use super::{
    Sent, cells,
    chart::{Chart, peak_words},
    html,
};
use crate::{
    deeds::{self, AskedView, behind, lines_behind},
    figures::{Figures, Series, change_words},
    model::month::Month,
    service::{Analysis, ItemLine, View},
    sheet::CHANNELS,
    store::{
        counts,
        reading::{Asked, Group, figures, first_month},
        years::years as years_brought,
    },
};

/// How many rows stand on one page.
const PAGE_ROWS: usize = 50;

/// A line of the list.
struct Line {
    path: String,
    name: String,
    department: String,
    applied: i64,
    now: i64,
    change: String,
    chart: Chart,
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "analysis/overview.html")]
struct OverviewPage<'a> {
    page: &'a PageContext,
    asked: &'a AskedView,
    only: &'a str,
    departments: Vec<Choice>,
    years: Vec<Choice>,
    channels: Vec<Choice>,
    period: String,
    summary: String,
    chart: Chart,
    months: Vec<(String, i64)>,
    unasked: usize,
    unasked_path: String,
    excel_path: String,
    /// From where earlier years are; empty without any.
    earlier: Vec<String>,
    counted: String,
    is_counting: bool,
    may_count: bool,
    lines: Vec<Line>,
    links: CursorLinks,
}

/// Which page of which figures.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OverviewQuery {
    department: String,
    year: String,
    channel: String,
    /// `none`: only items that nobody asked for.
    pub(super) only: String,
    cursor: Option<String>,
}

impl OverviewQuery {
    pub(super) fn view(&self) -> AskedView {
        AskedView {
            department: self.department.clone(),
            year: self.year.clone(),
            channel: self.channel.clone(),
        }
    }
}

/// The departments of the items in force, by name.
pub(super) fn departments(analysis: &Analysis) -> Vec<Choice> {
    let by_name: BTreeMap<String, OrganisationId> = analysis
        .published()
        .into_values()
        .map(|item| (item.department_name, item.department))
        .collect();
    let all = by_name.into_iter();
    all.map(|(name, id)| Choice::new(id.to_string(), name))
        .collect()
}

/// The years of which anything is known, the newest first.
async fn years(analysis: &Analysis, caller: &Caller, today: Date) -> Result<Vec<Choice>, Failure> {
    let this = i32::from(today.year());
    let first = first_month(analysis.database(), caller.region).await?;
    let first = first.map_or(this, Month::year);
    let years = (first..=this).rev();
    Ok(years
        .map(|year| Choice::new(year.to_string(), format!("{year}年")))
        .collect())
}

/// Whether nobody asked for an item that is in force.
pub(super) const fn is_unasked(line: &ItemLine) -> bool {
    line.figures.applied == 0 && line.item.is_published
}

/// All lines together.
fn total(lines: &[ItemLine]) -> (Figures, i64, i64) {
    let mut total = (Figures::default(), 0, 0);
    for line in lines {
        total.0.add(&line.figures);
        total.1 += line.now;
        total.2 += line.before;
    }
    total
}

/// What the figures of the county say, in sentences.
fn summary(total: &Figures, (before, now): (i64, i64), series: &Series) -> String {
    let mut told = format!(
        "申请 {} 件，受理 {} 件，不予受理和不予许可 {} 件；最近一年比上年同期 {}。",
        total.applied,
        total.accepted,
        total.turned_down(),
        change_words(before, now)
    );
    if total.own > 0 {
        let _ = write!(
            told,
            "本系统收件 {} 件，补正 {} 件，准予 {} 件，逾期办结 {} 件，平均 {} 个自然日办结。",
            total.own,
            total.corrected,
            total.granted,
            total.late,
            total.days_words()
        );
    }
    let peaks = peak_words(series);
    if !peaks.is_empty() {
        let _ = write!(told, "高峰：{peaks}。");
    }
    told
}

/// What all items of a view together were asked for in each month.
async fn county(
    analysis: &Analysis,
    caller: &Caller,
    view: &View,
    lines: &[ItemLine],
) -> Result<Series, Failure> {
    let asked = Asked {
        channel: view.channel.map(|channel| channel.code().to_owned()),
        ..Asked::of(view.period)
    };
    let own: std::collections::HashSet<_> = lines.iter().map(|line| line.item.id).collect();
    let mut series = Series::empty(view.period);
    let database = analysis.database();
    for group in figures(database, caller.region, Group::ItemMonth, &asked).await? {
        if let (Some(item), Some(month)) = (group.item(), group.month())
            && own.contains(&item)
        {
            series.add(month, group.figures.applied);
        }
    }
    Ok(series)
}

async fn line(
    analysis: &Analysis,
    caller: &Caller,
    view: &View,
    line: ItemLine,
) -> Result<Line, Failure> {
    let series = analysis.series(caller.region, line.item.id, view).await?;
    Ok(Line {
        path: format!("/staff/demand/items/{}", line.item.id),
        name: line.item.shown(),
        change: change_words(line.before, line.now),
        now: line.now,
        chart: Chart::small(&series),
        department: line.item.department_name,
        applied: line.figures.applied,
        cells: cells(&line.figures),
    })
}

async fn shown_lines(
    analysis: &Analysis,
    caller: &Caller,
    view: &View,
    rest: Vec<ItemLine>,
) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for one in rest {
        lines.push(line(analysis, caller, view, one).await?);
    }
    Ok(lines)
}

/// When was counted, and whether it is counted now.
async fn counted(analysis: &Analysis, caller: &Caller) -> Result<(String, bool), Failure> {
    let newest = counts::newest(analysis.database(), caller.region).await?;
    Ok(newest.map_or_else(
        || ("还没有统计".to_owned(), false),
        |row| {
            let at = china_time(row.at()).strftime("%Y-%m-%d %H:%M").to_string();
            let told = format!(
                "{at} 统计，重算 {} 个月 {} 件，新建议 {} 条",
                row.months, row.cases, row.raised
            );
            if row.is_done {
                (told, false)
            } else {
                (format!("{at} 开始统计"), true)
            }
        },
    ))
}

/// The earlier years with where they are from: years with the same words stand together.
async fn earlier(analysis: &Analysis, caller: &Caller) -> Result<Vec<String>, Failure> {
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in years_brought(analysis.database(), caller.region).await? {
        let years = by_reason.entry(row.reason).or_default();
        years.push(format!("{}年", row.year));
    }
    let told = by_reason.into_iter();
    Ok(told
        .map(|(reason, years)| format!("{}（{reason}）", years.join("、")))
        .collect())
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
    Query(query): Query<OverviewQuery>,
) -> Result<Html<String>, Failure> {
    let asked = query.view();
    let view = asked.read(&caller)?;
    let today = china_date(caller.now);
    let all = analysis.lines(caller.region, &view).await?;
    let (total, now, before) = total(&all);
    let series = county(&analysis, &caller, &view, &all).await?;
    let unasked = all.iter().filter(|line| is_unasked(line)).count();
    let shown: Vec<ItemLine> = if query.only == "none" {
        all.into_iter().filter(is_unasked).collect()
    } else {
        all
    };
    let mut rest = lines_behind(shown, query.cursor.as_deref())?;
    let has_more = rest.len() > PAGE_ROWS;
    rest.truncate(PAGE_ROWS);
    let first = format!(
        "department={}&year={}&channel={}",
        asked.department, asked.year, asked.channel
    );
    let only = if query.only == "none" { "none" } else { "" };
    let next = rest
        .last()
        .filter(|_| has_more)
        .map(|last| format!("/staff/demand?{first}&only={only}&cursor={}", behind(last)));
    let lines = shown_lines(&analysis, &caller, &view, rest).await?;
    let (counted, is_counting) = counted(&analysis, &caller).await?;
    let page = caller.page.clone().titled("需求分析");
    html(&OverviewPage {
        page: &page,
        asked: &asked,
        only,
        departments: departments(&analysis),
        years: years(&analysis, &caller, today).await?,
        channels: channels(),
        period: view.period.words(),
        summary: summary(&total, (before, now), &series),
        months: table_of(&series),
        chart: Chart::large(&series),
        unasked,
        unasked_path: format!("/staff/demand?{first}&only=none"),
        excel_path: format!("/staff/demand/list.xlsx?{first}&only={only}"),
        earlier: earlier(&analysis, &caller).await?,
        counted,
        is_counting,
        may_count: caller.may("demand_count", &Resource::default()),
        lines,
        links: CursorLinks {
            previous: query
                .cursor
                .map(|_| format!("/staff/demand?{first}&only={only}")),
            next,
            summary: String::new(),
        },
    })
}

/// The months with their numbers, the newest first.
fn table_of(series: &Series) -> Vec<(String, i64)> {
    let months = series.period.months().zip(series.numbers.iter().copied());
    let mut months: Vec<(String, i64)> = months
        .map(|(month, number)| (month.words(), number))
        .collect();
    months.reverse();
    months
}

/// The channels that people apply through.
pub(super) fn channels() -> Vec<Choice> {
    // What staff enter without a counter, as after a failure of the network, is told apart.
    let all = CHANNELS.iter().chain(&[Channel::Office]);
    all.map(|channel| Choice::new(channel.code(), channel.name()))
        .collect()
}

pub(super) async fn count(
    State(analysis): State<Analysis>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    deeds::count(&analysis, &caller, sent.key()).await?;
    Ok(Redirect::to("/staff/demand").into_response())
}
