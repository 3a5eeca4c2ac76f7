//! The public lists for programs: 事项清单, 流程清单, 权责清单, 责任清单, 监管清单, drawn from the versions in force as
//! the pages draw them.

use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_kernel::{ItemId, OrganisationId};
use wuchuang_webkit::Failure;

use crate::{
    lists::{Entry, Figures, PublicList, items_of},
    public::workbook,
    rooms::Rooms,
};

/// How many items one page holds at most.
const LIMIT_MAX: usize = 100;
/// How many when nothing is said.
const LIMIT_USUAL: usize = 50;

/// Whose items.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationQuery {
    /// Only the items of this organisation.
    organisation: Option<String>,
}

/// Whose items, and which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Only the items of this organisation.
    organisation: Option<String>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<usize>,
}

pub(super) fn organisation(text: Option<&str>) -> Result<Option<OrganisationId>, Failure> {
    text.map(str::parse)
        .transpose()
        .map_err(|_| Failure::invalid("这不是机构标识。请使用系统给出的标识。").at("organisation"))
}

fn list_of(code: &str) -> Result<PublicList, Failure> {
    PublicList::from_code(code).ok_or_else(Failure::not_found)
}

/// A public list.
#[derive(Debug, Serialize, ToSchema)]
struct ListSummary {
    /// Its word in addresses: `items`, `procedures`, `powers`, `duties` or `supervision`.
    #[schema(example = "powers")]
    list: &'static str,
    /// Its name.
    #[schema(example = "权责清单")]
    name: &'static str,
    /// What it tells.
    #[schema(example = "每项权力的依据、材料、程序、时限、收费和前置审批。")]
    purpose: &'static str,
    /// How many items stand in it.
    #[schema(example = 24)]
    count: usize,
}

/// Figures over the items in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListFigures {
    /// How many items.
    #[schema(example = 40)]
    total: usize,
    /// 网上可办: for how many one can apply without coming.
    #[schema(example = 38)]
    online: usize,
    /// 最多跑一次: how many need at most one visit.
    #[schema(example = 40)]
    one_visit: usize,
    /// 一次不跑: how many need no visit.
    #[schema(example = 30)]
    no_visit: usize,
    /// How many have a limit in law that can be shortened.
    #[schema(example = 31)]
    compared: usize,
    /// By how many tenths of a per cent the promised limits of those are shorter on average; absent when there are none.
    #[schema(example = 783)]
    compression_tenths: Option<u32>,
}

impl From<Figures> for ListFigures {
    fn from(figures: Figures) -> Self {
        Self {
            total: figures.total,
            online: figures.online,
            one_visit: figures.one_visit,
            no_visit: figures.no_visit,
            compared: figures.compared,
            compression_tenths: figures.compression_tenths,
        }
    }
}

/// The public lists.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListOverview {
    /// The lists, in the order in which they are offered.
    items: Vec<ListSummary>,
    /// Figures over the same items.
    figures: ListFigures,
}

/// The public lists with the number of their items.
#[utoipa::path(get, path = "/api/v1/lists", tag = "lists", params(OrganisationQuery),
    responses((status = 200, body = ListOverview), (status = 422, description = "The organisation does not read.")))]
pub(super) async fn list_overview(
    State(rooms): State<Rooms>,
    Query(query): Query<OrganisationQuery>,
) -> Result<Json<ListOverview>, Failure> {
    let of = organisation(query.organisation.as_deref())?;
    let all = rooms.catalogue.all();
    let summary = |list: PublicList| ListSummary {
        list: list.code(),
        name: list.name(),
        purpose: list.purpose(),
        count: items_of(list, &all, of).len(),
    };
    Ok(Json(ListOverview {
        items: PublicList::ALL.map(summary).into(),
        figures: Figures::of(items_of(PublicList::Items, &all, of).iter()).into(),
    }))
}

/// An item in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ListEntry {
    /// The item.
    item: String,
    /// Its name.
    #[schema(example = "食品经营许可核发")]
    name: String,
    /// What stands once for the item, in the order of `columns`; empty where nothing is registered.
    #[schema(example = json!(["市场监督管理局"]))]
    cells: Vec<String>,
    /// The rows of the item, each in the order of `row_columns`.
    #[schema(example = json!([["审查", "市场监督管理局"]]))]
    rows: Vec<Vec<String>>,
}

impl From<Entry> for ListEntry {
    fn from(entry: Entry) -> Self {
        Self {
            item: entry.item.to_string(),
            name: entry.name,
            cells: entry.leads,
            rows: entry.rows,
        }
    }
}

/// One page of a public list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListPage {
    /// Its name.
    #[schema(example = "权责清单")]
    name: &'static str,
    /// The headings of what stands once for an item.
    #[schema(example = json!(["实施主体"]))]
    columns: Vec<&'static str>,
    /// The headings of its rows.
    #[schema(example = json!(["环节", "责任主体"]))]
    row_columns: Vec<&'static str>,
    /// The items, by organisation and name.
    items: Vec<ListEntry>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// One public list.
#[utoipa::path(get, path = "/api/v1/lists/{list}", tag = "lists",
    params(("list" = String, Path, description = "`items`, `procedures`, `powers`, `duties` or `supervision`.", example = "powers"), ListQuery),
    responses((status = 200, body = ListPage), (status = 404, description = "There is no such list."),
        (status = 422, description = "The organisation or the cursor does not read.")))]
pub(super) async fn list_read(
    State(rooms): State<Rooms>,
    Path(list): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListPage>, Failure> {
    let list = list_of(&list)?;
    let of = organisation(query.organisation.as_deref())?;
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let items = items_of(list, &rooms.catalogue.all(), of);
    // The place is the last item's, so that a publication in between moves nothing out of a page.
    let begin = match &query.cursor {
        None => 0,
        Some(cursor) => {
            let wrong = || Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor");
            let before: ItemId = cursor.parse().map_err(|_| wrong())?;
            let found = items.iter().position(|version| version.id == before);
            found.ok_or_else(wrong)? + 1
        }
    };
    let shown = &items[begin..items.len().min(begin + limit)];
    let next_cursor = shown
        .last()
        .filter(|_| begin + shown.len() < items.len())
        .map(|last| last.id.to_string());
    Ok(Json(ListPage {
        name: list.name(),
        columns: list.leads().iter().map(|lead| lead.title).collect(),
        row_columns: list
            .headings()
            .iter()
            .map(|heading| heading.title)
            .collect(),
        items: shown
            .iter()
            .map(|version| ListEntry::from(list.entry(version)))
            .collect(),
        next_cursor,
    }))
}

/// One public list as an Excel file.
#[utoipa::path(get, path = "/api/v1/lists/{list}/export", tag = "lists",
    params(("list" = String, Path, description = "`items`, `procedures`, `powers`, `duties` or `supervision`.", example = "powers"), OrganisationQuery),
    responses((status = 200, description = "The workbook.", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String),
        (status = 404, description = "There is no such list."), (status = 422, description = "The organisation does not read.")))]
pub(super) async fn list_export(
    State(rooms): State<Rooms>,
    Path(list): Path<String>,
    Query(query): Query<OrganisationQuery>,
) -> Result<Response, Failure> {
    let of = organisation(query.organisation.as_deref())?;
    workbook(&rooms, list_of(&list)?, of).await
}
