//! How far the promised limits are below those of the law (acceptance row 1.5), and how much can be
//! done online or with one visit (row 1.6).

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use super::html;
use crate::{
    lists::{compression, percent, share},
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
    let report = compression(&rooms.catalogue.all());
    let figures = report.figures;
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
        departments: report
            .departments
            .into_iter()
            .map(|department| DepartmentLine {
                name: department.name,
                items: department.items,
                percent: percent(department.tenths),
            })
            .collect(),
        lines: report
            .items
            .iter()
            .map(|(version, tenths)| line(version, *tenths))
            .collect(),
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
