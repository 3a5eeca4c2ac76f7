//! One item over three years: its months, channels, towns, who took it in, what it is asked for together with, what follows.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, Response},
};
use wuchuang_kernel::{Channel, ItemId, china_date};
use wuchuang_webkit::{Caller, Failure, markup::DefinitionRow, page::PageContext};

use super::{
    cells,
    chart::{Chart, peak_words},
    excel, html,
    pairs::{PairLine, lines as pair_lines},
    suggestions::{Line as SuggestionLine, lines as suggestion_lines},
};
use crate::{
    book::{self, Cell},
    deeds::organisation_names,
    figures::{Figures, Series, change_words},
    model::month::{Month, Period},
    service::{Analysis, KnownItem},
    store::{
        reading::{Asked, Group, figures, towns},
        suggestions::of_item,
    },
};

/// Figures with what they are of.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) applied: i64,
    pub(crate) cells: Vec<String>,
}

fn part(name: String, figures: Figures) -> Part {
    Part {
        name,
        applied: figures.applied,
        cells: cells(&figures),
    }
}

/// All about an item.
pub(crate) struct ItemStory {
    pub(crate) item: KnownItem,
    pub(crate) period: Period,
    pub(crate) total: Figures,
    pub(crate) now: i64,
    pub(crate) before: i64,
    pub(crate) series: Series,
    /// The months in which anything came, the newest first.
    pub(crate) months: Vec<(Month, Figures)>,
    pub(crate) channels: Vec<(Option<Channel>, Figures)>,
    pub(crate) takers: Vec<(String, Figures)>,
    /// Towns with at least five applications, those with most of them first.
    pub(crate) towns: Vec<(String, i64)>,
}

/// Reads all about an item.
///
/// # Errors
/// 404 for an item that neither the catalogue nor any figure knows, or whatever storage reports.
pub(crate) async fn story(
    analysis: &Analysis,
    caller: &Caller,
    item: ItemId,
) -> Result<ItemStory, Failure> {
    let period = Period::three_years(china_date(caller.now));
    let asked = Asked {
        item: Some(item),
        ..Asked::of(period)
    };
    let database = analysis.database();
    let region = caller.region;
    let known = analysis.known(item).await?;
    let mut series = Series::empty(period);
    let (mut months, mut total) = (Vec::new(), Figures::default());
    for group in figures(database, region, Group::ItemMonth, &asked).await? {
        if let Some(month) = group.month() {
            series.add(month, group.figures.applied);
            total.add(&group.figures);
            months.push((month, group.figures));
        }
    }
    if months.is_empty() && known.since.is_none() {
        return Err(Failure::not_found());
    }
    months.reverse();
    let channels = figures(database, region, Group::Channel, &asked).await?;
    let names = organisation_names(analysis, caller).await?;
    let takers = figures(database, region, Group::Taker, &asked).await?;
    let taker_name = |id: &str| match id {
        "" => "往年数据，没有记收件单位".to_owned(),
        id => names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
    };
    let (now, before) = period.compared();
    let mut found = towns(database, region, period, Some(item)).await?;
    let mut towns = found.remove(&item).unwrap_or_default();
    for (town, _) in &mut towns {
        *town = analysis.town_name(region, town).await?;
    }
    towns.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    Ok(ItemStory {
        item: known,
        period,
        total,
        now: series.within(now),
        before: before_of(analysis, caller, item, before).await?,
        series,
        months,
        channels: channels
            .into_iter()
            .map(|group| (Channel::from_code(&group.one), group.figures))
            .collect(),
        takers: takers
            .into_iter()
            .map(|group| (taker_name(&group.one), group.figures))
            .collect(),
        towns,
    })
}

async fn before_of(
    analysis: &Analysis,
    caller: &Caller,
    item: ItemId,
    before: Period,
) -> Result<i64, Failure> {
    let asked = Asked {
        item: Some(item),
        ..Asked::of(before)
    };
    let groups = figures(analysis.database(), caller.region, Group::Item, &asked).await?;
    Ok(groups.iter().map(|group| group.figures.applied).sum())
}

