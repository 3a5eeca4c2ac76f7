//! What follows from the figures, and what people made of it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{PersonId, StreamId, china_time};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::{Choice, CursorLinks, DefinitionRow},
    page::PageContext,
};

use super::{Sent, again, excel, html, refusal};
use crate::{
    book::{self, Cell},
    deeds::{self, id_of},
    model::suggestion::{Suggestion, SuggestionKind, SuggestionStanding, dimension, sentence},
    service::Analysis,
    store::suggestions::{Place, SuggestionRow, suggestions},
};

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;
/// How many rows a workbook has at most of each standing.
const BOOK_ROWS: i64 = 2_000;

/// A suggestion in a list.
pub(super) struct Line {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) standing: &'static str,
    item_name: String,
    item_path: String,
    pub(super) sentence: String,
    /// What is done about it or why nothing is, with the day; empty before.
    decided: String,
}

/// Lines with who decided.
pub(super) async fn lines(
    analysis: &Analysis,
    caller: &Caller,
    rows: Vec<SuggestionRow>,
) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for row in rows {
        let who = match row.decided_by.parse::<PersonId>() {
            Ok(person) => {
                let name = analysis.directory.staff_name(caller.region, person).await?;
                name.to_string()
            }
            Err(_) => String::new(),
        };
        lines.push(line(row, &who));
    }
    Ok(lines)
}

fn line(row: SuggestionRow, who: &str) -> Line {
    let decided = row.decided_at.map_or_else(String::new, |at| {
        format!("{} {who}：{}", day_words(at), row.reason)
    });
    Line {
        path: format!("/staff/demand/suggestions/{}", row.id),
        kind: row.grounds.kind.name(),
        standing: row.standing.name(),
        item_path: format!("/staff/demand/items/{}", row.grounds.item),
        sentence: sentence(&row.grounds),
        item_name: row.grounds.item_name,
        decided,
    }
}

fn day_words(at: Timestamp) -> String {
    china_time(at).strftime("%Y-%m-%d").to_string()
}

fn time_words(at: Timestamp) -> String {
    china_time(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Which suggestions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    standing: String,
    kind: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "analysis/suggestions.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    standings: Vec<Choice>,
    standing: &'static str,
    kinds: Vec<Choice>,
    kind: &'static str,
    lines: Vec<Line>,
    links: CursorLinks,
}

pub(super) async fn list(
    State(analysis): State<Analysis>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    let standing = SuggestionStanding::from_code(&query.standing);
    let standing = standing.unwrap_or(SuggestionStanding::Open);
    let kind = SuggestionKind::from_code(&query.kind);
    let from = query.cursor.as_deref().map(Place::read).transpose()?;
    let (database, region) = (analysis.database(), caller.region);
    let rows = suggestions(database, region, (standing, kind), from.as_ref(), PAGE_ROWS).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE_ROWS);
    let kind_code = kind.map_or("", SuggestionKind::code);
    let first = format!(
        "/staff/demand/suggestions?standing={}&kind={kind_code}",
        standing.code()
    );
    let next = Place::behind(&rows)
        .filter(|_| is_full)
        .map(|place| format!("{first}&cursor={place}"));
    let page = caller
        .page
        .clone()
        .titled("建议")
        .under("需求分析", "/staff/demand");
    html(&ListPage {
        page: &page,
        standings: SuggestionStanding::ALL
            .iter()
            .map(|one| Choice::new(one.code(), one.name()))
            .collect(),
        standing: standing.code(),
        kinds: SuggestionKind::ALL
            .iter()
            .map(|one| Choice::new(one.code(), one.name()))
            .collect(),
        kind: kind_code,
        lines: lines(&analysis, &caller, rows).await?,
        links: CursorLinks {
            previous: query.cursor.map(|_| first),
            next,
            summary: String::new(),
        },
    })
}

const COLUMNS: [(&str, f64); 6] = [
    ("建议", 16.0),
    ("状态", 14.0),
    ("事项", 36.0),
    ("理由", 80.0),
    ("决定日期", 14.0),
    ("决定", 50.0),
];

pub(super) async fn excel_list(
    State(analysis): State<Analysis>,
    caller: Caller,
) -> Result<Response, Failure> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for standing in SuggestionStanding::ALL {
        let (database, region) = (analysis.database(), caller.region);
        let which = (standing, None);
        for row in suggestions(database, region, which, None, BOOK_ROWS).await? {
            rows.push(vec![
                row.grounds.kind.name().into(),
                standing.name().into(),
                row.grounds.item_name.clone().into(),
                sentence(&row.grounds).into(),
                row.decided_at.map(day_words).unwrap_or_default().into(),
                row.reason.into(),
            ]);
        }
    }
    let book = book::table("建议", &COLUMNS, &rows);
    excel("demand-suggestions.xlsx", book)
}

