//! What an instance asks of the world. The caller carries these out (rows, jobs, messages); the engine never does.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::{ElementId, SubscriptionId, TaskId, TimerId};
use crate::model::{Stage, TimerDue};

use super::event::Variables;

/// One effect, in the order in which they happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// A person has something to do.
    TaskCreated(Box<TaskCreated>),
    /// A task, service call, decision or called process is no longer wanted. Late answers to it are refused.
    TaskWithdrawn {
        /// Which.
        task: TaskId,
        /// Its element.
        element: ElementId,
    },
    /// A timer is to be set.
    TimerStarted {
        /// Its number; comes back in `TimerFired`.
        timer: TimerId,
        /// The event it belongs to.
        element: ElementId,
        /// When.
        due: TimerDue,
    },
    /// A timer is to be forgotten.
    TimerCancelled {
        /// Which.
        timer: TimerId,
    },
    /// The instance waits for a message or signal.
    Subscribed {
        /// Its number.
        subscription: SubscriptionId,
        /// The event or task that waits.
        element: ElementId,
        /// Message or signal.
        kind: SubscriptionKind,
        /// The name to match.
        name: Arc<str>,
    },
    /// The instance no longer waits for it.
    Unsubscribed {
        /// Which.
        subscription: SubscriptionId,
    },
    /// A service is to be called; `TaskCompleted` or `ErrorThrown` answers.
    ServiceCalled {
        /// The number to answer with.
        task: TaskId,
        /// The service task.
        element: ElementId,
        /// Topic, class or type as the file names it.
        service: Arc<str>,
    },
    /// A decision is to be made; `TaskCompleted` answers with its outputs.
    DecisionAsked {
        /// The number to answer with.
        task: TaskId,
        /// The business rule task.
        element: ElementId,
        /// The decision's name.
        decision: Arc<str>,
    },
    /// Another process is to be started; `CalledEnded` answers.
    ProcessCalled {
        /// The number to answer with.
        task: TaskId,
        /// The call activity.
        element: ElementId,
        /// The called process's id.
        process: Arc<str>,
        /// What it gets.
        variables: Variables,
    },
    /// A message goes out.
    MessageSent {
        /// The event or task that sends.
        element: ElementId,
        /// The message's name.
        name: Arc<str>,
    },
    /// A signal goes out to every instance that waits for it, this one included: the caller sends it back as
    /// `SignalReceived`.
    SignalSent {
        /// The event that sends.
        element: ElementId,
        /// The signal's name.
        name: Arc<str>,
    },
    /// A national stage begins, because an element marked with it was entered.
    MilestoneReached {
        /// The stage.
        stage: Stage,
        /// The marked element.
        element: ElementId,
    },
    /// A token cannot go on by itself. It waits; nothing is lost.
    Incident {
        /// Its number, for `Retried` or `Returned`.
        incident: TaskId,
        /// Where.
        element: ElementId,
        /// What kind.
        code: IncidentCode,
        /// What happened and what to do, in Chinese.
        text: String,
    },
    /// An incident is over.
    IncidentResolved {
        /// Which.
        incident: TaskId,
    },
    /// The instance ended.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// The work of a person, with everything the file says about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskCreated {
    /// The number to answer with.
    pub task: TaskId,
    /// The user or manual task.
    pub element: ElementId,
    /// Its name.
    pub name: Arc<str>,
    /// Done outside of the system; here it is only ticked off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub manual: bool,
    /// The person it is given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Arc<str>>,
    /// People who may take it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_users: Vec<Arc<str>>,
    /// Posts or departments whose people may take it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_groups: Vec<Arc<str>>,
    /// The form to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_key: Option<Arc<str>>,
    /// The due date in the words of the file: a date or an ISO 8601 duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Arc<str>>,
    /// The priority in the words of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Arc<str>>,
    /// The limit in days, counted as the service item counts its days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_days: Option<u32>,
    /// Which one of several, in a multi-instance activity (会签).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Occurrence>,
}

/// One of the several instances of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
    /// The item it is for: the value of the element variable.
    #[serde(default)]
    pub item: serde_json::Value,
}

/// What an instance waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionKind {
    /// A message: one receiver.
    Message,
    /// A signal: all receivers.
    Signal,
}

/// Why a token cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentCode {
    /// No condition holds and there is no default.
    NoWayOut,
    /// An error that no boundary event catches.
    UncaughtError,
    /// A multi-instance activity whose collection or count is none, or too large.
    BadCollection,
    /// An expression that needs too much work.
    ExpressionTooLong,
    /// A timer, service, decision or process whose name or time has no value.
    NoValue,
    /// A loop that never waits.
    EndlessLoop,
    /// More tokens at once than an instance may have.
    TooManyTokens,
    /// A join to which a token can no longer come.
    StuckJoin,
}

/// How an instance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every token reached an end.
    Completed,
    /// A terminate end event was reached.
    Terminated,
    /// It was given up from outside.
    Cancelled,
}
