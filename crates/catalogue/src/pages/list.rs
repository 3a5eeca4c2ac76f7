//! The list of items with its filters in the address, and publishing several at once.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{ItemId, china_date};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::{Choice, CursorLinks},
    page::PageContext,
};

use super::{html, moment, say, sheet::encode};
use crate::{
    model::Tag,
    publication::{PUBLISH_MAX, publish_several},
    rooms::Rooms,
    store::{self, Cursor, ItemFilter, ItemRow, ItemStage},
};

/// How many items one page shows.
const PAGE: u32 = 50;

#[derive(Deserialize, Default)]
pub(crate) struct ListQuery {
    #[serde(default)]
    department: String,
    #[serde(default)]
    handling: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    after_name: Option<String>,
    after: Option<String>,
    done: Option<String>,
    count: Option<usize>,
}

impl ListQuery {
    /// The items of one department; of all when it is empty.
    pub(crate) fn of_department(department: String) -> Self {
        Self {
            department,
            ..Self::default()
        }
    }

    pub(crate) fn filter(&self) -> ItemFilter {
        let cut = |text: &str| text.chars().take(100).collect();
        ItemFilter {
            department: cut(&self.department),
            handling: cut(&self.handling),
            tag: cut(&self.tag),
            state: cut(&self.state),
            search: cut(&self.q),
        }
    }

    fn cursor(&self) -> Option<Cursor> {
        Some(Cursor {
            name: self.after_name.clone()?,
            item: self.after.clone()?,
        })
    }

    /// The filters again, for links.
    fn address(&self) -> String {
        let parts = [
            ("department", &self.department),
            ("handling", &self.handling),
            ("tag", &self.tag),
            ("state", &self.state),
            ("q", &self.q),
        ];
        let given = parts.iter().filter(|(_, value)| !value.is_empty());
        given
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

struct Line {
    row: ItemRow,
    handling: &'static str,
    state: &'static str,
    changed: String,
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    query: &'a ListQuery,
    departments: Vec<Choice>,
    handlings: Vec<Choice>,
    tags: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
    links: CursorLinks,
    export: String,
    may_edit: bool,
    may_publish: bool,
    may_import: bool,
    today: String,
}

pub(crate) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    show(&rooms, caller, &query, &FieldErrors::new()).await
}

async fn show(
    rooms: &Rooms,
    mut caller: Caller,
    query: &ListQuery,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let database = rooms.catalogue.ledger().database();
    let cursor = query.cursor();
    let mut rows = store::items(
        database,
        caller.region,
        &query.filter(),
        cursor.as_ref(),
        PAGE + 1,
    )
    .await?;
    let has_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| has_more).map(|row| {
        format!(
            "/staff/items?{}&after_name={}&after={}",
            query.address(),
            encode(&row.name),
            row.item
        )
    });
    let links = CursorLinks {
        previous: cursor.map(|_| format!("/staff/items?{}", query.address())),
        next,
        summary: format!("本页 {} 项", rows.len()),
    };
    let departments = rooms.departments(caller.region).await?;
    let action = |action| caller.may(action, &Resource::default());
    let (may_edit, may_publish, may_import) = (
        action("item_edit"),
        action("item_publish"),
        action("item_import"),
    );
    say(&mut caller.page, query.done.as_deref(), query.count);
    let page = caller.page.titled("事项库").with_errors(!errors.is_empty());
    html(&ListPage {
        page: &page,
        errors,
        query,
        departments: departments
            .0
            .iter()
            .map(|one| Choice::new(one.id.to_string(), &*one.name))
            .collect(),
        handlings: handlings(),
        tags: tags(),
        states: states(),
        lines: rows.into_iter().map(line).collect(),
        links,
        export: query.address(),
        may_edit,
        may_publish,
        may_import,
        today: china_date(caller.now).to_string(),
    })
}

fn handlings() -> Vec<Choice> {
    let kinds = HandlingKind::ALL[..4].iter();
    kinds
        .map(|kind| Choice::new(kind.code(), kind.name()))
        .collect()
}

fn tags() -> Vec<Choice> {
    let tags = Tag::ALL.iter();
    tags.map(|tag| Choice::new(tag.code(), tag.name()))
        .collect()
}

fn states() -> Vec<Choice> {
    let states = ItemStage::ALL.iter();
    let states = states.map(|state| Choice::new(state.code(), state.name()));
    let changed = Choice::new("changed", "有待发布的修改");
    states.chain([changed]).collect()
}

fn line(row: ItemRow) -> Line {
    let at = Timestamp::from_microsecond(row.changed_at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    Line {
        handling: HandlingKind::from_code(&row.handling).map_or("", HandlingKind::name),
        state: ItemStage::from_code(&row.state).map_or("", ItemStage::name),
        changed: moment(at),
        row,
    }
}

/// Publishes the ticked items; those that cannot be published are named with the reason, the others
/// are published.
pub(crate) async fn publish_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let mut errors = FieldErrors::new();
    let day = value("effective_from").and_then(|day| day.trim().parse().ok());
    let items: Vec<ItemId> = pairs
        .iter()
        .filter(|(key, _)| key == "item")
        .filter_map(|(_, item)| item.parse().ok())
        .take(PUBLISH_MAX)
        .collect();
    if items.is_empty() {
        errors.add("item", "还没有勾选事项。请先勾选要发布的事项。");
    }
    let Some(effective_from) = day else {
        errors.add(
            "effective_from",
            "生效日期看不懂。请按“年-月-日”填写，例如 2026-12-01。",
        );
        let body = show(&rooms, caller, &ListQuery::default(), &errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    };
    let key = value("command_id");
    let done = publish_several(&rooms, &caller, items, effective_from, key).await?;
    for left in &done.left {
        errors.add("item", format!("{}：{}", left.name, left.reason.public));
    }
    let published = done.published.len();
    if errors.is_empty() {
        return Ok(
            Redirect::to(&format!("/staff/items?done=published&count={published}")).into_response(),
        );
    }
    let query = ListQuery {
        state: "changed".to_owned(),
        ..ListQuery::default()
    };
    let body = show(&rooms, caller, &query, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}
