//! One published version of an item, and what it changed.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Html,
};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::{
    html,
    item::{Section, sections, shown},
    sheet::{Table, tables, values_of},
};
use crate::{
    exchange::Departments,
    model::{Change, differences},
    rooms::Rooms,
};

#[derive(Template)]
#[template(path = "catalogue/version.html")]
struct VersionPage<'a> {
    page: &'a PageContext,
    id: String,
    number: u32,
    before: u32,
    changes: Vec<Change>,
    sections: Vec<Section>,
    tables: Vec<Table>,
}

pub(crate) async fn version_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((item, number)): Path<(String, u32)>,
) -> Result<Html<String>, Failure> {
    let (id, _, state) = rooms.item(&item).await?;
    let version = state.version(number).ok_or_else(Failure::not_found)?;
    let before = number
        .checked_sub(1)
        .and_then(|before| state.version(before));
    let page = caller
        .page
        .titled(&format!("{} 第 {number} 版", version.content.name))
        .under("事项库", "/staff/items")
        .under(&version.content.name, format!("/staff/items/{id}"));
    html(&VersionPage {
        page: &page,
        id: id.to_string(),
        number,
        before: before.map_or(0, |before| before.version),
        changes: before
            .map(|before| differences(&before.content, &version.content))
            .unwrap_or_default(),
        sections: sections(&version.content),
        tables: shown(tables(
            &values_of(&version.content),
            &Departments::default(),
        )),
    })
}
