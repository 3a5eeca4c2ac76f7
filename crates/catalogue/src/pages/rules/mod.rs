//! The rules of an item for whoever maintains it: its tables in Chinese with what they forget, what they are used for, the test
//! cases with what came of them, and a form to try them. `sending` keeps what was changed, `view` says what is shown, `editor` is
//! the page on which tables are written.

mod editor;
mod sending;
mod trying;
mod view;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use wuchuang_kernel::china_date;
use wuchuang_webkit::{
    Caller, Failure, Resource, forms::FieldErrors, markup::Choice, page::PageContext,
};

use super::{html, item::ItemQuery, say};
use crate::{
    model::{
        ItemContent,
        rules::{CompiledRules, Fact, RulesProblem, surroundings},
    },
    rooms::Rooms,
};

pub(super) use editor::page as editor_page;
pub(crate) use sending::{checked, file};
pub(super) use sending::{download, download_excel, remove, send, uses};
pub(super) use trying::try_out;
use view::{InputAsked, TableShown, TestShown, Tried};

/// What the item's own page says of the rules.
pub(super) struct RulesBrief {
    pub(super) is_there: bool,
    /// 审批（3 条规则）、…
    pub(super) decisions: String,
    /// 秒批：审批，千分之 50 抽查 …
    pub(super) uses: Vec<String>,
}

/// The rules in few words.
pub(super) fn brief(content: &ItemContent) -> RulesBrief {
    let rules = &content.rules;
    let decisions = match CompiledRules::of(content) {
        Ok(Some(compiled)) => {
            let names = compiled.definition().decisions();
            names.map(|it| it.name).collect::<Vec<_>>().join("、")
        }
        Ok(None) => String::new(),
        Err(problems) => format!("规则文件有 {} 处问题", problems.len()),
    };
    let named = rules.uses().into_iter();
    let named = named.filter(|(.., decision)| !decision.is_empty());
    let uses = named.map(|(field, what, decision)| {
        if field == "rules.approval" {
            format!(
                "{what}：{decision}（千分之 {} 由人抽查）",
                rules.sample_per_mille
            )
        } else {
            format!("{what}：{decision}")
        }
    });
    RulesBrief {
        is_there: !rules.model.is_empty(),
        decisions,
        uses: uses.collect(),
    }
}

#[derive(Template)]
#[template(path = "catalogue/rules.html")]
struct RulesPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    id: String,
    version: i64,
    content: &'a ItemContent,
    is_there: bool,
    may_edit: bool,
    /// What is wrong with a file that was just refused, or with the one that is kept.
    problems: Vec<String>,
    /// The workbook with its problems at their cells.
    marked: Option<String>,
    remarks: Vec<String>,
    tables: Vec<TableShown>,
    others: Vec<String>,
    tests: Vec<TestShown>,
    tests_wrong: usize,
    decisions: Vec<Choice>,
    inputs: Vec<InputAsked>,
    facts: [Fact; 10],
    tried: Option<Tried>,
    typed: Typed,
}

/// What was sent and must be shown again.
#[derive(Default)]
struct Typed {
    errors: FieldErrors,
    /// What is wrong with a file that was refused.
    problems: Vec<String>,
    marked: Option<String>,
    /// The decision that was tried, and the values by the place of the input.
    decision: String,
    values: Vec<String>,
    today: String,
    name: String,
    tried: Option<Tried>,
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    mut caller: Caller,
    Path(item): Path<String>,
    Query(query): Query<ItemQuery>,
) -> Result<Html<String>, Failure> {
    say(&mut caller.page, query.done.as_deref(), None);
    show(&rooms, caller, &item, Typed::default()).await
}

async fn show(
    rooms: &Rooms,
    caller: Caller,
    item: &str,
    mut typed: Typed,
) -> Result<Html<String>, Failure> {
    let (id, version, state) = rooms.item(item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let today = china_date(caller.now);
    let calendar = rooms.catalogue.ledger().calendar();
    let may_edit = caller.may(
        "item_edit",
        &Resource {
            kind: "service_item",
            id: id.to_string(),
            organisation: Some(content.department.id),
            ..Resource::default()
        },
    );
    let compiled = CompiledRules::of(content);
    let mut problems = std::mem::take(&mut typed.problems);
    if let Err(kept) = &compiled
        && problems.is_empty()
    {
        problems = kept.iter().map(RulesProblem::public).collect();
    }
    let compiled = compiled.ok().flatten();
    let compiled = compiled.as_ref();
    let around = surroundings(today, &calendar);
    let tests = compiled.map_or_else(Vec::new, |it| view::tests(&content.rules, it, &around));
    let tried = typed.tried.take();
    let errors = std::mem::take(&mut typed.errors);
    let page = caller
        .page
        .titled("规则")
        .under("事项库", "/staff/items")
        .under(&content.name, format!("/staff/items/{id}"))
        .with_errors(!errors.is_empty());
    html(&RulesPage {
        page: &page,
        errors: &errors,
        id: id.to_string(),
        version,
        content,
        is_there: !content.rules.model.is_empty(),
        may_edit,
        problems,
        marked: typed.marked.clone(),
        remarks: compiled.map_or_else(Vec::new, |it| view::remarks(it.definition())),
        tables: compiled.map_or_else(Vec::new, |it| view::tables(it.definition(), tried.as_ref())),
        others: compiled.map_or_else(Vec::new, |it| view::others(it.definition())),
        tests_wrong: tests.iter().filter(|test| !test.is_right).count(),
        tests,
        decisions: compiled.map_or_else(Vec::new, |it| view::decisions(it.definition())),
        inputs: compiled.map_or_else(Vec::new, |it| view::inputs(it, &typed.values)),
        facts: Fact::ALL,
        tried,
        typed,
    })
}