struct Decision {
    at: String,
    who: String,
    what: &'static str,
    reason: String,
}

#[derive(Template)]
#[template(path = "analysis/suggestion.html")]
struct SuggestionPage<'a> {
    page: &'a PageContext,
    path: String,
    title: String,
    sentence: String,
    rows: Vec<DefinitionRow>,
    item_path: String,
    other: Option<(String, String)>,
    decisions: Vec<Decision>,
    may_take_up: bool,
    may_dismiss: bool,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

fn rows(known: &Suggestion) -> Vec<DefinitionRow> {
    let grounds = &known.grounds;
    vec![
        DefinitionRow::new("状态", known.standing.name()),
        DefinitionRow::new("事项", &grounds.item_name),
        DefinitionRow::new(dimension(grounds.kind), grounds.whole.to_string()),
        DefinitionRow::new("其中", grounds.part.to_string()),
        DefinitionRow::new("数据", format!("{} 统计", time_words(known.raised_at))),
    ]
}

async fn decisions(
    analysis: &Analysis,
    caller: &Caller,
    known: &Suggestion,
) -> Result<Vec<Decision>, Failure> {
    let mut told = Vec::new();
    for decision in known.decisions.iter().rev() {
        let who = analysis.directory.actor_name(caller.region, &decision.by);
        told.push(Decision {
            at: time_words(decision.at),
            who: who.await?.unwrap_or_else(|| "工作人员".to_owned()),
            what: if decision.is_taken_up {
                "采纳"
            } else {
                "不采纳"
            },
            reason: decision.reason.clone(),
        });
    }
    Ok(told)
}

async fn show(
    analysis: &Analysis,
    caller: &Caller,
    id: StreamId,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let known = deeds::suggestion(analysis, caller, id).await?;
    let grounds = &known.grounds;
    let title = format!("{}：{}", grounds.kind.name(), grounds.item_name);
    let page = caller
        .page
        .clone()
        .titled(&title)
        .under("建议", "/staff/demand/suggestions")
        .with_errors(!errors.is_empty());
    let may = caller.may("demand_decide", &Resource::default())
        && known.standing != SuggestionStanding::Lapsed;
    html(&SuggestionPage {
        page: &page,
        path: format!("/staff/demand/suggestions/{id}"),
        sentence: sentence(grounds),
        rows: rows(&known),
        item_path: format!("/staff/demand/items/{}", grounds.item),
        other: grounds
            .other
            .as_ref()
            .map(|(item, name)| (format!("/staff/demand/items/{item}"), name.clone())),
        decisions: decisions(analysis, caller, &known).await?,
        may_take_up: may && known.standing != SuggestionStanding::TakenUp,
        may_dismiss: may && known.standing != SuggestionStanding::Dismissed,
        title,
        sent,
        errors,
    })
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
) -> Result<Html<String>, Failure> {
    let nothing = (&Sent::default(), &FieldErrors::new());
    show(&analysis, &caller, id_of(&suggestion)?, nothing).await
}

async fn decided(
    analysis: &Analysis,
    caller: &Caller,
    (suggestion, is_taken_up): (&str, bool),
    sent: &Sent,
) -> Result<Response, Failure> {
    let id = id_of(suggestion)?;
    let field = if is_taken_up { "plan" } else { "reason" };
    let told = (is_taken_up, sent.value(field));
    match deeds::decide(analysis, caller, id, told, sent.key()).await {
        Ok(_) => Ok(Redirect::to(&format!("/staff/demand/suggestions/{id}")).into_response()),
        Err(mut failure) => {
            // Two forms stand on the page: the one that was sent shows what is wrong.
            failure.field = failure.field.map(|_| field.into());
            let errors = refusal(failure, field)?;
            show(analysis, caller, id, (sent, &errors)).await.map(again)
        }
    }
}

pub(super) async fn take_up(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    decided(&analysis, &caller, (&suggestion, true), &Sent(fields)).await
}

pub(super) async fn dismiss(
    State(analysis): State<Analysis>,
    caller: Caller,
    Path(suggestion): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    decided(&analysis, &caller, (&suggestion, false), &Sent(fields)).await
}
