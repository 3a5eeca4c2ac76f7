//! The jobs that gave up: what the machine could not do by itself, for somebody who can.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use serde::Deserialize;
use wuchuang_kernel::{CaseId, JobId};
use wuchuang_ledger::{JobRow, StorageError};
use wuchuang_webkit::{Caller, Failure, Resource, page::PageContext};

use super::{moment, shown};
use crate::rooms::Rooms;

/// How many are shown; whoever has more has one cause for all of them.
pub(crate) const JOBS_SHOWN_MAX: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(super) struct JobsQuery {
    #[serde(default)]
    retried: String,
}

struct JobView {
    id: String,
    name: String,
    /// The page of the case that it works for; empty when it works for none.
    case_path: String,
    input: String,
    error: String,
    attempts: i64,
    time: String,
}

impl From<&JobRow> for JobView {
    fn from(row: &JobRow) -> Self {
        Self {
            id: row.id.clone(),
            name: words(&row.name).to_owned(),
            case_path: case_path(&row.input),
            input: row.input.clone(),
            error: row.last_error.clone(),
            attempts: row.attempts,
            time: moment(row.created_at_us),
        }
    }
}

/// Jobs that work for a case name it in their input.
fn case_path(input: &str) -> String {
    #[derive(Deserialize)]
    struct OfCase {
        case: CaseId,
    }
    serde_json::from_str::<OfCase>(input)
        .map(|of| format!("/staff/cases/{}", of.case))
        .unwrap_or_default()
}

/// What a job does, in words; one that is not in this list shows its own name.
fn words(name: &str) -> &str {
    match name {
        crate::store::SEND => "发送消息",
        "case_notice" => "制作文书",
        "case_deem_accepted" => "视为受理",
        "case_process_timer" => "流程图里的定时",
        "case_archive" => "归档",
        "case_sweep" => "清理草稿",
        "case_release" => "退回停用账号手里的办件",
        "deadlines_reproject" => "重新计算期限",
        "calendar_put_in_force" => "启用工作日历",
        "licence_issue" => "制证",
        "licence_document" => "制作证照文件",
        "supervision_open" => "推送监管任务",
        "supervision_note_revoked" => "在监管任务里记下注销",
        "supervision_note_credit" => "在监管任务里记下失信",
        "demand_count" => "需求统计",
        "oversight_look" => "监察规则核对",
        "oversight_open" => "生成台账比对的线索",
        "catalogue_refresh" => "更新事项检索",
        "ledger_check" => "核对账本",
        other => other,
    }
}

#[derive(Template)]
#[template(path = "messages/jobs.html")]
struct JobsPage<'a> {
    page: &'a PageContext,
    jobs: Vec<JobView>,
    waiting: i64,
    may_retry: bool,
    is_full: bool,
    has_retried: bool,
}

pub(super) async fn list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<JobsQuery>,
) -> Result<Html<String>, Failure> {
    let jobs = rooms
        .ledger
        .jobs_gave_up(caller.region, JOBS_SHOWN_MAX)
        .await?;
    let page = caller.page.clone().titled("放弃的任务");
    shown(&JobsPage {
        page: &page,
        is_full: jobs.len() >= JOBS_SHOWN_MAX as usize,
        jobs: jobs.iter().map(JobView::from).collect(),
        waiting: rooms.ledger.jobs_waiting().await?,
        may_retry: caller.may("job_manage", &Resource::default()),
        has_retried: !query.retried.is_empty(),
    })
}

pub(super) async fn retry(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(job): Path<String>,
) -> Result<Redirect, Failure> {
    let job = job.parse().map_err(|_| Failure::not_found())?;
    try_again(&rooms, &caller, job).await?;
    Ok(Redirect::to("/staff/admin/jobs?retried=1"))
}

/// Gives a job that gave up another life.
pub(crate) async fn try_again(rooms: &Rooms, caller: &Caller, job: JobId) -> Result<(), Failure> {
    match rooms.ledger.job_retry(caller.region, job).await {
        // Somebody else was faster, or it was never there.
        Err(StorageError::AffectedRows { .. }) => Err(Failure::not_found()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_leads_to_the_case_that_it_works_for() {
        let case = CaseId::from_u128(7);
        let of_case = serde_json::json!({"case": case, "kind": "receipt"}).to_string();
        assert_eq!(case_path(&of_case), format!("/staff/cases/{case}"));
        assert_eq!(case_path(r#"{"message":"1"}"#), "");
        assert_eq!(case_path("no JSON"), "");
    }
}
