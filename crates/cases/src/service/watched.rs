//! How what a case granted is watched (审管分离). Supervision lies above the cases and answers here, so that the page of a case
//! can say how its task stands.

use async_trait::async_trait;
use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, markup::Light};

/// The supervision task of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedTask {
    /// The department that supervises.
    pub department: String,
    /// Where the task stands.
    pub stage: &'static str,
    /// What was found; `None` before a check.
    pub finding: Option<&'static str>,
    /// Its light today.
    pub light: Light,
    /// Where the task opens; `None` for whoever may not see it.
    pub path: Option<String>,
}

/// Who knows the task of a case.
#[async_trait]
pub trait Watched: Send + Sync + 'static {
    /// The task; `None` for a case that nobody watches.
    ///
    /// # Errors
    /// Whatever storage reports.
    async fn task_of(&self, caller: &Caller, case: CaseId) -> Result<Option<WatchedTask>, Failure>;
}

/// A house without supervision: nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

#[async_trait]
impl Watched for Unwatched {
    async fn task_of(
        &self,
        _caller: &Caller,
        _case: CaseId,
    ) -> Result<Option<WatchedTask>, Failure> {
        Ok(None)
    }
}
