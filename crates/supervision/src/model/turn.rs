//! Whose turn a task is: the department's that supervises, or, when what was promised was not true, the one's that decided.

use wuchuang_kernel::Role;
use wuchuang_messages::telling::{Recipient, Telling, Turn, Turns, Whom};

use super::{SupervisionStage, Task, TaskCommand, TaskEvent, TaskState, TaskStream};

impl Task {
    /// Whose turn it is; `None` when it is done.
    pub fn turn(&self) -> Option<Turn> {
        let opening = &self.opening;
        // Those who may do it (`policies.cedar`).
        let checks: &'static [Role] = &[Role::Reviewer, Role::Approver];
        let (organisation, arrives, roles) = match self.stage {
            SupervisionStage::Waiting => (opening.department, true, checks),
            SupervisionStage::Checking | SupervisionStage::Rectifying => {
                (opening.department, false, checks)
            }
            SupervisionStage::Handling => (opening.granted_by, true, &[Role::Approver][..]),
            SupervisionStage::Done => return None,
        };
        Some(Turn {
            since: self.since,
            arrives,
            due: Some((self.due.warn_on, self.due.due_on)),
            told: self.told,
            whom: Whom {
                organisation,
                roles,
                person: None,
            },
        })
    }
}

impl Turns for TaskStream {
    const JOB: &'static str = "supervision_tell";

    fn begins(event: &TaskEvent) -> bool {
        matches!(
            event,
            TaskEvent::Opened { .. } | TaskEvent::Acknowledged { .. } | TaskEvent::Checked { .. }
        )
    }

    fn turn(state: &TaskState) -> Option<Turn> {
        state.0.as_deref()?.turn()
    }

    fn tell(of: Telling, to: Vec<Recipient>) -> TaskCommand {
        TaskCommand::Tell { of, to }
    }
}
