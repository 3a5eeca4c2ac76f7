//! 退回: the work goes back to a user task that was done before, out of any region.
//!
//! Returning to a task undoes exactly what followed from its latest completion on the way to here, and nothing else:
//!
//! - Every token that follows from that completion is taken away: the one that is given back, parallel siblings that
//!   were split off later, tokens waiting at joins, the inside of sub-processes and the instances of a 会签.
//! - Tokens of parallel branches that do not follow from it stay as they are. If a join had already consumed one of
//!   them, that join is undone: the token waits at the join again, so that the join still gets all it needs.
//! - Then one token begins again at the task.
//!
//! So returning within a branch leaves the other branches alone, returning to before a split takes all branches back,
//! and returning from behind a join into one branch repeats that branch only: the opinions of the others stand.
//! A task inside a sub-process that has ended cannot be returned to, nor one that was not done on the way to here.
//! Variables keep their values, and compensation records stay: returning repeats work, it does not undo its effects.

use crate::ids::{ElementId, TaskId};
use crate::limits::MOMENTS_MAX;
use crate::model::{NodeIndex, Process};

use super::effect::Outcome;
use super::history::{self, Moment};
use super::machine::Machine;
use super::refusal::Refusal;
use super::state::{Instance, TokenState};
use super::trace::Trace;

/// Where a return leads.
struct Way {
    scope: u32,
    to: NodeIndex,
    /// The completion that is undone, and what it followed from.
    moment: u32,
    cause: u32,
}

impl Machine<'_> {
    pub(super) fn return_to(&mut self, task: TaskId, to: &ElementId) -> Result<(), Refusal> {
        let at = self
            .process
            .index_of(to)
            .ok_or_else(|| Refusal::UnknownElement(to.clone()))?;
        if self.state.token(task.0).is_none() {
            return Err(Refusal::TaskGone(task));
        }
        let way = self
            .way_back(task.0, at)
            .ok_or_else(|| Refusal::NotEarlier(to.clone()))?;
        self.undo(&way);
        self.send(way.to, way.scope, way.cause, None);
        Ok(())
    }

    /// Looks for the task in the token's scope, then in the scopes around it.
    fn way_back(&self, from: u32, to: NodeIndex) -> Option<Way> {
        let mut here = self.state.token(from);
        while let Some(token) = here {
            let scope = self.state.scope(token.scope)?;
            if let Some((moment, cause)) = history::latest(&scope.history, token.cause, to) {
                return Some(Way {
                    scope: scope.id,
                    to,
                    moment,
                    cause,
                });
            }
            here = (scope.id != 0)
                .then(|| self.state.token(scope.host))
                .flatten();
        }
        None
    }

    fn undo(&mut self, way: &Way) {
        let Some(scope) = self.state.scope_mut(way.scope) else {
            return;
        };
        let undone = history::consequences(&scope.history, way.moment);
        let (gone, kept): (Vec<Moment>, Vec<Moment>) = std::mem::take(&mut scope.history)
            .into_iter()
            .partition(|moment| undone.contains(&moment.id()));
        scope.history = kept;
        let tokens: Vec<u32> = self
            .state
            .tokens
            .iter()
            .filter(|token| token.scope == way.scope && undone.contains(&token.cause))
            .map(|token| token.id)
            .collect();
        for token in tokens {
            self.withdraw(token);
        }
        for moment in gone {
            let Moment::Joined(_, join, causes) = moment else {
                continue;
            };
            for (via, cause) in causes {
                if !undone.contains(&cause) {
                    let state = TokenState::Arrived { via, stuck: false };
                    self.place(join, way.scope, cause, state);
                    let element = self.node(join).id.clone();
                    self.trace.push(Trace::Arrived(element));
                }
            }
        }
    }
}

impl Machine<'_> {
    /// Takes an ended instance up again at a task of the process itself. What did not follow from that task stays done, as
    /// with every return.
    pub(super) fn reopen(&mut self, to: &ElementId) -> Result<(), Refusal> {
        let at = self
            .process
            .index_of(to)
            .ok_or_else(|| Refusal::UnknownElement(to.clone()))?;
        let root = self.state.scope(0).ok_or(Refusal::Corrupt)?;
        let (moment, cause) =
            history::last_of(&root.history, at).ok_or_else(|| Refusal::NotEarlier(to.clone()))?;
        self.state.outcome = None;
        self.undo(&Way {
            scope: 0,
            to: at,
            moment,
            cause,
        });
        self.send(at, 0, cause, None);
        Ok(())
    }
}

/// Whether a task of the process itself was done and its doing was taken back since by a return, so that the instance ended
/// without it. What lies in a sub-process, and what is too long ago to be known, counts as done.
pub fn is_undone(process: &Process, instance: &Instance, task: &ElementId) -> bool {
    let Some(index) = process.index_of(task) else {
        return false;
    };
    if process.node(index).scope > 0 {
        return false;
    }
    instance.scope(0).is_some_and(|root| {
        root.history.len() < MOMENTS_MAX && history::last_of(&root.history, index).is_none()
    })
}

/// The tasks at which an ended instance can be taken up again, the latest first; none for one that has not ended.
pub fn reopen_targets(process: &Process, instance: &Instance) -> Vec<ElementId> {
    let is_over = matches!(
        instance.outcome(),
        Some(Outcome::Completed | Outcome::Terminated)
    );
    if !is_over || instance.version() != process.version() || !instance.is_sound(process) {
        return Vec::new();
    }
    let root = instance.scope(0);
    root.map_or_else(Vec::new, |root| {
        history::all_done(&root.history)
            .into_iter()
            .map(|node| process.node(node).id.clone())
            .collect()
    })
}

/// The tasks that a piece of work can be returned to, the latest first.
pub fn return_targets(process: &Process, instance: &Instance, task: TaskId) -> Vec<ElementId> {
    let mut targets: Vec<ElementId> = Vec::new();
    if instance.version() != process.version() || !instance.is_sound(process) {
        return targets;
    }
    let mut here = instance.token(task.0);
    while let Some(token) = here {
        let Some(scope) = instance.scope(token.scope) else {
            break;
        };
        for node in history::done_before(&scope.history, token.cause) {
            let id = &process.node(node).id;
            if !targets.contains(id) {
                targets.push(id.clone());
            }
        }
        here = (scope.id != 0)
            .then(|| instance.token(scope.host))
            .flatten();
    }
    targets
}
