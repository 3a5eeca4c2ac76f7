//! Moving a running instance to another version of its process. Elements are matched by their ids: an instance can move
//! when every element it stands on, waits for or could return to is still there and is the same kind of thing. Nothing
//! is guessed: if one is missing, all reasons are told and the instance stays on its version.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ids::ElementId;
use crate::model::{FlowIndex, Node, NodeIndex, NodeKind, Process, ScopeIndex};
use crate::run::{Instance, Renumbering};

/// Why an instance cannot move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{text}")]
pub struct MigrationProblem {
    /// The element of the old version that has no counterpart.
    pub element: Option<ElementId>,
    /// What is in the way and what to do, in Chinese.
    pub text: String,
}

/// Moves an instance from one version to another.
///
/// # Errors
/// All elements that stand in the way.
pub fn migrate(
    from: &Process,
    to: &Process,
    instance: &Instance,
) -> Result<Instance, Vec<MigrationProblem>> {
    if instance.version() != from.version() {
        return Err(vec![MigrationProblem {
            element: None,
            text: "办件不是按这一版流程运行的，请选择它所用的版本".to_owned(),
        }]);
    }
    let mut moving = Moving {
        from,
        to,
        problems: BTreeMap::new(),
    };
    let moved = instance.renumbered(from, to.version(), &mut moving);
    let problems: Vec<MigrationProblem> = moving.problems.into_values().collect();
    match moved {
        Some(moved) if problems.is_empty() && moved.fits(to) => Ok(moved),
        _ if problems.is_empty() => Err(vec![MigrationProblem {
            element: None,
            text: "办件的状态与新版流程对不上，请让它按原版办完".to_owned(),
        }]),
        _ => Err(problems),
    }
}

struct Moving<'p> {
    from: &'p Process,
    to: &'p Process,
    problems: BTreeMap<ElementId, MigrationProblem>,
}

impl Moving<'_> {
    fn blocked(&mut self, id: &ElementId, text: String) {
        self.problems.entry(id.clone()).or_insert(MigrationProblem {
            element: Some(id.clone()),
            text,
        });
    }

    fn same_place(&self, old: &Node, new: &Node) -> bool {
        let host = |process: &Process, scope: ScopeIndex| {
            process.host_of(scope).map(|at| process.node(at).id.clone())
        };
        host(self.from, old.scope) == host(self.to, new.scope)
    }

    /// Whether two elements of one id mean the same to a token that stands on them.
    fn alike(&self, old: &Node, new: &Node) -> bool {
        let kinds = match (&old.kind, &new.kind) {
            (NodeKind::Task(old), NodeKind::Task(new)) => {
                std::mem::discriminant(old) == std::mem::discriminant(new)
            }
            (old, new) => {
                std::mem::discriminant(old) == std::mem::discriminant(new)
                    && old.trigger() == new.trigger()
            }
        };
        kinds
            && old.looping.is_some() == new.looping.is_some()
            && old.handler.is_some() == new.handler.is_some()
            && self.same_place(old, new)
    }
}

impl Renumbering for Moving<'_> {
    fn node(&mut self, at: NodeIndex) -> Option<NodeIndex> {
        let old = self.from.node(at);
        let Some(found) = self.to.index_of(&old.id) else {
            let text = format!(
                "新版里没有{}“{}”；请先办过这一步，或在新版里保留它",
                old.kind.title(),
                old.id
            );
            self.blocked(&old.id, text);
            return None;
        };
        let new = self.to.node(found);
        let alike = self.alike(old, new);
        if !alike {
            let text = format!(
                "“{}”在新版里换了位置，或变成了别的（{}）；请先办过这一步",
                old.id,
                new.kind.title()
            );
            self.blocked(&old.id, text);
            return None;
        }
        Some(found)
    }

    fn flow(&mut self, flow: FlowIndex) -> Option<FlowIndex> {
        let found = self.past_flow(flow);
        if found.is_none() {
            let id = self.from.flow(flow).id.clone();
            let text = format!("新版里没有顺序流“{id}”，而它的令牌正在汇合处等待；请先办过汇合");
            self.blocked(&id, text);
        }
        found
    }

    fn scope(&mut self, scope: ScopeIndex) -> Option<ScopeIndex> {
        let Some(host) = self.from.host_of(scope) else {
            return Some(0);
        };
        let host = self.node(host)?;
        match self.to.node(host).kind {
            NodeKind::SubProcess(scope) => Some(scope),
            _ => None,
        }
    }

    fn past_node(&self, at: NodeIndex) -> Option<NodeIndex> {
        let old = self.from.node(at);
        let found = self.to.index_of(&old.id)?;
        self.alike(old, self.to.node(found)).then_some(found)
    }

    fn past_flow(&self, flow: FlowIndex) -> Option<FlowIndex> {
        let old = self.from.flow(flow);
        let found = self.to.flow_by_id(&old.id)?;
        let same = self.from.node(old.target).id == self.to.node(self.to.flow(found).target).id;
        same.then_some(found)
    }

    /// An activity under way must have the same events on it, because they are armed when it begins.
    fn active(&mut self, at: NodeIndex) {
        let old = self.from.node(at);
        let Some(new) = self.to.index_of(&old.id).map(|at| self.to.node(at)) else {
            return;
        };
        let names = |process: &Process, node: &Node| {
            let mut names: Vec<ElementId> = node
                .boundaries
                .iter()
                .map(|at| process.node(*at).id.clone())
                .collect();
            names.sort();
            names
        };
        if names(self.from, old) != names(self.to, new) {
            let text = format!(
                "“{}”正在办理，而新版改了它的边界事件；请先办过这一步",
                old.id
            );
            self.blocked(&old.id.clone(), text);
        }
    }
}
