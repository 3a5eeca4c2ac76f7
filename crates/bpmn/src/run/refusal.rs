//! Why an event was not taken. The instance stays as it was.

use crate::ids::{ElementId, TaskId};

/// An event that does not fit the instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The instance belongs to another version of the process.
    #[error("办件按另一版流程运行，请用它开始时的那一版")]
    OtherVersion,
    /// The instance has ended.
    #[error("流程已经结束，不能再办理")]
    AlreadyEnded,
    /// Only an instance that has ended is taken up again.
    #[error("流程还没有结束，请退回正在办理的任务")]
    NotEnded,
    /// The stored state does not fit together.
    #[error("流程状态已损坏，请从账本重放")]
    Corrupt,
    /// No such task waits, any more or at all.
    #[error("任务 {0} 已经办完或撤回，请刷新页面")]
    TaskGone(TaskId),
    /// The task waits for another kind of event.
    #[error("任务 {0} 不能这样办理")]
    WrongEvent(TaskId),
    /// No such element.
    #[error("流程里没有“{0}”")]
    UnknownElement(ElementId),
    /// The element to return to is no user task, or was not done before on the way to here.
    #[error("不能退回到“{0}”：只能退回到来路上已经办过、且所在子流程尚未结束的人工任务")]
    NotEarlier(ElementId),
    /// The element does not start the process.
    #[error("“{0}”不能启动流程")]
    NotAStart(ElementId),
    /// The process has no plain start event.
    #[error("流程没有普通开始事件，只能由消息、信号或定时启动")]
    NoPlainStart,
    /// Too many or too large variables.
    #[error("变量过多、过深或过大，请减少内容")]
    VariablesTooLarge,
    /// The instance has as many tokens as it may, or has used up its numbers.
    #[error("流程实例过大，不能继续增加分支")]
    Full,
}
