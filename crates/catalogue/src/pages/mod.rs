//! The staff's pages: list, item with its drawn process and its rules, editor, exchange, compression, optimisation, sameness. Plain Chinese.

mod compression;
pub(crate) mod drawing;
mod edit;
pub(crate) mod exchange;
mod form_design;
mod item;
mod list;
mod optimisation;
mod origins;
mod process_designer;
pub(crate) mod rules;
mod sameness;
pub(crate) mod sheet;
mod similar;
mod version;
mod withdrawal;

pub(crate) use list::ListQuery;

use axum::{extract::DefaultBodyLimit, handler::Handler, response::Html};
use jiff::Timestamp;
use wuchuang_calendar::weekday_name;
use wuchuang_kernel::china_time;
use wuchuang_webkit::{
    Failure, Routes, Rule,
    page::{Flash, FlashKind, PageContext},
};

use crate::{
    exchange::FILE_BYTES_MAX,
    model::{drawn, rules as item_rules},
    rooms::Rooms,
};

/// What a form around a file may need.
pub(crate) const FORM_BYTES_MAX: usize = 64 * 1024;

/// What is counted over all items.
fn reports() -> Routes<Rooms> {
    let list = Rule::Act("item_list");
    Routes::new()
        .get(
            "/staff/items/compression",
            list,
            compression::compression_page,
        )
        .get(
            "/staff/items/optimisation",
            list,
            optimisation::optimisation_page,
        )
        .get("/staff/items/sameness", list, sameness::sameness_page)
        .and(similar::routes())
}

/// When an item is in force, and what stands in its place afterwards.
fn life() -> Routes<Rooms> {
    let publish = Rule::Act("item_publish");
    Routes::new()
        .post("/staff/items/{item}/publish", publish, item::publish_send)
        .post(
            "/staff/items/{item}/withdraw",
            publish,
            withdrawal::withdraw_send,
        )
        .post(
            "/staff/items/{item}/take-back",
            publish,
            withdrawal::take_back_send,
        )
        .post("/staff/items/{item}/lead", publish, withdrawal::lead_send)
}

pub(crate) fn routes() -> Routes<Rooms> {
    let (list, edit) = (Rule::Act("item_list"), Rule::Act("item_edit"));
    let (publish, import) = (Rule::Act("item_publish"), Rule::Act("item_import"));
    let import_send =
        exchange::import_send.layer(DefaultBodyLimit::max(FILE_BYTES_MAX + FORM_BYTES_MAX));
    let drawing_send = drawing::send.layer(DefaultBodyLimit::max(
        drawn::FILE_BYTES_MAX + FORM_BYTES_MAX,
    ));
    let rules_send = rules::send.layer(DefaultBodyLimit::max(
        item_rules::FILE_BYTES_MAX + FORM_BYTES_MAX,
    ));
    Routes::new()
        .get("/staff/items", list, list::list_page)
        .and(reports())
        .get("/staff/items/export.xlsx", list, exchange::export_excel)
        .get("/staff/items/export.yaml", list, exchange::export_yaml)
        .get("/staff/items/template.xlsx", list, exchange::template)
        .get("/staff/items/import", import, exchange::import_page)
        .post("/staff/items/import", import, import_send)
        .get("/staff/items/import/{token}", import, exchange::marked)
        .post("/staff/items/publish", publish, list::publish_send)
        .get("/staff/items/new", edit, edit::new_page)
        .post("/staff/items/new", edit, edit::new_send)
        .get("/staff/items/{item}", list, item::item_page)
        .get(
            "/staff/items/{item}/versions/{version}",
            list,
            version::version_page,
        )
        .get("/staff/items/{item}/edit", edit, edit::edit_page)
        .post("/staff/items/{item}/edit", edit, edit::edit_send)
        .get("/staff/items/{item}/form", edit, form_design::page)
        .post("/staff/items/{item}/form", edit, form_design::send)
        .get(
            "/staff/items/{item}/process/draw",
            edit,
            process_designer::page,
        )
        .post("/staff/items/{item}/process", edit, drawing_send)
        .post("/staff/items/{item}/process/remove", edit, drawing::remove)
        .get("/staff/items/{item}/process.bpmn", list, drawing::download)
        .get("/staff/items/{item}/rules", list, rules::page)
        .post("/staff/items/{item}/rules", edit, rules_send)
        .get("/staff/items/{item}/rules/editor", edit, rules::editor_page)
        .post("/staff/items/{item}/rules/uses", edit, rules::uses)
        .post("/staff/items/{item}/rules/try", edit, rules::try_out)
        .post("/staff/items/{item}/rules/remove", edit, rules::remove)
        .get("/staff/items/{item}/rules.dmn", list, rules::download)
        .get(
            "/staff/items/{item}/rules.xlsx",
            list,
            rules::download_excel,
        )
        .and(life())
}

/// A rendered page, or the failure to render it.
fn html(page: &impl askama::Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(Failure::internal)
}

/// `2026-11-22 周日 10:21`, in China.
fn moment(at: Timestamp) -> String {
    let at = china_time(at);
    format!(
        "{} {} {}",
        at.date(),
        weekday_name(at.date()),
        at.strftime("%H:%M")
    )
}

/// The message after a deed, from the address that it led to.
fn say(page: &mut PageContext, done: Option<&str>, count: Option<usize>) {
    let text = match done {
        Some("saved") => "已保存为待发布的修改，还没有对外生效。".to_owned(),
        Some("unchanged") => "内容没有改动。".to_owned(),
        Some("published") => format!("已发布 {} 个事项。", count.unwrap_or(1)),
        Some("withdrawn") => "事项已停用。".to_owned(),
        Some("taken_back") => "已撤回停用，照常办理。".to_owned(),
        Some("led") => "原来的指南已转到那个事项。".to_owned(),
        Some("grouped") => "已归为一类。".to_owned(),
        Some("dissolved") => "已取消归类，事项本身没有变。".to_owned(),
        Some("apart") => "已记下不合并，这里不再提示这一对。".to_owned(),
        Some("again") => "这一对重新比较。".to_owned(),
        Some("imported") => format!(
            "已导入 {} 个事项，都是待发布的修改。请核对后发布。",
            count.unwrap_or(0)
        ),
        _ => return,
    };
    page.flash = Some(Flash {
        kind: FlashKind::Success,
        text,
    });
}
