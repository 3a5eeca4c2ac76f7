//! What the page of a case says of the applicant's credit and of the supervision of what was granted.

use wuchuang_kernel::CaseId;
use wuchuang_webkit::{Caller, Failure, Resource, markup::ClockView};

use crate::{
    model::{Case, Stage},
    rooms::CaseRooms,
};

/// The supervision task, as the page shows it.
pub(in crate::pages) struct TaskLine {
    pub(in crate::pages) department: String,
    /// 待核查, or 已办结（属实）.
    pub(in crate::pages) stage: String,
    pub(in crate::pages) clock: ClockView,
    pub(in crate::pages) path: Option<String>,
}

/// Credit and supervision.
pub(in crate::pages) struct Trust {
    /// Whether the applicant is not taken at their word, because a bad-credit record stands.
    pub(in crate::pages) is_barred: bool,
    /// Where the records open.
    pub(in crate::pages) credit_path: Option<String>,
    pub(in crate::pages) task: Option<TaskLine>,
}

impl Trust {
    /// What is to be said of a case: of credit before acceptance, of supervision after the decision.
    pub(in crate::pages) async fn of(
        rooms: &CaseRooms,
        caller: &Caller,
        id: CaseId,
        case: &Case,
    ) -> Result<Self, Failure> {
        let number = case.applicant.number.text();
        let is_asked = matches!(case.stage, Stage::Examining | Stage::Correcting);
        let is_barred = is_asked && rooms.cases.bar(caller.region, number).await?.is_some();
        let subject = rooms.cases.credit().subject_of(number);
        let task = if case.decision().is_some() {
            rooms.watched.task_of(caller, id).await?
        } else {
            None
        };
        Ok(Self {
            is_barred,
            credit_path: subject
                .filter(|_| is_barred && caller.may("credit_read", &Resource::default()))
                .map(|subject| format!("/staff/credit/{subject}")),
            task: task.map(|task| TaskLine {
                department: task.department,
                stage: task.finding.map_or_else(
                    || task.stage.to_owned(),
                    |finding| format!("{}（{finding}）", task.stage),
                ),
                clock: ClockView {
                    light: task.light,
                    text: String::new(),
                    detail: String::new(),
                },
                path: task.path,
            }),
        })
    }
}
