//! Items in force, their versions, and the search over them.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wuchuang_codes::{HandlingKind, ServiceObject};
use wuchuang_search::{GuideFilters, GuideQuery, PAGE_LIMIT_MAX, Page};
use wuchuang_webkit::Failure;

use super::item_id;
use crate::{
    catalogue::PublishedFilter,
    lists::compression_tenths,
    model::{ItemVersion, Tag},
    rooms::Rooms,
};

/// How many items one page holds at most.
const LIMIT_MAX: usize = 100;
/// How many when nothing is said.
const LIMIT_USUAL: usize = 50;

/// What a list of items may be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ItemQuery {
    /// Where the page goes on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many items, at most 100.
    limit: Option<usize>,
    /// Words of the name, pinyin or initials; the best hits come first.
    q: Option<String>,
    /// The department's identifier.
    department: Option<String>,
    /// `at_once`, `online`, `nearby` or `one_visit`.
    tag: Option<String>,
    /// Whom it serves, by GB/T 39046 A.4: `1` natural persons, `2` enterprises …
    service_object: Option<String>,
    /// The kind of handling: `1` instant, `2` standard, `3` joint, `4` escalated.
    handling: Option<String>,
}

/// One item of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemSummary {
    /// The item.
    #[schema(example = "0198f2a0c0de7000800000000000abcd")]
    id: String,
    /// Which version is in force.
    #[schema(example = 1)]
    version: u32,
    /// Its name.
    #[schema(example = "失业登记")]
    name: String,
    /// The national code, else the local one; may be empty.
    code: String,
    /// The department's identifier.
    department: String,
    /// The department's name.
    #[schema(example = "人力资源和社会保障局")]
    department_name: String,
    /// GB/T 39046 A.1.
    #[schema(example = "20")]
    item_type: String,
    /// `1` instant, `2` standard, `3` joint, `4` escalated.
    #[schema(example = "1")]
    handling: String,
    /// In words.
    #[schema(example = "10 个工作日")]
    statutory_limit: String,
    /// In words.
    #[schema(example = "当场办结")]
    promised_limit: String,
    /// By how many tenths of a per cent the promised limit is shorter than that in law; absent where nothing can be shortened.
    #[schema(example = 750)]
    compression_tenths: Option<u32>,
    /// `at_once`, `online`, `nearby`, `one_visit`.
    tags: Vec<&'static str>,
}

/// A page of items.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemPage {
    /// The items.
    items: Vec<ItemSummary>,
    /// Where the next page goes on; absent on the last one.
    next_cursor: Option<String>,
}

/// One version with all its elements.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemBody {
    /// The item.
    id: String,
    /// Which version.
    #[schema(example = 1)]
    version: u32,
    /// The first day on which it is in force.
    #[schema(example = "2026-11-22")]
    effective_from: String,
    /// The first day on which it is no longer in force.
    cancelled_on: Option<String>,
    /// All elements of the implementation list, the form included.
    #[schema(value_type = Object)]
    content: Value,
}

impl ItemBody {
    fn of(version: &ItemVersion) -> Result<Self, Failure> {
        Ok(Self {
            id: version.id.to_string(),
            version: version.version,
            effective_from: version.effective_from.to_string(),
            cancelled_on: version.cancelled_on.map(|day| day.to_string()),
            content: serde_json::to_value(&version.content).map_err(Failure::internal)?,
        })
    }
}

pub(super) fn summary(version: &ItemVersion) -> ItemSummary {
    let content = &version.content;
    ItemSummary {
        id: version.id.to_string(),
        version: version.version,
        name: content.name.clone(),
        code: content.printed_code().unwrap_or_default(),
        department: content.department.id.to_string(),
        department_name: content.department.name.clone(),
        item_type: content.item_type.code(),
        handling: content.handling.code().to_owned(),
        statutory_limit: content.statutory_limit.text(),
        promised_limit: content.promised_limit.text(),
        compression_tenths: compression_tenths(version),
        tags: content.tags.iter().map(|tag| tag.code()).collect(),
    }
}

fn wrong(field: &'static str, way_out: &str) -> Failure {
    Failure::invalid(format!("参数 {field} 不认识。{way_out}")).at(field)
}

/// The items in force today.
#[utoipa::path(get, path = "/api/v1/items", tag = "items", params(ItemQuery),
    responses((status = 200, body = ItemPage), (status = 422, description = "A parameter does not read.")))]
