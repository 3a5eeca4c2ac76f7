//! The causal history of a scope: which user tasks were done and which joins fired, and what each followed from. It
//! answers one question, the one a 退回 asks: what would not be here if that task had not been completed?

use serde::{Deserialize, Serialize};

use crate::limits::MOMENTS_MAX;
use crate::model::{FlowIndex, NodeIndex, Process};

/// A completed user task or a join that fired. Ids ascend, and a cause is always older than what follows from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Moment {
    /// `[id, node, cause]`
    Done(u32, NodeIndex, u32),
    /// `[id, node, [[flow, cause], …]]`
    Joined(u32, NodeIndex, Vec<(FlowIndex, u32)>),
}

impl Moment {
    pub(super) fn id(&self) -> u32 {
        match self {
            Self::Done(id, ..) | Self::Joined(id, ..) => *id,
        }
    }

    fn causes(&self) -> impl Iterator<Item = u32> + '_ {
        let (one, many) = match self {
            Self::Done(_, _, cause) => (Some(*cause), None),
            Self::Joined(_, _, causes) => (None, Some(causes)),
        };
        one.into_iter()
            .chain(many.into_iter().flatten().map(|(_, cause)| *cause))
    }

    pub(super) fn is_sound(&self, process: &Process) -> bool {
        match self {
            Self::Done(_, node, _) => process.find_node(*node).is_some(),
            Self::Joined(_, node, causes) => process
                .find_node(*node)
                .is_some_and(|node| causes.iter().all(|(flow, _)| node.incoming.contains(flow))),
        }
    }
}

/// Adds a moment and forgets the oldest past the limit: nothing older than what is kept can be returned to, and
/// whatever follows from a kept moment is newer than it and therefore kept too.
pub(super) fn remember(history: &mut Vec<Moment>, moment: Moment) {
    if history.len() >= MOMENTS_MAX {
        history.remove(0);
    }
    history.push(moment);
}

/// The latest completion of a task among the causes of a token, the token's own cause included.
pub(super) fn latest(history: &[Moment], cause: u32, task: NodeIndex) -> Option<(u32, u32)> {
    let mut before = vec![cause];
    // From the newest to the oldest, so that every cause is marked before it is met.
    for moment in history.iter().rev() {
        if !before.contains(&moment.id()) {
            continue;
        }
        if let Moment::Done(id, node, cause) = moment
            && *node == task
        {
            return Some((*id, *cause));
        }
        before.extend(moment.causes());
    }
    None
}

/// All tasks done before, for a list of where one can return to; the latest first.
pub(super) fn done_before(history: &[Moment], cause: u32) -> Vec<NodeIndex> {
    let mut before = vec![cause];
    let mut tasks = Vec::new();
    for moment in history.iter().rev() {
        if !before.contains(&moment.id()) {
            continue;
        }
        if let Moment::Done(_, node, _) = moment
            && !tasks.contains(node)
        {
            tasks.push(*node);
        }
        before.extend(moment.causes());
    }
    tasks
}

/// The latest completion of a task at all: its moment and cause.
pub(super) fn last_of(history: &[Moment], task: NodeIndex) -> Option<(u32, u32)> {
    history.iter().rev().find_map(|moment| match moment {
        Moment::Done(id, node, cause) if *node == task => Some((*id, *cause)),
        _ => None,
    })
}

/// All tasks that were done, each once, the latest first.
pub(super) fn all_done(history: &[Moment]) -> Vec<NodeIndex> {
    let mut tasks = Vec::new();
    for moment in history.iter().rev() {
        if let Moment::Done(_, node, _) = moment
            && !tasks.contains(node)
        {
            tasks.push(*node);
        }
    }
    tasks
}

/// What follows from a moment, itself included.
pub(super) fn consequences(history: &[Moment], from: u32) -> Vec<u32> {
    let mut follows = vec![from];
    for moment in history.iter().filter(|moment| moment.id() > from) {
        if moment.causes().any(|cause| follows.contains(&cause)) {
            follows.push(moment.id());
        }
    }
    follows
}
