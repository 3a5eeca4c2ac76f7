//! The same state with other numbers, for a move to another version.

use crate::model::{FlowIndex, NodeIndex, Process, ProcessVersion, ScopeIndex};

use super::history::Moment;
use super::state::{Instance, Resume, TokenState};

/// Old numbers to new ones; `None` where there is no counterpart.
pub(crate) trait Renumbering {
    fn node(&mut self, at: NodeIndex) -> Option<NodeIndex>;
    fn flow(&mut self, flow: FlowIndex) -> Option<FlowIndex>;
    fn scope(&mut self, scope: ScopeIndex) -> Option<ScopeIndex>;
    /// Like `node`, for what lies in the past and blocks nothing.
    fn past_node(&self, at: NodeIndex) -> Option<NodeIndex>;
    /// Like `flow`, for what lies in the past and blocks nothing.
    fn past_flow(&self, flow: FlowIndex) -> Option<FlowIndex>;
    /// Told of each activity under way.
    fn active(&mut self, at: NodeIndex);
}

impl Instance {
    /// Whether it can run on a process.
    pub(crate) fn fits(&self, process: &Process) -> bool {
        self.version == process.version() && self.is_sound(process)
    }

    /// The state under other numbers. Goes on after a missing counterpart, so that all of them are found.
    pub(crate) fn renumbered(
        &self,
        from: &Process,
        version: ProcessVersion,
        numbers: &mut dyn Renumbering,
    ) -> Option<Self> {
        if !self.is_sound(from) {
            return None;
        }
        let mut moved = self.clone();
        moved.version = version;
        let mut whole = true;
        let mut place = |at: &mut NodeIndex, numbers: &mut dyn Renumbering| match numbers.node(*at)
        {
            Some(found) => *at = found,
            None => whole = false,
        };
        for token in &mut moved.tokens {
            numbers.active(token.at);
            place(&mut token.at, numbers);
            if let TokenState::Undoing { left } = &mut token.state {
                for at in left {
                    place(at, numbers);
                }
            }
        }
        for wait in &mut moved.waits {
            place(&mut wait.at, numbers);
        }
        for scope in &mut moved.scopes {
            for record in &mut scope.records {
                place(&mut record.activity, numbers);
                if let Some(within) = &mut record.within {
                    place(within, numbers);
                }
            }
            renumber_history(&mut scope.history, numbers);
        }
        (moved.renumber_flows(numbers) && whole).then_some(moved)
    }

    fn renumber_flows(&mut self, numbers: &mut dyn Renumbering) -> bool {
        let mut whole = true;
        let mut flow = |via: &mut FlowIndex, numbers: &mut dyn Renumbering| match numbers.flow(*via)
        {
            Some(found) => *via = found,
            None => whole = false,
        };
        for token in &mut self.tokens {
            match &mut token.state {
                TokenState::Arrived { via, .. }
                | TokenState::Incident {
                    resume: Resume::Through(via),
                    ..
                } => flow(via, numbers),
                _ => {}
            }
        }
        for scope in &mut self.scopes {
            if let Some(of) = &mut scope.of {
                match numbers.scope(*of) {
                    Some(found) => *of = found,
                    None => whole = false,
                }
            }
        }
        whole
    }
}

/// The past under new numbers. What has no counterpart is forgotten together with everything older, for then whatever
/// follows from a moment that is kept is kept too, and a return undoes all of it. Only the way back gets shorter.
fn renumber_history(history: &mut Vec<Moment>, numbers: &dyn Renumbering) {
    let mut kept = Vec::with_capacity(history.len());
    for moment in std::mem::take(history) {
        match renumber_moment(moment, numbers) {
            Some(moment) => kept.push(moment),
            None => kept.clear(),
        }
    }
    *history = kept;
}

fn renumber_moment(moment: Moment, numbers: &dyn Renumbering) -> Option<Moment> {
    Some(match moment {
        Moment::Done(id, at, cause) => Moment::Done(id, numbers.past_node(at)?, cause),
        Moment::Joined(id, at, causes) => Moment::Joined(
            id,
            numbers.past_node(at)?,
            causes
                .into_iter()
                .map(|(via, cause)| Some((numbers.past_flow(via)?, cause)))
                .collect::<Option<_>>()?,
        ),
    })
}
