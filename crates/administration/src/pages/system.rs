//! The state of the system for its administrator, and the jobs that gave up with a button to try again.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, Redirect},
};
use sea_orm::DbBackend;
use wuchuang_kernel::JobId;
use wuchuang_ledger::{JobRow, StorageError};
use wuchuang_webkit::{
    Caller, Failure, assets,
    markup::DefinitionRow,
    page::PageContext,
};

use super::{html, moment};
use crate::{Rooms, store};

/// How many jobs that gave up are shown; when there are more, the cause is one and the same.
const JOBS_SHOWN: u32 = 100;

struct JobLine {
    job: JobRow,
    created_at: String,
}

#[derive(Template)]
#[template(path = "administration/system.html")]
struct SystemPage<'a> {
    page: &'a PageContext,
    rows: Vec<DefinitionRow>,
    jobs: Vec<JobLine>,
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
    let row = |term: &str, detail: String| DefinitionRow::new(term, detail);
    let rows = vec![
        row("程序版本", env!("CARGO_PKG_VERSION").to_owned()),
        row("区划", caller.region.to_string()),
        row("数据库", engine.to_owned()),
        row("页面样式", if assets::are_built() { "已内置" } else { "缺少，请重新安装程序" }.to_owned()),
        row("账本记录", head.map_or(0, |head| head.seq).to_string()),
        row(
            "最近的检查点",
            checkpoints.first().map_or_else(|| "还没有".to_owned(), |last| moment(last.signed_at_us)),
        ),
        row("等待的后台任务", ledger.jobs_waiting().await?.to_string()),
        row(
            "放假安排",
            match (years.first(), years.last()) {
                (Some(first), Some(last)) => format!("{first} 至 {last} 年"),
                _ => "没有".to_owned(),
            },
        ),
    ];
    let jobs = ledger.jobs_gave_up(caller.region, JOBS_SHOWN).await?;
    let page = caller.page.clone().titled("系统状态");
    html(&SystemPage {
        page: &page,
        rows,
        jobs: jobs
            .into_iter()
            .map(|job| JobLine {
                created_at: moment(job.created_at_us),
                job,
            })
            .collect(),
    })
}

pub(crate) async fn job_retry(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(job): Path<String>,
) -> Result<Redirect, Failure> {
    let job: JobId = job.parse().map_err(|_| Failure::not_found())?;
    retry(&rooms, &caller, job).await?;
    Ok(Redirect::to("/staff/admin/system"))
}

/// Gives a job another life; one that is not there (any more) is not found.
pub(crate) async fn retry(rooms: &Rooms, caller: &Caller, job: JobId) -> Result<(), Failure> {
    match rooms.ledger.job_retry(caller.region, job).await {
        Ok(()) => Ok(()),
        Err(StorageError::AffectedRows { .. }) => Err(Failure::not_found()),
        Err(error) => Err(error.into()),
    }
}
