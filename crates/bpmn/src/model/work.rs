//! The work behind activities, as the file describes it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expression::{Expression, Template};

use super::outline::TaskQuestion;

/// What a task does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Task {
    /// A user or manual task.
    User(Box<UserTask>),
    /// Work that a program does outside: topic, class or type as the file names it.
    Service(Question),
    /// A decision table, by name.
    Decision(Question),
    /// A message to the outside, by name.
    Send(Arc<str>),
    /// Waits for a message, by name.
    Receive(Arc<str>),
}

/// What is asked of the outside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) name: Template,
    /// The variable that takes the answer: its only value, or all values as an object. None: each value is a variable.
    pub(crate) result: Option<Arc<str>>,
}

/// Who does a task, with what form, until when.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct UserTask {
    /// Done outside of the system; here it is only ticked off.
    pub(crate) manual: bool,
    pub(crate) assignee: Option<Template>,
    pub(crate) candidate_users: Option<Template>,
    pub(crate) candidate_groups: Option<Template>,
    pub(crate) form_key: Option<Template>,
    pub(crate) due_date: Option<Template>,
    pub(crate) priority: Option<Template>,
    /// Working days or calendar days, as the item's limits are counted.
    pub(crate) limit_days: Option<u32>,
    /// What is asked with it.
    pub(crate) questions: Vec<TaskQuestion>,
}

/// A call activity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CallActivity {
    pub(crate) process: Template,
    /// Empty: the called process gets all variables.
    pub(crate) inputs: Vec<Mapping>,
    /// Empty: all variables come back.
    pub(crate) outputs: Vec<Mapping>,
}

/// One variable that is passed on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mapping {
    All,
    One {
        source: Expression,
        target: Arc<str>,
    },
}

/// A multi-instance activity (会签).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Looping {
    pub(crate) sequential: bool,
    pub(crate) source: ItemSource,
    pub(crate) completion: Completion,
    pub(crate) output: Option<Output>,
}

/// How many instances there are, and for what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemSource {
    Count(Expression),
    Collection {
        list: Expression,
        /// The variable that holds the instance's item.
        element: Option<Arc<str>>,
    },
}

/// When a multi-instance activity is done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Completion {
    /// When every instance is.
    All,
    /// When the condition holds after an instance completed.
    When(Expression),
}

/// What each instance adds to a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub(crate) collection: Arc<str>,
    pub(crate) element: Expression,
}

/// When a timer is due, in the words of the file. The caller knows the calendar and the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerDue {
    /// After an ISO 8601 duration, such as `P3D` or `PT4H`.
    After(Arc<str>),
    /// After that many working days.
    AfterWorkingDays(u32),
    /// At an ISO 8601 date or instant, such as `2026-03-31` or `2026-03-31T17:00:00+08:00`.
    At(Arc<str>),
}
