//! Flow nodes and sequence flows of an executable process.

use std::sync::Arc;

use crate::expression::{Expression, Template};
use crate::ids::ElementId;

use super::stage::Stage;
use super::work::{CallActivity, Looping, Task};

/// A flow node by its number in the process. A file has at most 5,000 elements, so sixteen bits do, and a state that
/// holds numbers stays small; a state names the version of its process, because numbers mean nothing in another one.
pub(crate) type NodeIndex = u16;
/// A sequence flow by its number.
pub(crate) type FlowIndex = u16;
/// The process (0) or an embedded sub-process by its number.
pub(crate) type ScopeIndex = u16;

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: ElementId,
    pub(crate) name: Arc<str>,
    /// Its line in the file.
    pub(crate) line: u32,
    pub(crate) kind: NodeKind,
    pub(crate) scope: ScopeIndex,
    pub(crate) incoming: Vec<FlowIndex>,
    /// In the order of the sequence flows in the file; conditions are tried in this order.
    pub(crate) outgoing: Vec<FlowIndex>,
    pub(crate) default: Option<FlowIndex>,
    /// Boundary events on this activity, compensation aside.
    pub(crate) boundaries: Vec<NodeIndex>,
    /// The activity that a boundary event sits on.
    pub(crate) host: Option<NodeIndex>,
    /// The activity that undoes this one.
    pub(crate) handler: Option<NodeIndex>,
    pub(crate) looping: Option<Looping>,
    pub(crate) stage: Option<Stage>,
}

#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) id: ElementId,
    pub(crate) target: NodeIndex,
    pub(crate) condition: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeKind {
    Start(Trigger),
    End(Trigger),
    Throw(Trigger),
    Catch(Trigger),
    Boundary {
        interrupting: bool,
        trigger: Trigger,
    },
    Task(Task),
    Exclusive,
    Parallel,
    Inclusive,
    EventGateway,
    SubProcess(ScopeIndex),
    Call(Box<CallActivity>),
}

impl NodeKind {
    pub(crate) fn is_activity(&self) -> bool {
        matches!(self, Self::Task(_) | Self::SubProcess(_) | Self::Call(_))
    }

    pub(crate) fn is_gateway(&self) -> bool {
        matches!(
            self,
            Self::Exclusive | Self::Parallel | Self::Inclusive | Self::EventGateway
        )
    }

    /// Whether a returned case may begin again here: work that a person does.
    pub(crate) fn is_human(&self) -> bool {
        matches!(self, Self::Task(Task::User(_)))
    }

    pub(crate) fn trigger(&self) -> Option<&Trigger> {
        match self {
            Self::Start(trigger)
            | Self::End(trigger)
            | Self::Throw(trigger)
            | Self::Catch(trigger)
            | Self::Boundary { trigger, .. } => Some(trigger),
            _ => None,
        }
    }

    /// What people call it.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Start(_) => "开始事件",
            Self::End(_) => "结束事件",
            Self::Throw(_) => "中间抛出事件",
            Self::Catch(_) => "中间捕获事件",
            Self::Boundary { .. } => "边界事件",
            Self::Task(Task::User(task)) if task.manual => "手工任务",
            Self::Task(Task::User(_)) => "用户任务",
            Self::Task(Task::Service(_)) => "服务任务",
            Self::Task(Task::Decision(_)) => "业务规则任务",
            Self::Task(Task::Send(_)) => "发送任务",
            Self::Task(Task::Receive(_)) => "接收任务",
            Self::Exclusive => "排他网关",
            Self::Parallel => "并行网关",
            Self::Inclusive => "包容网关",
            Self::EventGateway => "事件网关",
            Self::SubProcess(_) => "子流程",
            Self::Call(_) => "调用活动",
        }
    }
}

/// What sets an event off, or what it sets off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trigger {
    Plain,
    Timer(TimerRule),
    Message(Arc<str>),
    Signal(Arc<str>),
    /// An error code; a boundary event without one catches every error.
    Error(Option<Arc<str>>),
    Terminate,
    Compensation(CompensationTarget),
}

/// What a compensation event undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompensationTarget {
    /// Everything completed in its scope, the latest first.
    Scope,
    /// One activity.
    Activity(NodeIndex),
}

/// A timer definition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TimerRule {
    After {
        duration: Template,
        /// The duration counts whole days, and they are working days.
        working_days: bool,
    },
    At(Template),
    /// Again and again: how often (`None`: without end), and after what duration each time.
    Every {
        times: Option<u32>,
        duration: Arc<str>,
    },
}
