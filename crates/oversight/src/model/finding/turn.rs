//! Whose turn a finding is: of those who answer for it, while they explain or mend; and that it was decided is told to them.
//! What waits for supervision stands in supervision's own list.

use wuchuang_kernel::Role;
use wuchuang_messages::telling::{Recipient, Telling, Turn, Turns, Whom};

use super::{
    Finding, FindingCommand, FindingEvent, FindingRule, FindingStage, FindingState, FindingStream,
};

impl Finding {
    /// Whose turn it is, or who learns what was decided; `None` while supervision has it.
    pub fn turn(&self) -> Option<Turn> {
        let due = match self.stage {
            FindingStage::Notified | FindingStage::Rectifying => {
                Some((self.due.warn_on, self.due.due_on))
            }
            FindingStage::Closed if self.is_known => None,
            FindingStage::Found
            | FindingStage::Answered
            | FindingStage::Reported
            | FindingStage::Closed => return None,
        };
        // What somebody reported about themselves is between them and supervision.
        let is_own = self.opening.rule == FindingRule::SelfReport;
        Some(Turn {
            since: self.since,
            arrives: true,
            due,
            told: self.told,
            whom: Whom {
                organisation: self.opening.organisation,
                // Those who answer for the organisation (`policies.cedar`).
                roles: if is_own { &[] } else { &[Role::Approver] },
                person: self.opening.person,
            },
        })
    }
}

impl Turns for FindingStream {
    const JOB: &'static str = "oversight_tell";

    fn begins(event: &FindingEvent) -> bool {
        matches!(
            event,
            FindingEvent::Notified { .. }
                | FindingEvent::Decided { .. }
                | FindingEvent::SentBack { .. }
                | FindingEvent::Confirmed { .. }
        )
    }

    fn turn(state: &FindingState) -> Option<Turn> {
        state.0.as_deref()?.turn()
    }

    fn tell(of: Telling, to: Vec<Recipient>) -> FindingCommand {
        FindingCommand::Tell { of, to }
    }
}
