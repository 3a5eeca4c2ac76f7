//! Calls of processes of the same file: the called process stands in the place of the call activity, as an embedded
//! sub-process does, with a scope, a start and an end of its own. So one instance holds all of it: a token, a timer and a
//! 退回 inside of the called process are those of the caller, and a change of the called drawing changes no running case.
//!
//! Left as calls, for whoever runs the process to answer or to refuse by name: calls of other files and by variables,
//! calls with mappings of single variables, a process that calls itself, one with several ways to start, and what would
//! make the process larger than a file may be.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::ElementId;
use crate::limits::ELEMENTS_MAX;

use super::draft::{DraftNode, DraftProcess};
use super::node::{NodeKind, ScopeIndex, Trigger};
use super::work::{CallActivity, Mapping};

/// The processes of a file made one.
pub(crate) struct Whole {
    /// The first one that no other calls, with all that it calls.
    pub(crate) process: DraftProcess,
    /// Whether any other stands in it.
    pub(crate) is_joined: bool,
    /// Those that it calls, itself or through others, whether they stand in it or not.
    pub(crate) called: BTreeSet<ElementId>,
}

/// Makes the processes of a file one; there is at least one.
pub(crate) fn whole(processes: &[&DraftProcess]) -> Option<Whole> {
    let calls = |process: &DraftProcess| -> Vec<ElementId> {
        let nodes = process.nodes.iter();
        nodes.filter_map(|node| constant(&node.kind)).collect()
    };
    let named: BTreeSet<ElementId> = processes.iter().flat_map(|one| calls(one)).collect();
    let main = processes.iter().find(|one| !named.contains(&one.id));
    let main = *main.or(processes.first())?;
    let mut called = BTreeSet::new();
    let mut open = calls(main);
    while let Some(id) = open.pop() {
        let process = processes.iter().find(|one| one.id == id);
        if let Some(process) = process
            && called.insert(id)
        {
            open.extend(calls(process));
        }
    }
    let mut work = Inlining {
        known: processes.iter().map(|one| (one.id.clone(), *one)).collect(),
        used: main.nodes.iter().map(|node| node.id.clone()).collect(),
        within: vec![vec![main.id.clone()]; main.nodes.len()],
        whole: Whole {
            process: main.clone(),
            is_joined: false,
            called,
        },
    };
    let mut at = 0;
    while at < work.whole.process.nodes.len() {
        work.node(at);
        at += 1;
    }
    Some(work.whole)
}

struct Inlining<'d> {
    known: BTreeMap<ElementId, &'d DraftProcess>,
    used: BTreeSet<ElementId>,
    /// For each node the processes in which it stands, the outermost first.
    within: Vec<Vec<ElementId>>,
    whole: Whole,
}

impl Inlining<'_> {
    /// Puts the called process in the place of a call, if it may stand there.
    fn node(&mut self, at: usize) {
        let process = &self.whole.process;
        let Some(id) = plain_call(&process.nodes[at].kind) else {
            return;
        };
        let Some(called) = self.known.get(&id).copied() else {
            return;
        };
        let size = |process: &DraftProcess| process.nodes.len() + process.flows.len();
        let is_too_large = size(process) + size(called) > ELEMENTS_MAX;
        if is_too_large || self.within[at].contains(&id) || !has_one_start(called) {
            return;
        }
        let scope = process.scopes.len();
        let Ok(index) = ScopeIndex::try_from(scope) else {
            return;
        };
        let copy = Copy {
            prefix: self.prefix(at, called),
            first_node: process.nodes.len(),
            first_scope: scope,
        };
        let mut within = self.within[at].clone();
        within.push(id);
        self.whole.is_joined = true;
        let process = &mut self.whole.process;
        process.nodes[at].kind = NodeKind::SubProcess(index);
        process.scopes.push(Some(at));
        let inner = called.scopes.iter().skip(1);
        let inner = inner.map(|holder| holder.map(|node| node + copy.first_node));
        process.scopes.extend(inner);
        let nodes: Vec<DraftNode> = called.nodes.iter().map(|node| copy.node(node)).collect();
        self.used.extend(nodes.iter().map(|node| node.id.clone()));
        self.within.extend(std::iter::repeat_n(within, nodes.len()));
        process.nodes.extend(nodes);
        for flow in &called.flows {
            let mut flow = flow.clone();
            flow.id = ElementId::from(copy.name(flow.id.as_str()).as_str());
            flow.scope += copy.first_scope;
            flow.source = copy.name(&flow.source);
            flow.target = copy.name(&flow.target);
            process.flows.push(flow);
        }
        let joined = called.associations.iter();
        let joined = joined.map(|(source, target)| (copy.name(source), copy.name(target)));
        process.associations.extend(joined);
    }

    /// What stands before the ids of a process that stands in the whole a second time; nothing the first time, so that the
    /// picture of the file and the forms of its tasks keep their names.
    fn prefix(&self, at: usize, called: &DraftProcess) -> String {
        let mut nodes = called.nodes.iter();
        if nodes.any(|node| self.used.contains(&node.id)) {
            format!("{}.", self.whole.process.nodes[at].id)
        } else {
            String::new()
        }
    }
}

/// How the parts of a called process are named and numbered in the whole.
struct Copy {
    prefix: String,
    first_node: usize,
    first_scope: usize,
}

impl Copy {
    fn name(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    fn node(&self, node: &DraftNode) -> DraftNode {
        let named = |id: &Option<String>| id.as_deref().map(|id| self.name(id));
        let mut copy = node.clone();
        copy.id = ElementId::from(self.name(node.id.as_str()).as_str());
        copy.scope += self.first_scope;
        copy.default = named(&node.default);
        copy.attached_to = named(&node.attached_to);
        copy.compensates = named(&node.compensates);
        if let NodeKind::SubProcess(scope) = &mut copy.kind {
            let moved = usize::from(*scope) + self.first_scope;
            *scope = ScopeIndex::try_from(moved).unwrap_or(ScopeIndex::MAX);
        }
        copy
    }
}

/// The process that a call names in the file itself.
fn constant(kind: &NodeKind) -> Option<ElementId> {
    match kind {
        NodeKind::Call(call) => call.process.constant().map(|id| ElementId::from(&**id)),
        _ => None,
    }
}

/// The same, when all variables go in and come out.
fn plain_call(kind: &NodeKind) -> Option<ElementId> {
    let is_plain = |call: &CallActivity| {
        let mut mappings = call.inputs.iter().chain(&call.outputs);
        mappings.all(|mapping| *mapping == Mapping::All)
    };
    match kind {
        NodeKind::Call(call) if is_plain(call) => constant(kind),
        _ => None,
    }
}

fn has_one_start(process: &DraftProcess) -> bool {
    let nodes = process.nodes.iter().filter(|node| node.scope == 0);
    let mut starts = nodes.filter_map(|node| match &node.kind {
        NodeKind::Start(trigger) => Some(trigger),
        _ => None,
    });
    starts.next() == Some(&Trigger::Plain) && starts.next().is_none()
}
