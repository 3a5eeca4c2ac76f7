//! The state of the system for its administrator. Jobs that gave up have a page of their own in the
//! messages slice; here stands how many wait.

use askama::Template;
use axum::{extract::State, response::Html};
use sea_orm::DbBackend;
use wuchuang_webkit::{Caller, Failure, assets, markup::DefinitionRow, page::PageContext};

use super::{html, moment};
use crate::{Rooms, store};

#[derive(Template)]
#[template(path = "administration/system.html")]
struct SystemPage<'a> {
    page: &'a PageContext,
    rows: Vec<DefinitionRow>,
}

pub(crate) async fn system_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let ledger = &rooms.ledger;
    let head = store::head(ledger.database(), caller.region).await?;
    let checkpoints = store::checkpoints(ledger.database(), caller.region, i64::MAX, 1).await?;
    let years: Vec<i16> = ledger.calendar().known_years().collect();
    let engine = match ledger.database().backend() {
        DbBackend::Postgres => "PostgreSQL",
        _ => "SQLite（内置）",
    };
    let assets = if assets::are_built() {
        "已内置"
    } else {
        "缺少，请重新安装程序"
    };
    let checkpoint = checkpoints
        .first()
        .map_or_else(|| "还没有".to_owned(), |last| moment(last.signed_at_us));
    let notices = match (years.first(), years.last()) {
        (Some(first), Some(last)) => format!("{first} 至 {last} 年"),
        _ => "没有".to_owned(),
    };
    let rows = vec![
        DefinitionRow::new("程序版本", env!("CARGO_PKG_VERSION")),
        DefinitionRow::new("区划", caller.region.to_string()),
        DefinitionRow::new("数据库", engine),
        DefinitionRow::new("页面样式", assets),
        DefinitionRow::new("账本记录", head.map_or(0, |head| head.seq).to_string()),
        DefinitionRow::new("最近的检查点", checkpoint),
        DefinitionRow::new("等待的后台任务", ledger.jobs_waiting().await?.to_string()),
        DefinitionRow::new("放假安排", notices),
    ];
    let page = caller.page.clone().titled("系统状态");
    html(&SystemPage { page: &page, rows })
}
