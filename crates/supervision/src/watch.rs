//! The task on the page of its case: how what was granted is watched.

use async_trait::async_trait;
use wuchuang_cases::watched::{Watched, WatchedTask};
use wuchuang_kernel::{CaseId, china_date};
use wuchuang_ledger::Ledger;
use wuchuang_webkit::{Caller, Failure};

use crate::{deeds::may_read, jobs::task_of_case, model::TaskStream, store::light};

/// Answers the cases, which lie below.
pub struct SupervisionWatch {
    ledger: Ledger,
}

impl SupervisionWatch {
    /// The tasks on a ledger.
    pub const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }
}

#[async_trait]
impl Watched for SupervisionWatch {
    async fn task_of(&self, caller: &Caller, case: CaseId) -> Result<Option<WatchedTask>, Failure> {
        let id = task_of_case(case);
        let loaded = self
            .ledger
            .load::<TaskStream>(caller.region, id.into())
            .await?;
        let task = loaded.and_then(|(_, state)| state.0.as_deref().cloned());
        Ok(task.map(|task| WatchedTask {
            department: task.opening.department_name.clone(),
            stage: task.stage.name(),
            finding: task.finding.map(crate::model::CheckFinding::name),
            light: light(task.stage, task.due, china_date(caller.now)),
            path: may_read(caller, id, &task).then(|| format!("/staff/supervision/{id}")),
        }))
    }
}