#[derive(Template)]
#[template(path = "analysis/item.html")]
struct ItemPage<'a> {
    page: &'a PageContext,
    name: String,
    rows: Vec<DefinitionRow>,
    chart: Chart,
    peaks: String,
    excel_path: String,
    months: Vec<Part>,
    channels: Vec<Part>,
    takers: Vec<Part>,
    towns: Vec<(String, i64)>,
    pairs: Vec<PairLine>,
    suggestions: Vec<SuggestionLine>,
}

fn rows(story: &ItemStory) -> Vec<DefinitionRow> {
    let total = &story.total;
    let share = |part: i64| {
        if total.own == 0 {
            "—".to_owned()
        } else {
            format!("{part}件（{}%）", part * 100 / total.own)
        }
    };
    let told = |part: i64| {
        if total.own == 0 {
            "—".to_owned()
        } else {
            format!("{part}件")
        }
    };
    let applied = if total.own == total.applied {
        format!("{}件", total.applied)
    } else {
        format!("{}件，其中本系统收件{}件", total.applied, total.own)
    };
    let now = format!(
        "{}件，比上年同期{}",
        story.now,
        change_words(story.before, story.now)
    );
    let online = if story.item.is_online {
        "可以网上申请"
    } else {
        "不能网上申请"
    };
    vec![
        DefinitionRow::new("部门", &story.item.department_name),
        DefinitionRow::new("时间", story.period.words()),
        DefinitionRow::new("申请", applied),
        DefinitionRow::new("最近一年", now),
        DefinitionRow::new("补正", share(total.corrected)),
        DefinitionRow::new("不予受理和不予许可", format!("{}件", total.turned_down())),
        DefinitionRow::new("准予", told(total.granted)),
        DefinitionRow::new("撤回和终止", told(total.withdrawn + total.terminated)),
        DefinitionRow::new("逾期办结", told(total.late)),
        DefinitionRow::new("平均办结（自然日）", total.days_words()),
        DefinitionRow::new("网上", online),
    ]
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    let item: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let story = story(&analysis, &caller, item).await?;
    let own_pairs = pair_lines(&analysis, &caller, Some(item)).await?;
    let suggested = of_item(analysis.database(), caller.region, item).await?;
    let name = story.item.shown();
    let page = caller
        .page
        .clone()
        .titled(&name)
        .under("需求分析", "/staff/demand");
    html(&ItemPage {
        page: &page,
        rows: rows(&story),
        chart: Chart::large(&story.series),
        peaks: peak_words(&story.series),
        excel_path: format!("/staff/demand/items/{item}/months.xlsx"),
        months: story
            .months
            .iter()
            .map(|(month, figures)| part(month.words(), *figures))
            .collect(),
        channels: story
            .channels
            .iter()
            .map(|(channel, figures)| {
                part(channel.map_or("其他", Channel::name).to_owned(), *figures)
            })
            .collect(),
        takers: story
            .takers
            .iter()
            .map(|(name, figures)| part(name.clone(), *figures))
            .collect(),
        towns: story.towns,
        pairs: own_pairs,
        suggestions: suggestion_lines(&analysis, &caller, suggested).await?,
        name,
    })
}

const COLUMNS: [(&str, f64); 11] = [
    ("月份", 14.0),
    ("申请", 10.0),
    ("受理", 10.0),
    ("补正", 10.0),
    ("不予受理", 10.0),
    ("不予许可", 10.0),
    ("准予", 10.0),
    ("撤回", 10.0),
    ("终止", 10.0),
    ("逾期办结", 10.0),
    ("平均自然日", 12.0),
];

pub(super) async fn excel_list(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let item: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    let story = story(&analysis, &caller, item).await?;
    let rows: Vec<Vec<Cell>> = story
        .months
        .iter()
        .map(|(month, figures)| {
            let mut row = vec![Cell::from(month.to_string())];
            row.extend(
                [
                    figures.applied,
                    figures.accepted,
                    figures.corrected,
                    figures.not_accepted,
                    figures.refused,
                    figures.granted,
                    figures.withdrawn,
                    figures.terminated,
                    figures.late,
                ]
                .map(Cell::from),
            );
            row.push(figures.days_words().into());
            row
        })
        .collect();
    excel("demand-item.xlsx", book::table("各月", &COLUMNS, &rows))
}
