//! From a draft that passed every check to an executable process. Texts become numbers here; a text without its element
//! cannot occur any more, and would be left out rather than panic.

use std::collections::BTreeMap;

use super::draft::{DraftFlow, DraftNode, DraftProcess};
use super::node::{CompensationTarget, Flow, FlowIndex, Node, NodeIndex, NodeKind, Trigger};
use super::process::{Process, ProcessVersion};

/// Makes the executable process of a checked draft.
pub(crate) fn compile(draft: &DraftProcess, text: &str) -> Process {
    let index: BTreeMap<&str, NodeIndex> = draft
        .nodes
        .iter()
        .zip(0..)
        .map(|(node, index)| (node.id.as_str(), index))
        .collect();
    let mut nodes: Vec<Node> = draft.nodes.iter().map(|node| plain(node, &index)).collect();
    let flows: Vec<Flow> = join(draft, &index, &mut nodes);
    for (node, here) in draft.nodes.iter().zip(0..) {
        let Some(host) = node.attached_to.as_deref().and_then(|id| index.get(id)) else {
            continue;
        };
        nodes[usize::from(here)].host = Some(*host);
        if matches!(node.kind.trigger(), Some(Trigger::Compensation(_))) {
            nodes[usize::from(*host)].handler =
                handler(draft, node).and_then(|id| index.get(id)).copied();
        } else {
            nodes[usize::from(*host)].boundaries.push(here);
        }
    }
    let version = ProcessVersion::of(text, draft.id.as_str());
    Process::new(
        (draft.id.clone(), draft.name.clone(), version),
        nodes,
        flows,
        draft.scopes.len(),
    )
}

/// The activity that an association joins to a compensation boundary event.
pub(crate) fn handler<'d>(draft: &'d DraftProcess, boundary: &DraftNode) -> Option<&'d str> {
    draft
        .associations
        .iter()
        .find_map(|(source, target)| (source == boundary.id.as_str()).then_some(target.as_str()))
}

fn plain(draft: &DraftNode, index: &BTreeMap<&str, NodeIndex>) -> Node {
    let mut kind = draft.kind.clone();
    if let NodeKind::Throw(Trigger::Compensation(target))
    | NodeKind::End(Trigger::Compensation(target)) = &mut kind
        && let Some(activity) = draft.compensates.as_deref().and_then(|id| index.get(id))
    {
        *target = CompensationTarget::Activity(*activity);
    }
    Node {
        id: draft.id.clone(),
        name: draft.name.as_str().into(),
        line: draft.line,
        kind,
        scope: u16::try_from(draft.scope).unwrap_or(u16::MAX),
        incoming: Vec::new(),
        outgoing: Vec::new(),
        default: None,
        boundaries: Vec::new(),
        host: None,
        handler: None,
        looping: draft.looping.clone(),
        stage: draft.stage,
    }
}

fn join(draft: &DraftProcess, index: &BTreeMap<&str, NodeIndex>, nodes: &mut [Node]) -> Vec<Flow> {
    let ends = |flow: &DraftFlow| {
        let source = index.get(flow.source.as_str())?;
        let target = index.get(flow.target.as_str())?;
        Some((*source, *target))
    };
    let mut flows: Vec<Flow> = Vec::with_capacity(draft.flows.len());
    for flow in &draft.flows {
        let Some((source, target)) = ends(flow) else {
            continue;
        };
        let number = FlowIndex::try_from(flows.len()).unwrap_or(FlowIndex::MAX);
        let is_default =
            draft.nodes[usize::from(source)].default.as_deref() == Some(flow.id.as_str());
        let from = &mut nodes[usize::from(source)];
        from.outgoing.push(number);
        if is_default {
            from.default = Some(number);
        }
        nodes[usize::from(target)].incoming.push(number);
        flows.push(Flow {
            id: flow.id.clone(),
            target,
            condition: flow.condition.clone(),
        });
    }
    flows
}
