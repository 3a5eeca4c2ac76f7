//! The state of the system for its administrator. Jobs that gave up have a page of their own in the
//! messages slice; here stands how many wait.

use askama::Template;
use axum::{extract::State, response::Html};
use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, markup::DefinitionRow, page::PageContext};

use super::{html, moment};
use crate::{Rooms, system};

#[derive(Template)]
#[template(path = "administration/system.html")]
struct SystemPage<'a> {
    page: &'a PageContext,
    rows: Vec<DefinitionRow>,
    /// What must be done: about the signing certificate, about next year's holidays.
    warnings: Vec<String>,
}

pub(crate) async fn system_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let state = system::state(&rooms, &caller).await?;
    let engine = match state.engine {
        "postgresql" => "PostgreSQL",
        _ => "SQLite（内置）",
    };
    let assets = if state.has_assets {
        "已内置"
    } else {
        "缺少，请重新安装程序"
    };
    let notices = state
        .years
        .map(|(first, last)| format!("{first} 至 {last} 年"));
    let none = |words: &str| words.to_owned();
    let rows = vec![
        DefinitionRow::new("程序版本", state.version),
        DefinitionRow::new("区划代码", caller.region.to_string()),
        DefinitionRow::new("数据库", engine),
        DefinitionRow::new("页面样式", assets),
        DefinitionRow::new("账本记录", state.records.to_string()),
        DefinitionRow::new(
            "最近的检查点",
            state
                .checkpoint_at_us
                .map_or_else(|| none("还没有"), moment),
        ),
        DefinitionRow::new("等待的后台任务", state.jobs_waiting.to_string()),
        DefinitionRow::new("放假安排", notices.unwrap_or_else(|| none("没有"))),
        DefinitionRow::new("签名证书", state.seal.words()),
    ];
    let holidays = system::holidays_warning(state.years, china_date(caller.now));
    let warnings = state.seal.warning().into_iter().chain(holidays).collect();
    let page = caller.page.clone().titled("系统状态");
    html(&SystemPage {
        page: &page,
        rows,
        warnings,
    })
}