pub(super) async fn item_list(
    State(rooms): State<Rooms>,
    Query(query): Query<ItemQuery>,
) -> Result<Json<ItemPage>, Failure> {
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    if let Some(words) = query.q.as_deref().filter(|words| !words.trim().is_empty()) {
        return found(&rooms, words, &query, limit.min(PAGE_LIMIT_MAX));
    }
    let filter = filter(&query)?;
    let after = query
        .cursor
        .as_deref()
        .map(|cursor| {
            cursor
                .parse()
                .map_err(|_| wrong("cursor", "请用上一页给出的值。"))
        })
        .transpose()?;
    let mut page = rooms.catalogue.list(&filter, after, limit + 1);
    let has_more = page.len() > limit;
    page.truncate(limit);
    let next_cursor = page
        .last()
        .filter(|_| has_more)
        .map(|version| version.id.to_string());
    Ok(Json(ItemPage {
        items: page.iter().map(|version| summary(version)).collect(),
        next_cursor,
    }))
}

fn filter(query: &ItemQuery) -> Result<PublishedFilter, Failure> {
    fn read<T>(
        text: Option<&String>,
        read: impl Fn(&str) -> Option<T>,
        failure: Failure,
    ) -> Result<Option<T>, Failure> {
        text.map(|text| read(text).ok_or(failure)).transpose()
    }
    Ok(PublishedFilter {
        department: read(
            query.department.as_ref(),
            |text| text.parse().ok(),
            wrong("department", "请用机构的标识。"),
        )?,
        tag: read(
            query.tag.as_ref(),
            Tag::from_text,
            wrong("tag", "可用 at_once、online、nearby、one_visit。"),
        )?,
        service_object: read(
            query.service_object.as_ref(),
            |text| ServiceObject::from_code(text).ok(),
            wrong("service_object", "可用 1 到 6。"),
        )?,
        handling: read(
            query.handling.as_ref(),
            |text| HandlingKind::from_code(text).ok(),
            wrong("handling", "可用 1 到 4。"),
        )?,
    })
}

/// The best hits for words; the cursor is the number of hits before the page.
fn found(
    rooms: &Rooms,
    words: &str,
    query: &ItemQuery,
    limit: usize,
) -> Result<Json<ItemPage>, Failure> {
    let wanted = filter(query)?;
    let offset: usize = match &query.cursor {
        Some(cursor) => cursor
            .parse()
            .map_err(|_| wrong("cursor", "请用上一页给出的值。"))?,
        None => 0,
    };
    let filters = GuideFilters {
        tags: wanted.tag.iter().map(|tag| tag.name().to_owned()).collect(),
        subject: wanted.service_object.map(|object| object.name().to_owned()),
        ..GuideFilters::default()
    };
    let asked = GuideQuery {
        text: words.to_owned(),
        filters,
        page: Page::new(offset, limit),
    };
    let hits = rooms.catalogue.search(&asked).map_err(Failure::internal)?;
    let items = hits
        .hits
        .iter()
        .filter_map(|hit| rooms.catalogue.published(hit.id.parse().ok()?))
        .filter(|version| {
            wanted
                .handling
                .is_none_or(|handling| version.content.handling == handling)
        })
        .filter(|version| {
            wanted
                .department
                .is_none_or(|department| version.content.department.id == department)
        })
        .map(|version| summary(&version))
        .collect();
    let next = offset + hits.hits.len();
    let next_cursor = (next < hits.total && !hits.hits.is_empty()).then(|| next.to_string());
    Ok(Json(ItemPage { items, next_cursor }))
}

/// The version in force today.
#[utoipa::path(get, path = "/api/v1/items/{item}", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = ItemBody), (status = 404, description = "No item of this identifier is in force.")))]
pub(super) async fn item_read(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Json<ItemBody>, Failure> {
    let version = rooms
        .catalogue
        .published(item_id(&item)?)
        .ok_or_else(Failure::not_found)?;
    Ok(Json(ItemBody::of(&version)?))
}

/// A version, in force or not.
#[utoipa::path(get, path = "/api/v1/items/{item}/versions/{version}", tag = "items",
    params(("item" = String, Path, description = "The item."), ("version" = u32, Path, description = "Which version, from 1.", example = 1)),
    responses((status = 200, body = ItemBody), (status = 404, description = "There is no such version.")))]
pub(super) async fn item_version_read(
    State(rooms): State<Rooms>,
    Path((item, version)): Path<(String, u32)>,
) -> Result<Json<ItemBody>, Failure> {
    let version = rooms
        .catalogue
        .version(item_id(&item)?, version)
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok(Json(ItemBody::of(&version)?))
}
