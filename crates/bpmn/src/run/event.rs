//! What happens to an instance from outside.

use serde::{Deserialize, Serialize};

use crate::ids::{ElementId, SubscriptionId, TaskId, TimerId};

/// Variables by name.
pub type Variables = serde_json::Map<String, serde_json::Value>;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// A user or manual task was done, a service answered, or a decision was made.
    TaskCompleted {
        /// Which.
        task: TaskId,
        /// What it gave.
        #[serde(default)]
        variables: Variables,
    },
    /// A timer came due. One that is gone already is ignored, not refused.
    TimerFired {
        /// Which.
        timer: TimerId,
    },
    /// A message came in. It goes to one subscription: the named one, otherwise the oldest of that name.
    MessageReceived {
        /// The message's name.
        name: String,
        /// Which subscription, if the caller knows.
        #[serde(default)]
        subscription: Option<SubscriptionId>,
        /// What it brought.
        #[serde(default)]
        variables: Variables,
    },
    /// A signal came in. It goes to every subscription of that name.
    SignalReceived {
        /// The signal's name.
        name: String,
        /// What it brought.
        #[serde(default)]
        variables: Variables,
    },
    /// A task, service, decision or called process failed with a business error.
    ErrorThrown {
        /// Which.
        task: TaskId,
        /// The error's code, compared with those of the boundary events.
        code: String,
        /// What it gave.
        #[serde(default)]
        variables: Variables,
    },
    /// A called process ended.
    CalledEnded {
        /// The call activity that waited for it.
        task: TaskId,
        /// The called process's variables at its end.
        #[serde(default)]
        variables: Variables,
    },
    /// 退回: the work goes back to a task that was done before. See [`crate::return_targets`].
    Returned {
        /// The piece of work that is given back, or the incident that is to be got out of.
        task: TaskId,
        /// The user task to begin again at.
        to: ElementId,
    },
    /// An instance that has ended is taken up again at a task that was done: whoever decides on the whole sends it back.
    /// See [`crate::reopen_targets`].
    Reopened {
        /// The user task to begin again at.
        to: ElementId,
    },
    /// An incident's cause was mended; the element is tried again.
    Retried {
        /// The incident.
        incident: TaskId,
    },
    /// The whole instance is given up, for instance because the applicant withdrew.
    Cancelled,
    /// Somebody corrected variables; nothing moves.
    VariablesChanged {
        /// The new values.
        variables: Variables,
    },
}
