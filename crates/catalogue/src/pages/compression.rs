//! How far the promised limits are below those of the law (acceptance row 1.5), and how much can be
//! done online or with one visit (row 1.6).

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{model::ItemVersion, rooms::Rooms};

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

/// By how many per cent the promised limit is shorter, in tenths; `None` where the law already says on
/// the spot, because nothing can be shortened there.
pub(crate) fn compression_tenths(version: &ItemVersion) -> Option<u32> {
    let statutory = version.content.statutory_limit.hundredths_of_working_days();
    let promised = version.content.promised_limit.hundredths_of_working_days();
    (statutory > 0).then(|| statutory.saturating_sub(promised) * 1_000 / statutory)
}

/// `79.5%`; a dash where there is nothing to compare.
fn percent(tenths: Option<u32>) -> String {
    tenths.map_or_else(
        || "—".to_owned(),
        |tenths| format!("{}.{}%", tenths / 10, tenths % 10),
    )
}

fn average<'a>(versions: impl Iterator<Item = &'a Arc<ItemVersion>>) -> Option<u32> {
    let tenths: Vec<u32> = versions
        .filter_map(|version| compression_tenths(version))
        .collect();
    let count = u32::try_from(tenths.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(tenths.iter().sum::<u32>() / count)
}

fn share(part: usize, total: usize) -> String {
    let tenths = (part * 1_000)
        .checked_div(total)
        .and_then(|tenths| u32::try_from(tenths).ok());
    format!("{part} 项，{}", percent(tenths))
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
            percent: percent(average(versions.into_iter())),
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
    let count =
        |which: fn(&ItemVersion) -> bool| all.iter().filter(|version| which(version)).count();
    let page = caller
        .page
        .titled("时限压缩")
        .under("事项库", "/staff/items");
    html(&CompressionPage {
        page: &page,
        total: all.len(),
        compared: count(|version| compression_tenths(version).is_some()),
        average: percent(average(all.iter())),
        online: share(count(|version| version.content.is_online()), all.len()),
        one_visit: share(count(|version| version.content.max_visits <= 1), all.len()),
        no_visit: share(count(|version| version.content.max_visits == 0), all.len()),
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
