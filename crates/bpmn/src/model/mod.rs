//! What a process is: the draft as it was read (references are texts, anything may be wrong) and the executable
//! process (references are numbers, nothing is wrong).

mod compile;
mod draft;
mod inline;
mod longest;
mod node;
mod outline;
mod process;
mod reach;
mod stage;
mod work;

pub(crate) use compile::{compile, handler};
pub(crate) use draft::{Draft, DraftFlow, DraftNode, DraftProcess};
pub(crate) use inline::whole;
pub(crate) use node::{
    CompensationTarget, FlowIndex, Node, NodeIndex, NodeKind, ScopeIndex, TimerRule, Trigger,
};
pub use outline::{Demand, DemandKind, QuestionKind, TaskOutline, TaskQuestion};
pub use process::{ElementView, Process, ProcessVersion, StartView};
pub use stage::Stage;
pub use work::TimerDue;
pub(crate) use work::{
    CallActivity, Completion, ItemSource, Looping, Mapping, Output, Question, Task, UserTask,
};
