//! How far the promised limits are below those of the law (acceptance row 1.5), and how much can be
//! done online or with one visit (row 1.6).

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{
    lists::{Figures, average, compression_tenths, percent, share},
    model::ItemVersion,
    rooms::Rooms,
};

struct Line {
    id: String,
    name: String,
    department: String,
    handling: &'static str,
    statutory: String,
    promised: String,
    percent: String,
}

struct DepartmentLine {
    name: String,
    items: usize,
    percent: String,
}

#[derive(Template)]
#[template(path = "catalogue/compression.html")]
struct CompressionPage<'a> {
    page: &'a PageContext,
    total: usize,
    compared: usize,
    average: String,
    online: String,
    one_visit: String,
    no_visit: String,
    departments: Vec<DepartmentLine>,
    lines: Vec<Line>,
}

/// `34 项，85.0%`.
fn counted(part: usize, total: usize) -> String {
    format!("{part} 项，{}", share(part, total))
}

pub(crate) async fn compression_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let all = rooms.catalogue.all();
    let mut by_department: BTreeMap<&str, Vec<&Arc<ItemVersion>>> = BTreeMap::new();
    for version in &all {
        by_department
            .entry(&version.content.department.name)
            .or_default()
            .push(version);
    }
    let departments = by_department
        .into_iter()
        .map(|(name, versions)| DepartmentLine {
            name: name.to_owned(),
            items: versions.len(),
            percent: percent(average(versions.into_iter().map(AsRef::as_ref))),
        })
        .collect();
    let mut lines: Vec<(u32, Line)> = all
        .iter()
        .map(|version| {
            let tenths = compression_tenths(version);
            (tenths.unwrap_or(1_001), line(version, tenths))
        })
        .collect();
    // The least compressed first: there is the work.
    lines.sort_by_key(|(tenths, _)| *tenths);
    let figures = Figures::of(all.iter());
    let page = caller
        .page
        .titled("时限压缩")
        .under("事项库", "/staff/items");
    html(&CompressionPage {
        page: &page,
        total: figures.total,
        compared: figures.compared,
        average: percent(figures.compression_tenths),
        online: counted(figures.online, figures.total),
        one_visit: counted(figures.one_visit, figures.total),
        no_visit: counted(figures.no_visit, figures.total),
        departments,
        lines: lines.into_iter().map(|(_, line)| line).collect(),
    })
}

fn line(version: &ItemVersion, tenths: Option<u32>) -> Line {
    Line {
        id: version.id.to_string(),
        name: version.content.name.clone(),
        department: version.content.department.name.clone(),
        handling: version.content.handling.name(),
        statutory: version.content.statutory_limit.text(),
        promised: version.content.promised_limit.text(),
        percent: percent(tenths),
    }
}
